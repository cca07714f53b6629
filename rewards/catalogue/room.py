"""What the catalogue answers when the house asks."""

from datetime import datetime

from rewards.catalogue import operations


def tick(now: datetime) -> None:
    operations.lapse_claims(now)
