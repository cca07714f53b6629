"""Which members the list shows: who is looked for, and what is asked about them besides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, Lower, NullIf
from django.utils.translation import gettext as _

from loyalty import codes, phones
from loyalty.calendar import midnight
from loyalty.dashboard.members import groups
from loyalty.models import Shop
from members.family import Cards, ways
from members.ledger.models import Account, Visit
from members.models import Membership, Programme, RetiredCode
from rewards.tiers.models import Standing, Tier
from stampcards.counter import finding
from stampcards.counter.forms import FEWEST_LETTERS
from stampcards.counter.searching import cards_called, is_name, is_phone

IMPORTED = "import"  # a source of its own here; on a card it is the detail of "other"
PAPER, SAVED, PHONE = "paper", "saved", "phone"
# SQLite finds that of nothing and something, nothing is the greatest.
NEVER = Value(datetime(1970, 1, 1, tzinfo=UTC), output_field=DateTimeField())


@dataclass(frozen=True)
class Wanted:
    """What is asked. None, "": anything."""

    typed: str = ""
    group: str = ""  # a key of groups.GROUPS
    first: date | None = None  # of the last visit, days in shop time
    last: date | None = None
    programme: Programme | None = None
    least: int | None = None  # on it, in whole stamps or points
    most: int | None = None
    level: Tier | None = None
    source: str = ""
    held: str = ""  # PAPER, SAVED or PHONE
    by_name: bool = False  # else who was here last comes first


@dataclass(frozen=True)
class Found:
    """What came of it: cards in order, or why none; or the one card with the six digits.

    Each of the cards knows when it was `here` last.
    """

    cards: Cards
    card: Membership | None = None
    trouble: str = ""


def find(shop: Shop, wanted: Wanted, now: datetime) -> Found:
    """The cards in use that are asked for. Within the scope of the shop; few queries until read."""
    current = Membership.objects.current().annotate(here=last_here())
    try:
        found = _looked_for(shop, wanted.typed, current) if wanted.typed else current
    except Nobody as nobody:
        return Found(current.none(), nobody.card, nobody.trouble)
    found = found.filter(*_conditions(wanted, now), *_of_visits(shop, wanted))
    return Found(_in_order(found, by_name=wanted.by_name))


# --- Looking for somebody ------------------------------------------------------------------


class Nobody(Exception):
    """There is no list to show: `trouble` says why, or it is the one `card`."""

    def __init__(self, trouble: object = "", card: Membership | None = None) -> None:
        super().__init__(trouble)
        self.trouble, self.card = str(trouble), card


def _looked_for(shop: Shop, typed: str, current: Cards) -> Cards:
    """By six digits, a phone number as staff type it, or how a name begins. Raises Nobody."""
    digits = codes.tidy(typed)
    if digits.isdecimal() and len(digits) == codes.SHORT_CODE_LENGTH:
        raise _of_digits(digits)
    if is_phone(typed):
        return _of_phone(shop, typed, current)
    if is_name(typed) and sum(map(str.isalpha, typed)) >= FEWEST_LETTERS:
        called = cards_called(typed).order_by().values("pk")
        return _some(current.filter(pk__in=called), _("Nobody here has that name."))
    raise Nobody(_("Type six digits, a phone number, or three letters of a name or more."))


def _of_digits(digits: str) -> Nobody:
    if not codes.is_plausible(digits):
        return Nobody(finding.Mistyped())
    card = card_with(digits)
    return Nobody(card=card) if card else Nobody(finding.UnknownCode())


def card_with(digits: str) -> Membership | None:
    """The card that has these six digits, or had them; what it is part of now."""
    card = Membership.objects.filter(short_code=digits).first()
    if card is None:
        retired = RetiredCode.objects.filter(short_code=digits).select_related("membership")
        card = next((code.membership for code in retired.order_by("-pk")), None)
    return card.became if card else None


def _of_phone(shop: Shop, typed: str, current: Cards) -> Cards:
    try:
        phone = phones.read(typed, shop.country)
    except phones.NotAPhone as wrong:
        raise Nobody(wrong) from wrong
    return _some(current.filter(phone=phone), _("Nobody here has that phone number."))


def _some(cards: Cards, otherwise: str) -> Cards:
    if cards.exists():
        return cards
    raise Nobody(otherwise)


# --- Asking about them -----------------------------------------------------------------------


def _conditions(wanted: Wanted, now: datetime) -> Iterator[Q]:
    if wanted.group:
        yield groups.among(wanted.group, Membership.objects.current(), now)
    if wanted.programme and (wanted.least is not None or wanted.most is not None):
        yield _balance(wanted.programme, wanted.least, wanted.most)
    if wanted.level:
        yield _level(wanted.level)
    if wanted.source:
        yield _source(wanted.source)
    if wanted.held:
        yield HELD[wanted.held]


def _balance(programme: Programme, least: int | None, most: int | None) -> Q:
    """Whoever has no account there yet has nothing."""
    own = Account.objects.filter(membership=OuterRef("pk"), programme=programme)
    within: dict[str, Any] = {"balance__gte": least or 0}
    if most is not None:
        within["balance__lte"] = most
    fits = Q(Exists(own.filter(**within)))
    return fits if least else fits | ~Q(Exists(own))


def _level(tier: Tier) -> Q:
    """Whoever never climbed is on the first one, and has no standing or that one's."""
    if tier.threshold:
        return Q(pk__in=Standing.objects.filter(tier=tier).values("membership"))
    above = Standing.objects.filter(tier__threshold__gt=0, tier__ladder=tier.ladder_id)
    return ~Q(pk__in=above.values("membership"))


def _source(source: str) -> Q:
    if source == IMPORTED:
        return Q(source=Membership.Source.OTHER, source_detail=IMPORTED)
    return Q(source=source)


HELD = {
    PAPER: Q(unclaimed=True),
    SAVED: Q(unclaimed=False, person__isnull=False),
    PHONE: Q(unclaimed=False, person=None),
}


# --- When they were here ---------------------------------------------------------------------


def last_here() -> NullIf:
    """Also with a card that became part of it. NULL: never yet."""
    _own, *parts = ways()
    lasts = [_own_last(), *map(_last_of_parts, parts)]
    return NullIf(Greatest(*(Coalesce(last, NEVER) for last in lasts)), NEVER)


def _own_last() -> Subquery:
    """The index of every card's visits has the last one first."""
    visits = Visit.objects.filter(membership=OuterRef("pk"), voided_by=None).order_by("-at")
    return Subquery(visits.values("at")[:1])


def _last_of_parts(way: str) -> Subquery:
    """Not by an order, or it would be looked for among everybody's visits."""
    theirs: Any = Visit.objects.filter(**{way: OuterRef("pk")}, voided_by=None)
    by_card = theirs.order_by().values(way)
    return Subquery(by_card.annotate(last=Max("at")).values("last"))


def _of_visits(shop: Shop, wanted: Wanted) -> Iterator[Q]:
    if wanted.first:
        yield Q(here__gte=midnight(wanted.first, shop.zone))
    if wanted.last:
        after = wanted.last + timedelta(days=1)
        yield Q(here__lt=midnight(after, shop.zone))


def _in_order(cards: Cards, *, by_name: bool) -> Cards:
    """Who has no name comes after all others; so does, by visits, who was never here."""
    if by_name:
        nameless = ExpressionWrapper(Q(name=""), BooleanField())
        return cards.order_by(nameless, Lower("name"), "pk")
    return cards.order_by(F("here").desc(nulls_last=True), "-pk")
