"""A manager takes back anything of thirty days, for a reason; what was spent is owed (CTR-05).

A regression of others: a voided visit counts nowhere (B19).
"""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import LedgerEntry, Visit
from members.ledger.refusals import AlreadySpent
from members.merging import merge
from members.operations import join, undo, void
from members.refusals import NothingToUndo, TooLateToVoid, VoidNeedsReason
from members.visits import Purchase
from rewards.catalogue.operations import cancel, redeem
from rewards.models import Claim
from rewards.operations import AlreadyUsed, hand_over
from rewards.points.operations import earn_points
from rewards.points.refusals import AttendedToday, EarnedJustNow
from stampcards.operations import add_stamps
from tests.books import MONDAY, account, balance, latest, purse
from tests.factories import MembershipFactory, RewardFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_it_works(member, stamped, take_back, manager_person):
    done = stamped(member, 3)

    assert take_back(done) == {"undone": str(done.key), "reason": "refund"}
    assert purse(member, "stamps") == (1, 0)
    entry = LedgerEntry.objects.latest("pk")
    assert (entry.kind, entry.amount, entry.reason) == ("reverse", -3, "refund")
    assert entry.operation.actor == manager_person


def test_same_key_twice_voids_once(member, stamped, take_back):
    done, key = stamped(member), keys.new()

    assert take_back(done, key=key) == take_back(done, key=key)
    assert balance(member, "stamps") == 1


def test_the_original_stays_byte_for_byte(member, stamped, take_back):
    done = stamped(member, 2)
    before = LedgerEntry.objects.filter(operation=done).values().get()
    take_back(done)

    assert LedgerEntry.objects.filter(operation=done).values().get() == before


# --- What is refused ----------------------------------------------------------------------------


def test_twice(member, stamped, take_back):
    done = stamped(member)
    take_back(done)

    with pytest.raises(NothingToUndo):
        take_back(done)
    assert balance(member, "stamps") == 1


def test_after_the_counter_undid_it(member, stamped, take_back, till_actor):
    done = stamped(member)
    undo(membership=member, undone=done, key=keys.new(), actor=till_actor)

    with pytest.raises(NothingToUndo):
        take_back(done)


def test_an_undo(member, stamped, take_back):
    take_back(stamped(member))

    with pytest.raises(NothingToUndo):
        take_back(latest("undo"))


def test_a_cancelled_choice(member, points, bought, take_back, actor):
    bought(member)
    chosen = redeem(
        membership=member, reward=RewardFactory(programme=points), key=keys.new(), actor=actor
    )
    claim = Claim.objects.get(pk=chosen["claim"])
    cancel(membership=member, claim=claim, key=keys.new(), actor=actor)

    for kind in ("redeem", "cancel_claim"):
        with pytest.raises(NothingToUndo):
            take_back(latest(kind))
    assert purse(member) == (100, 0)


@pytest.mark.parametrize("reason", ["", "undo", "because"])
def test_without_a_reason_of_the_list(member, stamped, take_back, reason):
    done = stamped(member)

    with pytest.raises(VoidNeedsReason):
        take_back(done, reason=reason)
    assert balance(member, "stamps") == 2


def test_after_thirty_days_and_not_a_second_before(member, stamped, take_back):
    done = stamped(member)
    with clock.at(MONDAY + 30 * DAY + timedelta(seconds=1)), pytest.raises(TooLateToVoid):
        take_back(done)
    with clock.at(MONDAY + 30 * DAY):
        take_back(done)

    assert balance(member, "stamps") == 1


def test_what_went_to_another_card(in_shop, member, stamped, take_back, actor):
    done = stamped(member)
    kept = MembershipFactory(shop=in_shop)
    merge(kept=kept, gone=member, key=keys.new(), actor=actor)

    with pytest.raises(AlreadySpent):
        take_back(done)
    assert balance(kept, "stamps") == 2


def test_another_cards_operation(in_shop, member, stamped, actor):
    done, other = stamped(member), MembershipFactory(shop=in_shop)

    with pytest.raises(NothingToUndo):
        void(membership=other, undone=done, reason="refund", key=keys.new(), actor=actor)


def test_by_the_shop_next_door(member, stamped, take_back, next_door, next_door_person):
    stranger = Actor(next_door, Channel.OWNER, person=next_door_person)

    with pytest.raises(ValueError, match="another shop"):
        take_back(stamped(member), by=stranger)
    assert balance(member, "stamps") == 2


# --- The full card ------------------------------------------------------------------------------


def test_a_stamp_whose_reward_was_handed_out_stays(in_shop, stamped, take_back, till_actor):
    member = MembershipFactory(shop=in_shop, stamps=8)
    ninth = stamped(member)
    claim = Claim.objects.get()
    hand_over(membership=member, claim=claim, key=keys.new(), actor=till_actor)

    with pytest.raises(AlreadyUsed):
        take_back(ninth)
    claim.refresh_from_db()
    assert claim.state == "handed_over"


def test_a_stamp_whose_reward_is_ready_takes_it_back(in_shop, stamped, take_back):
    member = MembershipFactory(shop=in_shop, stamps=8)
    take_back(stamped(member))

    assert purse(member, "stamps") == (8, 0)
    assert Claim.objects.get().state == "cancelled"
    assert account(member, "stamps").cycle == 0


def test_an_earlier_stamp_eaten_by_a_full_card_is_owed(in_shop, stamped, take_back):
    """The next ones pay it: three stamps bring two."""
    member = MembershipFactory(shop=in_shop, stamps=6)
    eaten = stamped(member, 2)
    stamped(member)
    take_back(eaten)
    assert purse(member, "stamps") == (0, 2)
    assert Claim.objects.get().state == "ready"

    stamped(member, 3)
    assert purse(member, "stamps") == (1, 0)


# --- Stamps and points at once ------------------------------------------------------------------


def test_a_purchase_that_gave_both_is_taken_back_as_one(member, points, stamped, take_back):
    done = stamped(member, purchase=Purchase(40_000))
    assert (balance(member, "stamps"), purse(member)) == (2, (40, 0))
    take_back(done)

    assert (balance(member, "stamps"), purse(member)) == (1, (0, 0))
    assert {entry.reason for entry in LedgerEntry.objects.filter(kind="reverse")} == {"refund"}
    assert Visit.objects.get().voided_by == latest("undo")


def test_also_where_one_part_was_spent(member, points, stamped, take_back, actor):
    done = stamped(member, purchase=Purchase(40_000))
    cake = RewardFactory(programme=points, cost=30)
    redeem(membership=member, reward=cake, key=keys.new(), actor=actor)
    take_back(done)

    assert (balance(member, "stamps"), purse(member)) == (1, (0, 30))


# --- A voided visit counts nowhere (B19) --------------------------------------------------------


def test_it_is_no_attendance_of_the_day(member, bought, take_back, points, counter):
    take_back(bought(member, None, bought=False, attended=True))
    came = {"bought": False, "attended": True}
    bought(member, None, **came)

    with pytest.raises(AttendedToday):
        bought(member, None, **came)
    assert purse(member) == (5, 0)


def test_it_starts_no_wait(member, points, bought, take_back, till_actor):
    wish = {"membership": member, "programme": points, "purchase": Purchase(10_000)}
    wish["actor"] = till_actor
    take_back(bought(member))
    earn_points(**wish, key=keys.new())

    with pytest.raises(EarnedJustNow):
        earn_points(**wish, key=keys.new())


def test_a_stamp_starts_no_wait(member, card, stamped, take_back, till_actor):
    take_back(stamped(member))

    wish = {"membership": member, "programme": card, "count": 1}
    add_stamps(**wish, key=keys.new(), actor=till_actor)
    assert balance(member, "stamps") == 2


def test_it_is_no_last_visit(member, points, bought, take_back):
    with clock.at(MONDAY - DAY):
        bought(member)
    take_back(bought(member))

    standing = Visit.objects.filter(membership=member, voided_by=None)
    assert [visit.at for visit in standing] == [MONDAY - DAY]


def test_every_entry_keeps_why(member, points, stamped, take_back):
    for reason in ("refund", "mistake", "other"):
        take_back(stamped(member, purchase=Purchase(40_000)), reason=reason)

    reversals = LedgerEntry.objects.filter(kind="reverse").order_by("operation")
    assert list(reversals.values_list("reason", flat=True)) == [
        "refund",
        "refund",
        "mistake",
        "mistake",
        "other",
        "other",
    ]


def test_what_joining_gave_is_nobodys_to_void_from_another_card(in_shop, member, actor):
    joined = join(source="counter", language="nb", key=keys.new(), actor=actor)

    with pytest.raises(NothingToUndo):
        void(
            membership=member,
            undone=latest("join"),
            reason="mistake",
            key=keys.new(),
            actor=actor,
        )
    assert joined["membership"] != member.pk
