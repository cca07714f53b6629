"""What a card truly costs the shop, in plain words, while its owner is still editing it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.models import Shop
from stampcards.rules import StampRules


def lines(shop: Shop, rules: StampRules) -> list[str]:
    """The true cost, and what many welcome stamps do to it. For rules that were checked.

    Where a visit brings no money (a gym's check-in) there is no share to speak of.
    """
    return [line for line in (_share(shop, rules), _head_start(rules)) if line]


def _share(shop: Shop, rules: StampRules) -> str:
    if not rules.average_purchase_minor:
        return ""
    paid = rules.paid_stamps * rules.average_purchase_minor
    return _(
        "Costs you about %(share)s of what members pay: one reward worth %(worth)s for %(paid)s."
    ) % {
        "share": _percent(rules.cost_share),
        "worth": money.shown(rules.reward_value_minor, shop.currency),
        "paid": money.shown(paid, shop.currency),
    }


def _head_start(rules: StampRules) -> str:
    """Endowed progress is honest only if its giver knows what it gives away."""
    if rules.welcome < 2:
        return ""
    return ngettext(
        "That is %(n)d purchase for: %(reward)s.",
        "That is %(n)d purchases for: %(reward)s.",
        rules.paid_stamps,
    ) % {"n": rules.paid_stamps, "reward": rules.reward}


def _percent(share: float) -> str:
    whole = round(share * 100)
    return f"{whole or (1 if share else 0)}\N{NO-BREAK SPACE}%"
