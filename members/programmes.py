"""What an owner does to any programme: starts it, changes its rules, pauses it, switches it off.

Each kind checks its own rules first, and stores them in its own form.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from members.ledger import accounts
from members.models import Programme, RuleVersion


def start(*, kind: str, name: str, rules: dict[str, Any], actor: Actor) -> Programme:
    """A new programme with its first rules. Everybody who is a member takes part at once (ORG-05).

    Within a transaction.
    """
    programme = Programme.objects.create(shop=actor.shop, kind=kind, name=name)
    version = write(programme, 1, rules, actor)
    accounts.open_for_everybody(programme, version)
    journal.write(actor, "programme_started", about=name)
    return programme


def lock(programme: Programme) -> Programme:
    """The programme as it is now; whoever else changes it waits."""
    return Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)


def rename(programme: Programme, name: str, actor: Actor) -> None:
    """Within a transaction."""
    before, programme.name = programme.name, name
    programme.save(update_fields=["name"])
    journal.write(actor, "programme_renamed", before={"name": before}, after={"name": name})


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


@transaction.atomic
def pause(programme: Programme, *, actor: Actor) -> None:
    """Nobody collects from now on; rewards can still be handed out."""
    running = Programme.objects.filter(pk=programme.pk, paused_since=None)
    if running.update(paused_since=clock.now()):
        journal.write(actor, "programme_paused", about=programme.name)


@transaction.atomic
def resume(programme: Programme, *, actor: Actor) -> None:
    paused = Programme.objects.filter(pk=programme.pk).exclude(paused_since=None)
    if paused.update(paused_since=None):
        journal.write(actor, "programme_resumed", about=programme.name)


@transaction.atomic
def switch_off(programme: Programme, *, actor: Actor) -> None:
    """Not shown any more, but to members who have something in it. Balances are kept (ORG-04)."""
    shown = Programme.objects.filter(pk=programme.pk, off_since=None)
    if shown.update(off_since=clock.now()):
        journal.write(actor, "programme_off", about=programme.name)


@transaction.atomic
def switch_on(programme: Programme, *, actor: Actor) -> None:
    """On offer again; whoever became a member meanwhile takes part at once, too (ORG-05)."""
    off = Programme.objects.filter(pk=programme.pk).exclude(off_since=None)
    # What had ended begins again with nothing on any card: its end is behind it.
    off.filter(honoured_until__lt=clock.today(actor.shop.zone)).update(
        collects_until=None, honoured_until=None
    )
    if off.update(off_since=None):
        journal.write(actor, "programme_on", about=programme.name)
    accounts.open_for_everybody(programme, accounts.newest_rules(programme, clock.now()))
