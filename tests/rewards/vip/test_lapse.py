"""What nobody collects is there for others again; and what a till did by mistake is made good."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.dashboard.money.statement import outstanding
from loyalty.dashboard.week.figures import week_of
from members.ledger.models import Operation
from members.operations import undo, void
from members.refusals import NothingToUndo
from rewards.models import Claim
from rewards.operations import AlreadyUsed, expire_claims, hand_over
from rewards.vip import lapsing
from rewards.vip.models import Drop, Reservation
from tests.rewards.vip.conftest import A_SECOND, SUNDAY, THURSDAY, left_of

pytestmark = pytest.mark.django_db

LATE = SUNDAY + timedelta(minutes=10)


@pytest.fixture
def kept(reserve, roast, vera):
    return Claim.objects.get(pk=reserve(membership=vera, drop=roast)["claim"])


@pytest.fixture
def give(kept, vera, till_actor):
    return lambda: hand_over(membership=vera, claim=kept, key=keys.new(), actor=till_actor)


@pytest.fixture
def take_back(vera, till_actor, asking):
    def back():
        undone = Operation.objects.filter(membership=vera, kind="hand_over").last()
        asking(undo, membership=vera, undone=undone, actor=till_actor)

    return back


def lapse(now):
    with clock.at(now):
        return lapsing.lapse(now)


def state(claim):
    claim.refresh_from_db()
    return claim.state


def test_it_works(kept, roast):
    assert lapse(LATE) == 1

    assert state(kept) == "expired"
    assert left_of(roast) == 2


def test_not_before_its_limit(kept, roast):
    assert lapse(SUNDAY) == 0
    assert lapse(SUNDAY + A_SECOND) == 1


def test_twice_frees_one(kept, roast):
    assert [lapse(LATE), lapse(LATE), lapse(LATE + timedelta(days=9))] == [1, 0, 0]

    assert left_of(roast) == 2


def test_the_nightly_job_for_rewards_leaves_it_alone(kept, roast):
    assert expire_claims(LATE + timedelta(days=9)) == 0

    assert state(kept) == "ready"


def test_what_was_handed_out_does_not_lapse(kept, give, roast):
    give()

    assert lapse(LATE) == 0
    assert left_of(roast) == 1


def test_what_lapsed_somebody_else_can_have(kept, reserve, roast, vip):
    Drop.objects.update(quantity=1, left=0, collect_by=None, over_at=None)
    lapse(LATE)

    assert reserve(membership=vip(), drop=roast)["claim"]


def test_a_hand_over_undone_in_time_is_ready_again_until_the_same_limit(
    kept, give, take_back, roast
):
    give()
    take_back()

    assert state(kept) == "ready"
    assert kept.use_by == SUNDAY
    assert left_of(roast) == 1
    assert lapse(LATE) == 1


def test_one_undone_after_the_limit_is_kept_for_another_day(kept, give, take_back, roast):
    """Handed out at ten to five, taken back at ten past: its member did nothing wrong."""
    with clock.at(SUNDAY - timedelta(minutes=10)):
        give()
    with clock.at(LATE):
        take_back()

    assert lapse(LATE + timedelta(hours=1)) == 0
    assert state(kept) == "ready"
    assert (kept.use_by, kept.expires_on.isoformat()) == (LATE + lapsing.GRACE, "2027-03-08")
    with clock.at(LATE + timedelta(hours=2)):
        assert give()["claim"] == kept.pk


def test_then_it_lapses_after_all(kept, give, take_back, roast):
    with clock.at(SUNDAY - timedelta(minutes=10)):
        give()
    assert lapse(SUNDAY + timedelta(minutes=5)) == 0
    with clock.at(LATE):
        take_back()

    assert lapse(LATE + lapsing.GRACE + A_SECOND) == 1
    assert left_of(roast) == 2


def test_a_seat_nobody_took_runs_out_with_the_evening(reply, tasting, maja):
    reply(membership=maja, drop=tasting, coming=True)

    assert lapse(tasting.ends_at) == 0
    assert lapse(tasting.ends_at + A_SECOND) == 1


# --- Taken back by a manager ------------------------------------------------------------------


@pytest.fixture
def void_reserving(vera, owner, asking):
    def back(kind="reserve"):
        undone = Operation.objects.get(membership=vera, kind=kind)
        asking(void, membership=vera, undone=undone, reason="mistake", actor=owner)

    return back


def test_a_manager_takes_a_reservation_back(kept, void_reserving, roast):
    void_reserving()

    assert state(kept) == "cancelled"
    assert left_of(roast) == 2


def test_twice_there_is_nothing_to_take_back(kept, void_reserving, roast):
    void_reserving()

    with pytest.raises(NothingToUndo):
        void_reserving()
    assert left_of(roast) == 2


def test_what_has_lapsed_is_not_freed_again(kept, void_reserving, roast):
    lapse(LATE)

    with clock.at(LATE), pytest.raises(NothingToUndo):
        void_reserving()
    assert left_of(roast) == 2


def test_nor_what_was_handed_out(kept, give, void_reserving, roast):
    give()

    with pytest.raises(AlreadyUsed):
        void_reserving()
    assert left_of(roast) == 1


def test_giving_back_is_not_undone(kept, let_go, vera, roast, void_reserving):
    let_go(membership=vera, reservation=Reservation.objects.get())

    with pytest.raises(NothingToUndo):
        void_reserving("let_go")
    assert left_of(roast) == 2


def test_it_is_no_debt_of_the_shop(kept, give, in_shop):
    assert "1 reward ready" not in str(outstanding(in_shop, THURSDAY))
    give()
    assert week_of(in_shop, THURSDAY).rewards.part.now == 0
