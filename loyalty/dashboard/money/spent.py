"""What rewards cost the shop so far, beside what members paid: the last whole months.

Of a reward its cost price counts in the month it was handed out; what was taken back counts
nowhere. A purchase without an amount counts as the usual one, and the page says how many those are.
"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from loyalty.calendar import midnight, months_after
from loyalty.dashboard.money.forecast import Month
from loyalty.dashboard.programme.rewards import usual_purchase
from loyalty.models import Shop
from members.ledger.models import Visit, local_day
from members.models import Membership
from rewards.friends.models import Referral
from rewards.models import Claim, HandOver

MONTHS = 12
A_QUARTER = 3  # months that say what is usual
DAYS_A_MONTH = 30
ENOUGH_REWARDS = 30  # handed out; with fewer, one more or less moves the share a lot
ENOUGH_AMOUNTS = 30  # purchases with an amount, to know the usual one by


@dataclass(frozen=True)
class Spent:
    """One month, or several. Money in minor units."""

    first: date
    rewards: int = 0
    cost_minor: int = 0
    purchases: int = 0
    priced: int = 0  # those with an amount
    paid_minor: int = 0  # by them
    usual_minor: int = 0  # what each of the others counts as

    @property
    def sales_minor(self) -> int:
        return self.paid_minor + self.unpriced * self.usual_minor

    @property
    def unpriced(self) -> int:
        return self.purchases - self.priced

    @property
    def says_little(self) -> bool:
        return self.rewards < ENOUGH_REWARDS


def months_of(shop: Shop, now: datetime) -> list[Spent]:
    """The last twelve whole months, newest first, from the first in which anything happened.

    Two queries, and one for the usual purchase.
    """
    this_month = local_day(shop, now).replace(day=1)
    since = midnight(months_after(this_month, -MONTHS), shop.zone)
    until = midnight(this_month, shop.zone)
    usual = usual_basket(shop, now)
    visits, rewards = _visits(shop, since, until), _rewards(shop, since, until)
    first = min([*visits, *rewards], default=this_month)
    months = [months_after(this_month, -n) for n in range(1, MONTHS + 1)]
    return [
        Spent(month, **visits.get(month, {}), **rewards.get(month, {}), usual_minor=usual)
        for month in months
        if month >= first
    ]


def together(months: list[Spent]) -> Spent | None:
    """All of them as one. None: there are none."""
    if not months:
        return None
    added = ("rewards", "cost_minor", "purchases", "priced", "paid_minor")
    sums = {name: sum(getattr(month, name) for month in months) for name in added}
    return Spent(months[-1].first, usual_minor=months[-1].usual_minor, **sums)


def usual_basket(shop: Shop, now: datetime) -> int:
    """What a purchase usually brings: by the amounts of a quarter, else by the trade."""
    since = midnight(months_after(local_day(shop, now), -A_QUARTER), shop.zone)
    priced = _purchases(shop).filter(at__gte=since, amount_minor__isnull=False)
    found = priced.aggregate(n=Count("pk"), usual=Avg("amount_minor"))
    return round(found["usual"]) if found["n"] >= ENOUGH_AMOUNTS else usual_purchase(shop)


def typical_month(shop: Shop, now: datetime) -> Month:
    """A month as the last three were, or as those since the shop opened; before there is a visit,
    as they are for a small shop."""
    basket = usual_basket(shop, now)
    since = midnight(months_after(local_day(shop, now), -A_QUARTER), shop.zone)
    months = _months_open(shop, since, now)
    members = Membership.objects.current().filter(shop=shop)
    n, joined = members.count(), members.filter(joined_at__gte=since).count()
    purchases = _purchases(shop).filter(at__gte=since).count()
    if not purchases or not n:
        return Month(members=100, visits=Fraction(2), basket_minor=basket, joining=20, friends=2)
    brought = Referral.objects.filter(shop=shop, bought_at__gte=since).count()
    return Month(
        members=n,
        visits=purchases / (n * months),
        basket_minor=basket,
        joining=round(joined / months),
        friends=round(brought / months),
    )


def _months_open(shop: Shop, since: datetime, now: datetime) -> Fraction:
    """How many months of this quarter the shop was open in; a shop of some days counts as one."""
    opened = shop.live_since
    if opened is None or opened <= since:
        return Fraction(A_QUARTER)
    days = (local_day(shop, now) - local_day(shop, opened)).days
    return min(max(Fraction(days, DAYS_A_MONTH), Fraction(1)), Fraction(A_QUARTER))


def _purchases(shop: Shop) -> "QuerySet[Visit]":
    return Visit.objects.filter(shop=shop, voided_by=None, kind=Visit.Kind.PURCHASE)


def _visits(shop: Shop, since: datetime, until: datetime) -> dict[date, dict[str, int]]:
    found = _by_month(_purchases(shop).filter(at__gte=since, at__lt=until), shop)
    sums = found.annotate(
        purchases=Count("pk"),
        priced=Count("pk", filter=Q(amount_minor__isnull=False)),
        paid_minor=Sum("amount_minor", default=0),
    )
    return _by_day(sums, "purchases", "priced", "paid_minor")


def _rewards(shop: Shop, since: datetime, until: datetime) -> dict[date, dict[str, int]]:
    handed = HandOver.objects.filter(shop=shop, undone_by=None, at__gte=since, at__lt=until)
    found = _by_month(handed.exclude(claim__source=Claim.Source.EARLY), shop)
    sums = found.annotate(rewards=Count("pk"), cost_minor=Sum("claim__value_minor", default=0))
    return _by_day(sums, "rewards", "cost_minor")


def _by_month(rows: "QuerySet[Any]", shop: Shop) -> "QuerySet[Any]":
    return rows.order_by().values(month=TruncMonth("at", tzinfo=shop.zone))


def _by_day(rows: "QuerySet[Any]", *names: str) -> dict[date, dict[str, int]]:
    return {row["month"].date(): {name: row[name] for name in names} for row in rows}
