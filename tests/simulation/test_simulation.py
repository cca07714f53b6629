"""Whatever befalls the tills, every tap meets one fate; and each planted mistake is noticed."""

import os

import pytest

from members.ledger import audit
from tests.simulation.faults import PLANTED
from tests.simulation.judging import EVERYTHING
from tests.simulation.running import report, run

pytestmark = pytest.mark.django_db(transaction=True)

SEEDS, BATCH = 300, 25
ALL_NIGHT = 5000  # more of them with --long
SOON = 50  # seeds within which a planted mistake has to show
FAULTS = [fault.__name__ for fault, _said, _more in PLANTED]
ASKED = os.environ.get("SIMULATION_SEED")


def batches(first, last):
    """Seeds that share one emptied database. A seed that was asked for runs alone."""
    if ASKED:
        return [pytest.param([int(ASKED)], id=f"seed {ASKED}")] if first == 0 else []
    starts = range(first, last, BATCH)
    return [pytest.param(range(n, n + BATCH), id=f"seeds {n} to {n + BATCH - 1}") for n in starts]


def nothing_goes_wrong(seeds):
    seen = set()
    for seed in seeds:
        world, wrong = run(seed)
        if wrong:
            pytest.fail(report(world, wrong), pytrace=False)
        seen |= world.seen
    assert list(audit.disagreements()) == []
    assert len(seeds) < BATCH or sorted(EVERYTHING - seen) == []


@pytest.mark.parametrize("seeds", batches(0, 2 * BATCH))
def test_every_tap_meets_one_fate(seeds):
    nothing_goes_wrong(seeds)


# The engines differ in what happens at the same moment. Here one thing happens after the other.
@pytest.mark.once
@pytest.mark.parametrize("seeds", batches(2 * BATCH, SEEDS))
def test_every_tap_meets_one_fate_with_many_more_seeds(seeds):
    nothing_goes_wrong(seeds)


@pytest.mark.long
@pytest.mark.parametrize("seeds", batches(SEEDS, SEEDS + ALL_NIGHT))
def test_every_tap_meets_one_fate_all_night(seeds):
    nothing_goes_wrong(seeds)


@pytest.mark.once
@pytest.mark.parametrize(("fault", "said", "more"), PLANTED, ids=FAULTS)
def test_a_planted_mistake_is_noticed(fault, said, more, monkeypatch):
    fault(monkeypatch)

    assert any(said in told for seed in range(SOON) for told in run(seed, more=more)[1])


def test_a_seed_that_is_run_again_tells_the_same_story():
    once, again = (_story(run(7)[0]) for _time in range(2))

    assert once == again


def _story(world):
    """What was tapped, what befell it and what was said: all but the ids of rows."""
    return [str(tap) for tap in world.taps.values()], sorted(world.seen)
