"""The figures of a period, put together for the page and for the file: both from one reading."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from loyalty.models import Shop
from members import kinds
from members.models import RuleVersion
from rewards.figures import reading
from rewards.figures.cohorts import Cohort, cohorts_of
from rewards.figures.customers import Customers, Places, customers_of
from rewards.figures.lifetimes import Lifetime, lifetime_of, months_for
from rewards.figures.models import Watermark
from rewards.figures.periods import Period, chosen, offered
from rewards.figures.reading import Done, Figure, Joined, Months
from rewards.figures.words import Name


@dataclass(frozen=True)
class Choice:
    """Which periods there are, the one that is looked at, and the last day that is counted."""

    periods: list[Period]
    period: Period
    through: date

    @property
    def over(self) -> bool:
        return self.period.is_over(self.through)


def choice_of(shop: Shop, key: str) -> Choice | None:
    """What an address asks for. None: no day was counted yet."""
    marks = Watermark.objects.filter(shop=shop).values_list("begun", "day")
    if not (mark := marks.first()):
        return None
    begun, through = mark
    periods = offered(begun, through)
    return Choice(periods, chosen(key, periods, through), through)


@dataclass(frozen=True)
class Insights:
    """What was read. Of some places only, there is nothing of what belongs to the whole shop."""

    shop: Shop
    choice: Choice
    visits: Figure
    months: Months
    counted: Customers | None = None  # of the period
    buyers: int = 0
    unpriced: int = 0  # purchases without an amount
    customers: list[Figure] = field(default_factory=list)
    purchases: list[Figure] = field(default_factory=list)
    lifetime: Lifetime | None = None
    rewards: list[Figure] = field(default_factory=list)
    members: list[Figure] = field(default_factory=list)
    sign_ups: dict[str, int] = field(default_factory=dict)
    cohorts: list[Cohort] = field(default_factory=list)
    lasting: set[int] = field(default_factory=set)  # programmes (pks) in which nothing runs out
    whole: bool = True

    @property
    def done(self) -> Done:
        """What the days of the period add up to."""
        return self.months.of(self.choice.period)


def visits_only(shop: Shop, choice: Choice, places: Places) -> Insights:
    """What staff see. One query."""
    months = reading.months_of(shop, places)
    return Insights(shop, choice, reading.visits_of(months.of(choice.period)), months)


def insights_of(shop: Shop, choice: Choice, places: Places) -> Insights:
    """Everything. A dozen queries, however long the shop has been there."""
    period, through = choice.period, choice.through
    months = reading.months_of(shop, places)
    three = months_for(period, through)
    found = customers_of(shop, [period, *three], places)
    customers, done = found[period], months.of(period)
    whole = places is None
    joined = reading.joined_in(shop, period)
    rules = rules_on(shop, through) if whole else []
    programmes = [version.programme for version in rules]
    return Insights(
        shop,
        choice,
        visits=reading.visits_of(done),
        months=months,
        counted=customers,
        buyers=customers.now,
        unpriced=done.purchases - done.priced,
        customers=reading.customer_figures(customers, over=choice.over),
        purchases=reading.purchase_figures(customers, done),
        lifetime=lifetime_of(months, {each: found[each] for each in three})
        if done.priced
        else None,
        rewards=reading.reward_figures(shop, period, programmes, customers, done) if whole else [],
        members=_members(customers, joined, whole=whole),
        sign_ups=joined.by_source if whole else {},
        cohorts=cohorts_of(shop, period, places, through),
        lasting={version.programme_id for version in rules if _lasts(version, through)},
        whole=whole,
    )


def rules_on(shop: Shop, day: date) -> list[RuleVersion]:
    """The rules of each programme at the end of a day, in the order of the programmes."""
    midnight = datetime.combine(day, time.max, shop.zone)
    versions = RuleVersion.objects.in_force(midnight).filter(shop=shop)
    newest = {each.programme_id: each for each in versions.select_related("programme").reverse()}
    return [newest[pk] for pk in sorted(newest)]


def _lasts(version: RuleVersion, day: date) -> bool:
    """Does nothing that is collected on that day ever run out?"""
    return kinds.kind(version.programme.kind).lasts_until(version, day) is None


def _members(customers: Customers, joined: Joined, *, whole: bool) -> list[Figure]:
    active = reading.active_of(customers, joined.members)
    sign_ups = Figure(Name.SIGN_UPS, sum(joined.by_source.values()), None)
    return [active, sign_ups] if whole else [active]
