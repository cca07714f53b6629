"""How a line comes into the journal."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Model
from django_scopes import scope

from loyalty import clock
from loyalty.actors import Actor, Channel
from loyalty.halts.models import Halt
from loyalty.halts.refusals import Halted
from loyalty.journal import words
from loyalty.journal.models import Change
from loyalty.models import Location

Facts = Mapping[str, Any]
LONGEST_ABOUT = 120


def write(
    actor: Actor,
    what: str,
    *,
    about: str = "",
    before: Facts | None = None,
    after: Facts | None = None,
    location: Location | None = None,
) -> Change | None:
    """A line of the owner's log, in the caller's transaction.

    `what`: a key of words.WHAT. `before`, `after`: by keys of words.FIELDS; what is the same in
    both is left out, and a thing of the shop (a level, a picture) is kept by its name. Given both,
    and nothing differs: nothing is written (None). Nothing personal: keys, numbers, the shop's own
    texts; people by their pk, as "member" and "staff". `location`: the place it is about; that of
    the actor's counter is known. KeyError: words.py lacks a line.
    """
    was, is_now = _differing(_plain(before or {}), _plain(after or {}))
    _must_have_words(what, {*was, *is_now})
    if before is not None and after is not None and not (was or is_now):
        return None
    if actor.channel != Channel.JOB and Halt.objects.standing().everywhere().exists():
        raise Halted(Halt.What.EVERYTHING)
    with scope(shop=actor.shop):
        return Change.objects.create(
            shop=actor.shop,
            at=actor.at or clock.now(),
            actor=actor.person,
            staff=actor.staff,
            counter=actor.counter,
            location=location or (actor.counter.location if actor.counter else None),
            channel=actor.channel,
            what=what,
            about=about[:LONGEST_ABOUT],
            before=was,
            after=is_now,
        )


def _differing(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both without what they have in common; a key that only one of them has, stays."""
    same = {key for key in before if key in after and before[key] == after[key]}
    return (
        {key: value for key, value in before.items() if key not in same},
        {key: value for key, value in after.items() if key not in same},
    )


def _plain(value: Any) -> Any:
    """As JSON keeps it; a thing of the shop by its name."""
    match value:
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case Model() | StrEnum():
            return str(value)
        case date():
            return value.isoformat()
    return value


def _must_have_words(what: str, keys: set[str]) -> None:
    lacking = {what} - words.WHAT.keys() | keys - words.FIELDS.keys()
    if lacking:
        raise KeyError(f"loyalty/journal/words.py has no line for {sorted(lacking)}.")
