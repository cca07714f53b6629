"""A friend's first purchase thanks two people: nobody twice, and nobody waits for ever (F6, L13).

Each race has a control: with the lock away, the danger is real.
"""

import threading
import time

import pytest
from django.db import transaction
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger.models import Operation
from members.merging import merge
from members.models import Membership
from members.operations import undo
from rewards.friends import merging as friends_merging
from rewards.friends import operations
from rewards.friends.models import Inviting, Referral, Thanked, Thanks
from rewards.friends.owning import Scheme, keep_scheme
from tests.factories import CounterFactory, MembershipFactory, as_owner, stamp
from tests.races.conftest import HOLD, PATIENCE
from tests.races.outcomes import outcome
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


@pytest.fixture(autouse=True)
def worker_apart(settings):
    """Tasks wait for the worker, as they do in a real shop."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def on(in_shop, card):
    """on(most): so many friends a month; a stamp for each side, or something else for one."""

    def on(most=5, member=None):
        stamp_each = {"behaviour": "stamps", "n": 1}
        sides = {Thanks.Side.MEMBER: member or stamp_each, Thanks.Side.FRIEND: stamp_each}
        thanks = [Thanks(shop=in_shop, side=side, **what) for side, what in sides.items()]
        keep_scheme(
            Scheme(Inviting(shop=in_shop, most_a_month=most), thanks), actor=as_owner(in_shop)
        )
        return in_shop

    return on


def friend_of(member):
    source = {"source": "friend", "source_detail": member.friend_code}
    return MembershipFactory(shop=member.shop, **source)


def buying(card, counter):
    """A purchase, and what the worker does after it."""

    def bought():
        stamp(card, counter=counter)
        operations.catch_up(clock.now())

    return outcome(bought)


def paying_for(friend):
    """A worker that looks after this friend only."""
    referral = Referral.objects.select_related("member__shop").get(friend=friend)
    return outcome(operations.pay_now, referral=referral, now=clock.now())


def stamps(card):
    return card.accounts.get().balance


def paid(member):
    return Thanked.objects.standing().filter(referral__member=member, side="member").count()


@pytest.fixture
def at_the_edge(on, counter):
    """The race: two friends buy at once, and one of them is one too many for the month."""
    shop = on(most=1, member={"behaviour": "thing", "title": "A bun"})
    tills = [counter, CounterFactory(shop=shop)]

    def race():
        maja = MembershipFactory(shop=shop)
        friends = [friend_of(maja) for _till in tills]
        buys = [
            outcome(stamp, membership=friend, counter=till, key=keys.new())
            for friend, till in zip(friends, tills, strict=True)
        ]
        assert together(buys) == ["done"] * 2
        assert together([paying_for(friend) for friend in friends]) == ["done"] * 2
        return maja, friends

    return race


def test_two_friends_buy_at_the_edge_of_the_month(at_the_edge):
    for _round in range(ROUNDS):
        maja, friends = at_the_edge()

        assert (paid(maja), maja.claims.count()) == (1, 1)
        assert [stamps(friend) for friend in friends] == [3, 3]
        states = Referral.objects.filter(member=maja).values_list("state", flat=True)
        assert sorted(states) == ["over_cap", "rewarded"]


@pytest.mark.postgres_only
def test_without_the_lock_both_are_paid(at_the_edge, meet, monkeypatch, no_lock):
    meet(operations, "_most", after=True)
    monkeypatch.setattr("members.messages.operations.locked", lambda card: card)
    maja, _friends = at_the_edge()

    assert paid(maja) == 2


def test_many_workers_pay_once(on, counter):
    maja = MembershipFactory(shop=on())
    stamp(friend_of(maja), counter=counter)
    outcomes = together(outcome(operations.catch_up, now=clock.now()) for _worker in range(6))

    assert outcomes == ["done"] * 6
    assert (paid(maja), stamps(maja)) == (1, 2)


def test_paying_against_taking_back(on, counter):
    """Staff undo the purchase while the worker pays for it: in the end nobody has anything."""
    shop = on()
    for _round in range(ROUNDS):
        maja = MembershipFactory(shop=shop)
        kari, key = friend_of(maja), keys.new()
        stamp(kari, counter=counter, key=key)
        purchase = Operation.objects.select_related("membership").get(key=key)
        wish = {"membership": kari, "undone": purchase, "key": keys.new()}
        undoing = outcome(undo, **wish, actor=Actor.of_counter(counter))
        paying = outcome(operations.catch_up, now=clock.now())
        assert together([undoing, paying]) == ["done", "done"]
        operations.catch_up(clock.now())

        assert (stamps(maja), stamps(kari), paid(maja)) == (1, 1, 0)
        assert Referral.objects.get(friend=kari).state == "joined"


def test_bought_twice_at_once_pays_once(on, counter):
    shop = on()
    tills = [counter, CounterFactory(shop=shop)]
    for _round in range(ROUNDS):
        maja = MembershipFactory(shop=shop)
        kari = friend_of(maja)
        assert together([buying(kari, till) for till in tills]) == ["done"] * 2

        assert (stamps(maja), stamps(kari)) == (2, 4)


# --- Whoever brought them is merged meanwhile ---------------------------------------------------


def merging_slowly(monkeypatch, pauses):
    """A merge that has moved its friends to the kept card, and does not commit yet."""
    follow = friends_merging._follow

    def slowly(*what):
        follow(*what)
        pauses()

    monkeypatch.setattr(friends_merging, "_follow", slowly)


@pytest.fixture
def moves_meanwhile(on, counter, monkeypatch):
    """moves_meanwhile(friend of, act): while Maja's card becomes Vera's, the act is done."""

    def race(make):
        shop = on()
        maja, vera = MembershipFactory(shop=shop), MembershipFactory(shop=shop)
        kari, act = make(maja)
        moved = threading.Event()
        merging_slowly(monkeypatch, lambda: (moved.set(), time.sleep(HOLD)))
        merged = outcome(merge, kept=vera, gone=maja, key=keys.new(), actor=as_owner(shop))

        def then():
            assert moved.wait(PATIENCE)
            return outcome(act)()

        assert together([merged, then]) == ["done", "done"]
        return kari, vera

    return race


@pytest.fixture
def a_first_purchase(counter):
    def make(maja):
        kari = friend_of(maja)
        return kari, lambda: stamp(kari, counter=counter)

    return make


def test_a_first_purchase_is_thanked(moves_meanwhile, a_first_purchase):
    kari, vera = moves_meanwhile(a_first_purchase)
    operations.catch_up(clock.now())

    assert (stamps(kari), paid(vera)) == (3, 1)


@pytest.mark.postgres_only
def test_locked_with_its_cards_at_once_it_would_not_be(
    moves_meanwhile, a_first_purchase, monkeypatch
):
    """The control: PostgreSQL joins what it waited for with the card of before, and finds none."""

    def joined(referrals):
        found = referrals.select_for_update(of=("self",)).order_by("pk")
        return found.select_related("friend__person", "friend__shop", "member__shop").first()

    monkeypatch.setattr(operations, "_locked", joined)
    kari, vera = moves_meanwhile(a_first_purchase)
    operations.catch_up(clock.now())

    assert (stamps(kari), paid(vera)) == (2, 0)


def test_thanks_for_an_undone_purchase_are_taken_back(moves_meanwhile, counter):
    def make(maja):
        kari, key = friend_of(maja), keys.new()
        stamp(kari, counter=counter, key=key)
        operations.catch_up(clock.now())
        purchase = Operation.objects.select_related("membership").get(key=key)
        wish = {"membership": kari, "undone": purchase, "key": keys.new()}
        return kari, lambda: undo(**wish, actor=Actor.of_counter(counter))

    kari, vera = moves_meanwhile(make)
    operations.catch_up(clock.now())

    assert (stamps(kari), paid(vera)) == (1, 0)
    assert Referral.objects.get(friend=kari).state == "joined"


def test_both_sides_are_merged_at_once(on, monkeypatch):
    """The friend's card and the member's, each with another one: both are those kept."""
    shop = on()
    maja, vera = MembershipFactory(shop=shop), MembershipFactory(shop=shop)
    kari, newer = friend_of(maja), MembershipFactory(shop=shop)
    moved = threading.Event()
    merging_slowly(monkeypatch, lambda: (moved.set(), time.sleep(HOLD)))
    by = as_owner(shop)
    friends = outcome(merge, kept=newer, gone=kari, key=keys.new(), actor=by)
    members = outcome(merge, kept=vera, gone=maja, key=keys.new(), actor=by)

    def then():
        assert moved.wait(PATIENCE)
        return members()

    assert together([friends, then]) == ["done", "done"]
    referral = Referral.objects.get()
    assert (referral.friend_id, referral.member_id) == (newer.pk, vera.pk)


# --- Nobody waits for ever ----------------------------------------------------------------------

PAIRS = 3
TURNS = 14  # of every card: bought, paid, undone, taken back


def crossed(shop):
    """Two friends of two members, crosswise: each is a member of one and a friend of the other."""
    one, other = MembershipFactory(shop=shop), MembershipFactory(shop=shop)
    for friend, member in ((one, other), (other, one)):
        Referral.objects.create(
            shop=shop,
            friend=friend,
            member=member,
            pays="purchase",
            joined_at=min(one.joined_at, other.joined_at),
        )
    return one, other


def to_and_fro(card, counter):
    """Somebody buys, two are thanked, staff undo it, and it is all taken back."""
    done = outcome(stamp, membership=card, counter=counter, key=(key := keys.new()))
    by = {"key": keys.new(), "actor": Actor.of_counter(counter)}

    def turn():
        assert done() == "done"
        outcome(operations.catch_up, now=clock.now())()
        with scope(shop=card.shop):
            bought = Operation.objects.select_related("membership").get(key=key)
        assert outcome(undo, membership=card, undone=bought, **by)() == "done"
        outcome(operations.catch_up, now=clock.now())()

    return turn


@pytest.mark.postgres_only
def test_over_pairs_nobody_waits_for_ever(on, counter, stuck):
    """336 operations crosswise over three pairs, by six at once."""
    shop = on(most=1000)
    cards = [card for _pair in range(PAIRS) for card in crossed(shop)]
    tills = [CounterFactory(shop=shop, staff=counter.staff) for _card in cards]
    for _turn in range(TURNS):
        together(map(to_and_fro, cards, tills))

    assert stuck == []
    assert Operation.objects.filter(kind="thank_member").count() >= TURNS * PAIRS
    assert [stamps(card) for card in cards] == [1] * len(cards)


@pytest.mark.postgres_only
def test_locking_both_in_one_operation_would(on, counter, stuck, monkeypatch):
    """The control: the friend's own operation locks the member's card as well."""
    earned = operations._earned

    def and_the_other(op, referral):
        time.sleep(HOLD)
        with transaction.atomic():
            other = Membership.objects.select_for_update(no_key=True).filter(pk=referral.member_id)
            list(other.values_list("pk"))
        return earned(op, referral)

    monkeypatch.setattr(operations, "_earned", and_the_other)
    shop = on()
    pair = crossed(shop)
    tills = [counter, CounterFactory(shop=shop)]
    together(map(buying, pair, tills))

    assert stuck
