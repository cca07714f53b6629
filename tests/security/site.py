"""The site in several processes of its own, over the database of the test."""

import contextlib
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection

from tests.support import serving

WORKERS = 4


@contextlib.contextmanager
def served(tally, *, cache="dbcache://shared_cache", without=""):
    """The address of the site with four workers that share the database and, unless a control
    takes that away, the cache."""
    call_command("createcachetable", "shared_cache", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shared_cache")  # it is no model's, so no test empties it
    tally.touch()
    told = {
        "DATABASE_URL": database_url(),
        "CACHE_URL": cache,
        "TALLY": str(tally),
        "WITHOUT": without,
        "EMAIL_URL": "dummymail://",
    }
    with serving.served("tests.security.wsgi:application", workers=WORKERS, told=told) as address:
        yield address


def database_url():
    """Where this test's own rows are."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    who = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}"
    return f"postgres://{who}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
