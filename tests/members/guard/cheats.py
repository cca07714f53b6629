"""What a cheat does in an otherwise honest café: a week of it, from the 17th day on.

Each answers what the owner should be told: the rule, and whom or which card it is about. The
clocks change in the middle of that week.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from loyalty.models import StaffMember
from members.guard.facts import Rule
from members.models import Membership
from tests.members.guard.simulated import A_DAY, DAYS, HOURS, Cafe, Scan, hours, mine, on

START = 16  # a Wednesday
WEEK = DAYS[START : START + 7]
OPEN_DAYS = [day for day in WEEK if day.weekday() in HOURS]
A_LITTLE_LATER = timedelta(minutes=40)


@dataclass(frozen=True)
class Cheat:
    """What happens, and what is to be found. None: the flag is about nobody, or about no card."""

    rule: Rule
    scans: list[Scan]
    staff: StaffMember | None = None
    card: Membership | None = None


def jonas(cafe: Cafe) -> StaffMember:
    return cafe.staff[1]


def shifts(cafe: Cafe, colleague: StaffMember) -> list[tuple[date, float]]:
    """The half days of that week on which somebody has the till."""
    halves = [(day, hour) for day in OPEN_DAYS for hour in (10.5, 13.5)]
    return [(day, hour) for day, hour in halves if cafe.on_shift(on(day, hour)) == colleague]


def own_card(cafe: Cafe) -> Cheat:
    """Jonas stamps his own card, twice a shift."""
    card = mine(cafe, jonas(cafe))
    scans = [
        Scan(on(day, hour) + n * A_LITTLE_LATER, n, card, by=jonas(cafe))
        for day, hour in shifts(cafe, jonas(cafe))
        for n in range(2)
    ]
    return Cheat(Rule.OWN_CARD, scans, jonas(cafe), card)


def friends_card(cafe: Cafe, a_shift: int = 4) -> Cheat:
    """Jonas feeds a friend's card, a few times a shift."""
    card = cafe.customer("Friend")
    scans = [
        Scan(on(day, hour) + n * A_LITTLE_LATER, n, card, by=jonas(cafe))
        for day, hour in shifts(cafe, jonas(cafe))
        for n in range(a_shift)
    ]
    return Cheat(Rule.PAIR, scans, jonas(cafe), card)


def after_closing(cafe: Cafe, minutes: int = 10, rule: Rule = Rule.BURST) -> Cheat:
    """The door is locked, and Jonas stamps four cards three times each within four minutes."""
    cards = [cafe.customer(f"Cousin {n}") for n in range(4)]
    closed = on(WEEK[0], hours(WEEK[0])[1]) + timedelta(minutes=minutes)
    scans = [
        Scan(closed + n * timedelta(seconds=20), n, cards[n % 4], by=jonas(cafe)) for n in range(12)
    ]
    return Cheat(rule, scans, jonas(cafe))


def late_at_night(cafe: Cafe) -> Cheat:
    """The same, long after closing."""
    return after_closing(cafe, 90, Rule.OUTSIDE_HOURS)


def far_too_often(cafe: Cafe) -> Cheat:
    """One card, eight times on one day, by whoever is on the till."""
    card = cafe.customer("Often")
    scans = [Scan(on(WEEK[1], 8.7 + n), n, card) for n in range(8)]
    return Cheat(Rule.BUSY_CARD, scans, card=card)


def five_at_a_time(cafe: Cafe) -> Cheat:
    """Only three visits, but with as many stamps as the card takes."""
    card = cafe.customer("Many")
    scans = [Scan(on(WEEK[1], 9 + 2 * n), n, card, 5) for n in range(3)]
    return Cheat(Rule.BUSY_CARD, scans, card=card)


def photographed(cafe: Cafe, a_day: int = 8) -> Cheat:
    """A picture of a card goes round: so many people a day use it, all week, at any hour."""
    card, random = cafe.customer("Picture"), Random(a_day)
    scans = [
        Scan(on(day, random.uniform(hours(day)[0], hours(day)[1])), n, card)
        for day in OPEN_DAYS
        for n in range(a_day)
    ]
    return Cheat(Rule.BUSY_CARD, scans, card=card)


def photographed_with_care(cafe: Cafe) -> Cheat:
    """As often as one card may come without standing out on any one day."""
    seen = photographed(cafe, 5)
    return Cheat(Rule.FAR_ABOVE, seen.scans, card=seen.card)


def evening_told(cafe: Cafe, cheat: Cheat) -> date | None:
    """Play it until the owner reads it; on which evening? None: on none of seven.

    As on the owner's page, it counts only with the right rule, naming the right person and card.
    """
    for day, scans in from_the_first(cheat):
        for scan in scans:
            cafe.stamp(scan)
        if names(cafe, cheat, day):
            return day
    return None


def from_the_first(cheat: Cheat) -> Iterator[tuple[date, list[Scan]]]:
    """Day by day, seven days, the first of them when it begins."""
    first = min(cheat.scans).at.date()
    for day in (first + n * A_DAY for n in range(7)):
        yield day, [scan for scan in sorted(cheat.scans) if scan.at.date() == day]


def names(cafe: Cafe, cheat: Cheat, day: date) -> bool:
    found = [(flag.rule, flag.staff, flag.card) for flag in cafe.evening(day)]
    return (cheat.rule, cheat.staff, cheat.card) in found


CHEATS: tuple[Callable[[Cafe], Cheat], ...] = (
    own_card,
    friends_card,
    after_closing,
    late_at_night,
    far_too_often,
    five_at_a_time,
    photographed,
)
