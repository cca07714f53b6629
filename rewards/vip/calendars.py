"""Dates of early access as a calendar file (RFC 5545): an evening, or the moment it opens."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from loyalty import clock
from loyalty.models import Shop
from rewards.vip.looks import Look, State

AN_OPENING = timedelta(minutes=15)  # long enough to be seen in a calendar
AN_EVENING = timedelta(hours=2)  # of an event that says no end


def has_date(look: Look) -> bool:
    """Is there something of theirs to remember: an event they come to, an opening to come?"""
    return _is_evening(look) or look.state == State.ANNOUNCED


def file_of(look: Look, shop: Shop) -> bytes:
    """The file. Asked for again, it is about the same entry, with what holds by then."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//Stamkunde//{get_language()}//")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_evening(look, shop) if _is_evening(look) else _opening(look, shop))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _is_evening(look: Look) -> bool:
    return look.drop.is_event and look.state == State.RESERVED


def _evening(look: Look, shop: Shop) -> Event:
    drop = look.drop
    starts = drop.starts_at or look.now
    event = _entry(look, shop, "event", starts, drop.ends_at or starts + AN_EVENING)
    event.add("summary", _("%(what)s, %(shop)s") % {"what": drop.name, "shop": shop.name})
    event.add("location", drop.place)
    if drop.text:
        event.add("description", drop.text)
    return event


def _opening(look: Look, shop: Shop) -> Event:
    opens = look.opens_to_you or look.now
    event = _entry(look, shop, "opening", opens, opens + AN_OPENING)
    told = {"what": look.drop.name, "shop": shop.name}
    event.add("summary", _("Early access: %(what)s, %(shop)s") % told)
    event.add("location", shop.name)
    event.add("description", _("It opens to you. Your card at %(shop)s leads there.") % told)
    return event


def _entry(look: Look, shop: Shop, what: str, starts: datetime, ends: datetime) -> Event:
    """No address of the card: calendars are shared, and it is the key to it."""
    event = Event()
    host = urlsplit(settings.PUBLIC_URL).hostname
    event.add("uid", f"early-{what}-{look.drop.pk}@{host}")
    event.add("dtstamp", clock.now())
    event.add("dtstart", starts.astimezone(shop.zone))
    event.add("dtend", ends.astimezone(shop.zone))
    return event
