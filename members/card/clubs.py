"""MEM-07: everything a signed-in person collects, in whichever shop."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django_scopes import scope, scopes_disabled

from loyalty import clock
from loyalty.models import Person
from members import access, kinds, rooms
from members.card.pages import SHOWN
from members.kinds import kind
from members.ledger.models import Account
from members.models import Membership


@dataclass(frozen=True)
class Standing:
    """How far one programme is: "4 of 9", and what is nearest; "" if nothing is."""

    programme: str
    words: str
    nearest: str


@dataclass(frozen=True)
class Club:
    card: Membership
    standings: list[Standing] = field(default_factory=list)
    ready: list[str] = field(default_factory=list)  # the titles of rewards
    mark: str = ""  # what a room writes on its cards: Silver


def clubs_of(person: Person | AnonymousUser, now: datetime) -> list[Club]:
    """Their cards in use, shop by shop. As many queries for twenty clubs as for one.

    The rows are read beyond the scope of one shop, and only by whose they are.
    """
    cards = access.cards_of_person(person)
    accounts = _accounts(cards)
    ready, marks = _ready(cards, now), _marks(cards)
    return [
        Club(card, _standings(card, accounts[card.pk]), ready[card.pk], marks.get(card.pk, ""))
        for card in cards
    ]


def _accounts(cards: list[Membership]) -> defaultdict[int, list[Account]]:
    found: defaultdict[int, list[Account]] = defaultdict(list)
    with scopes_disabled():
        of_cards = Account.objects.filter(SHOWN, membership__in=[card.pk for card in cards])
        for account in of_cards.select_related("programme", "rule_version").order_by("programme"):
            found[account.membership_id].append(account)
        kinds.read_ahead([account for own in found.values() for account in own])
    return found


def _ready(cards: list[Membership], now: datetime) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    with scopes_disabled():
        theirs = Membership.objects.filter(pk__in=[card.pk for card in cards])
        for rewards_ready in rooms.answering("rewards_ready"):
            for card, title in rewards_ready(theirs, now):
                found[card].append(title)
    return found


def _marks(cards: list[Membership]) -> dict[int, str]:
    with scopes_disabled():
        theirs = Membership.objects.filter(pk__in=[card.pk for card in cards])
        return {card: mark for marks in rooms.answering("marks") for card, mark in marks(theirs)}


def _standings(card: Membership, accounts: list[Account]) -> list[Standing]:
    with scope(shop=card.shop):  # from here on a kind sees its own shop only
        return [_standing(card, account) for account in accounts]


def _standing(card: Membership, account: Account) -> Standing:
    account.membership, account.shop = card, card.shop
    told = kind(account.programme.kind)
    goes_on = account.programme.collects(clock.today(card.shop.zone))
    nearest = told.nearest(account) if goes_on else ""
    return Standing(account.programme.name, told.standing(account), nearest)
