"""One key, posted by many at the same moment, books one stamp (L4, L5, L6).

Regressions of others: a double post (B1), and a retry that doubled what had arrived (B2).
"""

from functools import partial

import pytest
from django.urls import reverse

from loyalty import keys
from members import programmes
from members.ledger.models import LedgerEntry, Operation, Visit
from members.ledger.refusals import KeyTaken
from members.refusals import ProgrammePaused
from tests.factories import as_owner, stamp
from tests.races import rushing
from tests.races.rushing import MANY, at_the_till, stamps, statuses
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def given():
    """How many stamps were booked at the till."""
    return LedgerEntry.objects.filter(kind="earn").exclude(reason="welcome").count()


@pytest.fixture
def path(in_shop, member):
    return reverse("counter:stamp", args=[member.counter_code])


@pytest.fixture
def rush(live_server, counter, path):
    """Post all that is asked for at once, each from a browser of its own."""
    return partial(rushing.rush, live_server, counter, path)


def test_over_http_one_stamp_is_booked(rush, member, card):
    answers = rush([stamps(card, keys.new())] * MANY)

    assert statuses(answers) == {302: MANY}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert given() == 1
    assert Operation.objects.filter(kind="add_stamps").count() == 1
    assert Visit.objects.count() == 1
    assert member.accounts.get().balance == 2


def test_over_http_many_keys_are_many_stamps(rush, card):
    """The control: it was the key, not the crowd, that made it one."""
    answers = rush([stamps(card, keys.new(), again="True") for _one in range(MANY)])

    assert statuses(answers) == {302: MANY}
    assert given() == MANY


@pytest.mark.postgres_only
def test_without_the_unique_key_the_danger_is_real(rush, card, outlawed):
    outlawed(Operation, "operation_once")
    rush([stamps(card, keys.new(), again="True")] * MANY)

    assert given() > 1


def test_a_key_for_two_different_wishes_books_one(rush, card):
    key = keys.new()
    answers = rush([stamps(card, key, count=1 + place % 2) for place in range(MANY)])

    assert statuses(answers) == {302: MANY // 2, 422: MANY // 2}
    assert given() == 1
    assert all("out of date" in a.text for a in answers if a.status == 422)


def test_a_refused_key_is_refused_to_all(in_shop, member, card, counter):
    programmes.pause(card, actor=as_owner(card.shop))
    card.refresh_from_db()
    key, refused = keys.new(), []

    def ask():
        try:
            stamp(member, counter=counter, programme=card, key=key)
        except ProgrammePaused as refusal:
            refused.append(refusal.values["since"])

    together([ask] * MANY)

    assert len(refused) == MANY
    assert len(set(refused)) == 1
    assert given() == 0
    assert Operation.objects.filter(kind="add_stamps").count() == 1


def test_a_double_tap_is_one_stamp(live_server, card, counter, path):
    """Tap, tap, back, reload: one browser, one form."""
    visitor, token = at_the_till(live_server, counter)
    wish = stamps(card, keys.new())
    together([partial(visitor.post, path, wish, token=token)] * 2)
    visitor.post(path, wish, token=token)

    assert given() == 1


def test_key_taken_is_the_reason_given(in_shop, member, counter):
    key = keys.new()
    stamp(member, counter=counter, key=key)

    with pytest.raises(KeyTaken):
        stamp(member, 2, counter=counter, key=key)
