"""Members as the owner's list shows them: what each is called, how far they are, when here last."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from loyalty.dashboard import outcomes
from loyalty.models import Shop
from members import kinds
from members.family import cards_of
from members.ledger.models import Account, Visit
from members.models import Membership
from stampcards.counter import telling


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


def rows_of(shop: Shop, cards: Collection[Any]) -> list[Row]:
    """These cards as the list shows them. Needs each card's person, and when it was `here`."""
    standings = standings_of(shop, cards)
    return [
        Row(card, telling.name_of(card), standings.get(card.pk, []), card.here) for card in cards
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
    return Visit.objects.filter(membership__in=cards_of(card), voided_by=None)
