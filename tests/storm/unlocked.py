"""The site as `loyalty.wsgi` serves it, without the lock on cards: a planted fault.

What was read grows a little old before it is written, as on a machine that has much else to do; so
two who meet on one card do meet, however fast the machine is.
"""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from loyalty import wsgi
from members.ledger import at_once, posting
from members.ledger.models import LedgerEntry, Operation
from members.models import Membership

OLD = 0.1  # seconds

append_now, write_now = posting._append, at_once.write


def no_lock(memberships: Iterable[Membership]) -> datetime | None:
    return None


def append_late(op: Operation, lines: Iterable[posting.Line]) -> list[LedgerEntry]:
    time.sleep(OLD)
    return append_now(op, lines)


def write_late(*what: Any) -> bool:
    time.sleep(OLD)
    return write_now(*what)


posting.lock = no_lock
posting._append = append_late
at_once.write = write_late
application = wsgi.application
