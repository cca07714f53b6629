"""Mistakes that must be noticed: a storm that passes with one of them proves nothing.

    new-key   a client that asks again takes a new key (no engine can help that)
    no-lock   two who touch one card no longer wait for each other

SQLite lets one transaction write at a time, whatever we lock; so the second is PostgreSQL's.
"""

NEW_KEY, NO_LOCK = "new-key", "no-lock"
ALL = (NEW_KEY, NO_LOCK)
UNLOCKED = "tests.storm.unlocked:application"
