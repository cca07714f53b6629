"""Rooms of the house, by dotted path in ROOMS: lower floors serve upper ones.

A module of a room answers only what it has:

    hears_visits(card)                -> a queryset with a row if the room wants to hear of this
                                      card's visits; `card` is its pk, or an OuterRef to it
    visited(op, visit, purchase)      what a visit earns by itself; returns what it gave, as parts
                                      that `told` of the kind puts in words
    told_at_the_till(part, name)      one of those parts in a sentence for staff, if it is no
                                      kind's; "": another room gave it
    may_undo(op, undone)              before an operation is reversed; may refuse
    undone(op, undone)                after its entries were reversed; True if it undid something
    joined(op, membership)            when a card was made
    give_bonus(op, card, kind, n)     so many from the shop in its first programme of a kind; what
                                      it gave, as a part, or None
    settle(op, account)               after a balance rose without a stamp (undo, merge)
    merged(op, gone, kept)            when one card becomes part of another; may return plain
                                      data to find in `undone.answer["moved"]`
    unmerged(op, undone, gone, kept)  when they are two again, after entries were reversed; may
                                      refuse
    on_card(card, now)                -> a queryset with a row if the room may have something for
                                      the page of a card (its pk), both Given later; not
                                      answered: it may
    card_panel(membership, today)     -> Panel, or None: what stands above the cards
    card_shelf(membership, accounts)  -> Panel, or None: what stands below the cards
    marks(memberships)                -> (membership, a word on its cards) of those that have one
    history(membership, since, until) -> HistoryLines that are no entries; None: no limit
    running_out(memberships, since, until) -> RunsOut: what those cards (a queryset, of one shop)
                                      lose if nothing happens, by its last good day; None: no limit
    rewards_ready(memberships, now)   -> (membership, title) of each reward that can be used now
    asks_birthday(shop)               -> whether the shop has something for a birthday
    good_to_know(membership, today)   -> lines under the cards
    benefit(shop, now)                -> a queryset with a row if the shop offers it, and what it
                                      is, in a sentence for whoever has no card yet
    rules_lines(shop, now)            what it adds to the club rules, a sentence each
    keeps(shop)                       what the privacy page says it keeps, a sentence each
    personal_data(membership)         -> what it keeps of this member, for their own eyes, by
                                      headings; nothing of anybody else. None: nothing
    still_usable(membership, today)   -> titles of what its member loses with the card
    forget(op, membership, now)       when a card is erased: takes off what leads to its owner, and
                                      ends what could still be used; the books stay
    tags(membership, today)           -> words beside the name at the counter: "Birthday"
    counter_panel(membership, now)    -> Panel, or None: what else staff can see or do there
    resumed(shop)                     when a paused shop runs again, within its transaction
    tick(now)                         what time brings about
    audit()                           sentences about what does not add up
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db.models import Exists

from loyalty.models import Shop
from loyalty.numbers import signed
from loyalty.prepared import Given


@dataclass(frozen=True)
class Panel:
    """A part of a page: which template, and what it needs. `mark`: a word on the cards above it."""

    template: str
    needs: dict[str, Any]
    mark: str = ""


@dataclass(frozen=True)
class News:
    """What just happened to a card: said once, and shown for a moment."""

    words: str
    panel: Panel


@dataclass(frozen=True)
class HistoryLine:
    """One line of a card's history. Amount and balance in whole stamps or points; None: neither.

    `programme`: which of several the balance is of; "": there is one only.
    """

    at: datetime
    words: str
    amount: int | None = None
    balance: int | None = None
    programme: str = ""

    @property
    def change(self) -> str:
        """+1, or −1 250 with a true minus."""
        return "" if self.amount is None else signed(self.amount)


@dataclass(frozen=True)
class RunsOut:
    """Something on a card that can be used through a day, in shop time, and then no more."""

    membership: int  # its pk
    day: date
    words: str  # "5 stamps on Coffee card run out on 30 November."


@cache
def _rooms() -> tuple[ModuleType, ...]:
    return tuple(import_module(path) for path in settings.ROOMS)


def something_for(card: Given, now: Given) -> dict[str, Exists]:
    """Columns that tell which rooms have something for the page of a card; see `with_something`."""
    return {
        f"room{n}": Exists(room.on_card(card, now))
        for n, room in enumerate(_rooms())
        if hasattr(room, "on_card")
    }


def with_something(found: dict[str, Any]) -> list[ModuleType]:
    """The rooms to ask, of what was found in the columns of `something_for`."""
    return [room for n, room in enumerate(_rooms()) if found.get(f"room{n}", True)]


def benefits(shop: Shop, now: datetime) -> list[str]:
    """What a shop offers beside its programmes, a sentence each. One query."""
    told = [answer(shop, now) for answer in answering("benefit")]
    asked = {f"room{n}": Exists(rows) for n, (rows, _words) in enumerate(told)}
    found = Shop.objects.filter(pk=shop.pk).values(**asked).get()
    return [words for n, (_rows, words) in enumerate(told) if found.get(f"room{n}")]


def answering(
    question: str, among: Sequence[ModuleType] | None = None
) -> Iterator[Callable[..., Any]]:
    """Every room's answer to a question, or that of some, in the order of the settings."""
    for room in _rooms() if among is None else among:
        answer = getattr(room, question, None)
        if answer is not None:
            yield answer
