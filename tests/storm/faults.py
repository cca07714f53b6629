"""Mistakes that must be noticed: a storm that passes with one of them proves nothing.

    new-key   a client that asks again takes a new key (no engine can help that)
    no-lock   two who touch one card no longer wait for each other, and nothing else stops them

SQLite lets one transaction write at a time, whatever we lock; so the second is PostgreSQL's. There
the second of two would still be stopped, as both want the next place in the account; so that law
goes as well, and what is left to notice it are the books.
"""

from django.db import connection

from members.ledger.models import LedgerEntry

NEW_KEY, NO_LOCK = "new-key", "no-lock"
ALL = (NEW_KEY, NO_LOCK)
UNLOCKED = "tests.storm.unlocked:application"
PLACES = "entry_has_its_own_place"


def let_entries_share_a_place() -> None:
    """Two entries of one account may have one number, and the database does not mind."""
    [law] = [law for law in LedgerEntry._meta.constraints if law.name == PLACES]
    with connection.schema_editor() as editor:
        editor.remove_constraint(LedgerEntry, law)
