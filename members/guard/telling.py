"""A flag in one sentence: what was counted, and nothing about why."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.guard.facts import Rule
from members.models import Membership

Words = dict[str, str | int]


def sentence(rule: Rule, numbers: dict[str, int], *, stamped: bool, **names: str) -> str:
    """`names` has card, staff, counter and location; "" where there is none.

    `stamped`: did the visits give stamps? Without any, nobody is said to have stamped.
    """
    words: Words = {**names, **numbers}
    sentences = SENTENCES if stamped else {**SENTENCES, **OF_VISITS}
    return sentences[rule](words) % words


def name_of(card: Membership) -> str:
    """A first name, or the six digits where nobody gave one."""
    return card.name or _("card %(code)s") % {"code": card.spoken_code}


def _pair(words: Words) -> str:
    if "visits" in words:
        return _("%(staff)s served %(visits)d of the %(of)d visits of %(card)s in %(days)d days.")
    return _("%(staff)s gave %(stamps)d of the %(of)d stamps that %(card)s got in %(days)d days.")


def _busy_card(words: Words) -> str:
    return ngettext(
        "There were %(stamps)d stamps in %(times)d visit for %(card)s on one day.",
        "There were %(stamps)d stamps in %(times)d visits for %(card)s on one day.",
        int(words["times"]),
    )


def _burst(words: Words) -> str:
    minutes = int(words["minutes"])
    if not words["staff"]:
        return ngettext(
            "There were %(times)d visits within %(minutes)d minute at %(counter)s.",
            "There were %(times)d visits within %(minutes)d minutes at %(counter)s.",
            minutes,
        )
    return ngettext(
        "%(staff)s stamped %(times)d times within %(minutes)d minute at %(counter)s.",
        "%(staff)s stamped %(times)d times within %(minutes)d minutes at %(counter)s.",
        minutes,
    )


def _own_card(words: Words) -> str:
    return ngettext(
        "%(staff)s stamped their own card once on one day.",
        "%(staff)s stamped their own card %(times)d times on one day.",
        int(words["times"]),
    )


def _outside_hours(words: Words) -> str:
    times = int(words["times"])
    if not words["staff"]:
        return ngettext(
            "There was one visit outside opening hours at %(location)s.",
            "There were %(times)d visits outside opening hours at %(location)s.",
            times,
        )
    return ngettext(
        "%(staff)s stamped once outside opening hours at %(location)s.",
        "%(staff)s stamped %(times)d times outside opening hours at %(location)s.",
        times,
    )


def _far_above(words: Words) -> str:
    return _(
        "There were %(times)d visits by %(card)s in %(days)d days. "
        "Nearly all others had %(others)d or fewer."
    )


def _busy_visits(words: Words) -> str:
    n = int(words["times"])
    return ngettext(
        "There was %(times)d visit by %(card)s on one day.",
        "There were %(times)d visits by %(card)s on one day.",
        n,
    )


def _burst_of_visits(words: Words) -> str:
    if not words["staff"]:
        return _burst(words)
    return ngettext(
        "%(staff)s had %(times)d visits within %(minutes)d minute at %(counter)s.",
        "%(staff)s had %(times)d visits within %(minutes)d minutes at %(counter)s.",
        int(words["minutes"]),
    )


def _own_visits(words: Words) -> str:
    return ngettext(
        "%(staff)s used their own card once on one day.",
        "%(staff)s used their own card %(times)d times on one day.",
        int(words["times"]),
    )


def _visits_outside_hours(words: Words) -> str:
    if not words["staff"]:
        return _outside_hours(words)
    return ngettext(
        "%(staff)s had one visit outside opening hours at %(location)s.",
        "%(staff)s had %(times)d visits outside opening hours at %(location)s.",
        int(words["times"]),
    )


SENTENCES: dict[Rule, Callable[[Words], str]] = {
    Rule.PAIR: _pair,
    Rule.BUSY_CARD: _busy_card,
    Rule.BURST: _burst,
    Rule.OWN_CARD: _own_card,
    Rule.OUTSIDE_HOURS: _outside_hours,
    Rule.FAR_ABOVE: _far_above,
}

OF_VISITS: dict[Rule, Callable[[Words], str]] = {
    Rule.BUSY_CARD: _busy_visits,
    Rule.BURST: _burst_of_visits,
    Rule.OWN_CARD: _own_visits,
    Rule.OUTSIDE_HOURS: _visits_outside_hours,
}
