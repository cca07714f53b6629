"""What can happen to the guard: on or off, other thresholds, the hours it goes by."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from loyalty.models import Location, OpeningHours, Shop
from members.guard.models import GuardSettings

Hours = Mapping[int, tuple[time, time]]  # by weekday, Monday is 0: opens and closes, in shop time


def switch(shop: Shop, *, on: bool) -> None:
    """Look, or don't. The thresholds are kept."""
    GuardSettings.objects.update_or_create(shop=shop, defaults={"on": on})


def set_thresholds(shop: Shop, **thresholds: int) -> None:
    """From now on these are worth a look; also of what has already happened."""
    GuardSettings.objects.update_or_create(shop=shop, defaults=thresholds)


@transaction.atomic
def set_hours(location: Location, hours: Hours) -> None:
    """When a place is open. A weekday not among `hours` is closed; no weekday at all: not told."""
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
