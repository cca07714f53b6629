"""An event as a member sees it: yes, no, and the waiting list."""

import pytest

from loyalty import clock
from rewards.vip.models import Reservation
from tests.factories import MembershipFactory
from tests.rewards.vip.conftest import A_SECOND, left_of
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


def test_saying_yes_and_no(look_at, ask, tasting, maja):
    asked = text_of(look_at(maja, tasting))

    assert "You are invited: 13 March 18:00. Yes, I'll come No" in asked
    coming = text_of(ask(maja, tasting, "come"))
    assert "See you on 13 March 18:00. Say your code when you come." in coming
    assert "Storgata 1" in coming
    assert "1 of 2 places left" in coming
    no = text_of(ask(maja, tasting, "decline"))
    assert "You said no. Yes, I'll come after all" in no
    assert left_of(tasting) == 2


def test_when_it_is_full_they_wait_and_may_leave(look_at, ask, tasting, maja, in_shop):
    for _each in range(2):
        ask(MembershipFactory(shop=in_shop), tasting, "come")

    assert "Full, with a waiting list. Yes, put me on the waiting list" in text_of(
        look_at(maja, tasting)
    )
    waiting = text_of(ask(maja, tasting, "come"))
    assert "On the waiting list, place 1." in waiting
    own = Reservation.objects.get(membership=maja)
    left = text_of(ask(maja, tasting, "leave", reservation=own.pk))
    assert "Yes, put me on the waiting list" in left


def test_after_the_last_day_for_answers_it_says_so(look_at, ask, tasting, maja):
    with clock.at(tasting.reply_by + A_SECOND):
        refused = ask(maja, tasting, "come")
        told = text_of(look_at(maja, tasting))

    assert refused.status_code == 422
    assert "Answers were possible until 12 March at 18:00." in text_of(refused)
    assert "Answers were possible until Friday 18:00." in told
    assert "Yes" not in told


def test_a_stranger_is_not_invited(look_at, ask, tasting, next_door_member):
    assert look_at(next_door_member, tasting).status_code == 404
    assert ask(next_door_member, tasting, "come").status_code == 404
    assert left_of(tasting) == 2
