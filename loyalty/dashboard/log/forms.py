"""What an owner asks the log for: days, who, where, what. All of it is part of the address."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from loyalty.actors import Channel
from loyalty.dashboard.log.kinds import GROUPS, Group
from loyalty.forms import DayField
from loyalty.models import Counter, Role, StaffMember

CHOOSE = _("Choose one from the list.")


@dataclass(frozen=True)
class Wanted:
    """Which lines. None, "": any."""

    first: date | None = None  # days in shop time
    last: date | None = None
    staff: int | None = None  # of the staff, by pk
    channel: str = ""  # or else the customers, or nobody
    place: int | None = None
    counter: int | None = None
    group: Group | None = None


class LogForm(forms.Form):
    """Staff see their own lines, so they are not asked who and where."""

    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("Until"), required=False)
    who = forms.ChoiceField(
        label=_("Who"), required=False, error_messages={"invalid_choice": CHOOSE}
    )
    where = forms.ChoiceField(
        label=_("Where"), required=False, error_messages={"invalid_choice": CHOOSE}
    )
    what = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Everything")), *((str(key), name) for key, name in GROUPS.items())],
        error_messages={"invalid_choice": CHOOSE},
    )

    def __init__(self, *args: Any, role: Role, staff: list[StaffMember], **options: Any) -> None:
        super().__init__(*args, **options)
        if role.covers(Role.Level.MANAGER):
            self._choices("who", [("", _("Everyone")), *_everybody(staff)])
            self._choices("where", [("", _("Everywhere")), *_places(role)])
        else:
            del self.fields["who"], self.fields["where"]
        for field in self.fields.values():
            field.plain_label = True  # type: ignore[attr-defined]  # left empty: any
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div(*self.fields, css_class="log-fields"),
            Submit("", _("Show"), css_class="btn-primary"),
        )

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("Choose a last day after the first."))
        return cleaned

    @property
    def asks(self) -> bool:
        """Was anything asked for?"""
        return any(self.data.get(name) for name in self.fields)

    @property
    def in_words(self) -> str:
        """From 1 May 2026 · Ola · Rewards."""
        data = getattr(self, "cleaned_data", {})
        days = [(self.fields[name].label, data.get(name)) for name in ("first", "last")]
        told = [f"{label} {formats.date_format(day)}" for label, day in days if day]
        chosen = [(name, data[name]) for name in ("who", "where", "what") if data.get(name)]
        told += [str(_chosen(_offered(self.fields[name]), value)) for name, value in chosen]
        return " · ".join(told)

    def wanted(self) -> Wanted:
        """Of a valid form."""
        data = self.cleaned_data
        who, whom = _part(data.get("who", ""))
        where, which = _part(data.get("where", ""))
        return Wanted(
            first=data["first"],
            last=data["last"],
            staff=whom if who == "staff" else None,
            channel="" if who == "staff" else who,
            place=which if where == "place" else None,
            counter=which if where == "counter" else None,
            group=Group(data["what"]) if data["what"] else None,
        )


def _offered(field: forms.Field) -> Any:
    return field.choices if isinstance(field, forms.ChoiceField) else []


def _chosen(choices: Any, value: str) -> Any:
    """What a choice is called, in a list with groups."""
    for key, name in choices:
        if isinstance(name, list):
            if found := _chosen(name, value):
                return found
        elif key == value:
            return name
    return ""


def _part(value: str) -> tuple[str, int | None]:
    """The two parts of "staff:3"."""
    name, _colon, number = value.partition(":")
    return name, int(number) if number else None


def _everybody(staff: list[StaffMember]) -> list[Any]:
    here = [(f"staff:{one.pk}", one.name) for one in staff if one.active]
    gone = [(f"staff:{one.pk}", one.name) for one in staff if not one.active]
    others = [(str(Channel.CARD), _("Customers")), (str(Channel.JOB), _("Nobody: by itself"))]
    former = [(_("Former"), gone)] if gone else []
    return [(_("Who works here"), here), *former, (_("Others"), others)]


def _places(role: Role) -> list[Any]:
    places = list(role.places())
    counters = Counter.objects.filter(location__in=places).order_by("name", "pk")
    return [
        (_("Places"), [(f"place:{place.pk}", place.name) for place in places]),
        (_("Counters"), [(f"counter:{counter.pk}", counter.name) for counter in counters]),
    ]
