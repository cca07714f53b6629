"""What happened to a member's reservations, for the history of their card."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from members.ledger.models import Operation
from members.models import Membership
from members.rooms import HistoryLine
from rewards.models import Claim
from rewards.vip.models import Reservation


def lines(
    membership: Membership, since: datetime | None, until: datetime | None
) -> Iterator[HistoryLine]:
    """Reserved, given back, not collected. What was handed out, `rewards` tells."""
    own = Reservation.objects.filter(membership=membership, claim__isnull=False)
    whole = own.select_related("claim", "drop")
    for one in whole.filter(_within("claim__issued_at", since, until)):
        if one.claim:
            yield HistoryLine(one.claim.issued_at, reserved(one) % {"item": one.claim.title})
    over = whole.filter(_within("claim__use_by", since, until), claim__use_by__isnull=False)
    for one in over.filter(claim__state=Claim.State.EXPIRED, drop__starts_at=None):
        if one.claim and one.claim.use_by:
            words = _("Not collected in time: %(item)s") % {"item": one.claim.title}
            yield HistoryLine(one.claim.use_by, words)
    yield from _given_back(membership, since, until)
    yield from _said_no(membership, since, until)


def reserved(one: Reservation) -> str:
    return _("You said yes: %(item)s") if one.drop.is_event else _("Reserved: %(item)s")


def _given_back(
    membership: Membership, since: datetime | None, until: datetime | None
) -> Iterator[HistoryLine]:
    """By their own operation, which names the reservation."""
    done = Operation.objects.filter(membership=membership, kind="let_go")
    found = done.filter(_within("occurred_at", since, until), answer__refused__isnull=True)
    at: dict[int, datetime] = {(op.answer or {})["reservation"]: op.occurred_at for op in found}
    for one in Reservation.objects.filter(pk__in=list(at)).select_related("drop"):
        yield HistoryLine(at[one.pk], _("Given back: %(item)s") % {"item": one.drop.name})


def _said_no(
    membership: Membership, since: datetime | None, until: datetime | None
) -> Iterator[HistoryLine]:
    """A no that gave a place back stands after the place."""
    own = Reservation.objects.filter(membership=membership)
    seat = own.filter(drop=OuterRef("drop"), pk__lt=OuterRef("pk"), claim__isnull=False)
    noes = own.filter(Exists(seat), state=Reservation.State.DECLINED)
    for one in noes.filter(_within("asked_at", since, until)).select_related("drop"):
        yield HistoryLine(one.asked_at, _("Given back: %(item)s") % {"item": one.drop.name})


def _within(field: str, since: datetime | None, until: datetime | None) -> Q:
    after = Q(**{f"{field}__gte": since}) if since else Q()
    return after & Q(**{f"{field}__lt": until}) if until else after
