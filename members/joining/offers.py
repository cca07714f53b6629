"""What a shop offers whoever joins, as its live rules say. Each kind answers for itself."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.utils import formats
from django.utils.translation import gettext as _

from loyalty.models import Shop
from members import rooms
from members.kinds import kind
from members.ledger import accounts
from members.models import Programme, RuleVersion
from members.rooms import Panel


@dataclass(frozen=True)
class Offer:
    headline: str
    invitation: str
    small_print: str  # what must stand beside the promise, or ""
    panel: Panel


@dataclass(frozen=True)
class Rules:
    programme: Programme
    version: RuleVersion
    is_newest: bool
    lines: list[str]
    coming: str  # what begins on a later day, in a sentence; "": nothing


def offers(shop: Shop, now: datetime) -> list[Offer]:
    """One for each programme that runs."""
    found = []
    for programme in Programme.objects.running().in_order():
        room, version = kind(programme.kind), accounts.newest_rules(programme, now)
        found.append(
            Offer(
                headline=room.headline(shop, version),
                invitation=room.invitation(shop, version),
                small_print=room.small_print(shop, version),
                panel=room.joining_panel(shop, programme, version),
            )
        )
    return found


def rules_of(shop: Shop, now: datetime, number: int | None = None) -> list[Rules]:
    """The newest rules of every programme that is on; of the first, version `number` if it has one.

    A card in progress keeps its promise, so its page leads to the version it was begun under.
    """
    found: list[Rules] = []
    for programme in Programme.objects.on().in_order():
        newest = accounts.newest_rules(programme, now)
        asked = None if found else number
        version = programme.versions.in_force(now).filter(number=asked).first() or newest
        lines = kind(programme.kind).rules_lines(shop, version)
        coming = _coming(shop, programme, now)
        found.append(Rules(programme, version, version == newest, lines, coming))
    return found


def rules_in_full(shop: Shop, programme: Programme, version: RuleVersion) -> list[str]:
    """All that a member of one programme accepts: its rules between those of the whole club."""
    own = kind(programme.kind).rules_lines(shop, version)
    return [joining(), *own, leaving(shop)]


def joining() -> str:
    """The first rule of every club."""
    return _("Anyone can join, free.")


def of_the_club(shop: Shop, now: datetime) -> list[str]:
    """What holds beside the programmes: levels, bringing a friend."""
    told = (lines(shop, now) for lines in rooms.answering("rules_lines"))
    return list(chain.from_iterable(told))


def leaving(shop: Shop) -> str:
    """The last one, with the address that answers."""
    return _("You can leave at any time. Questions: %(email)s.") % {"email": shop.contact_email}


def _coming(shop: Shop, programme: Programme, now: datetime) -> str:
    """From 1 December: 2 points for every 10 kr. Members read it before it holds (PTS-08)."""
    last = programme.versions.order_by("-number")[0]
    if last.effective_from <= now:
        return ""
    day = formats.date_format(last.effective_from.astimezone(shop.zone))
    promise = kind(programme.kind).headline(shop, last)
    return _("From %(day)s: %(promise)s.") % {"day": day, "promise": promise}
