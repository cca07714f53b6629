"""What happens by itself, in a process of its own: points run out, who brought a friend is thanked.

It runs beside the web servers and is killed with them. The file it is given says which night it
is: so many days from today. Nothing else moves the clock, so what runs out in three nights can be
spent until then.
"""

import logging
import time
from datetime import timedelta
from pathlib import Path

from django.db import Error, close_old_connections

from loyalty import clock
from members.ledger.operations import expire_lapsed
from members.ledger.refusals import Busy
from rewards.friends.operations import catch_up

REST = 0.3  # seconds between two rounds
log = logging.getLogger("stamkunde.storm")


def rounds(file: Path) -> None:
    """Until it is killed."""
    while True:
        close_old_connections()
        try:
            one(int(file.read_text()))
        except (Error, Busy) as trouble:  # locked, or restarting: it comes back
            log.warning("The night was disturbed: %s", trouble)
        time.sleep(REST)


def one(night: int) -> None:
    """The periodic jobs' own operations, on the night that is so many days away."""
    expire_lapsed(clock.now() + timedelta(days=night))
    catch_up(clock.now())
