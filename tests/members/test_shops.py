"""An owner changes what the shop is called, pauses it, and opens it again."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.journal.models import Change
from loyalty.models import Shop
from members.ledger.models import Account
from members.operations import merge
from members.refusals import ProgrammePaused
from members.shops import ShopIsFixed, change_shop, has_booked, pause_shop, resume_shop, time_zones
from rewards.tiers.operations import pass_time
from stampcards.counter.deciding import count_it
from tests.factories import MembershipFactory, ShopFactory, saved_late, stamp
from tests.ladder_factories import LadderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_shop")]


def kept(shop):
    return Shop.objects.get(pk=shop.pk)


def test_it_works(owner, shop):
    change_shop(owner, name="Kaffe & Kanel", address="Markveien 9, Oslo", language="da")

    assert kept(shop).name == "Kaffe & Kanel"
    assert kept(shop).address == "Markveien 9, Oslo"
    change = Change.objects.get(what="shop")
    assert change.before["language"] == "nb"
    assert change.after["language"] == "da"


def test_saving_the_same_again_leaves_no_line(owner, shop):
    change_shop(owner, name=shop.name, currency=shop.currency)

    assert not Change.objects.exists()


def test_before_anything_is_booked_it_may_be_anywhere(owner, shop):
    assert not has_booked(shop)

    change_shop(owner, time_zone="Europe/Copenhagen", currency="DKK")

    assert kept(shop).time_zone == "Europe/Copenhagen"
    assert kept(shop).currency == "DKK"


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("moved", [{"time_zone": "Europe/Copenhagen"}, {"currency": "DKK"}])
def test_from_the_first_card_on_days_and_amounts_stay_as_they_are(owner, shop, moved):
    with pytest.raises(ShopIsFixed):
        change_shop(owner, name="Elsewhere", **moved)

    assert kept(shop).name == "Kaffe & Kardemomme"


def test_every_time_zone_offered_is_one():
    zones = time_zones()

    assert {"Europe/Oslo", "Europe/Copenhagen", "Atlantic/Faroe", "America/Nuuk"} <= {*zones}
    assert ShopFactory.build(time_zone=zones[0]).zone


# --- Pausing ---------------------------------------------------------------------------------


def test_a_pause_begins_and_ends(owner, shop):
    pause_shop(owner)
    assert kept(shop).paused_since
    assert owner.shop.paused_since

    resume_shop(owner)
    assert kept(shop).paused_since is None
    assert [change.what for change in Change.objects.order_by("pk")] == [
        "shop_paused",
        "shop_resumed",
    ]


def test_a_second_tap_keeps_the_first_moment(owner, shop):
    pause_shop(owner)
    began = kept(shop).paused_since

    pause_shop(owner)

    assert kept(shop).paused_since == began
    assert Change.objects.count() == 1


def test_meanwhile_nobody_collects(owner, member, counter):
    pause_shop(owner)
    counter.shop = member.shop = owner.shop

    with pytest.raises(ProgrammePaused):
        stamp(member, counter=counter)


def test_what_was_saved_before_waits_and_counts_when_it_is_over(
    in_shop, member, card, counter, owner
):
    pause_shop(owner)
    in_shop.refresh_from_db()
    half_an_hour = timedelta(minutes=30)
    held = saved_late(counter=counter, code=member.counter_code, programme=card, age=half_an_hour)
    assert held.refusal["refused"] == "programme_paused"

    resume_shop(owner)
    count_it(held, key=keys.new(), actor=owner)

    assert Account.objects.get().balance == 2


def test_open_again_whoever_reached_a_level_meanwhile_is_lifted(in_shop, card, counter, owner):
    one, two = MembershipFactory(shop=in_shop), MembershipFactory(shop=in_shop)
    silver = LadderFactory(shop=in_shop, takes={"Bronze": 0, "Silver": 2}).named["Silver"]
    for each in (one, two):
        stamp(each, counter=counter)
    pause_shop(owner)
    merge(kept=one, gone=two, key=keys.new(), actor=owner)
    assert pass_time(clock.now()) == 0

    resume_shop(owner)
    pass_time(clock.now())

    assert one.standing.tier == silver


def test_it_is_the_shop_alone(owner, next_door):
    pause_shop(owner)

    assert kept(next_door).paused_since is None
