"""A reward as its owner sees it: ready, used, run out or taken back."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from loyalty import clock
from members.ledger.models import local_day
from rewards.models import Claim

RING_SECONDS = 60  # how long the ring of a used reward moves: a screenshot's does not


class Look(StrEnum):
    READY = "ready"
    USED = "used"
    RUN_OUT = "run_out"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class Ticket:
    claim: Claim
    look: Look
    used_at: datetime | None
    now: datetime
    today: date

    @classmethod
    def of(cls, claim: Claim) -> Self:
        """Needs claim.shop. One query more for a reward that was handed over."""
        now = clock.now()
        today = local_day(claim.shop, now)
        used_at = None
        if claim.state == Claim.State.HANDED_OVER:
            standing = claim.hand_overs.filter(undone_by=None)
            used_at = standing.values_list("at", flat=True).first()
        return cls(claim, look_of(claim, today), used_at, now, today)

    @property
    def used_today(self) -> bool:
        return self.used_at is not None and local_day(self.claim.shop, self.used_at) == self.today

    @property
    def ring_seconds(self) -> int:
        """For how long the ring still moves."""
        if self.used_at is None:
            return 0
        return max(0, RING_SECONDS - int((self.now - self.used_at).total_seconds()))


def look_of(claim: Claim, today: date) -> Look:
    """`expires_on` is the last good day, also before the nightly job has been there."""
    if claim.state == Claim.State.HANDED_OVER:
        return Look.USED
    if claim.state == Claim.State.CANCELLED:
        return Look.TAKEN_BACK
    over = claim.expires_on is not None and claim.expires_on < today
    return Look.RUN_OUT if over or claim.state == Claim.State.EXPIRED else Look.READY
