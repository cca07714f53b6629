"""The site as `loyalty.wsgi` serves it, without the lock on cards: a planted fault."""

from collections.abc import Iterable
from datetime import datetime

from loyalty import wsgi
from members.ledger import posting
from members.models import Membership


def no_lock(memberships: Iterable[Membership]) -> datetime | None:
    return None


posting.lock = no_lock
application = wsgi.application
