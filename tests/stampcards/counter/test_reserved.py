"""What a member has reserved, at the till: handed out once, and never louder than the stamp."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.models import Programme
from rewards.models import Claim
from rewards.vip import operations
from rewards.vip.models import Drop, Opening
from tests.factories import DropFactory, MembershipFactory, OpeningFactory, VipFactory
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import page_of, text_of

pytestmark = pytest.mark.django_db

NOON = clock.now().replace(hour=11, minute=0, second=0, microsecond=0) + timedelta(days=1)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(in_shop):
    with clock.at(NOON):
        yield


@pytest.fixture
def own(shop):
    return Actor(shop, Channel.CARD)


@pytest.fixture
def claim(shop, member, own):
    """A bag that is kept for Maja for two days."""
    drop = DropFactory(shop=shop, quantity=2, hold_hours=48)
    OpeningFactory(drop=drop, at=NOON)
    kept = operations.reserve(membership=member, drop=drop, key=keys.new(), actor=own)
    return Claim.objects.get(pk=kept["claim"])


@pytest.fixture
def seat(shop, member, own):
    """A place at an evening in a week."""
    starts = NOON + timedelta(days=7, hours=6)
    drop = DropFactory(
        shop=shop,
        kind=Drop.Kind.EVENT,
        name="Tasting",
        price="",
        quantity=2,
        place="Storgata 1",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        over_at=starts + timedelta(hours=2),
    )
    OpeningFactory(drop=drop, at=NOON)
    yes = operations.reply(membership=member, drop=drop, coming=True, key=keys.new(), actor=own)
    return Claim.objects.get(pk=yes["claim"])


@pytest.fixture
def sheet(till, member):
    return lambda: till.get(reverse("counter:card", args=[member.counter_code]))


def test_it_works(sheet, hand, till, member, claim):
    told = text_of(sheet())

    assert "Reserved: Summer roast 149 kr Hand out" in told
    assert "Reward ready" not in told
    said = text_of(till.get(hand(claim).url))
    assert "Maja: Handed out: Summer roast Undo" in said
    assert "Reserved" not in text_of(sheet())


def test_the_stamp_stays_the_loud_one(sheet, claim):
    page = page_of(sheet())

    assert page.count("btn-primary") == 1
    assert "btn-primary" in page.partition('class="stamping"')[2]


def test_where_nothing_is_collected_it_is_the_loud_one(sheet, claim, card):
    Programme.objects.update(off_since=NOON)
    Programme.objects.get().accounts.update(balance=0)
    page = page_of(sheet())

    assert "btn-primary" in page.partition('class="reserved loud"')[2].partition("</form>")[0]


def test_a_second_time_says_when_and_by_whom(hand, claim):
    hand(claim)
    response = hand(claim)

    assert response.status_code == 422
    assert "Already used today at 12:00 by Ola." in text_of(response)


def test_undo_puts_it_back(hand, undo, sheet, claim):
    key = keys.new()
    hand(claim, key=key)
    undo(key)

    assert "Reserved: Summer roast" in text_of(sheet())
    assert Claim.objects.get(pk=claim.pk).state == Claim.State.READY


def test_the_last_ten_name_it(hand, till, claim):
    hand(claim)

    assert "Handed out: Summer roast" in text_of(till.get(reverse("counter:last")))


def test_after_its_limit_it_is_not_there_and_not_handed_out(sheet, hand, claim):
    with clock.at(claim.use_by + timedelta(seconds=1)):
        assert "Reserved" not in text_of(sheet())
        refused = hand(claim)

    assert refused.status_code == 422
    assert "This was kept until" in text_of(refused)


def test_beside_a_reward_the_reward_is_the_loud_one(till, hand, card, own, shop):
    elias = MembershipFactory(shop=shop, name="Elias", stamps=10)
    drop = DropFactory(shop=shop)
    OpeningFactory(drop=drop, at=NOON)
    operations.reserve(membership=elias, drop=drop, key=keys.new(), actor=own)
    page = page_of(till.get(reverse("counter:card", args=[elias.counter_code])))

    assert "btn-primary" not in page.partition('class="reserved"')[2].partition("</form>")[0]
    assert "more reward" not in page


# --- An event ---


def test_on_its_day_they_are_expected_and_checked_in(sheet, hand, till, seat):
    with clock.at(NOON + timedelta(days=7)):
        assert "Expected: Tasting Check in" in text_of(sheet())
        assert "Maja: Checked in: Tasting" in text_of(till.get(hand(seat).url))
        assert "Checked in: Tasting" in text_of(till.get(reverse("counter:last")))
        assert "Expected" not in text_of(sheet())


def test_on_another_day_nobody_asks(sheet, seat):
    assert "Tasting" not in text_of(sheet())
    with clock.at(NOON + timedelta(days=8)):
        assert "Tasting" not in text_of(sheet())


# --- A sale, and who they are ---


@pytest.fixture
def sale(shop):
    """To the picked now, to everyone tomorrow."""
    drop = DropFactory(shop=shop, kind=Drop.Kind.SALE, name="Spring sale", quantity=None, price="")
    OpeningFactory(drop=drop, audience=Opening.Audience.PICKED, at=NOON)
    OpeningFactory(drop=drop, at=NOON + A_DAY)
    return drop


def test_a_sale_that_is_open_to_them_is_told(sheet, sale, member):
    VipFactory(membership=member)
    told = text_of(sheet())

    assert "Early access: Spring sale" in told
    assert "VIP" in told


def test_others_are_told_of_no_sale(sheet, sale, member):
    assert "Spring sale" not in text_of(sheet())


def test_open_to_everyone_it_is_no_early_access(sheet, sale, member):
    VipFactory(membership=member)
    with clock.at(NOON + A_DAY):
        assert "Spring sale" not in text_of(sheet())


def test_closed_it_is_not_told(sheet, sale, member):
    VipFactory(membership=member)
    Drop.objects.update(closed_at=NOON)

    assert "Spring sale" not in text_of(sheet())


# --- Who else ---


def test_anothers_is_refused(hand, claim, shop):
    response = hand(claim, membership=MembershipFactory(shop=shop))

    assert response.status_code == 422
    assert Claim.objects.get(pk=claim.pk).state == Claim.State.READY


def test_a_stranger_counter_hands_out_nothing(hand, next_door_till, next_door_counter, claim):
    put_on_the_till(next_door_counter)
    response = hand(claim, client=next_door_till)

    assert response.status_code == 422
    assert "Maja" not in response.content.decode()
    with scope(shop=claim.shop):
        assert Claim.objects.get(pk=claim.pk).state == Claim.State.READY


def test_beside_another_card_it_is_no_reward(till, shop, member, claim, seat):
    other = MembershipFactory(shop=shop)
    pair = reverse("counter:merge_with", args=[member.counter_code, other.counter_code])
    told = text_of(till.get(pair))

    assert "Reserved: Summer roast" in told
    assert "Expected: Tasting" in told
    assert "2 rewards" not in told
