"""The log: what happened on the cards and what was changed in the shop, one list, newest first.

A log grows at its end. What arrives late stands where it arrived, and says when it happened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from loyalty.actors import Channel
from loyalty.calendar import midnight
from loyalty.dashboard.log import kinds
from loyalty.dashboard.log.forms import Wanted
from loyalty.dashboard.log.kinds import Group
from loyalty.dashboard.log.lines import Line, Teller
from loyalty.journal.models import Change
from loyalty.models import Role, Shop
from members.ledger.models import LedgerEntry, Operation
from rewards.models import Claim
from rewards.tiers.models import TierMove

LINES_A_PAGE = 50
LINES_A_READ = 500  # for a file
MOST_IN_A_FILE = 20_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# A colleague may have a card here, too: what they do with it is no work of theirs.
AS_CUSTOMER = Q(channel=Channel.CARD)
Found = Operation | Change


@dataclass(frozen=True, order=True)
class Mark:
    """Where a line stands. At one moment, changes stand above operations."""

    at: datetime
    table: int
    pk: int

    @classmethod
    def of(cls, found: Found) -> Self:
        if isinstance(found, Change):
            return cls(found.at, 1, found.pk)
        return cls(found.recorded_at, 0, found.pk)

    @classmethod
    def read(cls, written: str) -> Self | None:
        """What an address says; None: it says nothing."""
        try:
            at, table, pk = (int(part) for part in written.split("-"))
            return cls(EPOCH + at * MICROSECOND, table, pk)
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.table}-{self.pk}"

    def older(self, table: int, moment: str) -> Q:
        """What stands below, in a table whose rows say when in `moment`."""
        before, same = Q(**{f"{moment}__lt": self.at}), Q(**{moment: self.at})
        if table == self.table:
            return before | (same & Q(pk__lt=self.pk))
        return before | same if table < self.table else before


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    older: Mark | None  # None: that was all


def page_of(
    role: Role, wanted: Wanted, below: Mark | None = None, *, most: int = LINES_A_PAGE
) -> Page:
    """So many lines this role may see, below a mark or from the newest on."""
    found = [*_newest(_operations(role, wanted), 0, "recorded_at", below, most)]
    found += _newest(_changes(role, wanted), 1, "at", below, most)
    found.sort(key=Mark.of, reverse=True)
    shown = found[:most]
    teller = Teller(role.shop, shown)
    older = Mark.of(shown[-1]) if len(found) > most else None
    return Page([teller.line(each) for each in shown], older)


def every_line(role: Role, wanted: Wanted) -> Iterator[Line]:
    """All of them, newest first; of very many, the newest."""
    below = None
    for _read in range(MOST_IN_A_FILE // LINES_A_READ):
        page = page_of(role, wanted, below, most=LINES_A_READ)
        yield from page.lines
        below = page.older
        if below is None:
            return


def _newest(
    rows: QuerySet[Any], table: int, moment: str, below: Mark | None, most: int
) -> QuerySet[Any]:
    """One more than asked for: then there are older ones."""
    if below:
        rows = rows.filter(below.older(table, moment))
    return rows.order_by(f"-{moment}", "-pk")[: most + 1]


# --- Which of them ------------------------------------------------------------------------


def _operations(role: Role, wanted: Wanted) -> QuerySet[Operation]:
    rows = Operation.objects.filter(shop=role.shop).exclude(kind__in=kinds.UNTOLD)
    refused = wanted.group == Group.REFUSED
    rows = rows.filter(_days(role.shop, wanted, "recorded_at"), answer__refused__isnull=not refused)
    if wanted.group and not refused:
        rows = rows.filter(kind__in=kinds.operations_in(wanted.group))
    rows = rows.filter(_whose(role, "counter__location__in"), _by(role, wanted), _at(wanted))
    if wanted.place:
        rows = rows.filter(counter__location=wanted.place)
    rows = rows.filter(~Q(kind__in=kinds.OFTEN_IDLE) | _left_a_trace())
    return rows.select_related("staff", "actor", "counter__location", "membership")


def _changes(role: Role, wanted: Wanted) -> QuerySet[Change]:
    if wanted.group == Group.REFUSED:
        return Change.objects.none()
    rows = Change.objects.filter(_days(role.shop, wanted, "at"), shop=role.shop)
    if wanted.group:
        rows = rows.filter(what__in=kinds.changes_in(wanted.group))
    rows = rows.filter(_whose(role, "location__in"), _by(role, wanted), _at(wanted))
    if wanted.place:
        rows = rows.filter(location=wanted.place)
    return rows.select_related("shop", "staff", "actor", "counter", "location")


def _whose(role: Role, places: str) -> Q:
    """Staff see their own lines, and managers of some places what happened there."""
    own = Q(staff__role=role.pk) | (Q(actor=role.person_id) & ~AS_CUSTOMER)
    if not role.covers(Role.Level.MANAGER):
        return own
    if role.level == Role.Level.OWNER or not role.locations.exists():
        return Q()
    return own | Q(**{places: role.places()})


def _by(role: Role, wanted: Wanted) -> Q:
    if wanted.channel:
        return Q(channel=wanted.channel)
    if wanted.staff is None:
        return Q()
    signed_in = Role.objects.filter(shop=role.shop, staff=wanted.staff).values("person")
    return Q(staff=wanted.staff) | (Q(actor__in=signed_in) & ~AS_CUSTOMER)


def _at(wanted: Wanted) -> Q:
    return Q(counter=wanted.counter) if wanted.counter else Q()


def _days(shop: Shop, wanted: Wanted, moment: str) -> Q:
    days = Q()
    if wanted.first:
        days &= Q(**{f"{moment}__gte": midnight(wanted.first, shop.zone)})
    if wanted.last:
        days &= Q(**{f"{moment}__lt": midnight(wanted.last + timedelta(days=1), shop.zone)})
    return days


def _left_a_trace() -> Q:
    """It booked, gave, moved or ended something."""
    this = OuterRef("pk")
    return Q(
        Exists(LedgerEntry.objects.filter(operation=this))
        | Exists(Claim.objects.filter(operation=this))
        | Exists(TierMove.objects.filter(operation=this))
        | Q(answer__claim__gt=0)
    )
