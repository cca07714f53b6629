"""Who came when: a year of visits, made up but skewed like life. No database in here.

A few regulars carry a shop, more come now and then, some stop without a word, some came once.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from loyalty.management.demo.shops import DemoShop

YEAR = 364  # 52 weeks, so every weekday comes equally often
LEAST_GAP = timedelta(hours=30)
NEWCOMERS = 3  # joined within the last days, so that this week has something to tell


@dataclass
class Customer:
    """One person, the moments they stood at the till, and what they are like."""

    name: str
    visits: list[datetime] = field(default_factory=list)
    saves_card: bool = False
    collects: bool = True  # asks for a reward that waits
    shown: bool = False  # the card a newcomer looks at: one stamp a visit, the last reward waits


@dataclass(frozen=True)
class Habit:
    share: int
    pace: float  # against the shop's regulars
    stays: tuple[int, int]  # days until they stop coming


HABITS = (
    Habit(share=28, pace=1, stays=(YEAR, YEAR)),
    Habit(share=36, pace=2.2, stays=(YEAR, YEAR)),
    Habit(share=22, pace=1.2, stays=(25, 130)),  # and then never again
    Habit(share=14, pace=3, stays=(0, 20)),
)


def customers(
    shop: DemoShop, *, zone: ZoneInfo, now: datetime, need: int, random: Random, count: int
) -> list[Customer]:
    """As many as `count`, with visits in order, at least one each and none later than now."""
    shown = Customer(shop.names[0], saves_card=True, shown=True)
    shown.visits = [
        moment_on(shop, day, zone, random) for day in shown_days(shop, now.date(), need)
    ]
    others = [
        a_customer(shop, name, zone, now, random, new=place >= count - NEWCOMERS)
        for place, name in enumerate(shop.names[1:count], start=1)
    ]
    everybody = [shown, *others]
    yesterday = open_day(shop, now.astimezone(zone).date() - timedelta(days=1), -1)
    for customer in everybody:
        came = [visit for visit in customer.visits if visit < now]
        customer.visits = came or [moment_on(shop, yesterday, zone, random)]
    return everybody


def shown_days(shop: DemoShop, today: date, need: int) -> list[date]:
    """Days that fill two cards and leave `shown` stamps on the third; the welcome was one more,
    and a friend brought one.

    Nearer together towards today, so that the second reward still waits. Never two in a row.
    """
    visits = 2 * need + shop.shown - 1 - shop.friends
    back = [round(YEAR * 0.8 * (place / visits) ** 1.6) + 2 * place for place in range(visits)]
    return [open_day(shop, today - timedelta(days=days + 2), -1) for days in reversed(back)]


def a_customer(
    shop: DemoShop, name: str, zone: ZoneInfo, now: datetime, random: Random, *, new: bool
) -> Customer:
    [habit] = random.choices(HABITS, [habit.share for habit in HABITS])
    # The exponent makes early days likelier: most join while the poster is new.
    ago = random.randint(1, 6) if new else round(YEAR * (1 - random.random() ** 1.5))
    joined = now.date() - timedelta(days=ago)
    last = joined + timedelta(days=random.randint(*habit.stays))
    customer = Customer(name, saves_card=random.random() < 0.4, collects=random.random() < 0.85)
    day = joined
    while day <= min(last, now.date()):
        visit = moment_on(shop, busy_day(shop, day, random), zone, random)
        if not customer.visits or visit - customer.visits[-1] > LEAST_GAP:
            customer.visits.append(visit)
        day += timedelta(days=max(2, round(random.gauss(1, 0.4) * shop.pace * habit.pace)))
    return customer


def busy_day(shop: DemoShop, day: date, random: Random) -> date:
    """One of the seven days from this one on; full days draw more people than empty ones."""
    week = [day + timedelta(days=ahead) for ahead in range(7)]
    return random.choices(week, [shop.crowd[each.weekday()] for each in week])[0]


def open_day(shop: DemoShop, day: date, step: int) -> date:
    while shop.week[day.weekday()] is None:
        day += timedelta(days=step)
    return day


def moment_on(shop: DemoShop, day: date, zone: ZoneInfo, random: Random) -> datetime:
    """A moment within opening hours, likeliest when the shop is busiest."""
    hours = shop.week[day.weekday()]
    if hours is None:
        raise ValueError(f"{shop.name} is closed on {day:%A}")
    opens, busiest, closes = (at.hour * 60 + at.minute for at in hours)
    minute = random.triangular(opens + 5, closes - 10, busiest)
    midnight = datetime.combine(day, datetime.min.time(), zone)
    return midnight.replace(
        hour=int(minute // 60), minute=int(minute % 60), second=random.randrange(60)
    )
