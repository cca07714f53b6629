"""What figures answer when the house asks."""

from datetime import datetime

from rewards.figures.rollup import count_days


def tick(now: datetime) -> None:
    """A day that is over in a shop is counted within a quarter of an hour."""
    count_days(now)
