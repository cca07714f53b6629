from datetime import timedelta

import pytest

from members.guard.facts import Rule
from members.guard.heights import nearly_all
from tests.members.guard.conftest import WEDNESDAY, told

pytestmark = pytest.mark.django_db

HALF_A_DAY = timedelta(hours=12)
MANY = {"far_least": 6}


@pytest.fixture
def crowd(join, come):
    """Twenty guests who come once a month."""
    for n in range(20):
        come(join(f"Guest {n}"), WEDNESDAY - timedelta(days=10, minutes=n * 30))


@pytest.fixture
def often(maja, come):
    def comes(count, until=WEDNESDAY):
        for n in range(count):
            come(maja, until - n * HALF_A_DAY)

    return comes


@pytest.mark.usefixtures("crowd")
def test_it_works(maja, often, look):
    often(20)

    [flag] = look()

    assert flag.what == (
        "There were 20 visits by Maja in 30 days. Nearly all others had 1 or fewer."
    )
    assert (flag.rule, flag.day, flag.card) == (Rule.FAR_ABOVE, WEDNESDAY.date(), maja)
    assert len(flag.lines) == 20


@pytest.mark.usefixtures("crowd")
def test_nineteen_visits_are_nothing(often, look):
    often(19)

    assert look() == []
    assert look(far_least=19)


@pytest.mark.usefixtures("crowd")
def test_five_times_as_many_as_others_are_nothing(often, look):
    often(5)
    assert look(far_least=5) == []

    often(1, until=WEDNESDAY + HALF_A_DAY)
    assert look(far_least=5)
    assert look(far_least=5, far_times=6) == []


def test_among_twenty_cards_nearly_all_means_nothing(join, come, often, look):
    for n in range(19):
        come(join(f"Guest {n}"), WEDNESDAY - timedelta(days=10, minutes=n * 30))
    often(20)

    assert look() == []


@pytest.mark.usefixtures("crowd")
def test_a_card_is_told_when_it_gets_there_and_not_every_week(often, look):
    often(24)
    assert told(look())

    often(12, until=WEDNESDAY + timedelta(days=7))
    assert look(until=WEDNESDAY + timedelta(days=7, hours=13)) == []


@pytest.mark.parametrize(
    ("visits", "others"),
    [
        ([*range(1, 21), 60], 20),  # the topmost left out, twenty are left
        ([*range(1, 20), 60], None),
        ([0] * 50, None),
        ([*[2] * 198, 9, 60, 70], 2),  # one of a hundred may be higher
    ],
)
def test_nearly_all_others(visits, others):
    assert nearly_all(visits) == others
