"""What an owner does to a points scheme: starts it, and changes its rules from a day on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.actors import Actor
from loyalty.refusals import Refused
from members import programmes
from members.models import Programme, RuleVersion
from rewards.points.rules import PointRules


class EarnsNothing(Refused):
    """No way to earn a point is left."""

    code = "points_earn_nothing"

    def __str__(self) -> str:
        return _("Choose at least one way to earn.")


class HasPoints(Refused):
    """The shop has a points scheme. Two would count every purchase twice."""

    code = "has_points_already"

    def __str__(self) -> str:
        return _("You have a points scheme already.")


@transaction.atomic
def start_points(*, name: str, rules: PointRules, actor: Actor) -> Programme:
    """A points scheme with its first rules; every member takes part. Refused: EarnsNothing,
    HasPoints."""
    check(rules)
    shops = type(actor.shop).objects.select_for_update(no_key=True)  # a double tap starts one
    list(shops.filter(pk=actor.shop.pk).values_list("pk"))
    if Programme.objects.filter(kind="points").exists():
        raise HasPoints
    return programmes.start(kind="points", name=name, rules=rules.stored(), actor=actor)


@transaction.atomic
def change_points(
    *,
    programme: Programme,
    name: str,
    rules: PointRules,
    effective_from: datetime | None = None,
    actor: Actor,
) -> RuleVersion:
    """New rules from a moment on (None: now). What was earned stays as it was earned.

    A later change replaces one that has not begun. The same rules again write nothing.
    Refused: EarnsNothing.
    """
    check(rules)
    locked = programmes.lock(programme)
    programmes.rename(locked, name)
    newest = RuleVersion.objects.filter(programme=locked).latest("number")
    if PointRules.read(newest.rules) == rules and effective_from is None:
        return newest
    return programmes.write(
        locked, newest.number + 1, rules.stored(), actor, effective_from=effective_from
    )


def check(rules: PointRules) -> None:
    """Can points be earned at all? Refused: EarnsNothing."""
    ways = (rules.by_amount, rules.per_visit, rules.per_item, rules.per_attendance, *rules.actions)
    if not any(ways):
        raise EarnsNothing
