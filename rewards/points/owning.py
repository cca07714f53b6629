"""What an owner does to a points scheme: starts it, and changes its rules from a day on."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import Shop
from loyalty.refusals import Refused
from members import programmes
from members.ledger import accounts
from members.models import Programme, RuleVersion
from rewards.points.rules import PointRules
from rewards.points.scheme import points_scheme


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


class BeganAlready(Refused):
    """Rules hold from now on, or from a later moment. What was earned stays as it was earned."""

    code = "rules_from_the_past"

    def __str__(self) -> str:
        return _("Choose today or a later day.")


@transaction.atomic
def start_points(*, name: str, rules: PointRules, actor: Actor) -> Programme:
    """A points scheme with its first rules; every member takes part. Refused: EarnsNothing,
    HasPoints."""
    check(rules)
    shops = Shop.objects.select_for_update(no_key=True)  # a double tap starts one
    list(shops.filter(pk=actor.shop.pk).values_list("pk"))
    if points_scheme().exists():
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
    Refused: EarnsNothing, BeganAlready.
    """
    check(rules)
    now = clock.now()
    if effective_from is not None and effective_from < now:
        raise BeganAlready
    locked = programmes.lock(programme)
    programmes.rename(locked, name, actor)
    current, waits = accounts.newest_rules(locked, now), waiting(locked)
    for version, begins in [(current, None), (waits, waits and waits.effective_from)]:
        if version and effective_from == begins and PointRules.read(version.rules) == rules:
            return version
    _tell(current, rules, effective_from, actor)
    if waits and effective_from and effective_from > waits.effective_from:
        _stay_with(locked, current, actor)
    return programmes.write(
        locked, newest(locked).number + 1, rules.stored(), actor, effective_from=effective_from
    )


@transaction.atomic
def take_back(*, programme: Programme, actor: Actor) -> bool:
    """Let rules that have not begun never begin. Nothing is deleted: the rules of now are written
    once more, and win. False: no rules were waiting."""
    locked = programmes.lock(programme)
    if waiting(locked) is None:
        return False
    _stay_with(locked, accounts.newest_rules(locked, clock.now()), actor)
    journal.write(actor, "programme_rules_stay", about=locked.name)
    return True


def waiting(programme: Programme) -> RuleVersion | None:
    """The rules that begin later, if there are any. At most one version waits."""
    last = newest(programme)
    return last if last.effective_from > clock.now() else None


def newest(programme: Programme) -> RuleVersion:
    """The version written last, whether it has begun or not."""
    return RuleVersion.objects.filter(programme=programme).latest("number")


def _tell(
    current: RuleVersion, rules: PointRules, effective_from: datetime | None, actor: Actor
) -> None:
    """What differs from the rules of now, and from when."""
    after: dict[str, Any] = {**rules.stored()}
    if effective_from:
        after["effective_from"] = effective_from.isoformat()
    before = PointRules.read(current.rules).stored()
    name = current.programme.name
    journal.write(actor, "programme_rules", about=name, before=before, after=after)


def _stay_with(locked: Programme, current: RuleVersion, actor: Actor) -> None:
    programmes.write(locked, newest(locked).number + 1, current.rules, actor)


def check(rules: PointRules) -> None:
    """Can points be earned at all? Refused: EarnsNothing."""
    ways = (rules.by_amount, rules.per_visit, rules.per_item, rules.per_attendance, *rules.actions)
    if not any(ways):
        raise EarnsNothing
