"""Everything a shop gives, each with what it would cost in a month: the lines of a forecast."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from math import ceil

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.dashboard.money.forecast import Forecast, Month
from loyalty.dashboard.money.unit_costs import unit_costs
from loyalty.models import Shop
from loyalty.numbers import figure, percent
from members import kinds
from members.kinds import Giving
from members.ledger.models import local_day
from members.models import Membership, Programme
from rewards.birthday.models import BirthdayTreat
from rewards.friends.models import Inviting, Thanks
from rewards.friends.previews import worth
from rewards.tiers.models import Ladder, Standing, Tier, TierPerk

MONTHS_A_YEAR = 12
UnitCosts = Mapping[str, Fraction]  # of a stamp, and of a point


def forecast(shop: Shop, month: Month, now: datetime) -> Forecast:
    """What the shop gives today, in such a month. A fixed number of queries for each programme."""
    units, collected = unit_costs(shop), _collected(shop, month, now)
    on_top = [*_levels(shop, month, collected), *_birthdays(shop, month, units)]
    return Forecast(month, [*collected, *on_top, *_friends(shop, month, units)])


def _collected(shop: Shop, month: Month, now: datetime) -> list[Giving]:
    """Every programme that runs, for every purchase."""
    running = Programme.objects.running().goes_on(local_day(shop, now)).filter(shop=shop)
    programmes = running.in_order().select_related("shop")
    given = (kinds.kind(each.kind).givings(each, month.busy, now) for each in programmes)
    return [giving for of_one in given for giving in of_one]


def _levels(shop: Shop, month: Month, collected: list[Giving]) -> Iterator[Giving]:
    """What higher levels get on top, with members spread over them as they are today."""
    ladder = Ladder.objects.on().filter(shop=shop).first()
    everybody = Membership.objects.current().filter(shop=shop).count()
    if ladder is None or not everybody:
        return
    tiers, on = list(Tier.objects.filter(ladder=ladder).standing()), _on_levels(ladder)
    extra = sum(on.get(tier.pk, 0) * (tier.multiplier_percent - 100) for tier in tiers)
    rising = sum((giving.minor for giving in collected if giving.rises), Fraction())
    perks = Fraction(month.members * _perks_a_year(ladder, on), everybody * MONTHS_A_YEAR)
    if cost := rising * Fraction(extra, 100 * everybody) + perks:
        higher = sum(n for pk, n in on.items() if pk != tiers[0].pk)
        told = {"share": percent(higher, everybody)}
        yield Giving(_("Levels"), cost, _("%(share)s of members stand above the first one") % told)


def _on_levels(ladder: Ladder) -> dict[int, int]:
    """How many members stand on a level, by its pk; whoever never climbed is not in it."""
    in_use = Membership.objects.current().filter(shop=ladder.shop_id)
    standing = Standing.objects.filter(tier__ladder=ladder, membership__in=in_use)
    return dict(standing.order_by().values_list("tier").annotate(Count("pk")))


def _perks_a_year(ladder: Ladder, on: dict[int, int]) -> int:
    """What those who stand there could have in a year, in minor units."""
    perks = TierPerk.objects.filter(tier__ladder=ladder, kind=TierPerk.Kind.CLAIM, retired_at=None)
    return sum(
        on.get(perk.tier_id, 0)
        * perk.value_minor
        * perk.times
        * (MONTHS_A_YEAR if perk.per == TierPerk.Per.MONTH else 1)
        for perk in perks
    )


def _birthdays(shop: Shop, month: Month, units: UnitCosts) -> Iterator[Giving]:
    """As if every member told theirs, and came."""
    treat = BirthdayTreat.objects.filter(shop=shop, off_since=None).first()
    if treat is None:
        return
    each = units["bonus"] * treat.bonus if treat.bonus else Fraction(treat.value_minor)
    n = Fraction(month.members, MONTHS_A_YEAR)
    how = ngettext("%(n)s birthday in a month", "%(n)s birthdays in a month", ceil(n))
    yield Giving(_("Birthday treat"), n * each, how % {"n": figure(ceil(n))})


def _friends(shop: Shop, month: Month, units: UnitCosts) -> Iterator[Giving]:
    """Both sides' thanks for each friend who buys."""
    inviting = Inviting.objects.filter(shop=shop, off_since=None).first()
    if inviting is None or not month.friends:
        return
    each = sum((worth(one, units) for one in Thanks.objects.filter(inviting=inviting)), Fraction())
    how = ngettext("%(n)s friend who buys", "%(n)s friends who buy", month.friends)
    yield Giving(_("Bringing a friend"), each * month.friends, how % {"n": figure(month.friends)})
