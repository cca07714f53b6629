"""What the ledger answers when the house asks."""

from datetime import datetime

from members.ledger.operations import expire_lapsed


def tick(now: datetime) -> None:
    expire_lapsed(now)
