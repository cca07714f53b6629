"""Points that a counter saved without a connection: counted once, as they were then."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members import programmes
from members.ledger.models import Account, Operation
from rewards.points.owning import change_points
from rewards.points.rules import Action, PointRules
from stampcards.counter.models import LateAction
from tests.books import balance
from tests.factories import MembershipFactory, PointsFactory, ProgrammeFactory, as_owner
from tests.stampcards.counter.saved import Device
from tests.support.pages import page_of

pytestmark = pytest.mark.django_db

State = LateAction.State
A_DAY = 24 * 3600


@pytest.fixture
def points(shop):
    with clock.at(clock.now() - timedelta(days=40)):
        return PointsFactory(shop=shop, rules__actions=(Action("Own cup", 5),))


@pytest.fixture
def maja(points):
    return MembershipFactory(shop=points.shop, name="Maja")


@pytest.fixture
def device(till, counter, points):
    """It saves as the points form does."""
    return PointsDevice(till, counter, points)


class PointsDevice(Device):
    def save(self, card, amount="74", **more):
        form = {"amount": amount, "sure": "", **more.pop("form", {})}
        item = super().save(card, **more)
        item["form"] = {"programme": item["form"]["programme"], "again": "", **form}
        return item


@pytest.fixture
def states(shop):
    def all_of_them():
        with scope(shop=shop):
            rows = LateAction.objects.order_by("device_seq")
            return list(rows.values_list("state", flat=True))

    return all_of_them


@pytest.fixture
def count(ingrid, shop):
    """count(): the manager has the one that waits counted."""

    def post(client=ingrid):
        with scope(shop=shop):
            action = LateAction.objects.held().get()
        address = reverse("owner:count_late", args=[shop.slug, action.pk])
        return client.post(address, {"key": keys.new()})

    return post


@pytest.fixture
def managers_list(ingrid, shop):
    return lambda: page_of(ingrid.get(reverse("owner:late", args=[shop.slug])))


@pytest.fixture
def twice_as_much(points, ingrid_person):
    """twice_as_much(): from now on, 2 points for every 10 kr, and nothing for own cups."""

    def change():
        actor = Actor(points.shop, Channel.OWNER, person=ingrid_person)
        with scope(shop=points.shop):
            change_points(programme=points, name="Points", rules=PointRules(rate="2"), actor=actor)

    return change


def test_it_works(device, maja, states):
    device.save(maja)
    device.hand_in()

    assert balance(maja) == 7
    assert states() == [State.COUNTED]


def test_however_often_it_comes_it_counts_once(device, maja):
    item = device.save(maja)
    for _time in range(3):
        device.post(item)

    assert balance(maja) == 7


def test_a_tap_whose_answer_was_lost_counts_once(device, till, maja, points):
    item = device.save(maja)
    asked = {**item["form"], "key": item["key"]}
    till.post(reverse("counter:points", args=[maja.counter_code]), asked)
    device.hand_in()

    assert balance(maja) == 7


def test_two_soon_after_each_other_both_count(device, maja, states):
    device.save(maja)
    device.save(maja)
    device.hand_in()

    assert balance(maja) == 14
    assert states() == [State.COUNTED] * 2


def test_what_was_done_counts_with_it(device, maja):
    device.save(maja, form={"action_a": "Own cup"})
    device.hand_in()

    assert balance(maja) == 12


def test_stamps_and_points_of_one_purchase_come_as_one(till, counter, card, points):
    kim = MembershipFactory(shop=card.shop, name="Kim")
    device = Device(till, counter, card)
    device.save(kim, amount="74", sure="")
    device.hand_in()

    with scope(shop=card.shop):
        found = Account.objects.filter(membership=kim).select_related("programme")
        assert {each.programme.kind: each.balance for each in found} == {"stamps": 2, "points": 7}
        assert Operation.objects.filter(kind="add_stamps").count() == 1


def test_an_action_saved_before_points_were_known_still_counts(till, counter, card, member, book):
    device = Device(till, counter, card)
    item = device.save(member)
    item["form"] = {"programme": str(card.pk), "count": "1"}
    device.hand_in()

    assert book.balance == 2


def test_rules_that_changed_meanwhile_are_not_held_against_it(device, maja, twice_as_much):
    device.save(maja, age=3600, form={"action_a": "Own cup"})
    device.save(maja, age=1800)
    with clock.at(clock.now() - timedelta(minutes=45)):
        twice_as_much()
    device.hand_in()

    assert balance(maja) == 7 + 5 + 14


def test_a_lot_waits_for_a_manager(device, maja, managers_list, count):
    device.save(maja, "5200")
    device.hand_in()
    page = managers_list()

    assert balance(maja) == 0
    assert "520 points, 5,200" in page
    assert "Late actions" in page
    assert count().status_code == 302
    assert balance(maja) == 520


def test_what_came_days_later_is_counted_as_it_was_then(
    device, managers_list, count, twice_as_much
):
    with clock.at(clock.now() - timedelta(days=20)):
        kim = MembershipFactory(shop=device.counter.shop, name="Kim")
    device.save(kim, age=3 * A_DAY)
    device.hand_in()
    twice_as_much()
    page = managers_list()
    count()

    assert "7 points, 74" in page
    assert balance(kim) == 7


def test_a_combined_purchase_is_counted_by_a_manager_as_one(
    till, counter, points, managers_list, count
):
    card = ProgrammeFactory(shop=points.shop)
    kim = MembershipFactory(shop=points.shop, name="Kim")
    device = Device(till, counter, card)
    device.save(kim, age=3 * A_DAY, amount="74", sure="")
    device.hand_in()
    page = managers_list()
    count()

    assert "1 stamp, 74" in page
    with scope(shop=points.shop):
        operation = Operation.objects.get(kind="count_late")
        assert operation.answer["also"][0]["given"] == 7


@pytest.mark.parametrize("junk", ["many", "-1", "9" * 40])
def test_what_can_not_be_read_can_only_be_left_out(device, maja, managers_list, count, junk):
    device.save(maja, junk)
    device.hand_in()

    assert "Unreadable" in managers_list()
    assert count().status_code == 422
    assert "Unreadable" in managers_list()


def test_a_stranger_counts_nothing(device, maja, stranger, count):
    device.save(maja, age=3 * A_DAY)
    device.hand_in()

    assert count(stranger).status_code == 404
    assert balance(maja) == 0


def test_the_kept_page_offers_the_amount_and_nobodys_name(till, maja):
    page = till.get(reverse("counter:shell")).content.decode()

    assert 'name="amount"' in page
    assert "Save %points" in page
    assert "What you give is saved here and sent later." in page
    assert "Maja" not in page


def test_the_kept_page_of_a_shop_with_stamps_says_stamps(till, member):
    page = till.get(reverse("counter:shell")).content.decode()

    assert "No connection. Stamps are saved here and sent later." in page
    assert 'name="amount"' not in page


def test_while_points_are_on_pause_nothing_can_be_given(till, maja, points):
    with scope(shop=points.shop):
        programmes.pause(points, actor=as_owner(points.shop))
    page = till.get(reverse("counter:shell")).content.decode()

    assert "Nothing can be given right now." in page
    assert "What you give is saved here and sent later." in page
    assert "can be stamped" not in page


def test_while_a_stamp_card_is_on_pause_nothing_can_be_stamped(till, card):
    with scope(shop=card.shop):
        programmes.pause(card, actor=as_owner(card.shop))
    page = till.get(reverse("counter:shell")).content.decode()

    assert "Nothing can be stamped right now." in page
