"""The shop of one seed: its customers, its devices, its clock, and what staff tapped."""

import random
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django_scopes import scope

from loyalty import access, clock, keys
from loyalty.models import Counter
from loyalty.operations import bring_back, choose_staff, offer_pairing, pair
from tests.factories import (
    CounterFactory,
    LocationFactory,
    MembershipFactory,
    PaperCardFactory,
    ProgrammeFactory,
    ShopFactory,
    StaffMemberFactory,
    as_owner,
)
from tests.simulation.device import Device
from tests.simulation.network import Network
from tests.simulation.staffing import Tap, open_page

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
NAMES = ("the door", "the bar", "the terrace")


class Card:
    """A customer's card, with every code it ever had; or a paper card that nobody has yet."""

    def __init__(self, name, thing):
        self.name = name
        self.codes = [(thing.counter_code, thing.short_code)]

    def __str__(self):
        return self.name

    def new_codes(self, codes):
        self.codes.append((codes["counter_code"], codes["short_code"]))


class World:
    """Everything random comes from `rng`, and everything that happens from `steps`.

    The shop has been open for `age` when the first of it happens, at `start`.
    """

    cookie = access.COUNTER_COOKIE

    def __init__(self, seed, *, start=None, age=timedelta(days=3)):
        self.seed, self.rng = seed, random.Random(seed)
        days = timedelta(days=self.rng.randrange(700), hours=self.rng.randrange(12))
        self.now = self.start = start or MONDAY + days
        self.story = []
        self.taps, self.wipes, self.off = {}, [], []
        self.handed = {}  # claim: was it said that it is handed out?
        self.seen = set()  # what happened, by name
        self.paused = False
        self.homes = {}  # counter: the device that is or was it
        self.network = Network(self)
        with clock.at(self.start - age):
            self.shop = ShopFactory()
            with scope(shop=self.shop):
                self._open_shop()
        for device in self.devices:
            open_page(device, sends=False)

    def _open_shop(self):
        rng = self.rng
        self.place = LocationFactory(shop=self.shop)
        self.staff = [StaffMemberFactory(shop=self.shop) for _one in range(2)]
        self.need, self.extra = rng.randint(3, 7), rng.random() < 0.5
        self.card = ProgrammeFactory(
            shop=self.shop,
            rules__need=self.need,
            rules__welcome=1,
            rules__wait_minutes=rng.choice([5, 60]),
            rules__most_per_day=rng.choice([4, 10]),
            rules__extra_for="Own cup" if self.extra else "",
        )
        names = ("Maja", "Nora")
        self.cards = [Card(name, MembershipFactory(shop=self.shop)) for name in names]
        if rng.random() < 0.3:
            self.cards.append(Card("a paper card", PaperCardFactory(shop=self.shop)))
        self.devices = [self._device(name) for name in NAMES[: rng.choice([1, 2, 2, 3])]]

    def _device(self, name):
        counter = CounterFactory(
            shop=self.shop, location=self.place, staff=self.rng.choice(self.staff)
        )
        device = self.homes[counter.pk] = Device(name, self, counter, counter.device)
        return device

    @property
    def employed(self):
        return [staff for staff in self.staff if staff.active]

    def uuid(self):
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def note(self, line):
        self.story.append(f"{self.now:%d.%m. %H:%M:%S} {line}")

    @contextmanager
    def in_shop(self):
        """It is now, and whoever asks the database asks for this shop."""
        with clock.at(self.now), scope(shop=self.shop):
            yield

    def pass_time(self, seconds):
        self.now += timedelta(seconds=seconds)
        for device in self.devices:
            if not device.asleep:
                device.steady += seconds * 1000

    # --- What the server knows ----------------------------------------------------------------

    def who_is_on(self, device):
        """What the page says that this device gets now: its counter and who is on it, or None."""
        with self.in_shop():
            counter = Counter.objects.select_related("staff").get(pk=device.counter.pk)
        if counter.revoked_at:
            return None
        return counter.pk, counter.staff.pk if counter.staff and counter.staff.active else None

    def pair_anew(self, device):
        """The device becomes another counter, with whatever still waits on it."""
        with self.in_shop():
            offer = offer_pairing(
                location=self.place, name=f"{device.name} again", actor=as_owner(self.shop)
            )
            device.counter, device.secret = pair(offer.once)
            self.homes[device.counter.pk] = device
            choose_staff(device.counter, self.rng.choice(self.employed))
        device.air = "good"  # or it could not have been paired
        open_page(device)

    def bring_back(self, device):
        with self.in_shop():
            bring_back(device.counter, actor=as_owner(device.counter.shop))
        for period in self.off:
            if period[0] == device.counter.pk and period[2] is None:
                period[2] = self.now

    # --- What staff tap -----------------------------------------------------------------------

    def tap(self, device, card, *, count=1, again=False, extra=False, old=False, short=False):
        """Somebody at this device taps the main button."""
        long, digits = card.codes[0 if old else -1]
        form = {"programme": str(self.card.pk), "count": str(count)}
        form["again"] = "True" if again else ""
        if extra:
            form["extra"] = "on"
        tap = Tap(
            key=str(self.uuid()),
            device=device,
            counter=device.page.counter,
            staff=device.page.staff,
            card=card,
            code=digits if short else long,
            form=form,
            at=self.now,
        )
        self.taps[tap.key] = tap
        return tap

    def of_booked(self, key):
        """The tap behind an operation's key: its own, or the one derived when it was meant."""
        for tap in self.taps.values():
            if str(key) in (tap.key, str(keys.derived("meant", tap.key))):
                return tap
        return None
