"""A visit earns points: once, and where a slip is likely, after a question (PTS-01, CTR-06)."""

from datetime import datetime, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members import programmes
from members.ledger.models import LedgerEntry, Operation, Visit
from members.ledger.refusals import KeyTaken
from members.merging import merge
from members.refusals import CardIsAnother, NotStarted, ProgrammePaused
from members.visits import Purchase
from rewards.points.operations import earn_points
from rewards.points.refusals import AttendedToday, EarnedJustNow, HighAmount, NothingEarned
from rewards.points.rules import Action
from tests.books import MONDAY, balance
from tests.factories import MembershipFactory, PointsFactory, ProgrammeFactory, as_owner, stamp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

CAME = Purchase(bought=False, attended=True)
CUP = Purchase(bought=False, actions=("Own cup",))


@pytest.fixture
def points(in_shop):
    return PointsFactory(
        shop=in_shop, rules__per_attendance=5, rules__actions=(Action("Own cup", 2),)
    )


@pytest.fixture
def maja(points):
    return MembershipFactory(shop=points.shop)


@pytest.fixture
def earn(points, counter, maja):
    """earn(purchase, …): as staff who have not been asked anything yet."""

    def earn(purchase, *, key=None, card=maja, actor=None, **more):
        wish = {"membership": card, "programme": points, "purchase": purchase, **more}
        return earn_points(**wish, key=key or keys.new(), actor=actor or Actor.of_counter(counter))

    return earn


def test_it_works(maja, earn, counter):
    [given] = earn(Purchase(7_400))["also"]

    assert (given["given"], given["after"], balance(maja)) == (7, 7, 7)
    visit = Visit.objects.get()
    assert (visit.kind, visit.amount_minor, visit.counter) == ("purchase", 7_400, counter)
    entry = LedgerEntry.objects.get()
    assert (entry.amount, entry.qualifying, entry.visit) == (7, 7, visit)


@pytest.mark.parametrize(("purchase", "kind"), [(CAME, "attendance"), (CUP, "action")])
def test_a_visit_says_whether_anything_was_bought(earn, purchase, kind):
    earn(purchase)

    assert Visit.objects.get().kind == kind


def test_it_says_who_when_where_and_by_which_rule(earn, counter):
    """L11."""
    earn(Purchase(7_400))
    entry = LedgerEntry.objects.select_related("operation", "rule_version").get()
    done = entry.operation

    assert (done.staff, done.counter, done.channel) == (counter.staff, counter, "counter")
    assert (done.occurred_at, done.recorded_at) == (MONDAY, MONDAY)
    assert entry.rule_version.number == 1


def test_same_key_twice_earns_once(maja, earn):
    """One key, many posts (B1); a reply lost, and sent again (B2)."""
    key = keys.new()

    assert earn(Purchase(7_400), key=key) == earn(Purchase(7_400), key=key)
    assert balance(maja) == 7


def test_same_key_for_another_amount_is_refused(maja, earn):
    key = keys.new()
    earn(Purchase(7_400), key=key)

    with pytest.raises(KeyTaken):
        earn(Purchase(74_000), key=key)
    assert balance(maja) == 7


def test_stamps_and_points_of_one_purchase_stand_together(in_shop, maja, counter):
    card = ProgrammeFactory(shop=in_shop, rules__welcome=0)
    stamp(maja, counter=counter, programme=card, purchase=Purchase(7_400))

    assert {entry.amount for entry in LedgerEntry.objects.all()} == {1, 7}
    assert Operation.objects.filter(entries__isnull=False).distinct().count() == 1
    assert Visit.objects.count() == 1


# --- What is refused ----------------------------------------------------------------------------


def test_too_little_for_a_point_writes_nothing(earn):
    with pytest.raises(NothingEarned):
        earn(Purchase(999))
    assert not Visit.objects.exists()


def test_a_second_purchase_within_minutes_is_asked_about(maja, earn):
    earn(Purchase(7_400))
    with clock.at(MONDAY + timedelta(minutes=4, seconds=59)):
        with pytest.raises(EarnedJustNow, match=r"^Earned 4 minutes ago\. Once more\?$"):
            earn(Purchase(7_400))
        earn(Purchase(7_400), again=True)
    with clock.at(MONDAY + timedelta(minutes=10)):
        earn(Purchase(7_400))

    assert balance(maja) == 21


@pytest.mark.parametrize("minor", [500_000, 500_001])
def test_a_high_amount_is_asked_about(earn, minor):
    if minor > 500_000:
        with pytest.raises(HighAmount):
            earn(Purchase(minor))
    [given] = earn(Purchase(minor), sure=minor > 500_000)["also"]

    assert given["given"] == 500


def test_coming_by_counts_once_a_day_of_the_shop(maja, earn, shop):
    earn(CAME)
    with clock.at(datetime(2027, 3, 1, 23, 59, 59, tzinfo=shop.zone)), pytest.raises(AttendedToday):
        earn(CAME, again=True)
    with clock.at(datetime(2027, 3, 2, tzinfo=shop.zone)):
        earn(CAME)

    assert balance(maja) == 10


def test_an_own_cup_is_no_coming_by(maja, earn):
    """Whoever had done something without buying could not come by any more that day."""
    earn(CUP)
    earn(CAME, again=True)

    assert balance(maja) == 7


def test_a_purchase_is_no_coming_by(maja, earn):
    earn(Purchase(7_400))
    earn(CAME, again=True)

    assert balance(maja) == 12


def test_coming_by_and_buying_at_once_counts_as_coming_by(earn):
    earn(Purchase(7_400, attended=True))

    with pytest.raises(AttendedToday):
        earn(CAME, again=True)


def test_on_pause(points, earn):
    programmes.pause(points, actor=as_owner(points.shop))
    points.refresh_from_db()

    with pytest.raises(ProgrammePaused):
        earn(Purchase(7_400))


def test_before_the_shop_has_started(in_shop, earn):
    in_shop.live_since = None
    in_shop.save()

    with pytest.raises(NotStarted):
        earn(Purchase(7_400))


def test_a_card_that_became_another(in_shop, maja, earn):
    kept = MembershipFactory(shop=in_shop)
    merge(kept=kept, gone=maja, key=keys.new(), actor=Actor(in_shop, Channel.OWNER))

    with pytest.raises(CardIsAnother):
        earn(Purchase(7_400))
    assert balance(kept) == 0


def test_by_the_shop_next_door(maja, earn, next_door):
    with pytest.raises(ValueError, match="another shop"):
        earn(Purchase(7_400), actor=Actor(next_door, Channel.COUNTER))
    assert balance(maja) == 0
