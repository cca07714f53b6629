"""What a shop offers whoever joins, as its live rules say. Each kind answers for itself."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.models import Shop
from members.ledger import accounts
from members.models import Programme, RuleVersion
from members.rooms import Panel, kind


@dataclass(frozen=True)
class Offer:
    headline: str
    invitation: str
    small_print: str  # what must stand beside the promise, or ""
    panel: Panel


@dataclass(frozen=True)
class Rules:
    programme: Programme
    version: RuleVersion
    is_newest: bool
    lines: list[str]


def offers(shop: Shop, now: datetime) -> list[Offer]:
    """One for each programme that runs."""
    found = []
    for programme in Programme.objects.filter(paused_since=None).in_order():
        room, version = kind(programme.kind), accounts.newest_rules(programme, now)
        found.append(
            Offer(
                headline=room.headline(shop, version),
                invitation=room.invitation(shop, version),
                small_print=room.small_print(shop, version),
                panel=room.joining_panel(shop, programme, version),
            )
        )
    return found


def rules_of(shop: Shop, now: datetime, number: int | None = None) -> list[Rules]:
    """The rules of every programme: the newest, or version `number` where there is one."""
    found = []
    for programme in Programme.objects.in_order():
        newest = accounts.newest_rules(programme, now)
        version = programme.versions.in_force(now).filter(number=number).first() or newest
        lines = kind(programme.kind).rules_lines(shop, version)
        found.append(Rules(programme, version, version == newest, lines))
    return found
