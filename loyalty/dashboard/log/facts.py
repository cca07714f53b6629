"""What a change was and what it is since, in words: the facts the journal keeps."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty import money
from loyalty.journal.models import Change
from loyalty.journal.words import FIELDS
from loyalty.models import Role, Shop, Trade
from loyalty.numbers import NOTHING, figure
from members.segments import SEGMENTS
from rewards.catalogue.models import Reward
from rewards.figures import goals
from rewards.friends import words as friends
from rewards.friends.models import Inviting
from rewards.points.owner_forms import EXPIRIES, UNITS
from rewards.tiers.models import Ladder, TierPerk
from rewards.vip.choices import right_in_words
from rewards.vip.models import Drop
from stampcards.owner_forms import COUNTS

PEOPLE = ("member", "staff")  # told with their names, beside what was done
DAYS = ("starts_on", "ends_on", "until", "collects_until", "honoured_until")
MOMENTS = ("starts_at", "ends_at", "collect_by", "reply_by", "effective_from", "happened_at")
CHOICES: dict[str, Mapping[Any, Any]] = {
    "behaviour": dict(Reward.Behaviour.choices),
    "counts": dict(COUNTS),
    "country": dict(Shop.Country.choices),
    "currency": dict(Shop.Currency.choices),
    "expiry": dict(EXPIRIES),
    "kind": dict(Drop.Kind.choices),
    "language": dict(settings.LANGUAGES),
    "level": dict(Role.Level.choices),
    "measure": dict(Ladder.Measure.choices),
    "others": dict(Drop.Others.choices),
    "pays": dict(Inviting.Pays.choices),
    "segment": {key: segment.name for key, segment in SEGMENTS.items()},
    "trade": dict(Trade.choices),
    "unit": dict(UNITS),
    "what": goals.NAMES,
    "window": dict(Ladder.Window.choices),
}
A_PICTURE = gettext_lazy("A picture")
Says = Callable[[Shop, Any], str]


@dataclass(frozen=True)
class Fact:
    """One thing that differs."""

    name: str
    was: str  # "": there was nothing to compare with
    now: str


def facts_of(change: Change) -> Iterator[Fact]:
    """Everything that differs, but for the people it is about."""
    for key in {**change.before, **change.after}:
        if key in PEOPLE:
            continue
        was = _said(change, change.before, key)
        now = _said(change, change.after, key)
        yield Fact(str(FIELDS.get(key, key)), was if was != now else "", now)


def _said(change: Change, facts: dict[str, Any], key: str) -> str:
    if not facts:
        return ""
    return in_words(change.shop, key, facts.get(key))


def in_words(shop: Shop, key: str, value: Any) -> str:
    """One fact, as the reader's language writes it; "–" for none. A role without places holds
    at all of them."""
    if value in (None, "", [], {}):
        return _("Everywhere") if key == "places" else NOTHING
    if key in CHOICES:
        return str(CHOICES[key].get(value, value))
    if key in SAYS:
        return SAYS[key](shop, value)
    if key.endswith("_minor"):
        return money.shown(value, shop.currency)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return figure(value) if isinstance(value, int) else _listed(value)


def _listed(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _day(shop: Shop, value: str) -> str:
    return formats.date_format(date.fromisoformat(value))


def _moment(shop: Shop, value: str) -> str:
    at = timezone.localtime(datetime.fromisoformat(value), shop.zone)
    return f"{formats.date_format(at)} {formats.time_format(at, 'TIME_FORMAT')}"


def _rate(shop: Shop, value: str) -> str:
    return formats.localize(Decimal(value))


def _levels(shop: Shop, value: list[dict[str, Any]]) -> str:
    """Silver: 10, Gold: 25; money where money is measured."""
    told = {}
    for level in value:
        spent = level["measure"] == Ladder.Measure.SPEND
        n = level["threshold"]
        told[level["name"]] = money.shown(n, shop.currency) if spent else figure(n)
    return _listed(told)


def _perks(shop: Shop, value: list[dict[str, Any]]) -> str:
    return ", ".join(_perk(shop, perk) for perk in value)


def _perk(shop: Shop, perk: dict[str, Any]) -> str:
    """Gold: A hair treatment, 150 kr, 2 × a year, after 14 days."""
    told = [perk["title"]]
    if perk["kind"] == TierPerk.Kind.CLAIM:
        per = TierPerk.Per(perk["per"]).label
        told += [money.shown(perk["value_minor"], shop.currency), f"{perk['times']} × {per}"]
    return f"{perk['tier__name']}: {', '.join(filter(None, [*told, perk['terms']]))}"


def _openings(shop: Shop, value: list[dict[str, Any]]) -> str:
    return ", ".join(f"{_whom(each)}: {_moment(shop, each['at'])}" for each in value)


def _whom(opening: dict[str, Any]) -> str:
    which = opening["tier__name"] or opening["segment"] or ""
    whom = right_in_words(f"{opening['audience']}:{which}")
    return f"{whom} ({opening['top']})" if opening["top"] else whom


def _actions(shop: Shop, value: list[dict[str, Any]]) -> str:
    return _listed({action["name"]: action["points"] for action in value})


SAYS: dict[str, Says] = {
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys(MOMENTS, _moment),
    "actions": _actions,
    "levels": _levels,
    "openings": _openings,
    "perks": _perks,
    "picture": lambda shop, value: str(A_PICTURE),
    "rate": _rate,
    "thanks_friend": lambda shop, value: friends.in_words(value),
    "thanks_member": lambda shop, value: friends.in_words(value),
}
