"""What one stamp and one point cost a shop, by what they are collected for."""

from fractions import Fraction

from loyalty import clock
from loyalty.models import Shop
from members.ledger import accounts
from members.models import Programme
from rewards.points.worth import dearest_per_point
from stampcards.rules import StampRules


def unit_costs(shop: Shop) -> dict[str, Fraction]:
    """In minor units, at cost price: of a `stamps` card and of the `bonus` points, the first each.

    Where there is none, or nothing to spend it on: 0.
    """
    first = {programme.kind: programme for programme in reversed(_on(shop))}
    stamps, points = first.get("stamps"), first.get("points")
    return {
        "stamps": _stamp(stamps) if stamps else Fraction(),
        "bonus": _point(points) if points else Fraction(),
    }


def _on(shop: Shop) -> list[Programme]:
    """What the shop itself can put something in."""
    programmes = Programme.objects.on().goes_on(clock.today(shop.zone)).filter(shop=shop)
    return list(programmes.in_order().select_related("shop"))


def _stamp(programme: Programme) -> Fraction:
    rules = StampRules.read(accounts.newest_rules(programme, clock.now()).rules)
    return Fraction(rules.reward_value_minor, rules.need)


def _point(programme: Programme) -> Fraction:
    dearest = dearest_per_point(programme, clock.now())
    return Fraction(dearest.value_minor, dearest.cost or 1) if dearest else Fraction()
