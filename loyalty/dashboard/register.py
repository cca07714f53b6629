"""The members of a shop, for owners and managers: who was here last, and who is looked for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from loyalty import codes, phones
from loyalty.dashboard import outcomes
from loyalty.models import Shop
from members import kinds
from members.ledger.models import Account, Visit
from members.models import Membership, RetiredCode
from stampcards.counter import finding, telling
from stampcards.counter.forms import FEWEST_LETTERS
from stampcards.counter.searching import cards_called, is_name, is_phone, latest_first

SHOWN = 25


@dataclass(frozen=True)
class Row:
    """A member on the list."""

    card: Membership  # with its person
    name: str
    standings: list[str]
    last_here: datetime | None  # None: never yet

    @property
    def on_paper(self) -> bool:
        return self.card.unclaimed and self.card.source == Membership.Source.PAPER


@dataclass(frozen=True)
class Found:
    """What a search came to: rows, at most SHOWN (`more`: there are others), or why none."""

    rows: list[Row] = field(default_factory=list)
    more: bool = False
    card: Membership | None = None  # the one card with the six digits
    trouble: str = ""


def latest(shop: Shop) -> Found:
    """Those who were here last."""
    return _few(shop, latest_first(Membership.objects.current()))


def look_for(shop: Shop, typed: str) -> Found:
    """By six digits, a phone number as staff type it, or how a name begins."""
    digits = codes.tidy(typed)
    if digits.isdecimal() and len(digits) == codes.SHORT_CODE_LENGTH:
        return _of_digits(digits)
    if is_phone(typed):
        return _of_phone(shop, typed)
    if is_name(typed) and sum(map(str.isalpha, typed)) >= FEWEST_LETTERS:
        found = _few(shop, cards_called(typed))
        return found if found.rows else Found(trouble=_("Nobody here has that name."))
    return Found(trouble=_("Type six digits, a phone number, or three letters of a name or more."))


def _of_digits(digits: str) -> Found:
    if not codes.is_plausible(digits):
        return Found(trouble=str(finding.Mistyped()))
    card = Membership.objects.filter(short_code=digits).first()
    if card is None:
        retired = RetiredCode.objects.filter(short_code=digits).select_related("membership")
        card = next((code.membership for code in retired.order_by("-pk")), None)
    if card is None:
        return Found(trouble=str(finding.UnknownCode()))
    return Found(card=card.became)


def _of_phone(shop: Shop, typed: str) -> Found:
    try:
        phone = phones.read(typed, shop.country)
    except phones.NotAPhone as wrong:
        return Found(trouble=str(wrong))
    found = _few(shop, latest_first(Membership.objects.current().filter(phone=phone)))
    return found if found.rows else Found(trouble=_("Nobody here has that phone number."))


def _few(shop: Shop, cards: QuerySet[Membership]) -> Found:
    some = list(cards.select_related("person")[: SHOWN + 1])
    return Found(rows_of(shop, some[:SHOWN]), more=len(some) > SHOWN)


def rows_of(shop: Shop, cards: Collection[Membership]) -> list[Row]:
    """These cards as the list shows them. Needs each card's person."""
    standings, here = standings_of(shop, cards), last_here(cards)
    return [
        Row(card, telling.name_of(card), standings.get(card.pk, []), here.get(card.pk))
        for card in cards
    ]


@dataclass(frozen=True)
class Standing:
    """How far a card is in one programme."""

    programme: str
    words: str  # "5 of 9"
    owed: str  # "8 owed after a correction", or ""


def standings(card: Membership) -> list[Standing]:
    """Everything the card collects in."""
    return [
        Standing(
            programme=account.programme.name,
            words=_standing(account),
            owed=outcomes.owed_words(account.shortfall) if account.shortfall else "",
        )
        for account in _accounts(card.shop, [card])
    ]


def standings_of(shop: Shop, cards: Iterable[Membership]) -> dict[int, list[str]]:
    """How far each of some cards is; of several programmes, those it has something in."""
    accounts = _accounts(shop, cards)
    several = len({account.programme_id for account in accounts}) > 1
    told: dict[int, list[str]] = {}
    for account in accounts:
        if account.balance or not several:
            words = _named(account) if several else _standing(account)
            told.setdefault(account.membership_id, []).append(words)
    return told


def _named(account: Account) -> str:
    told = {"card": account.programme.name, "standing": _standing(account)}
    return _("%(card)s: %(standing)s") % told


def _standing(account: Account) -> str:
    return str(kinds.kind(account.programme.kind).standing(account))


def _accounts(shop: Shop, cards: Iterable[Membership]) -> list[Account]:
    """In the order of the programmes; of what is switched off, where something is left."""
    something = Q(programme__off_since=None) | Q(balance__gt=0) | Q(shortfall__gt=0)
    found = Account.objects.filter(something, membership__in=[card.pk for card in cards])
    accounts = list(found.select_related("programme", "rule_version").order_by("programme"))
    for account in accounts:
        account.shop = shop  # known already
    return accounts


def visits_of(card: Membership) -> "QuerySet[Visit]":
    """Every visit that counts, also with a card that became part of this one."""
    return Visit.objects.filter(_here([card.pk]), voided_by=None)


def last_here(cards: Iterable[Membership]) -> dict[int, datetime]:
    """The last visit of each card, also with one that became part of it."""
    pks = [card.pk for card in cards]
    visits: QuerySet[Visit, Any] = Visit.objects.filter(_here(pks), voided_by=None).order_by()
    by_card = visits.values_list(Coalesce("membership__merged_into", "membership"))
    return dict(by_card.annotate(Max("at")))


def _here(cards: list[int]) -> Q:
    return Q(membership__in=cards) | Q(membership__merged_into__in=cards)
