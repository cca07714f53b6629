"""Throwing an emergency switch, and taking it back. Whatever begins afterwards sees it."""

import logging

from django.db import IntegrityError, transaction

from loyalty import clock
from loyalty.actors import Actor, Channel
from loyalty.halts.models import Halt
from loyalty.journal import operations as journal
from loyalty.models import Counter, Shop

log = logging.getLogger("stamkunde.halts")


def halt(
    what: Halt.What, *, shop: Shop | None, counter: Counter | None = None, reason: str
) -> bool:
    """Nobody does this from now on, in a shop or (None) anywhere. False: it was halted already."""
    try:
        with transaction.atomic():
            Halt.objects.create(what=what, shop=shop, counter=counter, reason=reason)
            _tell_owner(f"halted_{what}", shop, counter)
    except IntegrityError:
        return False
    log.warning("Halted %s in %s: %s", counter or what, shop or "every shop", reason)
    return True


@transaction.atomic
def resume(
    what: Halt.What, *, shop: Shop | None, counter: Counter | None = None, reason: str
) -> bool:
    """Take exactly this switch back. False: it was not thrown."""
    thrown = Halt.objects.standing().filter(what=what, shop=shop, counter=counter)
    if not thrown.update(ended_at=clock.now()):
        return False
    _tell_owner(f"resumed_{what}", shop, counter)
    log.warning("Resumed %s in %s: %s", counter or what, shop or "every shop", reason)
    return True


def _tell_owner(what: str, shop: Shop | None, counter: Counter | None) -> None:
    """In the log of the shop. What holds in every shop stands in the table only."""
    if shop:
        about = counter.name if counter else ""
        place = counter.location if counter else None
        journal.write(Actor(shop, Channel.JOB), what, about=about, location=place)


def is_read_only() -> bool:
    """Is everything halted, everywhere?"""
    return Halt.objects.standing().everywhere().exists()
