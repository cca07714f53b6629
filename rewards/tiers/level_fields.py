"""The fields of one level on the owner's page, what stands in them, and how they move."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty import money
from loyalty.forms import NUMBERS, SHORTER
from loyalty.money import MoneyField
from rewards.tiers import telling
from rewards.tiers.models import PLAIN, Ladder, TierPerk
from rewards.tiers.owning import Level, Perk
from rewards.tiers.plans import Plan

MULTIPLIERS = (PLAIN, 125, 150, 200)  # percent
PERK_FIELDS = ("perk", "title", "times", "per", "value")
WORD_FIELDS = ("tag", "word")
FEWEST_ROWS = 2  # of what a level gives, so that there is always one to type in
BIG = 1_000_000
CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one.")}
IN_A_ROW = re.compile(r"([a-z_]+?)_(\d)(_\d+)?")  # what, of which level, in which of its rows

AnyField = TypeVar("AnyField", bound=forms.Field)


def plain(field: AnyField) -> AnyField:
    """Without "(optional)": whether it may be left out depends on what stands beside it."""
    field.plain_label = True  # type: ignore[attr-defined]
    return field


def hidden() -> forms.IntegerField:
    return forms.IntegerField(required=False, widget=forms.HiddenInput)


def line(label: Any, most: int, **attrs: str) -> forms.CharField:
    return plain(
        forms.CharField(
            label=label,
            required=False,
            max_length=most,
            widget=forms.TextInput(attrs),
            error_messages={"max_length": SHORTER},
        )
    )


def choice(label: Any, choices: Iterable[tuple[Any, Any]]) -> forms.ChoiceField:
    return plain(
        forms.ChoiceField(label=label, choices=list(choices), required=False, error_messages=CHOOSE)
    )


def how_often() -> forms.IntegerField:
    return plain(
        forms.IntegerField(
            label=_("Times"),
            required=False,
            initial=1,
            min_value=1,
            max_value=100,
            widget=forms.NumberInput({"inputmode": "numeric"}),
            error_messages=NUMBERS,
        )
    )


def multiplied(percent: int) -> str:
    """1.5 times."""
    if percent == PLAIN:
        return gettext("As everyone")
    return gettext("%(n)s times") % {"n": telling.times(percent)}


def read_threshold(text: str, *, in_money: bool) -> int:
    """From where a level begins, in minor units or in whole ones. ValidationError: neither."""
    if in_money:
        return money.parse(text)
    return forms.IntegerField(min_value=0, max_value=BIG, error_messages=NUMBERS).clean(text)


def rows_of(names: tuple[str, ...], place: int, shown: Mapping[str, Any], most: int) -> int:
    """How many rows a level has for these: those that say something, and an empty one."""
    says = [
        at + 1
        for at in range(2 * most)
        if any(str(shown.get(f"{name}_{place}_{at}") or "").strip() for name in names)
    ]
    filled = max(says, default=0)
    return max(FEWEST_ROWS, filled, min(filled + 1, most))


def moved_rows(data: Mapping[str, Any], places: list[int]) -> dict[str, Any]:
    """What was typed of the levels at these places, as if they stood one after the other."""
    found = {}
    for name, value in data.items():
        part = IN_A_ROW.fullmatch(name)
        if part and int(part[2]) in places:
            found[f"{part[1]}_{places.index(int(part[2]))}{part[3] or ''}"] = value
    return found


def whole(text: Any) -> int:
    """What a hidden field says; 0 for nothing, and for what is no number."""
    return int(text) if str(text or "").isdecimal() and len(str(text)) < 10 else 0


def typed(plan: Plan) -> dict[str, Any]:
    """What the form shows of a plan."""
    shown: dict[str, Any] = {"measure": plan.measure, "window": plan.window}
    shown["levels"] = len(plan.levels)
    for place, level in enumerate(plan.levels):
        shown |= dict(_typed_level(level, place, in_money=plan.measure == Ladder.Measure.SPEND))
    return shown


def _typed_level(level: Level, place: int, *, in_money: bool) -> Iterator[tuple[str, Any]]:
    begins = MoneyField().prepare_value(level.threshold) if in_money else level.threshold
    yield f"tier_{place}", level.tier
    yield f"name_{place}", level.name
    yield f"begins_{place}", begins
    yield f"multiplier_{place}", level.multiplier_percent
    yield f"head_start_{place}", level.head_start
    things = [perk for perk in level.perks if perk.kind == TierPerk.Kind.CLAIM]
    for at, perk in enumerate(things):
        yield from _typed_perk(perk, f"{place}_{at}")
    words = [perk for perk in level.perks if perk.kind == TierPerk.Kind.TAG]
    for at, perk in enumerate(words):
        yield f"tag_{place}_{at}", perk.perk
        yield f"word_{place}_{at}", perk.title


def _typed_perk(perk: Perk, end: str) -> Iterator[tuple[str, Any]]:
    yield f"perk_{end}", perk.perk
    yield f"title_{end}", perk.title
    yield f"times_{end}", perk.times
    yield f"per_{end}", perk.per
    yield f"value_{end}", perk.value_minor or None
