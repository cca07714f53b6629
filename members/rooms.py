"""Kinds of programme and rooms of the house, by dotted path: lower floors serve upper ones.

PROGRAMME_KINDS names one module per kind, which answers

    card_panel(account, new, latest_reason) -> Panel: what the card page shows of an account
    standing(account)                 -> how far it is, short: "4 of 9"
    good_to_know(account)             -> lines under the card
    news(account, entries)            -> News, or None: what just happened to it
    history_words(entry)              -> one earning or spending in the history
    joining_panel(shop, programme, version) -> Panel: what the join page shows
    invitation(shop, version)         -> "Free to join.", and what one starts with
    counter_sheet(account, now)       -> Panel: what the counter shows of it, with its form
    counter_form(account, data)       -> that form, bound to what a counter or a device sent
    give(account, asked, actor)       -> does what the form asked for; the operation's answer
    saving_panel(programme, version)  -> Panel with the form a counter saves without a connection;
                                         None: nothing can be saved now
    told(name, answer)                -> the line after it: "Maja: 1 stamp. Now 5 of 9."
    deed(answer)                      -> the same in the last ten: "1 stamp"
    DEEDS                             the kinds of operation that give something at a counter
    rules_lines(shop, version)        -> the rules as plain sentences
    headline(shop, version)           -> the promise in one line
    small_print(shop, version)        -> what must stand beside it, or ""
    amount_words(version, n)          -> "2 stamps"
    nearest(account)                  -> "3 to go: free hot drink", or ""
    outstanding_minor(programme, now) -> what all its balances would cost the shop today, at cost
                                      price in whole minor units, rounded up once; rewards that
                                      are ready are counted apart

ROOMS names modules that answer only what they have:

    visited(op, visit, purchase)      what a visit earns by itself; returns what it gave, as parts
                                      that `told` of the kind puts in words
    may_undo(op, undone)              before an operation is reversed; may refuse
    undone(op, undone)                after its entries were reversed; True if it undid something
    joined(op, membership)            when a card was made
    settle(op, account)               after a balance rose without a stamp (undo, merge)
    merged(op, gone, kept)            when one card becomes part of another; may return plain
                                      data to find in `undone.answer["moved"]`
    unmerged(op, undone, gone, kept)  when they are two again, after entries were reversed; may
                                      refuse
    card_panel(membership, today)     -> Panel, or None: what stands above the cards
    history(membership, since, until) -> HistoryLines that are no entries; None: no limit
    running_out(memberships, since, until) -> RunsOut: what those cards (a queryset, of one shop)
                                      lose if nothing happens, by its last good day; None: no limit
    rewards_ready(memberships, now)   -> (membership, title) of each reward that can be used now
    asks_birthday(shop)               -> whether the shop has something for a birthday
    tick(now)                         what time brings about
    audit()                           sentences about what does not add up
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Panel:
    """A part of a page: which template, and what it needs (as `panel`)."""

    template: str
    needs: dict[str, Any]


@dataclass(frozen=True)
class News:
    """What just happened to a card: said once, and shown for a moment."""

    words: str
    panel: Panel


@dataclass(frozen=True)
class HistoryLine:
    """One line of a card's history. Amount and balance in whole stamps or points; None: neither."""

    at: datetime
    words: str
    amount: int | None = None
    balance: int | None = None

    @property
    def change(self) -> str:
        """+1, or −9 with a true minus."""
        return "" if self.amount is None else f"{self.amount:+d}".replace("-", "−")


@dataclass(frozen=True)
class RunsOut:
    """Something on a card that can be used through a day, in shop time, and then no more."""

    membership: int  # its pk
    day: date
    words: str  # "5 stamps on Coffee card run out on 30 November."


@cache
def kind(name: str) -> ModuleType:
    """The room of a programme kind."""
    return import_module(settings.PROGRAMME_KINDS[name])


@cache
def _rooms() -> tuple[ModuleType, ...]:
    return tuple(import_module(path) for path in settings.ROOMS)


def answering(question: str) -> Iterator[Callable[..., Any]]:
    """Every room's answer to a question, in the order of the settings."""
    for room in _rooms():
        answer = getattr(room, question, None)
        if answer is not None:
            yield answer
