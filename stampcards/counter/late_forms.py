"""The shape of what a device sends when it is back: what it has, and one action at a time."""

import re
from datetime import timedelta
from typing import Any

from django import forms

from loyalty import clock
from stampcards.counter.late import AHEAD, Saved

MOST = 2_000_000_000  # numbers, as the database holds them
FIELDS = 12  # of a form at the till
LONGEST = 60  # letters in one of them


class Numbers(forms.Field):
    """A list of numbers, as JSON has it."""

    def clean(self, value: Any) -> list[int]:
        if not isinstance(value, list) or not all(type(number) is int for number in value):
            raise forms.ValidationError("not a list of numbers")
        return value


def _is_line(text: Any) -> bool:
    """Short, and nothing in it that a database can't keep."""
    return isinstance(text, str) and len(text) <= LONGEST and text.isprintable()


class Fields(forms.Field):
    """The fields of a saved form, without its key."""

    def clean(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict) or len(value) > FIELDS:
            raise forms.ValidationError("not the fields of a form")
        if not all(map(_is_line, value.values())):
            raise forms.ValidationError("not the fields of a form")
        return {name: text for name, text in value.items() if re.fullmatch(r"[a-z_]{1,20}", name)}


class ReportForm(forms.Form):
    """What the device has given away and what of it still waits there."""

    store = forms.RegexField(r"^[0-9a-f-]{36}\Z")
    given = forms.IntegerField(min_value=0, max_value=MOST)
    waiting = Numbers()


class SavedForm(forms.Form):
    """One saved action. Ages in milliseconds; `now` is the device's clock, since 1970."""

    store = forms.RegexField(r"^[0-9a-f-]{36}\Z")
    key = forms.UUIDField()
    seq = forms.IntegerField(min_value=1, max_value=MOST)
    counter = forms.IntegerField(min_value=1, max_value=MOST)
    code = forms.RegexField(r"^[0-9A-Za-z]{6}(?:[0-9A-Za-z]{4})?\Z")
    staff = forms.IntegerField(required=False, max_value=MOST)
    age = forms.IntegerField(min_value=-(10**13), max_value=10**13)
    now = forms.IntegerField(min_value=-(10**14), max_value=10**14)
    cancelled = forms.BooleanField(required=False)
    form = Fields()

    def saved(self) -> Saved:
        """The action, with its age as a length of time."""
        told = dict(self.cleaned_data)
        off = abs(clock.now().timestamp() - told.pop("now") / 1000)
        return Saved(
            asked=told.pop("form"),
            age=timedelta(milliseconds=told.pop("age")),
            clock_off=off > AHEAD.total_seconds(),
            **told,
        )
