"""What an owner does to the birthday treat: starts it, changes it, switches it off."""

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.refusals import Refused
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.operations import points_run

FIELDS = ("title", "terms", "value_minor", "bonus", "days_before", "days_after")


class NoPoints(Refused):
    """There is no points scheme that could give the bonus."""

    code = "birthday_no_points"

    def __str__(self) -> str:
        return _("Points are given only while your points scheme runs.")


@transaction.atomic
def keep_treat(treat: BirthdayTreat, *, actor: Actor) -> bool:
    """Give this from now on; what was given keeps its promise. Refused: NoPoints.

    True: it is the shop's first, and is on at once. A later one is on if the last one was.
    """
    if treat.bonus and not points_run(clock.today(actor.shop.zone)):
        raise NoPoints
    wanted = {name: getattr(treat, name) for name in FIELDS}
    known = BirthdayTreat.objects.filter(shop=actor.shop).values(*FIELDS).first()
    _kept, first = BirthdayTreat.objects.update_or_create(shop=actor.shop, defaults=wanted)
    journal.write(actor, "birthday", about=treat.title, before=known, after=wanted)
    return first


@transaction.atomic
def switch_off(actor: Actor) -> None:
    """Nobody gets one from now on, and nobody is asked for a birthday. What is ready stays."""
    on = BirthdayTreat.objects.filter(shop=actor.shop, off_since=None)
    if on.update(off_since=clock.now()):
        journal.write(actor, "birthday_off")


@transaction.atomic
def switch_on(actor: Actor) -> None:
    off = BirthdayTreat.objects.filter(shop=actor.shop).exclude(off_since=None)
    if off.update(off_since=None):
        journal.write(actor, "birthday_on")
