"""What is worth a look in the last seven days, as the owner's pages show it."""

from datetime import date, datetime, timedelta
from itertools import groupby

from loyalty.calendar import midnight
from loyalty.models import Shop
from members.guard import flags
from members.guard.flags import Flag
from members.guard.models import GuardSettings
from members.ledger.models import local_day

SEVEN_DAYS = timedelta(days=7)


def since(shop: Shop, now: datetime) -> datetime:
    """Today and the six days before it, in shop time."""
    return midnight(local_day(shop, now) - SEVEN_DAYS + timedelta(days=1), shop.zone)


def days_of(shop: Shop, settings: GuardSettings, now: datetime) -> list[tuple[date, list[Flag]]]:
    """Every day with something on it, latest first."""
    found = flags.of_shop(shop, since(shop, now), now, settings)
    return [(day, list(those)) for day, those in groupby(found, key=lambda flag: flag.day)]


def how_many(shop: Shop, now: datetime) -> int:
    """How many things are worth a look; 0 too where the shop does not want to know."""
    return flags.how_many(shop, since(shop, now), now, GuardSettings.of(shop))
