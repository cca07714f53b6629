"""A mailed code has three tries, however many come at the same moment (S3)."""

import threading

import pytest
from django.db import OperationalError
from django.db.models import F, QuerySet

from loyalty.models import TriedCode
from loyalty.security import tries
from tests.support.together import LIMIT, together

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6  # fewer than a pool has connections: each holds one while it waits for the others
CODE = "session:482913"


@pytest.fixture(autouse=True)
def all_have_looked(pausing):
    """Nobody writes before everybody has seen all there is to see."""
    here: set[int] = set()
    came = threading.Condition()

    def wait_for_all():
        with came:
            here.add(threading.get_ident())
            came.notify_all()
            came.wait_for(lambda: len(here) == MANY, LIMIT)

    pausing(wait_for_all)(QuerySet, "update")


def guess():
    """One try of many; a busy database is asked again."""
    for _try in range(40):
        try:
            return tries.take(CODE)
        except OperationalError:
            continue
    raise AssertionError("the database never answered")


def test_three_of_many_are_compared():
    assert together([guess] * MANY).count(True) == tries.MOST


def test_looking_first_lets_all_of_them_through(monkeypatch):
    """The control."""

    def look_and_count(code):
        tried, _made = TriedCode.objects.get_or_create(digest=code)
        if tried.tries >= tries.MOST:
            return False
        TriedCode.objects.filter(pk=tried.pk).update(tries=F("tries") + 1)
        return True

    monkeypatch.setattr(tries, "take", look_and_count)

    assert together([guess] * MANY).count(True) == MANY
