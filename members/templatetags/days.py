"""Days as people say them."""

from datetime import date

from django import template
from django.utils import formats, timezone

from loyalty import clock

register = template.Library()


@register.filter
def iso_day(written: str) -> str:
    """The same, of a day that was kept as plain data: 2027-12-03."""
    return day(date.fromisoformat(written))


@register.filter(expects_localtime=True)
def day(moment: date) -> str:
    """3 December; with its year, if that is another one."""
    this_year = timezone.localtime(clock.now()).year
    shape = "MONTH_DAY_FORMAT" if moment.year == this_year else "DATE_FORMAT"
    return formats.date_format(moment, shape)
