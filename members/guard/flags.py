"""What is worth a look in a shop, over some days: evidence, never a verdict."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, ExpressionWrapper, Q
from django_scopes import scope

from loyalty.calendar import midnight
from loyalty.models import Counter, Location, Shop, StaffMember
from members.guard import telling
from members.guard.days import at_odd_hours, bursts, busy_cards, own_cards
from members.guard.facts import Finding, Rule, with_stamps
from members.guard.heights import far_above
from members.guard.models import GuardSettings
from members.guard.pairs import pairs
from members.ledger.models import Visit, local_day
from members.models import Membership

Detector = Callable[[Shop, datetime, datetime, GuardSettings], Iterator[Finding]]

DETECTORS: tuple[Detector, ...] = (pairs, busy_cards, bursts, own_cards, at_odd_hours, far_above)
ORDER = list(Rule)
MOST_LINES = 20  # visits a page shows of one flag
AT_ONCE = 200  # flags in one statement: databases take so many conditions and no more


@dataclass(frozen=True)
class Line:
    """One visit that shows it: when, on whose card, how many stamps, by whom, where."""

    at: datetime
    card: Membership
    stamps: int
    staff: StaffMember | None
    counter: Counter | None
    location: Location | None

    @property
    def whose(self) -> str:
        return telling.name_of(self.card)


@dataclass(frozen=True)
class Flag:
    """Something that stands out. `day` is in shop time; `numbers` are what the sentence counts."""

    rule: Rule
    day: date
    numbers: dict[str, int]
    lines: list[Line]  # the visits that show it, latest first; never empty

    @property
    def what(self) -> str:
        """One neutral sentence in the reader's language."""
        latest = self.lines[0]
        return telling.sentence(
            self.rule,
            self.numbers,
            stamped=any(line.stamps for line in self.lines),
            card=telling.name_of(latest.card),
            staff=latest.staff.name if latest.staff else "",
            counter=latest.counter.name if latest.counter else "",
            location=latest.location.name if latest.location else "",
        )

    @property
    def shown(self) -> list[Line]:
        return self.lines[:MOST_LINES]

    @property
    def left_out(self) -> int:
        return len(self.lines) - len(self.shown)

    @property
    def many_days(self) -> bool:
        return "days" in self.numbers

    @property
    def card(self) -> Membership | None:
        """The card it is about; None: it is about a till."""
        return None if self.rule in (Rule.BURST, Rule.OUTSIDE_HOURS) else self.lines[0].card

    @property
    def staff(self) -> StaffMember | None:
        """The person it names; None: it names nobody."""
        return None if self.rule in (Rule.BUSY_CARD, Rule.FAR_ABOVE) else self.lines[0].staff

    @property
    def counter(self) -> Counter | None:
        return self.lines[0].counter if self.rule == Rule.BURST else None

    @property
    def location(self) -> Location | None:
        return self.lines[0].location if self.rule == Rule.OUTSIDE_HOURS else None


def of_shop(shop: Shop, since: datetime, until: datetime, settings: GuardSettings) -> list[Flag]:
    """Everything worth a look, latest day first. The first day counts whole, in shop time.

    Switched off, nothing is looked at.
    """
    with scope(shop=shop):
        found = _found(shop, since, until, settings)
        parts = (found[at : at + AT_ONCE] for at in range(0, len(found), AT_ONCE))
        return [flag for part in parts for flag in _with_evidence(part)]


def how_many(shop: Shop, since: datetime, until: datetime, settings: GuardSettings) -> int:
    """As many as `of_shop` would bring, without bringing them."""
    with scope(shop=shop):
        return len(_found(shop, since, until, settings))


def _found(shop: Shop, since: datetime, until: datetime, settings: GuardSettings) -> list[Finding]:
    if not settings.on:
        return []
    since = midnight(local_day(shop, since), shop.zone)
    found = [finding for detect in DETECTORS for finding in detect(shop, since, until, settings)]
    return sorted(found, key=lambda finding: (-finding.day.toordinal(), ORDER.index(finding.rule)))


def _with_evidence(found: list[Finding]) -> list[Flag]:
    """The visits behind some of them in one statement: the database says which shows which."""
    shows = {
        f"shows_{place}": ExpressionWrapper(finding.visits, BooleanField())
        for place, finding in enumerate(found)
    }
    any_of_them = Q()
    for finding in found:
        any_of_them |= finding.visits
    shown = with_stamps(Visit.objects.filter(any_of_them, voided_by=None)).annotate(**shows)
    rows = list(
        shown.select_related("membership__merged_into", "staff", "counter", "location").order_by(
            "-at", "-pk"
        )
    )
    return [
        Flag(
            finding.rule,
            finding.day,
            finding.numbers,
            [_line(visit) for visit in rows if getattr(visit, f"shows_{place}")],
        )
        for place, finding in enumerate(found)
    ]


def _line(visit: Visit) -> Line:
    card = visit.membership.became
    stamps: int = getattr(visit, "stamps", 0)
    return Line(visit.at, card, stamps, visit.staff, visit.counter, visit.location)
