"""What members and friends will read, and what it may cost, before an owner keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.utils.translation import gettext as _

from loyalty import money
from loyalty.models import Shop
from loyalty.money import MINOR_PER_UNIT
from rewards.friends import invitations, words
from rewards.friends.models import Inviting, Referral, Thanks
from rewards.friends.owning import Scheme

LATEST = 20  # friends on the owner's page
EXAMPLE = "Maja"
UnitCosts = Mapping[str, Fraction]  # of one stamp, of one point: by behaviour, in minor units


@dataclass(frozen=True)
class FriendsPreview:
    """`line` stands on the join page, `gets` on the member's."""

    line: str
    gets: list[str]
    by_link: bool
    cost: list[str]
    warnings: list[str]


def of_scheme(scheme: Scheme, units: UnitCosts) -> FriendsPreview:
    """Before it is kept: as it will read, and what it may cost."""
    shop = scheme.inviting.shop
    sent = _("%(name)s sent you this.") % {"name": EXAMPLE}
    return FriendsPreview(
        line=f"{sent} {words.for_friend(scheme.inviting, scheme.thanks)}",
        gets=words.for_member(scheme.inviting, scheme.thanks),
        by_link=invitations.links_allowed(shop),
        cost=cost_lines(scheme, units),
        warnings=list(_warnings(scheme.inviting)),
    )


def cost_lines(scheme: Scheme, units: UnitCosts) -> list[str]:
    """What a new customer costs, and one member's full month."""
    shop, costs = scheme.inviting.shop, {one.side: worth(one, units) for one in scheme.thanks}
    if not (each := sum(costs.values())):
        return []
    lines = [_("A new customer costs you about %(cost)s.") % {"cost": _shown(each, shop)}]
    if own := costs.get(Thanks.Side.MEMBER):
        most = _shown(own * scheme.inviting.most_a_month, shop)
        lines.append(_("One member gets %(most)s a month at most.") % {"most": most})
    return lines


def worth(thanks: Thanks, units: UnitCosts) -> Fraction:
    """What it costs the shop, in minor units: of stamps and points, what they are collected for."""
    one = units.get(thanks.behaviour)
    return Fraction(thanks.value_minor) if one is None else one * (thanks.n or 0)


def _shown(minor: Fraction, shop: Shop) -> str:
    """In whole kroner or pounds, rounded up: nobody prices a stamp to the øre."""
    return money.shown(ceil(minor / MINOR_PER_UNIT) * MINOR_PER_UNIT, shop.currency)


def _warnings(inviting: Inviting) -> list[str]:
    lines = []
    if inviting.pays == Inviting.Pays.JOINING:
        lines.append(
            _(
                "A card is made in one tap, so anybody can be a friend many times. "
                "Paying at the first purchase is safer."
            )
        )
    elif inviting.minimum_minor:
        lines.append(
            _(
                "A purchase counts only if its amount is typed at the counter. "
                "A stamp alone does not."
            )
        )
    return lines


def latest(shop: Shop) -> list[invitations.Brought]:
    """Who came through whom lately, newest first. Two queries."""
    found = Referral.objects.filter(shop=shop).select_related("friend", "member").order_by("-pk")
    return list(invitations.with_rewards(list(found[:LATEST])))
