"""Whose each line is: a card that is here, nobody's yet, or nobody's at all. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import F

from loyalty import keys
from loyalty.models import Shop
from loyalty.refusals import Refused
from members.family import ways
from members.ledger.models import LedgerEntry, Operation, local_day
from members.models import Membership, RetiredCode
from members.opening import refusals
from members.opening.reading import WHO, Line
from members.refusals import CardDeleted

AT_ONCE = 500
Kind = LedgerEntry.Kind
Cards = dict[int, Membership]  # by the number of a line


@dataclass(frozen=True)
class Match:
    """A line, refused if it has to be, and the card it is about. None: a new one."""

    line: Line
    card: Membership | None = None


def match(shop: Shop, lines: Sequence[Line]) -> list[Match]:
    """All of them, as they would be brought in now; a few queries for every 500."""
    matched: list[Match] = []
    for start in range(0, len(lines), AT_ONCE):
        matched += _several(shop, lines[start : start + AT_ONCE])
    return _each_once(matched)


def card_of(shop: Shop, line: Line) -> Membership | None:
    """The card of one line; None: there is none yet. Raises what `match` refuses."""
    [found] = _found(shop, [line])
    if found.line.refusal:
        raise found.line.refusal
    return found.card


def key_of(shop: Shop, line: Line, again: int = 0) -> UUID:
    """The key of a line's operation: of the shop, the programmes and all that it says.

    What was refused may be asked `again`, by another key.
    """
    return keys.derived("bring_in", shop.pk, line.mark, again)


def _several(shop: Shop, lines: Sequence[Line]) -> list[Match]:
    matched = _found(shop, lines)
    done = _done(shop, lines)
    before = opened([match.card.pk for match in matched if match.card])
    return [_judged(shop, match, done, before) for match in matched]


def _judged(shop: Shop, match: Match, done: set[UUID], before: dict[int, set[str]]) -> Match:
    line, card = match.line, match.card
    if line.refusal and not isinstance(line.refusal, refusals.SeveralCards):
        return match
    if key_of(shop, line) in done:
        return Match(replace(line, refusal=refusals.BroughtInBefore()))
    if card and before[card.pk] & {*line.balances}:
        return Match(replace(line, refusal=refusals.OpenedBefore()))
    return match


def _done(shop: Shop, lines: Iterable[Line]) -> set[UUID]:
    """The keys that stand for a line that was credited."""
    asked = Operation.objects.filter(key__in=[key_of(shop, line) for line in lines])
    return set(asked.filter(answer__refused__isnull=True).values_list("key", flat=True))


def opened(cards: list[int]) -> dict[int, set[str]]:
    """Where something was brought in for these cards, or for what became part of them."""
    found: dict[int, set[str]] = defaultdict(set)
    for way in ways("account__membership"):
        entries = LedgerEntry.objects.filter(**{f"{way}__in": cards}, kind=Kind.OPENING)
        for card, programme in entries.order_by().values_list(F(way), "account__programme"):
            found[card].add(str(programme))
    return found


# --- By code, by e-mail, by phone ---------------------------------------------------------------


def _found(shop: Shop, lines: Sequence[Line]) -> list[Match]:
    by_code = _by_code([line.code for line in lines if line.code])
    by_email = _by_email([line.email for line in lines if line.email])
    by_phone = _by_phone([line.phone for line in lines if line.phone])
    found = []
    for line in lines:
        try:
            found.append(
                Match(line, None if line.refusal else _one(shop, line, by_code, by_email, by_phone))
            )
        except Refused as refusal:
            found.append(Match(replace(line, refusal=refusal)))
    return found


def _one(
    shop: Shop,
    line: Line,
    by_code: dict[str, Membership],
    by_email: dict[str, Membership],
    by_phone: dict[str, list[Membership]],
) -> Membership | None:
    """The code says most; then the e-mail, which its owner proved; then the number."""
    if line.code:
        return _in_use(shop, by_code.get(line.code))
    if card := by_email.get(line.email):
        return card
    several = by_phone.get(line.phone, [])
    if len(several) > 1:
        raise refusals.SeveralCards
    return several[0] if several else None


def _in_use(shop: Shop, card: Membership | None) -> Membership:
    if card is None:
        raise refusals.NoSuchCard
    if card.leaving_since:
        raise CardDeleted(day=local_day(shop, card.leaving_since).isoformat())
    return card


def _by_code(wanted: list[str]) -> dict[str, Membership]:
    """Also by a code that was replaced; and of a card that was merged, the one it became."""
    retired = RetiredCode.objects.filter(short_code__in=wanted).order_by("pk")
    cards = Membership.objects.filter(short_code__in=wanted).select_related("merged_into")
    had = {
        code.short_code: code.membership
        for code in retired.select_related("membership__merged_into")
    }
    return {code: card.became for code, card in {**had, **{c.short_code: c for c in cards}}.items()}


def _by_email(wanted: list[str]) -> dict[str, Membership]:
    cards = Membership.objects.current().filter(person__email__in=wanted)
    return {
        card.person.email: card
        for card in cards.select_related("person")
        if card.person and card.person.email
    }


def _by_phone(wanted: list[str]) -> dict[str, list[Membership]]:
    found: dict[str, list[Membership]] = defaultdict(list)
    for card in Membership.objects.current().filter(phone__in=wanted).order_by("pk"):
        found[card.phone].append(card)
    return found


# --- Within the file ------------------------------------------------------------------------------


def _each_once(matched: list[Match]) -> list[Match]:
    """Of two lines that say the same, or speak of one member, the second is refused."""
    seen: dict[object, int] = {}
    return [_first_of_its_kind(match, seen) for match in matched]


def _first_of_its_kind(match: Match, seen: dict[object, int]) -> Match:
    line = match.line
    if line.refusal:
        return match
    if (before := seen.get(line.mark)) is not None:
        return Match(replace(line, refusal=refusals.SameLine(number=before)))
    signs = [(what, getattr(line, what)) for what in WHO if what != "name" and getattr(line, what)]
    signs += [("card", match.card.pk)] if match.card else []
    for sign in signs:
        if sign in seen:
            return Match(replace(line, refusal=refusals.SameMember(number=seen[sign])))
    seen.update(dict.fromkeys([line.mark, *signs], line.number))
    return match
