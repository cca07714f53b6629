"""A reward as its owner sees it: ready, used, run out or taken back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from loyalty import clock, money
from loyalty.calendar import midnight
from members.kinds import kind
from members.ledger.models import LedgerEntry, local_day
from members.templatetags.days import day as in_words
from rewards.catalogue import shelves
from rewards.models import Claim
from rewards.vip import moments

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
    gives: str = ""  # 20 % off, as it was promised
    came_back: bool = False  # the points it cost

    @classmethod
    def of(cls, claim: Claim) -> Self:
        """Needs claim.shop, operation and account. One query more for what is over or was chosen
        for a full card.
        """
        now = clock.now()
        today = local_day(claim.shop, now)
        used_at = None
        if claim.state == Claim.State.HANDED_OVER:
            standing = claim.hand_overs.filter(undone_by=None)
            used_at = standing.values_list("at", flat=True).first()
        look = look_of(claim, now)
        return cls(claim, look, used_at, now, today, gives(claim), came_back(claim))

    @property
    def cost(self) -> str:
        """100 points: what was spent for it; "": nothing."""
        account = self.claim.account
        if not self.claim.cost or account is None:
            return ""
        return kind(account.programme.kind).amount_words(account.rule_version, self.claim.cost)

    @property
    def minimum(self) -> str:
        """200 kr: the least purchase to use it with; "": any."""
        least = self.claim.minimum_minor
        return money.shown(least, self.claim.shop.currency) if least else ""

    @property
    def is_reserved(self) -> bool:
        """Early access: something kept for them, and no reward."""
        return self.claim.source == Claim.Source.EARLY

    @property
    def is_seat(self) -> bool:
        """Of those: a place at an event."""
        return self.is_reserved and self.claim.reservation.drop.is_event

    @property
    def was_chosen(self) -> bool:
        """Did its member choose it, so that they may choose otherwise while it is ready?"""
        return bool(self.claim.cost or self.claim.instead_of)

    @property
    def became(self) -> str:
        """What became of it, in a sentence; "": it is ready."""
        match self.look:
            case Look.USED:
                return self._used()
            case Look.RUN_OUT:
                return self._ran_out()
            case Look.TAKEN_BACK if self.is_reserved:
                return _("This is not reserved any more.")
            case Look.TAKEN_BACK:
                return _("This reward is no longer on the card.")
        return ""

    def _used(self) -> str:
        if self.used_at is None:
            return ""
        at = timezone.localtime(self.used_at)
        told = {"day": in_words(at), "time": formats.time_format(at, "TIME_FORMAT")}
        if self.is_seat:
            return _("Checked in on %(day)s at %(time)s.") % told
        if self.is_reserved and self.used_today:
            return _("Collected today at %(time)s. Enjoy.") % told
        if self.is_reserved:
            return _("Collected on %(day)s at %(time)s.") % told
        if self.used_today:
            return _("Used today at %(time)s. Enjoy.") % told
        return _("Used on %(day)s at %(time)s.") % told

    def _ran_out(self) -> str:
        if self.is_reserved and self.claim.use_by:
            until = moments.in_words(self.claim.use_by, in_full=True)
            return _("This was kept until %(when)s.") % {"when": until}
        told = {"day": in_words(self.claim.last_day or self.today)}
        return _("This reward ran out on %(day)s.") % told

    @property
    def used_today(self) -> bool:
        return self.used_at is not None and local_day(self.claim.shop, self.used_at) == self.today

    @property
    def ring_seconds(self) -> int:
        """For how long the ring still moves."""
        if self.used_at is None:
            return 0
        return max(0, RING_SECONDS - int((self.now - self.used_at).total_seconds()))


def with_account() -> "QuerySet[Claim]":
    """Claims with all that a ticket needs."""
    return Claim.objects.select_related(
        "shop",
        "operation",
        "account__programme",
        "account__rule_version",
        "reservation__drop",
    )


def over_at(claim: Claim) -> datetime:
    """The midnight that ends the last good day of a claim which has one. Needs claim.shop, and
    account__programme."""
    last = claim.last_day or claim.issued_at.date()
    return midnight(last + timedelta(days=1), claim.shop.zone)


def gives(claim: Claim) -> str:
    """What it takes off the bill; "": its title says what it is."""
    return shelves.off(claim.percent, claim.off_minor, claim.shop.currency)


def came_back(claim: Claim) -> bool:
    """Has its member the points again that it cost?"""
    if not claim.cost or claim.state not in (Claim.State.CANCELLED, Claim.State.EXPIRED):
        return False
    spent = LedgerEntry.objects.filter(operation=claim.operation_id, kind=LedgerEntry.Kind.SPEND)
    return spent.filter(reversed_by__isnull=False).exists()


def look_of(claim: Claim, now: datetime) -> Look:
    """Its last day counts, also before the nightly job has been there. Needs shop, and
    account__programme."""
    if claim.state == Claim.State.HANDED_OVER:
        return Look.USED
    if claim.state == Claim.State.CANCELLED:
        return Look.TAKEN_BACK
    today = local_day(claim.shop, now)
    last = claim.last_day
    over = claim.is_late(now) or (last is not None and last < today)
    return Look.RUN_OUT if over or claim.state == Claim.State.EXPIRED else Look.READY
