"""Many wrong PINs at the same moment are as many tries as one after the other (S3, 3.6)."""

import pytest
from django.db import OperationalError
from django.db.models import QuerySet
from django_scopes import scope

from loyalty import pins
from loyalty.models import StaffMember
from loyalty.refusals import Refused
from tests.factories import StaffMemberFactory, as_owner
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 24


@pytest.fixture
def nora(in_shop):
    nora = StaffMemberFactory(shop=in_shop, name="Nora")
    pins.set_pin(nora, pin="2580", actor=as_owner(nora.shop))
    return nora


def guessing(staff):
    """One wrong try of many; a busy database is asked again."""

    def tried():
        with scope(shop=staff.shop):
            for _try in range(40):
                try:
                    pins.check(StaffMember.objects.get(pk=staff.pk), "0000")
                except OperationalError:
                    continue
                except Refused as refusal:
                    return type(refusal).__name__
        raise AssertionError("the database never answered")

    return tried


def test_exactly_five_of_many_are_tried(nora, mailoutbox, slow):
    slow(pins, "_refuse_while_paused", after=True)  # each has looked before the next one counts
    outcomes = together([guessing(nora)] * MANY)

    nora.refresh_from_db()
    assert nora.pin_misses == pins.TRIES
    assert outcomes.count("WrongPin") == pins.TRIES - 1
    assert outcomes.count("PinPaused") == MANY - pins.TRIES + 1
    assert len(mailoutbox) == 1


@pytest.mark.postgres_only
def test_without_the_lock_more_slip_through(nora, monkeypatch, meet):
    meet(pins, "_refuse_while_paused", after=True)  # however long a busy machine takes
    monkeypatch.setattr(QuerySet, "select_for_update", lambda people, **options: people)
    outcomes = together([guessing(nora)] * MANY)

    assert outcomes.count("WrongPin") > pins.TRIES - 1
