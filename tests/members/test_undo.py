"""A whole operation is taken back: at the counter, today's latest ten, and nothing used since."""

from datetime import UTC, datetime, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members import programmes
from members.ledger.models import LedgerEntry, Operation, Visit
from members.ledger.refusals import AlreadySpent
from members.merging import merge
from members.operations import join, latest_at, undo
from members.refusals import NothingToUndo, TooLateToUndo
from rewards.models import Claim
from rewards.operations import AlreadyUsed, hand_over
from stampcards import owning
from stampcards.operations import add_stamps
from stampcards.rules import StampRules
from tests.books import MONDAY
from tests.factories import CounterFactory, MembershipFactory, ProgrammeFactory, as_owner, stamp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(card, monday):
    """With a card from before."""


@pytest.fixture
def stamped(counter):
    """Stamp a card and return the operation."""

    def stamped(member, count=1, at=counter):
        key = keys.new()
        stamp(member, count, counter=at, key=key)
        return Operation.objects.get(key=key)

    return stamped


@pytest.fixture
def take_back(till_actor):
    def take_back(undone, *, key=None, actor=till_actor):
        return undo(membership=undone.membership, undone=undone, key=key or keys.new(), actor=actor)

    return take_back


def balance(member):
    return member.accounts.get().balance


def test_it_works(member, stamped, take_back):
    done = stamped(member, 3)

    assert take_back(done) == {"undone": str(done.key)}
    assert balance(member) == 1
    assert member.accounts.get().lifetime == 0
    assert LedgerEntry.objects.order_by("pk").last().reverses.operation == done


def test_the_visit_counts_nowhere(member, stamped, take_back):
    done = stamped(member)
    take_back(done)

    assert Visit.objects.get().voided_by.kind == "undo"


def test_the_extra_goes_with_it(member, card, till_actor, take_back):
    key = keys.new()
    add_stamps(membership=member, programme=card, count=2, extra=True, key=key, actor=till_actor)
    take_back(Operation.objects.get(key=key))

    assert balance(member) == 1


def test_same_key_twice_undoes_once(member, stamped, take_back):
    done, key = stamped(member), keys.new()

    assert take_back(done, key=key) == take_back(done, key=key)
    assert balance(member) == 1


def test_an_undone_stamp_starts_no_wait(member, card, stamped, take_back, till_actor):
    take_back(stamped(member))

    add_stamps(membership=member, programme=card, count=1, key=keys.new(), actor=till_actor)


def test_twice_is_refused(member, stamped, take_back):
    done = stamped(member)
    take_back(done)

    with pytest.raises(NothingToUndo, match=r"^This was undone already\.$"):
        take_back(done)
    assert balance(member) == 1


def test_an_undo_is_not_undone(member, stamped, take_back):
    take_back(stamped(member))

    with pytest.raises(NothingToUndo):
        take_back(Operation.objects.get(kind="undo"))


def test_another_cards_operation_is_refused(in_shop, member, stamped, till_actor):
    done = stamped(MembershipFactory(shop=in_shop))

    with pytest.raises(NothingToUndo):
        undo(membership=member, undone=done, key=keys.new(), actor=till_actor)


def test_a_refused_operation_is_nothing_to_undo(member, card, till_actor, take_back):
    programmes.pause(card, actor=as_owner(card.shop))
    card.refresh_from_db()
    with pytest.raises(Exception, match="pause"):
        add_stamps(membership=member, programme=card, count=1, key=keys.new(), actor=till_actor)

    with pytest.raises((NothingToUndo, TooLateToUndo)):
        take_back(Operation.objects.get(kind="add_stamps"))


# --- The full card -----------------------------------------------------------------------------


def test_the_filling_stamp_undone_takes_the_reward_back(in_shop, stamped, take_back):
    member = MembershipFactory(shop=in_shop, stamps=8)
    take_back(stamped(member))

    assert (balance(member), member.accounts.get().cycle) == (8, 0)
    assert Claim.objects.get().state == "cancelled"


def test_and_the_card_fills_again(in_shop, stamped, take_back):
    member = MembershipFactory(shop=in_shop, stamps=8)
    take_back(stamped(member))
    stamped(member)

    assert [claim.state for claim in Claim.objects.order_by("pk")] == ["cancelled", "ready"]
    assert member.accounts.get().cycle == 1


def test_the_old_card_comes_back_with_its_old_rules(in_shop, card, stamped, take_back):
    member = MembershipFactory(shop=in_shop, stamps=8)
    rules = StampRules.read(card.versions.get().rules)
    owning.change_card(
        programme=card,
        name=card.name,
        rules=StampRules.read({**rules.stored(), "need": 5}),
        actor=Actor(in_shop, Channel.OWNER),
    )
    done = stamped(member, 2)
    assert member.accounts.get().rule_version.number == 2

    take_back(done)
    account = member.accounts.get()
    assert (account.balance, account.cycle, account.rule_version.number) == (8, 0, 1)


def test_a_card_filled_twice_at_once_comes_back_whole(in_shop, take_back):
    programme = ProgrammeFactory(shop=in_shop, rules__need=2, rules__welcome=0)
    member = MembershipFactory(shop=in_shop)
    key = keys.new()
    counter = CounterFactory(shop=in_shop)
    stamp(member, 5, counter=counter, programme=programme, key=key)
    take_back(Operation.objects.get(key=key), actor=Actor.of_counter(counter))

    account = member.accounts.get(programme=programme)
    assert (account.balance, account.cycle) == (0, 0)
    assert {claim.state for claim in Claim.objects.all()} == {"cancelled"}


def test_a_later_stamp_still_fills_the_card_that_came_back(in_shop, stamped, take_back):
    """Ninth stamp, tenth stamp, the ninth undone: the tenth is the ninth now."""
    member = MembershipFactory(shop=in_shop, stamps=8)
    ninth = stamped(member)
    stamped(member)
    take_back(ninth)

    assert (balance(member), member.accounts.get().cycle) == (0, 1)
    assert [claim.state for claim in Claim.objects.order_by("pk")] == ["cancelled", "ready"]


def test_a_stamp_below_a_full_card_is_used(in_shop, stamped, take_back):
    member = MembershipFactory(shop=in_shop, stamps=7)
    eighth = stamped(member)
    stamped(member)

    with pytest.raises(AlreadySpent, match=r"^This has been used since"):
        take_back(eighth)
    assert Claim.objects.get().state == "ready"


def test_a_card_filled_before_the_latest_is_left_alone(in_shop, stamped, take_back):
    member = MembershipFactory(shop=in_shop, stamps=8)
    first = stamped(member)
    for _time in range(9):
        stamped(member)

    with pytest.raises(AlreadySpent):
        take_back(first)
    assert Claim.objects.filter(state="ready").count() == 2


def test_once_the_reward_is_handed_out_its_stamp_stays(in_shop, stamped, take_back, till_actor):
    member = MembershipFactory(shop=in_shop, stamps=8)
    ninth = stamped(member)
    claim = Claim.objects.get()
    hand_over(membership=member, claim=claim, key=keys.new(), actor=till_actor)

    with pytest.raises(AlreadyUsed, match=r"^Already used today at .* by Ola\.$"):
        take_back(ninth)
    assert balance(member) == 0


# --- Cancelled, given again, used twice (B21) ---------------------------------------------------


def test_a_hand_over_undone_is_ready_again_and_handed_out_once(in_shop, take_back, till_actor):
    member = MembershipFactory(shop=in_shop, stamps=9)
    claim = Claim.objects.get()
    give = {"membership": member, "claim": claim, "actor": till_actor}
    hand_over(**give, key=keys.new())
    take_back(Operation.objects.get(kind="hand_over"))
    assert Claim.objects.get().state == "ready"

    hand_over(**give, key=keys.new())
    with pytest.raises(AlreadyUsed):
        hand_over(**give, key=keys.new())


def test_hand_over_undone_then_stamp_undone_leaves_no_reward(
    in_shop, stamped, take_back, till_actor
):
    member = MembershipFactory(shop=in_shop, stamps=8)
    ninth = stamped(member)
    claim = Claim.objects.get()
    hand_over(membership=member, claim=claim, key=keys.new(), actor=till_actor)
    take_back(Operation.objects.get(kind="hand_over"))
    take_back(ninth)

    assert Claim.objects.get().state == "cancelled"
    with pytest.raises(Exception, match="no longer on the card"):
        hand_over(membership=member, claim=claim, key=keys.new(), actor=till_actor)


# --- At this counter, today, the latest ten ------------------------------------------------------


def test_another_counter_cannot(in_shop, member, stamped, take_back):
    done = stamped(member, at=CounterFactory(shop=in_shop))

    with pytest.raises(TooLateToUndo, match=r"^Only today's latest 10 can be undone here"):
        take_back(done)


def test_the_owner_can(member, in_shop, stamped, take_back, ingrid_person):
    take_back(stamped(member), actor=Actor(in_shop, Channel.OWNER, person=ingrid_person))

    assert balance(member) == 1


def test_only_the_latest_ten(in_shop, stamped, take_back):
    done = [stamped(MembershipFactory(shop=in_shop)) for _time in range(11)]

    with pytest.raises(TooLateToUndo):
        take_back(done[0])
    take_back(done[1])


def test_refused_and_undone_operations_take_no_place_among_the_ten(
    member, card, stamped, take_back, till_actor
):
    done = stamped(member)
    for _time in range(10):
        with pytest.raises(Exception, match="Give another"):
            add_stamps(membership=member, programme=card, count=1, key=keys.new(), actor=till_actor)

    assert latest_at(till_actor, clock.now()) == [done]
    take_back(done)


@pytest.mark.parametrize(
    ("stamped_at", "undone_at"),
    [
        (datetime(2027, 3, 1, 22, 59, tzinfo=UTC), datetime(2027, 3, 1, 23, 0, tzinfo=UTC)),
        # The night the clocks go forward, and the one they go back.
        (datetime(2027, 3, 27, 22, 59, tzinfo=UTC), datetime(2027, 3, 27, 23, 0, tzinfo=UTC)),
        (datetime(2027, 3, 28, 21, 59, tzinfo=UTC), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),
        (datetime(2027, 10, 31, 22, 59, tzinfo=UTC), datetime(2027, 10, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_midnight_in_the_shop_ends_it(member, stamped, take_back, stamped_at, undone_at):
    with clock.at(stamped_at):
        done = stamped(member)
    with clock.at(undone_at), pytest.raises(TooLateToUndo):
        take_back(done)


@pytest.mark.parametrize(
    ("stamped_at", "undone_at"),
    [
        (datetime(2027, 2, 28, 23, 0, tzinfo=UTC), datetime(2027, 3, 1, 22, 59, tzinfo=UTC)),
        (datetime(2027, 3, 27, 23, 0, tzinfo=UTC), datetime(2027, 3, 28, 21, 59, tzinfo=UTC)),
        (datetime(2027, 10, 30, 22, 0, tzinfo=UTC), datetime(2027, 10, 31, 22, 59, tzinfo=UTC)),
    ],
)
def test_all_day_long_it_works(member, stamped, take_back, stamped_at, undone_at):
    """Days of 24, 23 and 25 hours."""
    with clock.at(stamped_at):
        done = stamped(member)
    with clock.at(undone_at):
        take_back(done)


# --- Cards that became another, and other shops ---------------------------------------------------


def test_what_went_to_another_card_stays_there(in_shop, stamped, take_back, till_actor):
    """Nine stamps undone onto a card nobody holds any more would be lost (B18)."""
    gone, kept = MembershipFactory(shop=in_shop, stamps=8), MembershipFactory(shop=in_shop)
    ninth = stamped(gone)
    merge(gone=gone, kept=kept, key=keys.new(), actor=till_actor)
    ninth.refresh_from_db()

    with pytest.raises(AlreadySpent):
        take_back(ninth)
    assert Claim.objects.get().state == "ready"
    assert (balance(gone), balance(kept)) == (0, 1)


def test_the_shop_next_door_cannot(in_shop, member, stamped, next_door_counter):
    done = stamped(member)

    with pytest.raises(ValueError, match="another shop"):
        undo(
            membership=member,
            undone=done,
            key=keys.new(),
            actor=Actor.of_counter(next_door_counter),
        )


def test_joining_is_not_undone(in_shop, till_actor, member):
    answer = join(source="counter", language="nb", key=keys.new(), actor=till_actor)
    joined = Operation.objects.filter(kind="join").latest("pk")

    with pytest.raises(NothingToUndo):
        undo(membership=member, undone=joined, key=keys.new(), actor=till_actor)
    assert answer["membership"] != member.pk


def test_the_list_is_of_this_counter_and_of_today(in_shop, member, stamped, till_actor):
    with clock.at(MONDAY - timedelta(days=1)):
        stamped(member)
    stamped(member, at=CounterFactory(shop=in_shop))
    latest = [stamped(member), stamped(member)]

    assert latest_at(till_actor, clock.now()) == latest[::-1]
