"""What a shop offers whoever joins, as its live rules say. Each kind answers for itself."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.utils import formats
from django.utils.translation import gettext as _

from loyalty.models import Shop
from members import rooms
from members.ending import words
from members.kinds import Prize, kind
from members.ledger import accounts
from members.ledger.models import Account, local_day
from members.models import Programme, RuleVersion
from members.rooms import Panel


@dataclass(frozen=True)
class Offer:
    headline: str
    invitation: str
    small_print: str  # what must stand beside the promise, or ""
    ends: str  # that its end was announced, in a sentence, or ""
    panel: Panel
    earning: list[str]  # how to collect, a line each
    prizes: list[Prize]


@dataclass(frozen=True)
class Rules:
    programme: Programme
    version: RuleVersion
    is_newest: bool
    lines: list[str]
    coming: str  # what begins on a later day, in a sentence; "": nothing
    ends: str  # that its end was announced, in a sentence, or ""


def offers(shop: Shop, now: datetime) -> list[Offer]:
    """One for each programme that runs; the promise of one that ends comes last."""
    found, today = [], local_day(shop, now)
    running = Programme.objects.running().goes_on(today)
    for programme, version in accounts.newest_of(running, now):
        room = kind(programme.kind)
        nobodys = Account(shop=shop, programme=programme, rule_version=version)
        found.append(
            Offer(
                headline=room.headline(shop, version),
                invitation=room.invitation(shop, version),
                small_print=room.small_print(shop, version),
                ends=words.of_programme(programme, today),
                panel=room.joining_panel(shop, programme, version),
                earning=room.good_to_know(nobodys),
                prizes=room.prizes(shop, programme, version),
            )
        )
    return sorted(found, key=lambda offer: bool(offer.ends))


def earning(running: list[Offer]) -> list[str]:
    """How to collect in all of them; what several have in common, once."""
    return list(dict.fromkeys(chain.from_iterable(offer.earning for offer in running)))


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
        ends = words.of_programme(programme, local_day(shop, now))
        found.append(Rules(programme, version, version == newest, lines, coming, ends))
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
