"""What an owner may type about what is worth a look: thresholds, and when a place is open."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty.forms import NUMBERS
from loyalty.models import Location
from members.guard.models import GuardSettings

CLOCK = "%H:%M"  # what a browser's time field speaks


def number(name: str, label: Any, help_text: Any = "") -> forms.IntegerField:
    """The field of one threshold; how low and high it goes is the threshold's business."""
    field: Any = GuardSettings._meta.get_field(name)
    limits = {validator.code: validator.limit_value for validator in field.validators}
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=limits["min_value"],
        max_value=limits["max_value"],
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=NUMBERS,
    )


class ThresholdsForm(forms.Form):
    """Every number of the rules."""

    visits_a_day = number("visits_a_day", _("Visits in a day"), _("More than this is shown."))
    stamps_a_day = number("stamps_a_day", _("Stamps in a day"), _("More than this is shown."))
    pair_share = number(
        "pair_share",
        _("Share in per cent"),
        _("Shown from this share on, if other customers get far less from the same person."),
    )
    pair_least = number(
        "pair_least", _("Stamps at least"), _("Shown from this many, and again at twice as many.")
    )
    pair_days = number("pair_days", _("Days to count"))
    burst_visits = number(
        "burst_visits",
        _("Visits in a row"),
        _("Shown from this many. A till that is always busy gets more room by itself."),
    )
    burst_minutes = number("burst_minutes", _("Within minutes"))
    own_a_day = number(
        "own_a_day",
        _("Times in a day"),
        _("Shown from this many. It is their own card if it is saved with their sign-in."),
    )
    hours_grace = number(
        "hours_grace",
        _("Minutes before and after"),
        _("Until then, nobody minds a stamp before opening or after closing."),
    )
    far_times = number(
        "far_times", _("Times as many"), _("As 99 of 100 other customers have at most.")
    )
    far_least = number("far_least", _("Visits at least"))
    far_days = number("far_days", _("Days to count"))

    def __init__(self, *args: Any, settings: GuardSettings, **options: Any) -> None:
        options["initial"] = {name: getattr(settings, name) for name in self.base_fields}
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False  # the template owns the address
        self.helper.layout = Layout(
            Fieldset(_("One card on one day"), pair("visits_a_day", "stamps_a_day")),
            Fieldset(
                _("One person gives most of one customer's stamps"),
                pair("pair_share", "pair_least", "pair_days"),
            ),
            Fieldset(
                _("Many visits at once, with one person"), pair("burst_visits", "burst_minutes")
            ),
            Fieldset(_("Staff stamp their own card"), pair("own_a_day")),
            Fieldset(_("Outside opening hours"), pair("hours_grace")),
            Fieldset(
                _("Far more visits than nearly all others"),
                pair("far_times", "far_least", "far_days"),
            ),
            Submit("", _("Save"), css_class="btn-primary"),
        )


def pair(*names: str) -> Div:
    return Div(*names, css_class="inline-pair")


class HoursForm(forms.Form):
    """When one place is open, Monday to Sunday. Draw it with `owner/_opening_hours.html`."""

    def __init__(self, *args: Any, location: Location, **options: Any) -> None:
        options["auto_id"] = f"hours{location.pk}_%s"
        super().__init__(*args, **options)
        now = {hours.weekday: (hours.opens, hours.closes) for hours in location.hours.all()}
        for day, name in WEEKDAYS.items():
            opens, closes = now.get(day, (None, None))
            words = {"day": name}
            self.fields[f"opens_{day}"] = clock_field(gettext("%(day)s, opens") % words, opens)
            self.fields[f"closes_{day}"] = clock_field(gettext("%(day)s, closes") % words, closes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day in WEEKDAYS:
            self._check(day, cleaned.get(f"opens_{day}"), cleaned.get(f"closes_{day}"))
        return cleaned

    def _check(self, day: int, opens: time | None, closes: time | None) -> None:
        """Both or neither. What was typed wrong has its message already."""
        if f"opens_{day}" in self.errors or f"closes_{day}" in self.errors:
            return
        if opens is None and closes is not None:
            self.add_error(f"opens_{day}", gettext("Type when it opens."))
        if closes is None and opens is not None:
            self.add_error(f"closes_{day}", gettext("Type when it closes."))
        if opens is not None and opens == closes:
            same = gettext("It closes when it opens. For round the clock, type 00:00 and 23:59.")
            self.add_error(f"closes_{day}", same)

    def hours(self) -> dict[int, tuple[time, time]]:
        """By weekday, Monday is 0; a day without hours is closed."""
        data = self.cleaned_data
        return {
            day: (data[f"opens_{day}"], data[f"closes_{day}"])
            for day in WEEKDAYS
            if data[f"opens_{day}"] is not None
        }

    def days(self) -> Iterator[tuple[Any, BoundField, BoundField]]:
        """Each weekday with its two fields."""
        for day, name in WEEKDAYS.items():
            yield name, self[f"opens_{day}"], self[f"closes_{day}"]


def clock_field(label: str, now: time | None) -> forms.TimeField:
    field = forms.TimeField(
        label=label,
        initial=now,
        required=False,
        input_formats=[CLOCK, "%H.%M", "%H"],
        widget=forms.TimeInput(attrs={"type": "time"}, format=CLOCK),
        error_messages={"invalid": _("Type a time like 09:30.")},
    )
    field.plain_label = True  # type: ignore[attr-defined]  # empty says something: closed
    return field
