"""Kinds of programme and rooms of the house, by dotted path: lower floors serve upper ones.

PROGRAMME_KINDS names one module per kind, which answers

    card_panel(account, new=0)        -> Panel: what the card page shows of an account
    counter_sheet(account, now)       -> Panel: what the counter shows of it, with its buttons
    rules_lines(shop, version)        -> the rules as plain sentences
    headline(shop, version)           -> the promise in one line

ROOMS names modules that answer only what they have:

    may_undo(op, undone)              before an operation is reversed; may refuse
    undone(op, undone)                after its entries were reversed; True if it undid something
    joined(op, membership)            when a card was made
    settle(op, account)               after a balance rose without a stamp (undo, merge)
    merged(op, gone, kept)            when one card becomes part of another
    tick(now)                         what time brings about
    audit()                           sentences about what does not add up
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
