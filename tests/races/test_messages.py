"""Told once, however many tell it; and after a stop was answered, no mail is posted any more."""

import threading
import time

import pytest
from django.db import OperationalError
from django.db.models import QuerySet
from django_scopes import scope

from loyalty import clock, keys
from loyalty.outbox.models import OutboxMessage
from members import merging
from members.messages import mailing
from members.messages.models import Message
from members.messages.operations import Purpose
from members.messages.wishes import start_mail, stop_mail
from members.models import Consent
from tests.factories import MembershipFactory, as_owner
from tests.members.messages.conftest import NOON, tell
from tests.members.notices.conftest import proved_person
from tests.races.conftest import HOLD, PATIENCE
from tests.races.outcomes import outcome
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

State = OutboxMessage.State
THREADS = 8


@pytest.fixture
def maja(in_shop, card, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    card = MembershipFactory(shop=in_shop, person=proved_person("maja@example.no"))
    start_mail(card, Purpose.NEWS, way=Consent.Way.CARD)
    return card


@pytest.fixture
def slow_look(slow):
    """A while passes between looking who wants mail and posting it."""
    slow(mailing, "how", after=True)


@pytest.fixture
def no_card_lock(monkeypatch):
    """Nobody waits for anybody's card."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda cards, **how: cards)


def telling(card, once="news"):
    with clock.at(NOON), scope(shop=card.shop):
        try:
            return tell(card, once, purpose=Purpose.NEWS)
        except OperationalError:  # SQLite was busy for too long: nothing was told
            return telling(card, once)


def stopping(card):
    """Returns what still waits once the stop is answered."""
    time.sleep(HOLD / 3)  # somebody is telling already
    with clock.at(NOON), scope(shop=card.shop):
        stop_mail(card, Purpose.NEWS, way=Consent.Way.MAIL)
    return waiting()


def waiting():
    return OutboxMessage.objects.filter(state=State.WAITING).count()


def test_eight_tell_it_and_it_is_told_once(maja, slow_look):
    told = together([lambda: telling(maja)] * THREADS)

    assert sum(message is not None for message in told) == 1
    assert Message.objects.count() == OutboxMessage.objects.count() == 1


@pytest.mark.postgres_only
def test_without_the_lock_and_the_law_the_danger_is_real(maja, slow_look, no_card_lock, outlawed):
    outlawed(Message, "told_once")
    together([lambda: telling(maja)] * THREADS)

    assert Message.objects.count() > 1


def test_of_a_stop_and_a_mail_the_stop_wins(maja, slow_look):
    _told, left = together([lambda: telling(maja), lambda: stopping(maja)])

    assert left == waiting() == 0


@pytest.mark.postgres_only
def test_without_the_lock_a_mail_is_posted_after_the_stop(maja, slow_look, no_card_lock):
    together([lambda: telling(maja), lambda: stopping(maja)])

    assert waiting() == 1


def test_after_the_stop_the_next_thing_is_not_mailed(maja, slow_look):
    together([lambda: telling(maja), lambda: stopping(maja)])

    assert telling(maja, "later").mail == Message.Mail.NOT_WANTED


def test_at_most_two_go_out_however_many_tell_at_once(maja, slow_look):
    together([lambda n=n: telling(maja, f"news-{n}") for n in range(THREADS)])

    assert Message.objects.count() == THREADS
    assert waiting() == mailing.NEWS_A_WEEK


@pytest.mark.postgres_only
def test_without_the_lock_more_go_out(maja, slow_look, no_card_lock):
    together([lambda n=n: telling(maja, f"news-{n}") for n in range(THREADS)])

    assert waiting() > mailing.NEWS_A_WEEK


def test_what_is_told_while_a_card_is_merged_stands_on_the_one_that_is_kept(maja, monkeypatch):
    vera, moved = MembershipFactory(shop=maja.shop), threading.Event()
    fill_in = merging._fill_in

    def slowly(kept, gone):
        moved.set()
        time.sleep(HOLD)
        return fill_in(kept, gone)

    def then():
        assert moved.wait(PATIENCE)
        telling(maja)
        return "told"

    monkeypatch.setattr(merging, "_fill_in", slowly)
    by = as_owner(maja.shop)
    merged = outcome(merging.merge, kept=vera, gone=maja, key=keys.new(), actor=by, says="merged")

    assert together([merged, then]) == ["merged", "told"]
    assert Message.objects.get(once="news").membership == vera
