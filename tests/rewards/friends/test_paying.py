"""A friend joins, buys, and both are thanked (REF-01..04, F6)."""

from datetime import UTC, date, datetime

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.messages.models import Message
from members.visits import Purchase
from rewards.friends.models import Referral, Thanked
from rewards.friends.owning import switch_off
from rewards.models import Claim
from tests.factories import MembershipFactory, PointsFactory, earn, stamp
from tests.rewards.friends.conftest import STAMP, give, referral, stamps, state, worker

pytestmark = pytest.mark.django_db


def test_it_works(maja, come, buy):
    kari = come(maja)
    assert (referral().member, referral().friend, state()) == (maja, kari, "joined")
    assert (stamps(maja), stamps(kari)) == (1, 1)  # the welcome

    buy(kari)
    assert (stamps(kari), state()) == (3, "bought")
    assert stamps(maja) == 1  # not in the friend's operation
    worker()

    assert (stamps(maja), stamps(kari), state()) == (2, 3, "rewarded")
    assert set(Thanked.objects.values_list("side", flat=True)) == {"member", "friend"}


def test_it_pays_once(maja, come, buy):
    kari = come(maja)
    buy(kari)
    worker()
    buy(kari)
    worker()
    worker()

    assert (stamps(maja), stamps(kari)) == (2, 4)


def test_the_same_key_pays_once(maja, come, counter):
    kari, key = come(maja), keys.new()
    first = stamp(kari, counter=counter, key=key)
    again = stamp(kari, counter=counter, key=key)

    assert again == first
    assert stamps(kari) == 3
    assert Thanked.objects.count() == 1


def test_both_are_told(maja, come, buy):
    kari = come(maja)
    buy(kari)
    worker()

    told = {message.membership: message.values["friend"] for message in Message.objects.all()}
    assert told == {maja: "Kari", kari: "Maja"}


def test_the_bonus_is_no_visit(maja, come, buy, card):
    """It neither asks "Stamped just now" nor counts for a level."""
    kari = come(maja)
    buy(kari)
    worker()

    account = maja.accounts.get()
    assert account.lifetime == 0
    assert kari.accounts.get().lifetime == 1
    buy(maja, again=False)  # nobody is asked


def test_a_full_card_is_turned_by_it(maja, come, buy):
    buy(maja, count=7)
    kari = come(maja)
    buy(kari)
    worker()

    assert stamps(maja) == 0
    assert Claim.objects.get(membership=maja).source == "card"


# --- What is given ---


def test_points(in_shop, come, counter):
    PointsFactory(shop=in_shop)
    maja = MembershipFactory(shop=in_shop)
    points = {"behaviour": "bonus", "n": 50}
    give(in_shop, points, points)
    kari = come(maja)
    earn(kari, 10_000, counter=counter)
    worker()

    assert maja.accounts.get().balance == 50
    assert kari.accounts.get().balance == 60


def test_one_voucher_for_each_friend(on, maja, come, buy):
    """Three friends make three vouchers, not thirty percent (REF-04)."""
    give(on, {"behaviour": "percent", "percent": 10, "use_within_days": 30}, None)
    for name in ("Kari", "Ola", "Per"):
        buy(come(maja, name))
    worker()

    claims = list(Claim.objects.filter(membership=maja))
    assert len(claims) == 3
    assert {claim.percent for claim in claims} == {10}
    assert {claim.expires_on for claim in claims} == {date(2026, 4, 15)}
    assert {claim.source for claim in claims} == {"friend"}
    assert all(claim.terms for claim in claims)


def test_a_thing_and_an_amount(on, maja, come, buy):
    off = {"behaviour": "amount", "amount_minor": 2500}
    give(on, {"behaviour": "thing", "title": "A bun"}, off)
    kari = come(maja)
    buy(kari)
    worker()

    assert Claim.objects.get(membership=maja).title == "A bun"
    assert Claim.objects.get(membership=kari).off_minor == 2500


def test_one_side_only(on, maja, come, buy):
    give(on, STAMP, None)
    kari = come(maja)
    buy(kari)
    worker()

    assert (stamps(maja), stamps(kari), state()) == (2, 2, "rewarded")


# --- When ---


def test_coming_by_is_no_purchase(in_shop, on, maja, come, counter):
    points = PointsFactory(shop=in_shop, rules__per_attendance=5)
    kari = come(maja)
    earn(kari, counter=counter, programme=points, bought=False, attended=True)

    assert state() == "joined"


LEAST = [(None, "joined"), (9_900, "joined"), (10_000, "bought")]


@pytest.mark.parametrize(("paid", "after"), LEAST)
def test_the_least_purchase(*, on, maja, come, buy, paid, after):
    give(on, minimum_minor=10_000)
    buy(come(maja), purchase=Purchase(amount_minor=paid))

    assert state() == after


def test_at_joining(on, maja, come, buy):
    give(on, pays="joining")
    kari = come(maja)
    assert (stamps(kari), state()) == (2, "bought")
    worker()
    assert (stamps(maja), state()) == (2, "rewarded")
    assert referral().bought_at is None
    buy(kari)
    worker()

    assert (stamps(maja), stamps(kari)) == (2, 3)
    assert referral().bought_at is not None


def test_who_joined_under_older_rules_pays_as_promised(on, maja, come, buy):
    kari = come(maja)
    give(on, pays="joining")
    buy(kari)

    assert state() == "bought"


def test_switched_off_nobody_is_tied_and_nobody_pays(on, maja, come, buy):
    kari = come(maja)
    switch_off(Actor(on, Channel.OWNER))
    buy(kari)
    assert state() == "joined"
    come(maja, "Ola")

    assert Referral.objects.count() == 1


def test_what_was_earned_is_paid_after_it_was_switched_off(on, maja, come, buy):
    buy(come(maja))
    switch_off(Actor(on, Channel.OWNER))
    worker()

    assert stamps(maja) == 2


def test_a_code_of_nobody_ties_nobody(on):
    MembershipFactory(shop=on, source="friend", source_detail="00000000")

    assert not Referral.objects.exists()


def test_a_member_next_door_brings_nobody_here(on, next_door_member):
    MembershipFactory(shop=on, source="friend", source_detail=next_door_member.friend_code)

    assert not Referral.objects.exists()


# --- The limit of the month ---


def test_the_limit(on, maja, come, buy):
    give(on, most_a_month=2)
    for name in ("Kari", "Ola", "Per"):
        buy(come(maja, name))
        worker()
    worker()

    states = Referral.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["rewarded", "rewarded", "over_cap"]
    assert stamps(maja) == 3


def test_over_the_limit_the_friend_has_theirs(on, maja, come, buy):
    give(on, most_a_month=1)
    buy(come(maja))
    ola = come(maja, "Ola")
    buy(ola)
    worker()

    assert stamps(ola) == 3


@pytest.mark.parametrize(
    ("first", "second", "paid"),
    [
        # Summer time began on 29 March: that month ends at 22:00 UTC, not at 23:00.
        (datetime(2026, 3, 31, 21, 30, tzinfo=UTC), datetime(2026, 3, 31, 22, 30, tzinfo=UTC), 2),
        (datetime(2026, 3, 31, 21, 30, tzinfo=UTC), datetime(2026, 3, 31, 21, 59, tzinfo=UTC), 1),
        # It ended on 25 October.
        (datetime(2026, 10, 31, 22, 30, tzinfo=UTC), datetime(2026, 10, 31, 22, 59, tzinfo=UTC), 1),
        (datetime(2026, 10, 31, 22, 30, tzinfo=UTC), datetime(2026, 10, 31, 23, 0, tzinfo=UTC), 2),
    ],
)
def test_a_month_is_the_shop_s(*, on, maja, come, buy, first, second, paid):
    give(on, most_a_month=1)
    kari, ola = come(maja), come(maja, "Ola")
    for friend, moment in ((kari, first), (ola, second)):
        with clock.at(moment):
            buy(friend)
            worker()

    assert stamps(maja) == 1 + paid


def test_staff_are_told(maja, come, counter):
    told = stamp(come(maja), counter=counter)

    [part] = told["also"]
    assert part["gave"]["part"]["after"] == 3
