"""What happened on one card, operation by operation, as its shop sees it: who, where, how much."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from loyalty import money
from loyalty.actors import Channel
from loyalty.dashboard.member_forms import WHY_CORRECTED, WHY_TAKEN_BACK, TakeBackForm
from members import kinds
from members.card.happenings import in_words
from members.card.history import words_of
from members.ledger.models import LedgerEntry, Operation
from members.models import Membership
from members.operations import FINAL, VOIDABLE_FOR
from rewards.models import Claim, HandOver
from rewards.room import words_of_hand_over
from rewards.tiers.models import TierMove
from rewards.tiers.words import of_move

Kind = LedgerEntry.Kind
EARLY = Claim.Source.EARLY
LINES_A_PAGE = 25
# What time did is set right with the balance, not taken back.
STANDS = (*FINAL, "expire")
# Done to a card without an entry. Functions, because the reader's language is known only later.
DEEDS = {
    "merge": lambda answer: _("Another card became part of this one"),
    "replace_codes": lambda answer: _("New code"),
    "save_card": lambda answer: _("Saved with an e-mail"),
    "let_go": lambda answer: _("Let a reservation go"),
    "move_to_phone": lambda answer: _("Moved from paper to a phone"),
    "choose_for_card": lambda answer: _("Reward chosen: %(reward)s") % {"reward": answer["title"]},
}


@dataclass(frozen=True)
class Part:
    """One thing an operation did."""

    words: str
    change: str = ""  # "+1 stamp"
    programme: str = ""  # its name, where the card has several of a kind


@dataclass(frozen=True)
class Line:
    """An operation."""

    operation: Operation
    parts: list[Part]
    who: str  # "Storgata, Ola"
    paid: str  # "74 kr", or ""
    undone: str  # "Taken back by Ingrid: Refund", or ""
    form: TakeBackForm | None  # None: it stands, or is gone

    @property
    def at(self) -> datetime:
        return self.operation.occurred_at


def page_of(
    card: Membership, number: str, now: datetime, refused: TakeBackForm | None = None
) -> tuple[Page, list[Line]]:
    """One page, latest first. `refused`: the form that was just said no to."""
    page = Paginator(_told(card), LINES_A_PAGE).get_page(number)
    operations = list(page)
    facts = Facts(card, operations)
    lines = [facts.line(operation, now, refused) for operation in operations]
    return page, lines


def _told(card: Membership) -> QuerySet[Operation]:
    """The operations of a card that there is something to say about."""
    own = LedgerEntry.objects.filter(account__membership=card)
    booked = Exists(own.filter(operation=OuterRef("pk")))
    handed = Exists(HandOver.objects.filter(operation=OuterRef("pk")))
    back = Exists(HandOver.objects.filter(undone_by=OuterRef("pk")))
    issued = Exists(Claim.objects.filter(operation=OuterRef("pk")))
    moved = Exists(TierMove.objects.filter(operation=OuterRef("pk"), membership=card))
    deed = Q(kind__in=[*DEEDS], answer__also__isnull=True)
    left_a_trace = deed | handed | back | issued | moved
    here = Q(membership=card, answer__refused__isnull=True) & left_a_trace
    # An operation may book on two cards, and what made the card stands on none.
    elsewhere = Q(pk__in=own.values("operation"))
    operations = Operation.objects.filter(here | (elsewhere & booked))
    return operations.select_related("staff", "actor", "counter__location").order_by("-pk")


class Facts:
    """All that is known of a few operations of a card, read at once."""

    def __init__(self, card: Membership, operations: list[Operation]) -> None:
        self.card, self.operations = card, operations
        entries = in_words(LedgerEntry.objects.filter(operation__in=operations)).order_by("pk")
        own = entries.filter(account__membership=card).select_related("reverses__operation")
        self.entries = _by_operation(own, "operation_id")
        handed = HandOver.objects.select_related(
            "claim__reservation__drop", "undone_by__staff", "undone_by__actor"
        )
        kinds = Counter(card.accounts.values_list("programme__kind", flat=True))
        self.several = [kind for kind, n in kinds.items() if n > 1]
        self.handed = _by_operation(handed.filter(operation__in=operations), "operation_id")
        self.back = _by_operation(handed.filter(undone_by__in=operations), "undone_by_id")
        issued = Claim.objects.filter(operation__in=operations).exclude(source=Claim.Source.POINTS)
        self.issued = _by_operation(issued, "operation_id")
        moves = TierMove.objects.filter(operation__in=operations, membership=card)
        self.moves = _by_operation(moves.select_related("tier", "before"), "operation_id")
        reversals = LedgerEntry.objects.filter(reverses__operation__in=operations)
        reversals = reversals.select_related("reverses", "operation__staff", "operation__actor")
        self.reversals = {back.reverses.operation_id: back for back in reversals if back.reverses}
        self.unreserved = {(back.answer or {})["undone"]: back for back in self._unreserved()}

    def _unreserved(self) -> QuerySet[Operation]:
        """What took a reservation back has no entry that would name it."""
        issued = chain.from_iterable(self.issued.values())
        reserving = [claim.operation_id for claim in issued if claim.source == EARLY]
        keys = [str(op.key) for op in self.operations if op.pk in reserving]
        undos = Operation.objects.filter(membership=self.card, kind="undo")
        return undos.filter(answer__undone__in=keys).select_related("staff", "actor")

    def line(self, operation: Operation, now: datetime, refused: TakeBackForm | None) -> Line:
        undone = self._undone(operation)
        form = None
        if not undone and self._can_be_taken_back(operation, now):
            mine = refused if refused and refused.of == operation else None
            form = mine or TakeBackForm(of=operation)
        return Line(
            operation=operation,
            parts=list(self._parts(operation)),
            who=who_and_where(operation),
            paid=self._paid(operation),
            undone=undone,
            form=form,
        )

    def _parts(self, operation: Operation) -> Iterable[Part]:
        yield from self._booked(self.entries[operation.pk])
        if operation.membership_id not in (None, self.card.pk):
            return  # it stands on another card, and booked here as well
        if deed := DEEDS.get(operation.kind):
            yield Part(deed(operation.answer or {}))
        for claim in self.issued[operation.pk]:
            yield Part(_issued(claim))
        for given in self.handed[operation.pk]:
            yield Part(words_of_hand_over(given.claim))
        for move in self.moves[operation.pk]:
            yield Part(_moved(move))
        for given in self.back[operation.pk]:
            yield Part(_("Back on the card: %(reward)s") % {"reward": given.claim.title})

    def _booked(self, entries: list[LedgerEntry]) -> Iterator[Part]:
        """What was moved lot by lot is one thing to whoever reads it."""
        for (words, programme), alike in groupby(
            entries, lambda e: (_words(e), e.account.programme)
        ):
            several = list(alike)
            change = _change(several[0], sum(entry.amount for entry in several))
            yield Part(words, change, programme.name if programme.kind in self.several else "")

    def _paid(self, operation: Operation) -> str:
        visits = (entry.visit for entry in self.entries[operation.pk] if entry.visit)
        amount = next((visit.amount_minor for visit in visits if visit.amount_minor), None)
        return money.shown(amount, self.card.shop.currency) if amount else ""

    def _undone(self, operation: Operation) -> str:
        if back := self.reversals.get(operation.pk):
            return _undone_words(back.operation, back.reason)
        for given in self.handed[operation.pk]:
            if given.undone_by:
                return _undone_words(given.undone_by, _reason(given.undone_by))
        if taken := self.unreserved.get(str(operation.key)):
            return _undone_words(taken, _reason(taken))
        return ""

    def _can_be_taken_back(self, operation: Operation, now: datetime) -> bool:
        if self.card.merged_into_id or operation.membership_id != self.card.pk:
            return False
        if operation.kind in STANDS or operation.occurred_at + VOIDABLE_FOR < now:
            return False
        issued = self.issued[operation.pk]
        kept = any(c.source == EARLY and c.state == Claim.State.READY for c in issued)
        return kept or bool(self.entries[operation.pk] or self.handed[operation.pk])


def _by_operation(things: Iterable[Any], name: str) -> dict[int, list[Any]]:
    sorted_out: dict[int, list[Any]] = defaultdict(list)
    for thing in things:
        sorted_out[getattr(thing, name)].append(thing)
    return sorted_out


def _issued(claim: Claim) -> str:
    if claim.source == EARLY:
        return _("Reserved: %(item)s") % {"item": claim.title}
    return _("Reward ready: %(reward)s") % {"reward": claim.title}


def _moved(move: TierMove) -> str:
    words = of_move(move)
    return _("%(what)s, taken back since") % {"what": words} if move.undone_by_id else words


def _words(entry: LedgerEntry) -> str:
    """Why. A plain purchase needs no words: the place stands beside it."""
    if entry.kind == Kind.EARN and entry.visit and not entry.reason:
        return ""
    if entry.kind == Kind.ADJUST and entry.reason in WHY_CORRECTED:
        return _("Corrected: %(reason)s") % {"reason": WHY_CORRECTED[entry.reason]}
    if entry.kind == Kind.REVERSE and entry.operation.kind == "undo":
        if entry.reverses and entry.reverses.kind == Kind.TRANSFER:
            return _("Two cards again")
        return _taken_back(entry)
    return words_of(entry)


def _taken_back(entry: LedgerEntry) -> str:
    """What was not there any more is owed since."""
    owed = entry.reverses.amount + entry.amount if entry.reverses else 0
    if entry.amount > 0 or owed <= 0:
        return _("Taken back")
    return _("Taken back. Owed: %(amount)s") % {"amount": _amount(entry, owed)}


def _change(entry: LedgerEntry, n: int) -> str:
    """+1 stamp, or −9 stamps with a true minus; "" for nothing: all of it was spent."""
    return signed(_amount(entry, abs(n)), n) if n else ""


def _amount(entry: LedgerEntry, n: int) -> str:
    return kinds.kind(entry.account.programme.kind).amount_words(entry.rule_version, n)


def signed(amount: str, n: int) -> str:
    return f"−{amount}" if n < 0 else f"+{amount}"


def who_and_where(operation: Operation) -> str:
    """Storgata, Ola."""
    place = operation.counter.location.name if operation.counter else ""
    return ", ".join(filter(None, [place, who(operation)]))


def who(operation: Operation) -> str:
    """The first name of who did it; "" for what happened by itself."""
    if operation.staff:
        return operation.staff.name
    if operation.channel == Channel.CARD:
        return _("the customer")
    return operation.actor.name if operation.actor else ""


def _reason(operation: Operation) -> str:
    return (operation.answer or {}).get("reason", "")


def _undone_words(back: Operation, reason: str) -> str:
    told = {"name": who(back) or _("the shop"), "reason": WHY_TAKEN_BACK.get(reason, "")}
    if reason in WHY_TAKEN_BACK:
        return _("Taken back by %(name)s: %(reason)s") % told
    if back.kind == "lapse_claim":
        return _("Ran out unused")
    return _("Undone by %(name)s") % told
