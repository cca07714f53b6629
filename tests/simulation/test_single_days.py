"""The same world on days that are harder than others, one thing at a time (O5)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from loyalty.operations import choose_staff, dismiss
from members.ledger.models import Lot, Operation
from stampcards.counter.models import LateAction
from tests.factories import as_owner
from tests.simulation import staffing
from tests.simulation.judging import verdict
from tests.simulation.running import calm
from tests.simulation.world import World

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
SPRING = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)  # Oslo: half past one, and at two it is three
AUTUMN = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # Oslo: half past two, and at three it is two
LEAP_DAY = datetime(2028, 2, 29, 22, 50, tzinfo=UTC)  # Oslo: ten minutes before it is over


class Evening:
    """A till without a connection, and what becomes of what is tapped on it."""

    def __init__(self, start, **world):
        self.world = World(0, start=start, **world)
        self.device, self.card = self.world.devices[0], self.world.cards[0]
        self.device.air, self.device.page.online = "down", False

    def tap(self, **form):
        tap = self.world.tap(self.device, self.card, **form)
        staffing.save(self.device, tap)
        return tap

    def end(self):
        """The connection is back. Returns the stamping operations as they were booked."""
        calm(self.world, [self.device])
        assert verdict(self.world, delivered=True) == []
        with self.world.in_shop():
            stamps = Operation.objects.filter(kind="add_stamps", answer__refused__isnull=True)
            return list(stamps.order_by("pk"))

    @property
    def held(self):
        with self.world.in_shop():
            rows = LateAction.objects.filter(state="held")
            return [row.refusal["refused"] for row in rows]

    def last_days(self):
        """Until when each stamp is good."""
        with self.world.in_shop():
            lots = Lot.objects.filter(entry__visit__isnull=False).order_by("pk")
            return list(lots.values_list("expires_on", flat=True))


def times(stamps):
    return [op.occurred_at for op in stamps]


def test_three_stamps_saved_at_once_are_three_on_the_screen():
    evening = Evening(SPRING)
    evening.tap(count=3)
    evening.tap()

    assert evening.device.page.waiting == 4
    evening.end()
    page = evening.device.page
    assert (page.waiting, page.sent) == (0, {"counted": 4, "held": 0})


@pytest.mark.parametrize("night", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_the_night_the_clocks_change_keeps_time_and_order(night):
    evening = Evening(night)
    before = evening.tap()
    evening.world.pass_time(HOUR)
    after = evening.tap()

    assert times(evening.end()) == [before.at, after.at] == [night, night + timedelta(hours=1)]
    assert evening.last_days() == [date(night.year + 1, night.month, night.day)] * 2


@pytest.mark.parametrize("wrong_way", [HOUR, -HOUR], ids=["ahead", "back"])
def test_a_device_that_changes_its_clock_by_itself_never_books_ahead(wrong_way):
    evening = Evening(SPRING)
    evening.tap()
    evening.world.pass_time(20 * MINUTE)
    evening.device.offset += timedelta(seconds=wrong_way)
    evening.device.jumps.append(evening.world.now)
    evening.device.page = None

    evening.end()  # where the verdict compares the times

    assert evening.held == (["saved_ahead_of_time"] if wrong_way < 0 else [])


def test_what_was_tapped_on_the_leap_day_was_given_on_it():
    evening = Evening(LEAP_DAY)
    evening.tap()
    evening.world.pass_time(20 * MINUTE)
    evening.tap()

    assert [moment.hour for moment in times(evening.end())] == [22, 23]
    assert evening.last_days() == [date(2029, 2, 28), date(2029, 3, 1)]


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_clock_in_another_century_dates_nothing(year):
    evening = Evening(LEAP_DAY)
    evening.device.offset = datetime(year, 1, 1, tzinfo=UTC) - evening.world.now
    tap = evening.tap()
    evening.world.pass_time(HOUR)

    assert times(evening.end()) == [tap.at]
    assert evening.last_days() == [date(2029, 2, 28)]


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_clock_that_is_put_right_while_something_waits_does_no_harm(year):
    evening = Evening(LEAP_DAY)
    evening.device.offset = datetime(year, 1, 1, tzinfo=UTC) - evening.world.now
    tap = evening.tap()
    evening.world.pass_time(HOUR)
    evening.device.offset = timedelta(0)
    evening.device.jumps.append(evening.world.now)

    assert times(evening.end()) == [tap.at]


def test_a_clock_that_was_put_right_after_the_page_died_leaves_it_to_a_manager():
    evening = Evening(LEAP_DAY)
    evening.device.offset = datetime(1970, 1, 1, tzinfo=UTC) - evening.world.now
    evening.tap()
    evening.device.page, evening.device.offset = None, timedelta(0)
    evening.device.jumps.append(evening.world.now)

    assert evening.end() == []
    assert evening.held == ["saved_too_long_ago"]


def test_a_weekend_in_a_drawer_leaves_it_to_a_manager():
    evening = Evening(LEAP_DAY)
    evening.tap()
    evening.device.page = None
    evening.world.pass_time(40 * HOUR)

    assert evening.end() == []
    assert evening.held == ["saved_too_long_ago"]


def test_a_page_that_slept_over_the_weekend_leaves_it_to_a_manager():
    evening = Evening(LEAP_DAY)
    evening.tap()
    evening.device.asleep = True
    evening.world.pass_time(40 * HOUR)
    evening.device.asleep = False

    assert evening.end() == []
    assert evening.held == ["saved_too_long_ago"]


def test_a_stamp_dated_before_the_card_began_counts():
    evening = Evening(LEAP_DAY, age=timedelta(0))
    evening.tap(count=5)
    evening.tap(count=5)
    evening.world.pass_time(MINUTE)
    evening.device.offset += timedelta(hours=3)  # so it seems to be from before
    evening.device.jumps.append(evening.world.now)
    evening.device.page = None

    assert len(evening.end()) == 2


def test_a_copy_of_what_was_refused_books_nothing_later():
    evening = Evening(LEAP_DAY)
    device, world = evening.device, evening.world
    device.air, device.page.online = "good", True
    with world.in_shop():
        dismiss(device.counter.staff, actor=as_owner(device.counter.staff.shop))
    tap = world.tap(device, evening.card)
    staffing.stamp(device, tap)
    assert tap.told == "refused"
    with world.in_shop():
        choose_staff(device.counter, world.employed[0])
    again = [request for _when, request in world.network.arrivals if request.key == tap.key]
    world.network.under_way += again

    assert evening.end() == []
