"""What points cost the shop: those on members' cards, and those of a month to come."""

from datetime import datetime
from fractions import Fraction
from math import ceil

from django.db.models import Sum
from django.utils.translation import gettext as _

from loyalty import money
from members.kinds import Busy, Giving
from members.ledger import accounts
from members.ledger.models import Account, local_day
from members.models import Programme
from members.visits import Purchase
from rewards.catalogue.models import Reward
from rewards.points.rules import PointRules


def outstanding_minor(programme: Programme, now: datetime) -> int:
    """All points of a programme at cost price, in minor units, rounded up once.

    Cautious: every point counts as if all members chose the reward that costs the shop most per
    point, of those on offer today. Where nothing is on offer, points can't be spent: 0.
    """
    dearest = dearest_per_point(programme, now)
    if dearest is None:
        return 0
    points = Account.objects.filter(programme=programme).aggregate(all=Sum("balance"))["all"]
    return ceil((points or 0) * _per_point(dearest))


def dearest_per_point(programme: Programme, now: datetime) -> Reward | None:
    """Of what is on offer today, also where none is left, the reward a point costs most in."""
    offered = Reward.objects.offered(local_day(programme.shop, now)).cheapest_first()
    priced = offered.filter(programme=programme, cost__isnull=False)
    return max(priced, key=_per_point, default=None)


def reckoning(programme: Programme, now: datetime) -> str:
    """How points were reckoned, in a sentence. "": nothing is on offer for them."""
    dearest = dearest_per_point(programme, now)
    if dearest is None or dearest.cost is None:
        return ""
    rules = PointRules.read(accounts.newest_rules(programme, now).rules)
    told = {
        "reward": dearest.name,
        "worth": money.shown(dearest.value_minor, programme.shop.currency),
        "points": rules.words(dearest.cost),
    }
    return _("Reckoned as if all of it went on %(reward)s: %(worth)s for %(points)s.") % told


def givings(programme: Programme, busy: Busy, now: datetime) -> list[Giving]:
    """What usual purchases earn, as if all of it went on what is dearest for the shop."""
    rules = PointRules.read(accounts.newest_rules(programme, now).rules)
    dearest = dearest_per_point(programme, now)
    if dearest is None or dearest.cost is None:
        return [Giving(programme.name, Fraction(), _("There is no reward for it yet."))]
    each = rules.points_for(Purchase(amount_minor=busy.basket_minor, items=1))
    points = busy.purchases * each
    how = _("%(points)s; a reward for %(price)s costs you %(worth)s") % {
        "points": rules.words(ceil(points)),
        "price": rules.words(dearest.cost),
        "worth": money.shown(dearest.value_minor, programme.shop.currency),
    }
    return [Giving(programme.name, points * _per_point(dearest), how, rises=True)]


def _per_point(reward: Reward) -> Fraction:
    return Fraction(reward.value_minor, reward.cost or 1)
