"""An older database comes back, and what people had erased since is erased once more (D4)."""

import io
import sqlite3
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import connection
from django_scopes import scope

from loyalty import clock, keys
from loyalty.management.backups import back_up
from members.access import holder_of
from members.ledger import audit
from members.models import Membership
from members.operations import merge
from members.privacy import erasures
from members.privacy.erasures import Replayed
from members.privacy.models import Erasure
from members.privacy.operations import bring_back, erase_due, leave
from tests.factories import MembershipFactory
from tests.members.privacy.conftest import NAME, full_dump, hits, in_days

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only]


@pytest.fixture
def backup(tmp_path):
    """backup(): a copy as it is now; what it returns puts that copy in the place of everything."""

    def backup():
        made = back_up(tmp_path / "backups", now=clock.now(), keep=3)

        def restore():
            with closing(sqlite3.connect(made)) as copy:
                copy.backup(connection.connection)

        return restore

    return backup


@pytest.fixture
def replay(settings):
    return lambda: erasures.replay(settings.ERASURES_FILE, clock.now())


def worker():
    erase_due(clock.now())
    erasures.note(clock.now())


def test_it_works(quintilla, backup):
    restore = backup()
    leave(quintilla)
    with in_days(14):
        worker()
        restore()
        assert NAME in hits(full_dump()), "she is back, as the backup knew her"

        said = io.StringIO()
        call_command("replay_erasures", stdout=said)

        assert (
            said.getvalue() == "Deleted 0, erased 1, brought back 0; 0 are not in this database.\n"
        )
        assert hits(full_dump()) == []
        assert list(audit.disagreements()) == []


def test_twice_changes_nothing_more(quintilla, backup, replay):
    restore = backup()
    leave(quintilla)
    with in_days(14):
        worker()
        restore()
        replay()

        assert replay() == Replayed()


def test_a_card_that_waits_waits_on(quintilla, backup, replay):
    restore = backup()
    asked = leave(quintilla)
    worker()
    with in_days(3):
        restore()

        assert replay() == Replayed(left=1)
        quintilla.refresh_from_db()
        assert quintilla.leaving_since == asked.asked_at
        assert Erasure.objects.get().pseudonym == asked.pseudonym


def test_what_was_brought_back_is_not_erased_by_an_older_wish(quintilla, backup, replay):
    leave(quintilla)
    worker()
    restore = backup()
    bring_back(quintilla)
    worker()
    restore()

    assert replay() == Replayed(back=1)
    with in_days(15):
        worker()
    quintilla.refresh_from_db()
    assert quintilla.name == NAME


def test_cards_that_became_one_since_are_both_erased(in_shop, card, backup, replay):
    kept, gone = (MembershipFactory(shop=in_shop, name=name) for name in ("Maja", "Maja Lise"))
    restore = backup()
    merge(kept=kept, gone=gone, key=keys.new(), actor=holder_of(kept))
    leave(kept)
    with in_days(14):
        worker()
        restore()

        assert replay() == Replayed(erased=2)
    assert not Membership.objects.exclude(name="").exists()


def test_a_newcomer_with_an_old_number_is_left_alone(in_shop, card, backup, replay):
    restore = backup()
    gone = MembershipFactory(shop=in_shop, name="Maja")
    leave(gone)
    with in_days(14):
        worker()
        restore()
        newcomer = MembershipFactory(shop=in_shop, name="Newcomer")
        assert newcomer.pk == gone.pk, "the number was given once more"

        assert replay() == Replayed(unknown=1)
        with scope(shop=in_shop):
            newcomer.refresh_from_db()
        assert (newcomer.name, newcomer.leaving_since) == ("Newcomer", None)
