"""What an owner types about points."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

from babel.numbers import format_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty import clock, money
from loyalty.calendar import midnight
from loyalty.forms import DayField
from loyalty.models import Shop
from loyalty.money import MoneyField, reader
from loyalty.refusals import Refused
from rewards.points.owning import BeganAlready, EarnsNothing
from rewards.points.rules import MOST_ACTIONS, Action, Expiry, PointRules
from rewards.points.units import Unit

LONGEST_WORD, LONGEST_NAME = 20, 30  # letters
MOST_POINTS = 10_000  # above it somebody slipped on a key
LONGEST_MONTHS = 120

UNITS = [
    (Unit.POINTS, _("Points")),
    (Unit.STARS, _("Stars")),
    (Unit.CLIPS, _("Clips")),
    (Unit.OWN, _("Our own words")),
]
EXPIRIES = [
    (Expiry.NEVER, _("Never")),
    (Expiry.EARNED, _("Months after earning")),
    (Expiry.IDLE, _("Months without a visit")),
]
ACTION_FIELDS = [(f"action_{row}_name", f"action_{row}_n") for row in range(1, MOST_ACTIONS + 1)]
# Not "(optional)": what is chosen beside these asks for them, or the page says it of them all.
PLAIN_LABELS = (
    *("rate", "every", "unit_one", "unit_many", "months"),
    *("per_visit", "per_item", "item", "per_attendance"),
)
FIELD_OF: dict[type[Refused], str] = {EarnsNothing: "by_amount", BeganAlready: "begins_on"}


class RateField(forms.CharField):
    """Points as people type them, 0,5 or 0.5; a tidy decimal string above zero comes out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=12, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value  # what somebody typed stays as they typed it
        return format_decimal(value, format="0.######", locale=reader())

    def clean(self, value: Any) -> str:
        typed = super().clean(value).replace(",", ".")
        return _tidy(typed) if typed else ""


def _tidy(typed: str) -> str:
    try:
        rate = Decimal(typed)
    except InvalidOperation:
        raise ValidationError(_("Type a number, like 1 or 0,5."), code="number") from None
    if not rate.is_finite() or rate <= 0:
        raise ValidationError(_("Type a number above zero, like 1 or 0,5."), code="zero")
    if rate > MOST_POINTS:
        raise ValidationError(_("That is a lot. Type a smaller number."), code="most")
    if rate != rate.quantize(Decimal("0.01")) or int(rate.as_tuple().exponent) < -2:
        raise ValidationError(_("Type a number with two decimals at most."), code="decimals")
    return format(rate.normalize(), "f")


def _number(label: Any, **options: Any) -> forms.IntegerField:
    options.setdefault("min_value", 0)
    options.setdefault("max_value", MOST_POINTS)
    options.setdefault("required", False)
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, widget=widget, **options)


def _word(label: Any, example: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_WORD,
        help_text=example,
    )


class PointsForm(forms.Form):
    """A points scheme on one page. What the shop may promise is the operation's business.

    Once it is valid, ask it for `name`, `rules()` and `effective_from`.
    """

    rate = RateField(
        label=_("Points given"),
        required=False,
    )
    every = MoneyField(label=_("For every"), required=False)
    unit = forms.ChoiceField(label=_("What you call them"), choices=UNITS, widget=forms.RadioSelect)
    unit_one = _word(_("One of them"), _("As in “1 bean”."))
    unit_many = _word(_("Several of them"), _("As in “7 beans”."))
    expiry = forms.ChoiceField(
        label=_("When they run out"), choices=EXPIRIES, widget=forms.RadioSelect
    )
    months = _number(_("Months"), min_value=1, max_value=LONGEST_MONTHS)
    title = forms.CharField(
        label=_("Name"),
        max_length=40,
        help_text=_("As it stands on the card page."),
        error_messages={"required": _("Type a name.")},
    )
    by_amount = forms.BooleanField(
        label=_("A purchase earns by what is paid"), required=False, initial=True
    )
    minimum = MoneyField(
        label=_("Minimum purchase"),
        required=False,
        help_text=_("Leave it empty, and every purchase counts."),
    )
    per_visit = _number(_("Points for each purchase"), help_text=_("Whatever is paid."))
    per_item = _number(_("Points for each item"))
    item = forms.CharField(
        label=_("What is counted"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("As staff read it, such as “cups”."),
    )
    per_attendance = _number(
        _("Points for coming by"), help_text=_("Once a day, without a purchase. Staff tap it.")
    )
    returns = forms.BooleanField(
        label=_("They come back when a chosen reward runs out unused"), required=False
    )
    warn = _number(
        _("Warn me above"),
        required=True,
        min_value=1,
        max_value=100,
        help_text=_("Of what members pay, given back as rewards."),
    )
    begins_on = DayField(
        label=_("New rules begin on"),
        required=False,
        help_text=_("At midnight. Leave it empty to begin at once."),
    )

    more = (
        *("title", "by_amount", "minimum", "per_visit", "per_item", "item", "per_attendance"),
        *("returns", "warn", "begins_on"),
        *chain(*ACTION_FIELDS),
    )

    def __init__(
        self,
        *args: Any,
        shop: Shop,
        name: str,
        rules: PointRules,
        starts: bool = False,  # there are no points yet, so they begin at once
        **kwargs: Any,
    ):
        kwargs.setdefault("initial", initial_from(name, rules))
        super().__init__(*args, **kwargs)
        self.shop, self.was = shop, rules
        if starts:
            del self.fields["begins_on"]
        self.before, self.after = money.beside(shop.currency)
        for name_field, n_field in ACTION_FIELDS:
            self.fields[name_field] = forms.CharField(
                label=_("What they do"), required=False, max_length=LONGEST_NAME
            )
            self.fields[n_field] = _number(_("Points"), min_value=1)
        for field in (*PLAIN_LABELS, *chain(*ACTION_FIELDS)):
            self.fields[field].plain_label = True  # type: ignore[attr-defined]

    @property
    def action_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[name], self[n]) for name, n in ACTION_FIELDS]

    @property
    def opens_more(self) -> bool:
        """Is something wrong under "More choices"?"""
        return any(name in self.errors for name in self.more)

    @property
    def name(self) -> str:
        return self.cleaned_data["title"]

    @property
    def effective_from(self) -> datetime | None:
        """Midnight of the first day, in shop time. None: now, also on the day itself."""
        day: date | None = self.cleaned_data.get("begins_on")
        if day is None or day == clock.today(self.shop.zone):
            return None
        return midnight(day, self.shop.zone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("by_amount"):
            self._ask_for("rate", gettext("Type how many points, like 1 or 0,5."))
            self._ask_for("every", gettext("Type for how much, like 10."))
        else:
            self._leave_out("rate", "every")
        if cleaned.get("every") == 0:
            self.add_error("every", gettext("Type an amount above zero."))
        if cleaned.get("unit") == Unit.OWN:
            self._ask_for("unit_one", gettext("Type the word for one of them."))
            self._ask_for("unit_many", gettext("Type the word for several of them."))
        else:
            self._leave_out("unit_one", "unit_many")
        if cleaned.get("expiry") == Expiry.NEVER:
            self._leave_out("months")
        else:
            self._ask_for("months", gettext("Type after how many months."))
        if cleaned.get("per_item"):
            self._ask_for("item", gettext("Type what is counted."))
        cleaned["actions"] = self._actions(cleaned)
        return cleaned

    def rules(self) -> PointRules:
        data, was = self.cleaned_data, self.was
        own = data["unit"] == Unit.OWN
        return replace(
            was,
            unit=Unit(data["unit"]),
            unit_one=data["unit_one"] if own else "",
            unit_many=data["unit_many"] if own else "",
            rate=data["rate"] if data["by_amount"] else "0",
            every_minor=data["every"] or was.every_minor,
            minimum_minor=data["minimum"] or 0,
            per_visit=data["per_visit"] or 0,
            per_item=data["per_item"] or 0,
            item=data["item"] if data["per_item"] else "",
            per_attendance=data["per_attendance"] or 0,
            actions=data["actions"],
            expiry=Expiry(data["expiry"]),
            expires_months=data["months"] or was.expires_months,
            returns=data["returns"],
            warn_percent=data["warn"],
        )

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal beside what it is about."""
        self.add_error(FIELD_OF.get(type(refusal)), str(refusal))

    def _ask_for(self, field: str, words: str) -> None:
        if self.cleaned_data.get(field) in (None, "") and field not in self.errors:
            self.add_error(field, words)

    def _leave_out(self, *fields: str) -> None:
        """What another choice has put out of sight is neither wrong nor kept."""
        for field in fields:
            self.errors.pop(field, None)
            self.cleaned_data[field] = None

    def _actions(self, cleaned: dict[str, Any]) -> tuple[Action, ...]:
        """The rows that say something. A row with one half only asks for the other."""
        found: list[Action] = []
        for name_field, n_field in ACTION_FIELDS:
            name, n = cleaned.get(name_field), cleaned.get(n_field)
            if name:
                self._ask_for(n_field, gettext("Type how many points it gives."))
            if n:
                self._ask_for(name_field, gettext("Type what it is."))
            if name and name in (action.name for action in found):
                self.add_error(name_field, gettext("This stands here twice."))
            if name and n:
                found.append(Action(name, n))
        return tuple(found)


def initial_from(name: str, rules: PointRules) -> dict[str, Any]:
    """What the form shows of points as they are."""
    rows: dict[str, Any] = {}
    for (name_field, n_field), action in zip(ACTION_FIELDS, rules.actions, strict=False):
        rows |= {name_field: action.name, n_field: action.points}
    return {
        "rate": Decimal(rules.rate) if rules.by_amount else None,
        "every": rules.every_minor,
        "unit": rules.unit,
        "unit_one": rules.unit_one,
        "unit_many": rules.unit_many,
        "expiry": rules.expiry,
        "months": rules.expires_months,
        "title": name,
        "by_amount": rules.by_amount,
        "minimum": rules.minimum_minor or None,
        "per_visit": rules.per_visit or None,
        "per_item": rules.per_item or None,
        "item": rules.item,
        "per_attendance": rules.per_attendance or None,
        "returns": rules.returns,
        "warn": rules.warn_percent,
        **rows,
    }
