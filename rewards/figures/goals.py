"""What an owner wants to reach: one goal at a time, of members or of visits, by a day."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import Shop
from loyalty.numbers import figure
from loyalty.refusals import Refused
from members.ledger.models import local_day
from members.models import Membership
from rewards.figures.models import Goal

FIELDS = ("what", "target", "until")
NAMES = {Goal.What.MEMBERS: gettext_lazy("Members"), Goal.What.VISITS: gettext_lazy("Visits")}


class GoalIsPast(Refused):
    """Its last day is over."""

    code = "goal_is_past"

    def __str__(self) -> str:
        return _("That day is over. Choose one that is still to come.")


class GoalIsReached(Refused):
    """There are as many members already."""

    code = "goal_is_reached"

    def __str__(self) -> str:
        n = self.values["n"]
        return ngettext(
            "You have %(figure)s member already. Aim higher.",
            "You have %(figure)s members already. Aim higher.",
            n,
        ) % {"figure": figure(n)}


@transaction.atomic
def set_goal(*, what: Goal.What, target: int, until: date, actor: Actor) -> Goal:
    """Aim for so many members, or for so many visits from today on, by a day in shop time.

    A goal of the same kind that still runs is changed: it counts from the day it was set. Refused:
    GoalIsPast, GoalIsReached.
    """
    now = actor.at or clock.now()
    shop = actor.shop
    Shop.objects.lock(shop)
    known = Goal.objects.filter(shop=shop).first()
    _must_be_ahead(shop, what, target, until, now)
    wanted = {"what": what, "target": target, "until": until}
    same = known is not None and known.what == what and known.until >= local_day(shop, now)
    goal, _first = Goal.objects.update_or_create(
        shop=shop, defaults=wanted if same else {**wanted, "set_at": now}
    )
    journal.write(actor, "goal", before=_facts(known), after=_facts(goal))
    return goal


@transaction.atomic
def drop_goal(actor: Actor) -> None:
    """Aim for nothing in particular."""
    deleted, _each = Goal.objects.filter(shop=actor.shop).delete()
    if deleted:
        journal.write(actor, "goal_off")


def _must_be_ahead(shop: Shop, what: str, target: int, until: date, now: datetime) -> None:
    if until < local_day(shop, now):
        raise GoalIsPast
    if what == Goal.What.MEMBERS:
        members = Membership.objects.filter(shop=shop).current().count()
        if target <= members:
            raise GoalIsReached(n=members)


def _facts(goal: Goal | None) -> dict[str, object] | None:
    return {name: getattr(goal, name) for name in FIELDS} if goal else None
