"""What an owner types about levels. What a ladder may be is not a form's business.

Every level is a row of fields that end in its place: `name_0`, `name_1`. What it gives besides are
rows within it: `title_0_0`. What is left empty is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty import money
from loyalty.models import Shop
from loyalty.money import MoneyField
from loyalty.refusals import Refused
from rewards.tiers import refusals
from rewards.tiers.level_fields import (
    MULTIPLIERS,
    PERK_FIELDS,
    WORD_FIELDS,
    choice,
    hidden,
    how_often,
    line,
    moved_rows,
    multiplied,
    plain,
    read_threshold,
    rows_of,
    typed,
    whole,
)
from rewards.tiers.models import Ladder, TierPerk
from rewards.tiers.owning import Level, Perk
from rewards.tiers.plans import Plan

Measure, Window, Kind, Per = Ladder.Measure, Ladder.Window, TierPerk.Kind, TierPerk.Per
FEWEST, MOST = 2, 4  # levels
MOST_PERKS, MOST_WORDS = 4, 3  # of a level
CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one.")}


@dataclass(frozen=True)
class Brings:
    """What the shop has that levels can give more of.

    `head_starts`: so many stamps on each new card, and what that means in words; none: no card.
    """

    points: bool
    head_starts: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class PerkRow:
    """One thing to have: what, how often, and what it costs."""

    hidden: BoundField
    title: BoundField
    times: BoundField
    per: BoundField
    value: BoundField


@dataclass(frozen=True)
class WordRow:
    hidden: BoundField
    word: BoundField


@dataclass(frozen=True)
class LevelRow:
    """The fields of one level, as the page draws them."""

    place: int
    hidden: BoundField
    name: BoundField
    begins: BoundField
    multiplier: BoundField | None
    head_start: BoundField | None
    perks: list[PerkRow]
    words: list[WordRow]

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def is_wrong(self) -> bool:
        """Is something wrong with what it gives?"""
        perks = [row for each in self.perks for row in (each.title, each.times, each.value)]
        return any(row.errors for row in [*perks, *(each.word for each in self.words)])

    @property
    def filled(self) -> int:
        """How much it gives besides."""
        rows = [*(each.title for each in self.perks), *(each.word for each in self.words)]
        return sum(bool(row.value()) for row in rows)


class LevelsForm(forms.Form):
    """Levels on one page. Draw it with `owner/_levels_fields.html`.

    Once it is valid, ask it for `plan()`.
    """

    measure = forms.ChoiceField(
        label=_("What counts"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    window = forms.ChoiceField(
        label=_("In which time"),
        choices=Window.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    levels = hidden()  # how many

    def __init__(
        self, data: Any = None, *, shop: Shop, plan: Plan, brings: Brings, **options: Any
    ) -> None:
        options.setdefault("initial", typed(plan))
        super().__init__(data, **options)
        self.shop, self.was, self.brings = shop, plan, brings
        self.before, self.after = money.beside(shop.currency)
        shown: Mapping[str, Any] = self.initial if data is None else data
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in Measure.choices
            if value != Measure.POINTS or brings.points or plan.measure == Measure.POINTS
        ]
        self.n = min(max(whole(shown.get("levels")), FEWEST), MOST)
        for place in range(self.n):
            self._add_level(place, shown)

    def resized(self, *, without: int | None = None) -> "LevelsForm":
        """The same, typed values kept, with one level more; or `without` the one at this place."""
        places = [place for place in range(self.n) if place != without]
        if without is None and self.n < MOST:
            places.append(self.n)
        if len(places) < FEWEST:
            places = list(range(self.n))
        shown = {name: self.data.get(name) for name in ("measure", "window")}
        shown |= {**moved_rows(self.data, places), "levels": len(places)}
        return LevelsForm(initial=shown, shop=self.shop, plan=self.was, brings=self.brings)

    # --- What the page draws --------------------------------------------------------------------

    @property
    def rows(self) -> list[LevelRow]:
        return [self._row(place) for place in range(self.n)]

    @property
    def can_add(self) -> bool:
        return self.n < MOST

    @property
    def can_remove(self) -> bool:
        return self.n > FEWEST

    @property
    def counts(self) -> str:
        """What is chosen to count, also before anything was sent."""
        return str(self["measure"].value() or self.was.measure)

    def _row(self, place: int) -> LevelRow:
        return LevelRow(
            place=place,
            hidden=self[f"tier_{place}"],
            name=self[f"name_{place}"],
            begins=self[f"begins_{place}"],
            multiplier=self._if_there(f"multiplier_{place}"),
            head_start=self._if_there(f"head_start_{place}"),
            perks=[
                PerkRow(*(self[f"{name}_{place}_{at}"] for name in PERK_FIELDS))
                for at in self._places_of("title", place)
            ],
            words=[
                WordRow(*(self[f"{name}_{place}_{at}"] for name in WORD_FIELDS))
                for at in self._places_of("word", place)
            ],
        )

    def _if_there(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    def _places_of(self, name: str, place: int) -> list[int]:
        begin = f"{name}_{place}_"
        return [int(each.removeprefix(begin)) for each in self.fields if each.startswith(begin)]

    # --- Fields -----------------------------------------------------------------------------------

    def _add_level(self, place: int, shown: Mapping[str, Any]) -> None:
        self.fields[f"tier_{place}"] = hidden()
        self.fields[f"name_{place}"] = line(_("Name"), 20)
        self.fields[f"begins_{place}"] = line(_("From"), 20, inputmode="decimal")
        if self.brings.points:
            self.fields[f"multiplier_{place}"] = choice(_("Points"), self._multipliers(place))
        if self.brings.head_starts:
            starts = self.brings.head_starts
            self.fields[f"head_start_{place}"] = choice(_("Stamp card"), starts)
        for at in range(rows_of(("title", "value"), place, shown, MOST_PERKS)):
            self._add_perk(f"{place}_{at}")
        for at in range(rows_of(("word",), place, shown, MOST_WORDS)):
            self.fields[f"tag_{place}_{at}"] = hidden()
            self.fields[f"word_{place}_{at}"] = line(_("What staff should know"), 50)

    def _add_perk(self, end: str) -> None:
        self.fields[f"perk_{end}"] = hidden()
        self.fields[f"title_{end}"] = line(_("Something to have"), 50)
        self.fields[f"times_{end}"] = how_often()
        self.fields[f"per_{end}"] = choice(_("How often"), reversed(Per.choices))
        self.fields[f"value_{end}"] = plain(MoneyField(label=_("Costs you"), required=False))

    def _multipliers(self, place: int) -> list[tuple[int, str]]:
        """Those we offer, and the one there is."""
        was = self._was(place)
        offered = {*MULTIPLIERS, *([was.multiplier_percent] if was else [])}
        return [(percent, multiplied(percent)) for percent in sorted(offered)]

    def _was(self, place: int) -> Level | None:
        """The level as it is kept. None: it is new."""
        shown = self.data if self.is_bound else self.initial
        pk = whole(shown.get(f"tier_{place}"))
        return next((each for each in self.was.levels if pk and each.tier == pk), None)

    # --- What was typed ---------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(self.n):
            if not self._is_blank(place):
                self._ask_for(f"name_{place}", gettext("Type a name."))
                self._read_threshold(place)
                for at in self._places_of("title", place):
                    self._read_perk(f"{place}_{at}")
        return cleaned

    def plan(self) -> Plan:
        """What was typed. Not stored. Levels that were left empty are left out."""
        levels = [self._level(place) for place in range(self.n) if not self._is_blank(place)]
        chosen = self.cleaned_data
        return Plan(Measure(chosen["measure"]), Window(chosen["window"]), levels)

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal beside the level it is about."""
        self.add_error(self._field_of(refusal), str(refusal))

    def _field_of(self, refusal: Refused) -> str:
        typed_in = [place for place in range(self.n) if not self._is_blank(place)]
        match refusal:
            case refusals.TooFewLevels():
                empty = [place for place in range(self.n) if place not in typed_in]
                return f"name_{(empty or [self.n - 1])[0]}"
            case refusals.BaseNotZero():
                return f"begins_{typed_in[0]}"
        begins = [self.cleaned_data[f"begins_{place}"] for place in typed_in]
        higher = (at for at in range(1, len(begins)) if begins[at] <= begins[at - 1])
        return f"begins_{typed_in[next(higher)]}"

    def _is_blank(self, place: int) -> bool:
        names = (f"name_{place}", f"begins_{place}")
        return not any(str(self.data.get(name) or "").strip() for name in names)

    def _ask_for(self, field: str, words: str) -> None:
        if self.cleaned_data.get(field) in (None, "") and field not in self.errors:
            self.add_error(field, words)

    def _read_threshold(self, place: int) -> None:
        field = f"begins_{place}"
        self._ask_for(field, gettext("Type from where it begins."))
        if field in self.errors:
            return
        try:
            in_money = self.cleaned_data.get("measure") == Measure.SPEND
            self.cleaned_data[field] = read_threshold(self.cleaned_data[field], in_money=in_money)
        except ValidationError as wrong:
            self.add_error(field, wrong)

    def _read_perk(self, end: str) -> None:
        says = [self.cleaned_data.get(f"{name}_{end}") for name in ("title", "value")]
        if any(says):
            self._ask_for(f"title_{end}", gettext("Type what they can have."))

    def _level(self, place: int) -> Level:
        data, like = self.cleaned_data, self._was(place) or Level("", 0)
        words = [self._word(f"{place}_{at}") for at in self._places_of("word", place)]
        things = [self._perk(f"{place}_{at}", like) for at in self._places_of("title", place)]
        return replace(
            like,
            name=data[f"name_{place}"],
            threshold=data[f"begins_{place}"],
            # What the page did not ask for stays as it is.
            multiplier_percent=int(data.get(f"multiplier_{place}") or like.multiplier_percent),
            head_start=int(data.get(f"head_start_{place}") or like.head_start),
            perks=tuple(perk for perk in (*things, *words) if perk.title),
        )

    def _perk(self, end: str, level: Level) -> Perk:
        data = self.cleaned_data
        pk = data[f"perk_{end}"]
        return Perk(
            kind=Kind.CLAIM,
            title=data[f"title_{end}"],
            terms=next((perk.terms for perk in level.perks if pk and perk.perk == pk), ""),
            value_minor=data[f"value_{end}"] or 0,
            times=data[f"times_{end}"] or 1,
            per=Per(data[f"per_{end}"] or Per.YEAR),
            perk=pk,
        )

    def _word(self, end: str) -> Perk:
        data = self.cleaned_data
        return Perk(kind=Kind.TAG, title=data[f"word_{end}"], perk=data[f"tag_{end}"])
