"""What the pages of a card show, read at once: as many queries for a new card as for an old one."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain
from types import ModuleType
from typing import Any

from django.db.models import DateField, DateTimeField, OuterRef, Q, QuerySet, Subquery

from loyalty import clock
from loyalty.prepared import Given, Prepared
from members import rooms
from members.card import happenings
from members.card.expiring import NextToExpire, lapses_to_ask, next_to_expire
from members.card.happenings import Latest
from members.kinds import kind
from members.ledger.models import Account, LedgerEntry
from members.messages import reading
from members.messages import room as messages
from members.models import Membership
from members.rooms import News, Panel

JUST_NOW = timedelta(minutes=1)
# A programme that was switched off is shown to who has something in it, and to nobody else.
SHOWN = Q(programme__off_since=None) | Q(balance__gt=0)


@dataclass(frozen=True)
class CardPage:
    """W2, W3 and their live parts. `seen` is how far this page is."""

    membership: Membership
    seen: int
    changed_at: datetime
    above: list[Panel] = field(default_factory=list)  # rewards that are ready
    cards: list[Panel] = field(default_factory=list)
    below: list[Panel] = field(default_factory=list)  # what can be chosen
    good_to_know: list[str] = field(default_factory=list)
    expiring: list[NextToExpire] = field(default_factory=list)
    standings: list[str] = field(default_factory=list)
    rule_numbers: list[int] = field(default_factory=list)
    news: list[News] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What just happened, to be said once."""
        return " ".join(news.words for news in self.news)

    @property
    def who(self) -> str:
        """Maja · 4 of 9."""
        return " · ".join(filter(None, [self.membership.name, *self.standings]))

    @property
    def changed_today(self) -> bool:
        zone = self.membership.shop.zone
        return self.changed_at.astimezone(zone).date() == clock.today(zone)


def read(membership: Membership, seen: int | None) -> CardPage:
    """Everything the card page shows; two queries, and one more if something is new.

    Each room that has something for this card asks for it besides, however much it is.
    """
    # How far the page is, before what it shows: whatever happens in between is shown once more.
    now = clock.now()
    (found,) = QUESTION.values(card=membership.pk, now=now)
    asked = rooms.with_something(found)
    if messages not in asked:
        reading.keep_none(membership)
    latest = happenings.latest_told(membership, found)
    today = clock.today(membership.shop.zone)
    accounts = accounts_of(membership)
    entries = _unseen(membership, seen, latest.number)
    welcomed = seen is None and now - membership.joined_at < JUST_NOW
    below = _from_rooms(asked, "card_shelf", membership, accounts)
    cards = [_card(account, entries, welcomed=welcomed) for account in accounts]
    return CardPage(
        membership=membership,
        seen=latest.number,
        changed_at=latest.at,
        above=_from_rooms(asked, "card_panel", membership, today),
        cards=[
            _marked(card, next((part.mark for part in below if part.mark), "")) for card in cards
        ],
        below=below,
        good_to_know=[*_told_by_rooms(asked, membership, today), *_told_by_kinds(accounts, today)],
        expiring=list(next_to_expire(accounts, today)),
        rule_numbers=[account.rule_version.number for account in accounts],
        news=_news(accounts, entries),
    )


def read_standing(
    membership: Membership, seen: int | None, latest: Latest | None = None
) -> CardPage:
    """The little that the code page shows: two queries, and one more if something is new.

    `latest`: if it is known.
    """
    latest = latest or happenings.latest(membership)
    accounts = accounts_of(membership)
    return CardPage(
        membership=membership,
        seen=latest.number,
        changed_at=latest.at,
        standings=[kind(account.programme.kind).standing(account) for account in accounts],
        news=_news(accounts, _unseen(membership, seen, latest.number)),
    )


def cards_of(membership: Membership) -> list[Panel]:
    """The cards as they are now, with nothing landing."""
    return [_card(account, [], welcomed=False) for account in accounts_of(membership)]


def accounts_of(membership: Membership) -> list[Account]:
    """What a card collects in, by its programmes, and what of it runs out. One query."""
    today = clock.today(membership.shop.zone)
    accounts = ACCOUNTS.all(card=membership.pk, today=today)
    for account in accounts:
        account.membership, account.shop = membership, membership.shop
    return accounts


def _accounts() -> "QuerySet[Account]":
    own = Account.objects.filter(SHOWN, membership=Given("card"))
    latest = LedgerEntry.objects.filter(account=OuterRef("pk"), seq=OuterRef("last_seq"))
    told = own.annotate(
        latest_reason=Subquery(latest.values("reason")),
        lapses=lapses_to_ask(Given("today", DateField())),
    )
    return told.select_related("programme", "rule_version").order_by("programme")


def _question() -> "QuerySet[Membership, Any]":
    """How far a card is, and which rooms have something for it."""
    card = Given("card")
    asked = rooms.something_for(card, Given("now", DateTimeField()))
    return Membership.objects.filter(pk=card).values(**asked, **happenings.latest_to_ask(card))


QUESTION = Prepared(_question)
ACCOUNTS = Prepared(_accounts)


def _unseen(membership: Membership, seen: int | None, latest: int) -> list[LedgerEntry]:
    if seen is None or seen >= latest:
        return []
    return happenings.entries_since(membership, seen)


def _card(account: Account, entries: list[LedgerEntry], *, welcomed: bool) -> Panel:
    own = [entry.amount for entry in entries if entry.account_id == account.pk]
    landed = account.balance if welcomed else max(0, min(sum(own), account.balance))
    return kind(account.programme.kind).card_panel(
        account, new=landed, latest_reason=getattr(account, "latest_reason", None) or ""
    )


def _marked(card: Panel, mark: str) -> Panel:
    """A card with the level of its member on it."""
    if mark:
        card.needs["face"] = replace(card.needs["face"], level=mark)
    return card


def _news(accounts: list[Account], entries: list[LedgerEntry]) -> list[News]:
    told = (happenings.news_of(account, entries) for account in accounts)
    return [news for news in told if news]


def _from_rooms(asked: list[ModuleType], question: str, *about: Any) -> list[Panel]:
    panels = (answer(*about) for answer in rooms.answering(question, asked))
    return [panel for panel in panels if panel]


def _told_by_rooms(asked: list[ModuleType], membership: Membership, today: date) -> Iterator[str]:
    for good_to_know in rooms.answering("good_to_know", asked):
        yield from good_to_know(membership, today)


def _told_by_kinds(accounts: list[Account], today: date) -> Iterator[str]:
    """How to earn what can still be earned. Each line once: two cards may be earned alike."""
    going = [account for account in accounts if account.programme.collects(today)]
    told = (kind(account.programme.kind).good_to_know(account) for account in going)
    yield from dict.fromkeys(chain.from_iterable(told))
