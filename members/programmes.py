"""What an owner does to any programme: starts it, changes its rules, pauses it, switches it off.

Each kind checks its own rules first, and stores them in its own form.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from loyalty import clock
from loyalty.actors import Actor
from members.ledger import accounts
from members.models import Programme, RuleVersion


def start(*, kind: str, name: str, rules: dict[str, Any], actor: Actor) -> Programme:
    """A new programme with its first rules. Everybody who is a member takes part at once (ORG-05).

    Within a transaction.
    """
    programme = Programme.objects.create(shop=actor.shop, kind=kind, name=name)
    version = write(programme, 1, rules, actor)
    accounts.open_for_everybody(programme, version)
    return programme


def lock(programme: Programme) -> Programme:
    """The programme as it is now; whoever else changes it waits."""
    return Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)


def rename(programme: Programme, name: str) -> None:
    if programme.name != name:
        programme.name = name
        programme.save(update_fields=["name"])


def write(
    programme: Programme,
    number: int,
    rules: dict[str, Any],
    actor: Actor,
    *,
    effective_from: datetime | None = None,
) -> RuleVersion:
    """One more version of the rules, from a moment on. None: from now."""
    return RuleVersion.objects.create(
        shop=actor.shop,
        programme=programme,
        number=number,
        effective_from=effective_from or clock.now(),
        rules=rules,
        written_by=actor.person,
    )


def pause(programme: Programme) -> None:
    """Nobody collects from now on; rewards can still be handed out."""
    Programme.objects.filter(pk=programme.pk, paused_since=None).update(paused_since=clock.now())


def resume(programme: Programme) -> None:
    Programme.objects.filter(pk=programme.pk).update(paused_since=None)


def switch_off(programme: Programme) -> None:
    """Not shown any more, but to members who have something in it. Balances are kept (ORG-04)."""
    Programme.objects.filter(pk=programme.pk, off_since=None).update(off_since=clock.now())


@transaction.atomic
def switch_on(programme: Programme) -> None:
    """On offer again; whoever became a member meanwhile takes part at once, too (ORG-05)."""
    Programme.objects.filter(pk=programme.pk).update(off_since=None)
    accounts.open_for_everybody(programme, accounts.newest_rules(programme, clock.now()))
