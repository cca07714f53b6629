"""One line of the log: when, who, where, what and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from loyalty.actors import Channel
from loyalty.dashboard import deeds
from loyalty.dashboard.deeds import Deeds, Part
from loyalty.dashboard.log import kinds
from loyalty.dashboard.log.facts import Fact, facts_of
from loyalty.dashboard.members.forms import WHY_TAKEN_BACK
from loyalty.journal.models import Change
from loyalty.journal.words import WHAT
from loyalty.models import Counter, Shop, StaffMember
from loyalty.refusals import from_stored
from members.ledger.models import Operation
from members.models import Membership
from stampcards.counter.stamp_forms import WHY as WHY_SO_MANY

LATE = timedelta(minutes=1)  # from then on, both times are told
WHY: dict[str, str | Promise] = dict(WHY_SO_MANY)


@dataclass(frozen=True)
class Line:
    """One thing that happened. "", None: there is none, or nothing to say."""

    at: datetime  # when it was written down
    happened: datetime | None  # when it happened, if that was before
    who: str
    where: str
    parts: list[Part]
    member: Membership | None = None
    about: str = ""  # a card's name, a colleague, a till
    paid: str = ""
    why: str = ""
    undone: str = ""
    facts: list[Fact] = field(default_factory=list)
    refused: bool = False

    @property
    def day(self) -> date:
        """In shop time: the page's own."""
        return timezone.localtime(self.at).date()


class Teller:
    """All that some lines need, read at once: a fixed number of queries."""

    def __init__(self, shop: Shop, found: list[Operation | Change]) -> None:
        operations = [each for each in found if isinstance(each, Operation)]
        changes = [each for each in found if isinstance(each, Change)]
        self.deeds = Deeds(shop, operations)
        named = {_made(operation) for operation in operations}
        named |= {change.after.get("member") for change in changes}
        self.members = Membership.objects.in_bulk([pk for pk in named if pk])
        working = [change.after.get("staff") for change in changes]
        self.staff = StaffMember.objects.in_bulk([pk for pk in working if pk])

    def line(self, found: Operation | Change) -> Line:
        return self._change(found) if isinstance(found, Change) else self._operation(found)

    def _operation(self, operation: Operation) -> Line:
        refused = "refused" in (operation.answer or {})
        late = operation.recorded_at - operation.occurred_at >= LATE
        return Line(
            at=operation.recorded_at,
            happened=operation.occurred_at if late else None,
            who=self._who(operation),
            where=where(operation.counter),
            parts=self._parts(operation),
            member=operation.membership or self.members.get(_made(operation) or 0),
            paid=self.deeds.paid(operation),
            why=self._why(operation),
            undone=self.deeds.undone(operation),
            refused=refused,
        )

    def _parts(self, operation: Operation) -> list[Part]:
        """What it did; and what it is called, where that says more or it did nothing."""
        parts = list(self.deeds.parts(operation))
        name = Part(kinds.name_of(operation.kind, operation.answer or {}))
        if kinds.of_operation(operation.kind).always:
            return [name, *parts]
        return parts or [name]

    def _why(self, operation: Operation) -> str:
        answer = operation.answer or {}
        if "refused" in answer:
            return str(from_stored(answer))
        if operation.staff and operation.actor:
            return _("Counted by %(name)s") % {"name": self.deeds.name_of(operation.actor)}
        reasons = [deeds.reason_of(operation)]
        reasons += [entry.reason for entry in self.deeds.entries[operation.pk]]
        known: Iterable[str | Promise] = (
            WHY_TAKEN_BACK.get(reason) or WHY.get(reason, "")
            for reason in reasons
            if operation.kind in ("undo", "add_stamps")
        )
        return str(next(filter(None, known), ""))

    def _change(self, change: Change) -> Line:
        colleague = self.staff.get(change.after.get("staff", 0) or 0)
        return Line(
            at=change.at,
            happened=None,
            who=self._who(change),
            where=change.location.name if change.location else "",
            parts=[Part(str(WHAT.get(change.what, change.what)))],
            member=self.members.get(change.after.get("member", 0) or 0),
            about=change.about or (colleague.name if colleague else ""),
            facts=list(facts_of(change)),
        )

    def _who(self, found: Operation | Change) -> str:
        """Ola; the customer; By itself."""
        return _("By itself") if found.channel == Channel.JOB else self.deeds.who(found)


def where(counter: Counter | None) -> str:
    """Storgata; Storgata, By the door."""
    if counter is None:
        return ""
    place, name = counter.location.name, counter.name
    return place if place == name else f"{place}, {name}"


def _made(operation: Operation) -> int | None:
    """The card an operation made or found, by its pk."""
    answer = operation.answer or {}
    if cards := answer.get("cards"):
        return cards[0]
    return answer.get("membership")
