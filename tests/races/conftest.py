import threading
import time

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.models import CheckConstraint, UniqueConstraint
from django_scopes import scopes_disabled
from psycopg.errors import DeadlockDetected

from members.ledger import audit, posting
from tests.factories import MembershipFactory, PointsFactory

HOLD = 0.3  # seconds between reading and writing, where a control takes the lock away
PATIENCE = 5  # seconds for another one to come where two are to meet


@pytest.fixture(autouse=True)
def books_add_up(request, transactional_db):
    """Whoever won: at the end everything adds up. Not where a control has taken the law away."""
    yield
    if "outlawed" not in request.fixturenames:
        assert list(audit.disagreements()) == []


@pytest.fixture
def no_lock(monkeypatch):
    """Two tills no longer wait for each other."""
    monkeypatch.setattr(posting, "lock", lambda memberships: None)


@pytest.fixture
def outlawed(transactional_db):
    """outlawed(Model, "constraint"): the database no longer minds. Empties it before it does."""
    gone = []

    def outlaw(model, name):
        [constraint] = [c for c in model._meta.constraints if c.name == name]
        assert isinstance(constraint, UniqueConstraint | CheckConstraint)
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, constraint)
        gone.append((model, constraint))

    yield outlaw
    with scopes_disabled():
        call_command("flush", interactive=False, verbosity=0)
    for model, constraint in gone:
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


@pytest.fixture
def points(in_shop):
    return PointsFactory(shop=in_shop, rules__per_attendance=5)


@pytest.fixture
def rich(in_shop, points, counter):
    """rich(): a card with 150 points, of one purchase."""

    def rich():
        return MembershipFactory(shop=in_shop, points=150, points__counter=counter)

    return rich


@pytest.fixture
def pausing(monkeypatch):
    """pausing(pause): a way to let whoever comes to a place pause there, before it or `after`."""

    def pausing(pause):
        def at(module, name, *, after=False):
            quick = getattr(module, name)

            def paused(*what, **more):
                if not after:
                    pause()
                done = quick(*what, **more)
                if after:
                    pause()
                return done

            monkeypatch.setattr(module, name, paused)

        return at

    return pausing


@pytest.fixture
def slow(pausing):
    """slow(module, "name"): what is decided there grows old before anything else happens."""
    return pausing(lambda: time.sleep(HOLD))


@pytest.fixture
def meet(pausing):
    """meet(module, "name"): who comes there waits until somebody else is at such a place too.

    For controls: what goes wrong when two are there at once does so on a busy machine as well.
    """
    here: set[int] = set()
    came = threading.Condition()

    def wait_for_another():
        if threading.current_thread() is threading.main_thread():
            return  # nobody races yet
        with came:
            here.add(threading.get_ident())
            came.notify_all()
            came.wait_for(lambda: len(here) > 1, PATIENCE)
        time.sleep(HOLD)

    return pausing(wait_for_another)


@pytest.fixture
def gap(meet, no_lock):
    """Nobody waits for anybody, and what was read grows old before anything is written."""
    meet(posting, "_entry")


@pytest.fixture
def stuck(monkeypatch):
    """How often the database had to kill one of two that waited for each other."""
    killed = []
    once = posting._once

    def watched(question, body):
        try:
            return once(question, body)
        except OperationalError as trouble:
            if isinstance(trouble.__cause__, DeadlockDetected):  # and no slow machine
                killed.append(trouble)
            raise

    monkeypatch.setattr(posting, "_once", watched)
    return killed
