"""What can happen to the guard: on or off, other thresholds, the hours it goes by."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import Location, OpeningHours
from members.guard.models import GuardSettings

Hours = Mapping[int, tuple[time, time]]  # by weekday, Monday is 0: opens and closes, in shop time


@transaction.atomic
def switch(actor: Actor, *, on: bool) -> None:
    """Look, or don't. The thresholds are kept."""
    if GuardSettings.of(actor.shop).on != on:
        GuardSettings.objects.update_or_create(shop=actor.shop, defaults={"on": on})
        journal.write(actor, "flags_on" if on else "flags_off")


@transaction.atomic
def set_thresholds(actor: Actor, **thresholds: int) -> None:
    """From now on these are worth a look; also of what has already happened."""
    settings = GuardSettings.of(actor.shop)
    before = {name: getattr(settings, name) for name in thresholds}
    GuardSettings.objects.update_or_create(shop=actor.shop, defaults=thresholds)
    journal.write(actor, "flags", before=before, after=thresholds)


@transaction.atomic
def set_hours(location: Location, hours: Hours, *, actor: Actor) -> None:
    """When a place is open. A weekday not among `hours` is closed; no weekday at all: not told."""
    told = {day.weekday: (day.opens, day.closes) for day in location.hours.all()}
    before, after = _as_facts(told), _as_facts(hours)
    journal.write(
        actor, "hours", about=location.name, location=location, before=before, after=after
    )
    OpeningHours.objects.filter(location=location).exclude(weekday__in=hours).delete()
    OpeningHours.objects.bulk_create(
        [
            OpeningHours(
                shop_id=location.shop_id, location=location, weekday=day, opens=opens, closes=closes
            )
            for day, (opens, closes) in hours.items()
        ],
        update_conflicts=True,  # two people may save at once: the later one is right
        unique_fields=["location", "weekday"],
        update_fields=["opens", "closes"],
    )


def _as_facts(hours: Hours) -> dict[str, str]:
    """For the journal: {"day_0": "09:00–17:00"}."""
    return {f"day_{day}": f"{opens:%H:%M}–{closes:%H:%M}" for day, (opens, closes) in hours.items()}
