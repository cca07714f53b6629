"""An owner announces the end of a programme, puts it off, or calls it off."""

from datetime import date, timedelta

import pytest

from loyalty.journal.models import Change
from members import programmes
from members.ending.dates import End, proposal
from members.ending.refusals import (
    CollectingIsPast,
    EndComesNearer,
    EndStands,
    EndTooSoon,
    HonouredComesNearer,
    HonouredTooShort,
    ItHasEnded,
)
from members.models import Programme
from tests.members.ending.conftest import COLLECT, TENTH, USE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_shop")]
DAY = timedelta(days=1)


def days_of(programme):
    found = Programme.objects.get(pk=programme.pk)
    return found.collects_until, found.honoured_until


def test_it_works(ending):
    assert days_of(ending) == (COLLECT, USE)
    change = Change.objects.get(what="programme_ends")
    assert change.about == ending.name
    assert change.after == {"collects_until": "2027-01-31", "honoured_until": "2027-03-31"}


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        ((TENTH - DAY, USE), CollectingIsPast),
        ((COLLECT, COLLECT - DAY), HonouredTooShort),
        ((TENTH, TENTH + 29 * DAY), EndTooSoon),
    ],
)
def test_days_that_take_something_away_are_refused(on, card, announce, days, refusal):
    collects, honoured = days
    with on(TENTH), pytest.raises(refusal):
        announce(card, collects_until=collects, honoured_until=honoured)

    assert days_of(card) == (None, None)


def test_thirty_days_are_enough_and_a_refusal_names_the_day(on, card, announce):
    with on(TENTH), pytest.raises(EndTooSoon, match=r"Choose 9 February or a later day\.$"):
        announce(card, collects_until=TENTH, honoured_until=date(2027, 2, 8))
    with on(TENTH):
        announce(card, collects_until=TENTH, honoured_until=date(2027, 2, 9))

    assert days_of(card) == (TENTH, date(2027, 2, 9))


def test_an_end_can_be_put_off_and_not_brought_forward(on, ending, announce):
    with on(date(2027, 1, 20)):
        with pytest.raises(EndComesNearer, match=r"told 31 January\."):
            announce(ending, collects_until=COLLECT - DAY)
        with pytest.raises(HonouredComesNearer, match=r"told 31 March\."):
            announce(ending, honoured_until=USE - DAY)
        announce(ending, honoured_until=USE + DAY)

    assert days_of(ending) == (COLLECT, USE + DAY)


def test_the_last_days_may_be_more_even_late(on, ending, announce):
    with on(USE):
        announce(ending, honoured_until=USE + DAY)

    assert days_of(ending) == (COLLECT, USE + DAY)


def test_it_can_be_called_off_until_collecting_is_over(on, ending, call_off):
    with on(COLLECT, 23, 59):
        call_off(ending)

    assert days_of(ending) == (None, None)
    assert Change.objects.filter(what="programme_goes_on").exists()


def test_and_then_not_any_more(on, ending, call_off):
    with on(COLLECT + DAY, 0, 0), pytest.raises(EndStands, match=r"ended on 31 January\."):
        call_off(ending)

    assert days_of(ending) == (COLLECT, USE)


def test_calling_off_what_goes_on_changes_nothing(card, call_off):
    call_off(card)

    assert not Change.objects.filter(what="programme_goes_on").exists()


def test_what_has_ended_ends_no_more_and_can_begin_again(on, ending, tick, announce, owner):
    with on(USE + DAY):
        tick()
        with pytest.raises(ItHasEnded):
            announce(ending, collects_until=date(2027, 5, 1), honoured_until=date(2027, 6, 1))

        programmes.switch_on(ending, actor=owner)

    assert days_of(ending) == (None, None)


def test_we_propose_the_end_of_next_month_and_three_months_more():
    assert proposal(date(2027, 1, 31)) == End(date(2027, 2, 28), date(2027, 5, 31))
    assert proposal(date(2027, 11, 2)) == End(date(2027, 12, 31), date(2028, 3, 31))
