"""What happened to a stamp card, in words for its owner."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.ledger.models import LedgerEntry
from stampcards.operations import BONUS, EXTRA, LEVEL, WELCOME
from stampcards.rules import StampRules

Kind = LedgerEntry.Kind


def line(entry: LedgerEntry) -> str:
    """One earning or spending, for the history. "": a correction."""
    if entry.kind in (Kind.REVERSE, Kind.ADJUST):
        return ""
    if entry.kind == Kind.SPEND:
        return _("Card full")
    n = entry.amount
    if entry.reason == WELCOME:
        return ngettext(
            "%(n)d stamp from us, for joining", "%(n)d stamps from us, for joining", n
        ) % {"n": n}
    if entry.reason == BONUS:
        return ngettext("%(n)d stamp from us", "%(n)d stamps from us", n) % {"n": n}
    if entry.reason == LEVEL:
        return from_level(n)
    if entry.reason == EXTRA:
        what = StampRules.read(entry.rule_version.rules).extra_for
        return _("Extra stamp: %(what)s") % {"what": what}
    return ngettext("Stamp from %(place)s", "%(n)d stamps from %(place)s", n) % {
        "n": n,
        "place": place(entry),
    }


def from_level(n: int) -> str:
    """What waited on a card that began."""
    return ngettext("%(n)d stamp from your level", "%(n)d stamps from your level", n) % {"n": n}


def begun_with(n: int) -> str:
    """A card that begins with something on it: from the level, and what was carried over."""
    return ngettext(
        "New card started. %(n)d stamp is on it already.",
        "New card started. %(n)d stamps are on it already.",
        n,
    ) % {"n": n}


def place(entry: LedgerEntry) -> str:
    """Where it was given: the location, or the shop itself."""
    location = entry.visit and entry.visit.location
    return location.name if location else entry.account.shop.name


def landed(n: int, where: str, done: int, need: int) -> str:
    """1 stamp from Storgata. Now 5 of 9."""
    return ngettext(
        "%(n)d stamp from %(place)s. Now %(done)d of %(need)d.",
        "%(n)d stamps from %(place)s. Now %(done)d of %(need)d.",
        n,
    ) % {"n": n, "place": where, "done": done, "need": need}


def corrected(done: int, need: int) -> str:
    return _("Corrected by the shop: %(done)d of %(need)d.") % {"done": done, "need": need}


def changed(done: int, need: int) -> str:
    """Anything else: some ran out, or came from another card."""
    return _("Now %(done)d of %(need)d.") % {"done": done, "need": need}


def standing(done: int, need: int) -> str:
    return _("%(done)d of %(need)d") % {"done": done, "need": need}


def amount(n: int) -> str:
    return ngettext("%(n)d stamp", "%(n)d stamps", n) % {"n": n}


def to_go(n: int, reward: str) -> str:
    """3 to go: Any hot drink."""
    return _("%(n)d to go: %(reward)s") % {"n": n, "reward": reward}


def invitation(welcome: int) -> str:
    """What one gets for joining."""
    if not welcome:
        return _("Free to join.")
    return ngettext(
        "Free to join. You start with one stamp.",
        "Free to join. You start with %(n)d stamps.",
        welcome,
    ) % {"n": welcome}


def waiting(welcome: int) -> str:
    """The line on the card of the join page; "" keeps the card's own."""
    if not welcome:
        return ""
    return ngettext(
        "%(n)d welcome stamp is waiting for you.",
        "%(n)d welcome stamps are waiting for you.",
        welcome,
    ) % {"n": welcome}


def one_more(what: str) -> str:
    """Own cup: 1 extra stamp."""
    return _("%(what)s: 1 extra stamp") % {"what": what}
