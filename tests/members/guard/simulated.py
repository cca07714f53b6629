"""A small café over four weeks, visit by visit, through the product's own operations.

Who comes, when and for how many cups is guessed from life in cafés; nothing here was chosen by
looking at what a detector does with it. The same seed makes the same four weeks. The clocks go
back on the third Sunday, when the place is open; a new colleague begins in the third week.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.dashboard.flags.unusual import since
from loyalty.models import StaffMember
from members.guard import flags
from members.guard.models import GuardSettings
from members.guard.operations import set_hours
from members.models import Membership, Programme
from stampcards.operations import add_stamps
from stampcards.refusals import DailyLimit, StampedRecently
from stampcards.rules import COOLING_MINUTES
from tests.factories import (
    CounterFactory,
    LocationFactory,
    MembershipFactory,
    PersonFactory,
    ProgrammeFactory,
    RoleFactory,
    ShopFactory,
    StaffMemberFactory,
    as_owner,
)

OSLO = ZoneInfo("Europe/Oslo")
FIRST = date(2026, 10, 5)  # a Monday
A_DAY = timedelta(days=1)
DAYS = [FIRST + n * A_DAY for n in range(28)]
NEW_COLLEAGUE = FIRST + 14 * A_DAY
CONCERT = FIRST + 11 * A_DAY  # a Friday; nobody thought of the opening hours
WEEKDAY, WEEKEND = (time(8), time(17)), (time(10), time(16))
HOURS = dict.fromkeys(range(1, 5), WEEKDAY) | {5: WEEKEND, 6: WEEKEND}  # closed on Mondays
BUSY = {5: 1.6}  # Saturdays
PEAKS = (8.5, 12.0, 14.5)
NAMES = ("Sara", "Jonas", "Per", "Ada")

# Of every hundred visits, about so many go on like this:
SECOND_CUP = 3  # somebody sits on and orders again, after 20 to 100 minutes
FORGOTTEN = 0.3  # "and a bun, please", a few minutes later
A_SHIFT_SWAPPED = 15
MOST_AT_ONCE = 5  # the café's card takes no more in one go; a larger group is scanned again


@dataclass
class Habit:
    """How one customer comes. `hour` None: at any time. `cups`: drawn from at every visit."""

    card: Membership
    a_week: float
    hour: float | None = None
    cups: tuple[int, ...] = (1,)
    own_cup: bool = False
    shared: bool = False  # two people, one card


@dataclass(order=True)
class Scan:
    at: datetime
    number: int  # of two at the same moment the first one goes first
    card: Membership = field(compare=False)
    count: int = field(compare=False, default=1)
    own_cup: bool = field(compare=False, default=False)
    by: StaffMember | None = field(compare=False, default=None)  # None: whoever has the shift
    rest: bool = field(compare=False, default=False)  # of a group


@dataclass(frozen=True)
class Asked:
    """ "Give another?" `minutes` after the last one; None: it was about the day."""

    minutes: int | None
    rest: bool  # of a group larger than one scan may be

    @property
    def sooner_than_anybody_orders(self) -> bool:
        return self.minutes is not None and self.minutes < COOLING_MINUTES and not self.rest


@dataclass
class Cafe:
    """A shop, its people, and what happened at its till."""

    random: Random
    members: int
    colleagues: int
    regulars: bool = True  # False: a place nobody goes to twice a week
    habits: list[Habit] = field(default_factory=list)
    scans: int = 0
    asked: list["Asked"] = field(default_factory=list)

    def open_up(self) -> "Cafe":
        with clock.at(on(FIRST - 40 * A_DAY, 12)):
            self.shop = ShopFactory()
            self.card = ProgrammeFactory(shop=self.shop)
            place = LocationFactory(shop=self.shop)
            self.counter = CounterFactory(shop=self.shop, location=place)
            self.staff = [self._colleague(name) for name in NAMES[: self.colleagues]]
        with scope(shop=self.shop):
            set_hours(place, HOURS, actor=as_owner(place.shop))
            self.programme = Programme.objects.get()
        return self

    def _colleague(self, name: str) -> StaffMember:
        role = RoleFactory(shop=self.shop, person=PersonFactory(name=name))
        return StaffMemberFactory(shop=self.shop, name=name, role=role)

    def customer(self, name: str = "", **more: object) -> Membership:
        with clock.at(on(FIRST - 20 * A_DAY, 12)):
            return MembershipFactory(shop=self.shop, name=name, **more)

    # --- What happens at the till -------------------------------------------------------------

    def stamp(self, scan: Scan) -> None:
        """One scan, as the till does it: asked first, staff mean it."""
        self.counter.staff = scan.by or self.on_shift(scan.at)
        self.scans += 1
        try:
            self._add(scan, again=False)
        except (StampedRecently, DailyLimit) as ask:
            self.asked.append(Asked(ask.values.get("minutes"), scan.rest))
        else:
            return
        self._add(scan, again=True)

    def _add(self, scan: Scan, *, again: bool) -> None:
        with clock.at(scan.at):
            add_stamps(
                membership=scan.card,
                programme=self.programme,
                count=scan.count,
                extra=scan.own_cup,
                again=again,
                key=keys.new(),
                actor=Actor.of_counter(self.counter),
            )

    def on_shift(self, at: datetime) -> StaffMember:
        """Mornings and afternoons have their people; at the weekend two share the till."""
        local = at.astimezone(OSLO)
        here = [one for one in self.staff if self._is_here(one, local.date())]
        half = int(local.hour >= 13)
        if local.weekday() >= 5:
            both = here[-1], here[local.isocalendar().week % len(here)]
            return Random(f"{local}").choice(both)
        swapped = Random(f"{local.date()}").random() * 100 < A_SHIFT_SWAPPED
        return here[(local.weekday() // 3 + half + swapped) % len(here)]

    def _is_here(self, one: StaffMember, day: date) -> bool:
        is_new = len(self.staff) > 2 and one == self.staff[-1]
        return day >= NEW_COLLEAGUE if is_new else True

    # --- What the owner sees ------------------------------------------------------------------

    def evening(self, day: date) -> list[flags.Flag]:
        """What stands on the owner's page late on that day, at the thresholds of a new shop."""
        night = on(day, 23.5)
        return flags.of_shop(
            self.shop, since(self.shop, night), night, GuardSettings(shop=self.shop)
        )

    def new_by_week(self) -> list[set[tuple[object, ...]]]:
        """Every flag an owner who looks each evening sees, in the week they first see it."""
        weeks: list[set[tuple[object, ...]]] = [set() for _ in range(len(DAYS) // 7)]
        known: set[tuple[object, ...]] = set()
        for n, day in enumerate(DAYS):
            seen = {identity(flag) for flag in self.evening(day)}
            weeks[n // 7] |= seen - known
            known |= seen
        return weeks


def identity(flag: flags.Flag) -> tuple[object, ...]:
    """The same flag on another evening; one that counts many days moves with the latest."""
    day = None if flag.many_days else flag.day
    who = flag.staff.name if flag.staff else ""
    return (flag.rule.value, day, who, flag.card and flag.card.pk)


def on(day: date, hour: float) -> datetime:
    """So many hours past midnight on the shop's clock."""
    clock_time = datetime.combine(day, time(0)) + timedelta(hours=hour)
    return clock_time.replace(tzinfo=OSLO)


# --- Honest people ----------------------------------------------------------------------------


def honest(seed: int) -> Cafe:
    """Four honest weeks: two to four colleagues, 60 to 90 members."""
    cafe = Cafe(Random(seed), members=60 + 15 * (seed % 3), colleagues=2 + seed % 3).open_up()
    cafe.habits = customers(cafe)
    for day in DAYS:
        for scan in sorted(day_of(cafe, day)):
            cafe.stamp(scan)
    return cafe


def quiet(seed: int) -> Cafe:
    """A place people visit once in a while."""
    cafe = Cafe(Random(seed), members=40, colleagues=2, regulars=False).open_up()
    cafe.habits = [Habit(cafe.customer(), a_week=0.4) for _ in range(cafe.members)]
    for day in DAYS:
        for scan in sorted(day_of(cafe, day)):
            cafe.stamp(scan)
    return cafe


def customers(cafe: Cafe) -> list[Habit]:
    random, habits = cafe.random, []
    for n in range(cafe.members):
        habit = Habit(cafe.customer(), a_week=min(random.lognormvariate(0.1, 0.8), 4))
        habit.hour = random.choice(PEAKS) if random.random() < 0.6 else None
        habit.own_cup = random.random() < 0.1
        if n < 2:  # comes nearly every day
            habit.a_week, habit.hour = 5.4, 8.5
        elif n < 4:  # two people, one card
            habit.shared = True
        elif n < 5:  # for the whole office, once a week
            habit.a_week, habit.cups, habit.hour = 1, (6, 7, 8), 12.0
        elif n < 15:  # a family
            habit.cups = (1, 2, 3, 4)
        habits.append(habit)
    return habits


def day_of(cafe: Cafe, day: date) -> list[Scan]:
    """Everything one day brings, in no order."""
    if day.weekday() not in HOURS:
        return []
    scans = [scan for habit in cafe.habits for scan in visit(cafe, habit, day)]
    if cafe.regulars:
        scans += own_coffees(cafe, day) + lunch_together(cafe, day)
        scans += concert(cafe) if day == CONCERT else []
    return [scan for scan in scans if scan.at <= on(day, hours(day)[1] + 0.2) or day == CONCERT]


def hours(day: date) -> tuple[float, float]:
    opens, closes = HOURS[day.weekday()]
    return opens.hour, closes.hour


def moment(cafe: Cafe, day: date, hour: float | None) -> datetime:
    """About then, or at any time; from shortly before opening to shortly after closing."""
    random, (opens, closes) = cafe.random, hours(day)
    guess = random.gauss(hour, 0.4) if hour else random.gauss(random.choice(PEAKS), 1.2)
    if guess < opens - 0.1:  # who is early on other days comes soon after it opens
        guess = opens + random.uniform(-0.1, 1.5)
    return on(day, min(guess, closes + random.random() * 0.2))


def visit(cafe: Cafe, habit: Habit, day: date) -> list[Scan]:
    """Nobody comes, or somebody does, and perhaps a little more follows."""
    random = cafe.random
    if random.random() > habit.a_week / len(HOURS) * BUSY.get(day.weekday(), 0.9):
        return []
    at, cups = moment(cafe, day, habit.hour), random.choice(habit.cups)
    scans = [Scan(at, 0, habit.card, min(cups, MOST_AT_ONCE), habit.own_cup)]
    if cups > MOST_AT_ONCE:
        more = cups - MOST_AT_ONCE
        scans.append(Scan(at + timedelta(seconds=40), 1, habit.card, more, rest=True))
    if random.random() * 100 < SECOND_CUP:
        scans.append(Scan(at + timedelta(minutes=random.uniform(20, 100)), 2, habit.card))
    if random.random() * 100 < FORGOTTEN:
        scans.append(Scan(at + timedelta(minutes=random.uniform(1, 6)), 3, habit.card))
    if habit.shared and random.random() < 0.2:
        scans.append(Scan(moment(cafe, day, None), 4, habit.card))
    return scans


def own_coffees(cafe: Cafe, day: date) -> list[Scan]:
    """One colleague stamps her own coffee, once a shift on two days of three."""
    sara = cafe.staff[0]
    card = mine(cafe, sara)
    at = on(day, cafe.random.choice((10.6, 13.4)))
    if cafe.on_shift(at) != sara or cafe.random.random() > 0.66:
        return []
    return [Scan(at, 5, card, by=sara)]


def mine(cafe: Cafe, colleague: StaffMember) -> Membership:
    """The card a colleague has saved with their own sign-in, made when it is first wanted."""
    assert colleague.role
    person = colleague.role.person
    with scope(shop=cafe.shop):
        card = Membership.objects.select_related("shop").filter(person=person).first()
    return card or cafe.customer(colleague.name, person=person)


def lunch_together(cafe: Cafe, day: date) -> list[Scan]:
    """On Thursdays five to eight people from one workplace queue up, each with a card."""
    if day.weekday() != 3:
        return []
    start, random = on(day, 11.75), cafe.random
    people = random.sample(cafe.habits[15:], random.randint(5, 8))
    return [
        Scan(start + n * timedelta(seconds=random.randint(25, 45)), 6, habit.card)
        for n, habit in enumerate(people)
    ]


def concert(cafe: Cafe) -> list[Scan]:
    """One evening until nine."""
    guests = cafe.random.sample(cafe.habits[15:], 8)
    pours = cafe.staff[0]
    return [
        Scan(on(CONCERT, 18.5 + cafe.random.random() * 2.3), 7, habit.card, by=pours)
        for habit in guests
    ]
