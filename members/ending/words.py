"""What is said of a programme that ends, or that is on pause."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from loyalty.models import Shop
from members.ending.dates import End, announced
from members.models import Programme
from members.templatetags.days import day as in_words


def of_programme(programme: Programme, today: date) -> str:
    """How it ends, in a sentence for members. "": it goes on, or is over."""
    end = announced(programme)
    return "" if end is None or programme.ended(today) else sentence(programme.name, end, today)


def sentence(name: str, end: End, today: date) -> str:
    """Coffee card ends. You collect until 31 December, and use what you have until 31 March."""
    told = {
        "card": name,
        "day": in_words(end.collects_until),
        "until": in_words(end.honoured_until),
    }
    if today > end.collects_until:
        return _("%(card)s: collecting ended on %(day)s. Use what you have until %(until)s.") % told
    return (
        _("%(card)s ends. You collect until %(day)s, and use what you have until %(until)s.") % told
    )


def on_card(shop: Shop, programmes: Iterable[Programme], today: date) -> Iterator[str]:
    """What members should know of what they collect in: that it ends, or that it waits."""
    if shop.paused_since:
        told = {"shop": shop.name, "day": _day(shop, shop.paused_since)}
        words = _("%(shop)s is on pause since %(day)s. What you have is kept and can be used.")
        yield words % told
    for programme in programmes:
        ends = of_programme(programme, today)
        if ends:
            yield ends
        if programme.paused_since and not shop.paused_since:
            told = {"card": programme.name, "day": _day(shop, programme.paused_since)}
            words = _("%(card)s is on pause since %(day)s. What you have is kept and can be used.")
            yield words % told


def _day(shop: Shop, moment: datetime) -> str:
    return in_words(moment.astimezone(shop.zone).date())
