"""One line is brought in: a card if there is none, and an entry of the kind "opening"."""

from dataclasses import dataclass
from itertools import count
from typing import TypedDict
from uuid import UUID

from loyalty import codes
from loyalty.actors import Actor
from loyalty.models import Shop
from loyalty.refusals import Refused
from members import kinds, rooms, visits
from members.card_codes import free_short_code
from members.ledger import accounts, posting
from members.ledger.locking import lock, refuse_deleted
from members.ledger.models import Account, LedgerEntry, Operation, local_day
from members.models import Membership, Programme
from members.opening import matching, refusals
from members.opening.models import OpeningLine
from members.opening.reading import Line
from members.operations import new_card
from members.refusals import ProgrammePaused, closed

IMPORTED = "import"  # the detail of the source "other", and the reason of the entry
EMPTY = {"name": "", "phone": "", "email": "", "code": ""}
State = OpeningLine.State


@dataclass(frozen=True)
class Asked:
    """A line, and where what comes of it is written down."""

    line: Line
    stored: int  # pk of its OpeningLine

    def __str__(self) -> str:
        # An operation keeps a fingerprint of this for ever: of what is said, wherever it stands.
        return self.line.mark


class BroughtIn(TypedDict):
    membership: int
    made: bool


def bring_in(stored: OpeningLine, *, actor: Actor) -> None:
    """Decide a line that waits; decided before, nothing happens. Twice at once credits once."""
    line = said_by(stored)
    key = _key_to_ask_with(actor.shop, line)
    try:
        _bring_in(asked=Asked(line, stored.pk), key=key, actor=actor)
    except Refused as refusal:
        _refuse(stored, refusal)
    else:  # it says so itself, unless it was credited before
        _refuse(stored, refusals.BroughtInBefore())


def said_by(stored: OpeningLine) -> Line:
    """What a line says that was kept."""
    return Line(
        stored.number, stored.name, stored.phone, stored.email, stored.code, stored.balances
    )


def _key_to_ask_with(shop: Shop, line: Line) -> UUID:
    """The first one under which it was not refused: what stood in the way may be gone."""
    for again in count():
        key = matching.key_of(shop, line, again)
        if not Operation.objects.filter(key=key, answer__refused__isnull=False).exists():
            return key
    raise AssertionError("unreachable")


def _refuse(stored: OpeningLine, refusal: Refused) -> None:
    waiting = OpeningLine.objects.waiting().filter(pk=stored.pk)
    waiting.update(state=State.REFUSED, refusal=refusal.stored(), membership=None, **EMPTY)


@posting.operation("bring_in")
def _bring_in(op: Operation, *, asked: Asked, key: UUID, actor: Actor) -> BroughtIn:
    # Refused: what `matching` refuses, NotStarted, ProgrammeOff, CollectingOver, OpenedBefore.
    line = asked.line
    _one_at_a_time(op.shop)
    card = matching.card_of(op.shop, line)
    made = card is None
    card = _locked(op, card) if card else _new_card(op, line)
    for account in _accounts(op, card, line):
        _open(op, account, line.balances[str(account.programme_id)])
    if not made:
        posting.tell_also(op, card)
    _note(asked.stored, card, made=made)
    return {"membership": card.pk, "made": made}


def _one_at_a_time(shop: Shop) -> None:
    """Two files name one number: the second waits, and finds the card the first one made."""
    Shop.objects.lock(shop)


def _locked(op: Operation, card: Membership) -> Membership:
    refuse_deleted(op, lock([card]))
    visits.must_be_in_use(op, card)
    return card


def _new_card(op: Operation, line: Line) -> Membership:
    """On nobody's phone yet. What it begins with is the balance: no welcome comes on top."""
    return new_card(
        op,
        list(Programme.objects.on().in_order()),
        name=line.name,
        named=bool(line.name),
        phone=line.phone,
        counter_code=codes.counter_code(),
        short_code=free_short_code(),
        language=op.shop.language,
        source=Membership.Source.OTHER,
        source_detail=IMPORTED,
        unclaimed=True,
    )


def _accounts(op: Operation, card: Membership, line: Line) -> list[Account]:
    programmes = Programme.objects.filter(pk__in=map(int, line.balances)).in_order()
    if matching.opened([card.pk])[card.pk] & {*line.balances}:
        raise refusals.OpenedBefore
    return [accounts.find(op, card, programme) for programme in programmes]


def _open(op: Operation, account: Account, n: int) -> None:
    """So many stamps or points. They last as if they were earned now, and count for no level."""
    refusal = closed(account.programme, op.shop, op.occurred_at)
    if refusal and type(refusal) is not ProgrammePaused:
        raise refusal
    kind = kinds.kind(account.programme.kind)
    accounts.follow(account, kind.rules_for_more(account, op.occurred_at))
    until = kind.lasts_until(account.rule_version, local_day(op.shop, op.occurred_at))
    line = posting.Line(account, LedgerEntry.Kind.OPENING, n, reason=IMPORTED, expires_on=until)
    posting.post(op, line)
    for settle in rooms.answering("settle"):
        settle(op, account)


def _note(stored: int, card: Membership, *, made: bool) -> None:
    """In the same transaction, so a line that was credited never waits. An e-mail nobody has
    proved is kept for the card that was made, and only there."""
    kept = {**EMPTY}
    if made:
        kept.pop("email")
    line = OpeningLine.objects.filter(pk=stored)
    line.update(state=State.BROUGHT_IN, membership=card, made=made, **kept)
