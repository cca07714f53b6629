"""What is kept about somebody, as people read it."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from loyalty.numbers import figure

register = template.Library()


@register.filter
def plainly(fact: Any) -> str:
    """A moment in local time, a day, yes or no, a number; "–": nothing."""
    if isinstance(fact, bool):
        return _("Yes") if fact else _("No")
    if isinstance(fact, datetime):
        return formats.date_format(timezone.localtime(fact), "DATETIME_FORMAT")
    if isinstance(fact, date):
        return formats.date_format(fact, "DATE_FORMAT")
    if isinstance(fact, int):
        return figure(fact)
    return str(fact) if fact else "–"


@register.filter
def is_list(facts: Any) -> bool:
    return isinstance(facts, list)
