"""Kinds of programme and rooms of the house, by dotted path: lower floors serve upper ones.

PROGRAMME_KINDS names one module per kind, which answers

    card_panel(account, new, latest_reason) -> Panel: what the card page shows of an account
    standing(account)                 -> how far it is, short: "4 of 9"
    good_to_know(account)             -> lines under the card
    news(account, entries)            -> News, or None: what just happened to it
    history_words(entry)              -> one earning, spending or correction in the history; "":
                                         a correction like any other
    read_ahead(accounts)              reads at once what the answers about many accounts need;
                                      only where they need something
    joining_panel(shop, programme, version) -> Panel: what the join page shows
    invitation(shop, version)         -> "Free to join.", and what one starts with
    counter_sheet(account, now)       -> Panel: what the counter shows of it. It needs `facts`,
                                         `form`, `closed` (why nothing can be given, or None) and
                                         when something was given `last`
    counter_form(account, data)       -> that form (a members.giving.GivingForm), bound to what a
                                         counter or a device sent
    give(account, form, actor)        -> does what the valid form asked for; the operation's answer
    book(op, membership, programme, form) -> the same as part of an operation, when nobody can be
                                         asked any more
    saving_panel(programme, now)      -> Panel with the `form` a counter saves without a connection
                                         and the programme's `name`; None: nothing can be saved now
    asked_words(version, form)        -> what a saved form asked for: "1 stamp"
    told(part)                        -> what an answer, or a part of its `also`, gave: "1 stamp.
                                         Now 5 of 9."
    deed(part)                        -> the same in the last ten: "1 stamp"
    DEEDS                             the kinds of operation that give something at a counter
    rules_lines(shop, version)        -> the rules as plain sentences
    headline(shop, version)           -> the promise in one line
    small_print(shop, version)        -> what must stand beside it, or ""
    amount_words(version, n)          -> "2 stamps"
    rules_for_more(account, at)       -> the version under which something is added at a moment
    lasts_until(version, day)         -> the last good day of what is added on a day; None: never
    nearest(account)                  -> "3 to go: free hot drink", or ""
    outstanding_minor(programme, now) -> what all its balances would cost the shop today, at cost
                                      price in whole minor units, rounded up once; rewards that
                                      are ready are counted apart
    reckoning(programme, now)         -> how that was reckoned, in a sentence, or ""

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
    card_shelf(membership, accounts)  -> Panel, or None: what stands below the cards
    history(membership, since, until) -> HistoryLines that are no entries; None: no limit
    running_out(memberships, since, until) -> RunsOut: what those cards (a queryset, of one shop)
                                      lose if nothing happens, by its last good day; None: no limit
    rewards_ready(memberships, now)   -> (membership, title) of each reward that can be used now
    asks_birthday(shop)               -> whether the shop has something for a birthday
    good_to_know(membership, today)   -> lines under the cards
    tags(membership, today)           -> words beside the name at the counter: "Birthday"
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

from loyalty.templatetags.numbers import signed


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
def kind(name: str) -> ModuleType:
    """The room of a programme kind."""
    return import_module(settings.PROGRAMME_KINDS[name])


def read_ahead(accounts: Sequence[Any]) -> None:
    """Let the kinds read for many accounts what they would read for each."""
    for name in {account.programme.kind for account in accounts}:
        if ask := getattr(kind(name), "read_ahead", None):
            ask([account for account in accounts if account.programme.kind == name])


@cache
def _rooms() -> tuple[ModuleType, ...]:
    return tuple(import_module(path) for path in settings.ROOMS)


def answering(question: str) -> Iterator[Callable[..., Any]]:
    """Every room's answer to a question, in the order of the settings."""
    for room in _rooms():
        answer = getattr(room, question, None)
        if answer is not None:
            yield answer
