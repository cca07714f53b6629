"""The site as `loyalty.wsgi` serves it, without the lock on cards: a planted fault.

What was read grows a little old before it is written, as on a machine that has much else to do; so
two who meet on one card do meet, however fast the machine is.
"""

import time
from collections.abc import Iterable
from datetime import datetime

from loyalty import wsgi
from members.ledger import posting
from members.ledger.models import LedgerEntry, Operation
from members.models import Membership

OLD = 0.1  # seconds

append_at_once = posting._append


def no_lock(memberships: Iterable[Membership]) -> datetime | None:
    return None


def append_late(op: Operation, lines: Iterable[posting.Line]) -> list[LedgerEntry]:
    time.sleep(OLD)
    return append_at_once(op, lines)


posting.lock = no_lock
posting._append = append_late
application = wsgi.application
