"""What an owner does to the whole shop: says what it is called and where it is, pauses it, opens
it again."""

from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import Shop
from loyalty.refusals import Refused
from members import rooms
from members.ledger.models import Operation

ABOUT = ("name", "contact_email", "address", "language")  # may change on any day
FIXED = ("time_zone", "currency")  # days and amounts are booked in them
NORTH = {"Atlantic/Reykjavik", "Atlantic/Faroe", "America/Nuuk", "Arctic/Longyearbyen"}


class ShopIsFixed(Refused):
    """Days and amounts stand in the books as they were booked."""

    code = "shop_is_fixed"

    def __str__(self) -> str:
        return _("Time zone and currency stay as they are once something is booked.")


def time_zones() -> list[str]:
    """Where a shop may be."""
    europe = {zone for zone in available_timezones() if zone.startswith("Europe/")}
    return sorted(europe | NORTH)


def has_booked(shop: Shop) -> bool:
    """Has anything been booked? The first card is enough."""
    with scope(shop=shop):
        return Operation.objects.exists()


@transaction.atomic
def change_shop(actor: Actor, **wanted: str) -> None:
    """Keep what the owner says of the shop: any of ABOUT and FIXED. Refused: ShopIsFixed."""
    shop = actor.shop
    Shop.objects.lock(shop)
    shop.refresh_from_db(fields=[*wanted])
    before = {name: getattr(shop, name) for name in wanted}
    moved = {name for name in FIXED if wanted.get(name, before.get(name)) != before.get(name)}
    if moved and has_booked(shop):
        raise ShopIsFixed
    for name, value in wanted.items():
        setattr(shop, name, value)
    shop.save(update_fields=[*wanted])
    journal.write(actor, "shop", before=before, after=wanted)


@transaction.atomic
def pause_shop(actor: Actor) -> None:
    """Nobody joins and nobody collects from now on; rewards can still be handed out."""
    _switch(actor, "shop_paused", clock.now(), paused_since=None)


@transaction.atomic
def resume_shop(actor: Actor) -> None:
    """Everything goes on; what happened meanwhile is made up for."""
    if _switch(actor, "shop_resumed", None, paused_since__isnull=False):
        with scope(shop=actor.shop):
            for resumed in rooms.answering("resumed"):
                resumed(actor.shop)


def _switch(actor: Actor, what: str, since: Any, **was: Any) -> bool:
    """False: somebody was quicker."""
    switched = Shop.objects.filter(pk=actor.shop.pk, **was).update(paused_since=since)
    if switched:
        journal.write(actor, what)
    actor.shop.refresh_from_db(fields=["paused_since"])
    return bool(switched)
