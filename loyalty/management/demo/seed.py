"""Books the year that was made up, through the operations and with the clock turned back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.db import connection
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.management.demo import early_access, extras, friends, levels, shops, year
from loyalty.management.demo.shops import DemoShop
from loyalty.management.demo.year import Customer
from loyalty.models import Counter, Person, Shop, StaffMember
from loyalty.operations import go_live, offer_pairing, open_shop, pair
from members import rooms
from members.ledger.models import Operation
from members.models import Membership, Programme
from members.operations import join, rename, save_card, undo
from members.visits import Purchase
from rewards.figures.rollup import count_days
from rewards.models import Claim
from rewards.operations import hand_over
from stampcards import trades
from stampcards.operations import add_stamps
from stampcards.owning import start_card

SEED = 1905
SOURCES = {Membership.Source.POSTER: 7, Membership.Source.COUNTER: 2, Membership.Source.LINK: 1}
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})  # for addresses
SLIPS = 0.015  # how often a stamp is given twice and one of the two undone


def seed(now: datetime, *, members: int = 40) -> None:
    """Make the demo's shops, with so many members each."""
    with quick_commits():
        for demo in shops.SHOPS:
            open_and_run(demo, now, members)
        for tick in rooms.answering("tick"):
            tick(now)
        # Last of all, so that a demo whose making was interrupted can be told from a whole one.
        for demo in shops.SHOPS:
            shop = Shop.objects.get(slug=demo.slug)
            with clock.at(shop.created_at):
                go_live(levels.owner_of(shop))
            if demo.friends:
                friends.bring_friends(shop, demo, now)
            if demo.levels:
                levels.start_levels(shop, now)
                early_access.open_early(shop, demo, now)
        count_days(now)


@contextmanager
def quick_commits() -> Iterator[None]:
    """Let SQLite not wait for the disk, this once: a demo cut off by a power cut is made again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def open_and_run(demo: DemoShop, now: datetime, members: int) -> None:
    random = Random(f"{SEED} {demo.slug}")  # noqa: S311 (the same made-up year every time)
    opened = now - timedelta(days=year.YEAR + 3)
    with clock.at(opened):
        owner = a_person(demo.owner, demo)
        shop = open_demo_shop(demo, owner)
        with scope(shop=shop):
            programme, need = start_demo_card(shop, owner)
            lunch = start_more(demo, shop, owner)
            till = Till(
                demo, shop, programme, lunch, random, people(shop, demo), counters(shop, demo)
            )
    everybody = year.customers(
        demo, zone=shop.zone, now=now, need=need, random=random, count=members
    )
    visits = sorted(
        ((moment, customer) for customer in everybody for moment in customer.visits),
        key=lambda visit: visit[0],
    )
    shop.live_since = shop.created_at  # as it will be told, once everything else is there
    with scope(shop=shop):
        for moment, customer in visits:
            till.serve(customer, moment)


def open_demo_shop(demo: DemoShop, owner: Person) -> Shop:
    shop = open_shop(
        person=owner,
        name=demo.name,
        country=demo.country,
        language=demo.language,
        trade=demo.trade,
    )
    shop.accent = trades.CARDS[demo.trade].colour
    shop.save(update_fields=["accent"])
    shop.locations.update(name=demo.street)
    return shop


def start_demo_card(shop: Shop, owner: Person) -> tuple[Programme, int]:
    name, rules = trades.proposal(
        trades.Trade(shop.trade), currency=shop.currency, language=shop.language
    )
    actor = Actor(shop, Channel.OWNER, person=owner)
    return start_card(name=name, rules=rules, actor=actor), rules.need


def start_more(demo: DemoShop, shop: Shop, owner: Person) -> Programme | None:
    """What this shop has beside its stamp card. Returns its second card."""
    actor = Actor(shop, Channel.OWNER, person=owner)
    extras.print_paper_cards(actor)
    if demo.points:
        extras.start_points_scheme(shop, actor)
    return extras.start_second_card(shop, actor) if demo.lunch else None


def a_person(name: str, demo: DemoShop) -> Person:
    """Somebody who signs in by mailed code and has proved their address."""
    email = address(name, demo)
    person = Person.objects.create_user(email, name=name, language=demo.language)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def address(name: str, demo: DemoShop) -> str:
    return f"{name.lower().translate(LETTERS)}@{demo.mail}"


def people(shop: Shop, demo: DemoShop) -> list[StaffMember]:
    StaffMember.objects.bulk_create(StaffMember(shop=shop, name=name) for name in demo.staff)
    return list(StaffMember.objects.filter(shop=shop))


def counters(shop: Shop, demo: DemoShop) -> list[Counter]:
    location = shop.locations.get()
    actor = levels.owner_of(shop)
    offers = [offer_pairing(location=location, name=name, actor=actor) for name in demo.counters]
    return [pair(offer.once)[0] for offer in offers]


@dataclass
class Till:
    """The counter of one shop, as the days go by."""

    demo: DemoShop
    shop: Shop
    programme: Programme
    lunch: Programme | None
    random: Random
    staff: list[StaffMember]
    counters: list[Counter]
    cards: dict[str, Membership] = field(default_factory=dict)  # by the customer's name
    waiting: dict[str, int] = field(default_factory=dict)  # rewards, likewise

    def serve(self, customer: Customer, moment: datetime) -> None:
        """One visit: join if new, take a reward that waits, get a stamp."""
        actor = self.on_duty(moment)
        if customer.name not in self.cards:
            with clock.at(moment - timedelta(seconds=100)):
                self.cards[customer.name] = self.join(customer, actor)
        elif customer.saves_card and self.cards[customer.name].person is None:
            with clock.at(moment - timedelta(minutes=20)):
                self.save(customer)
        with clock.at(moment):
            if self.wants_reward(customer):
                self.hand_over(customer, actor)
            self.stamp(customer, actor)
            if self.demo.points and not customer.shown:
                extras.spend_points(self.cards[customer.name], self.random, actor)

    def on_duty(self, moment: datetime) -> Actor:
        """Two shifts a day, and mostly the first counter."""
        shift = moment.toordinal() * 2 + (moment.hour >= 13)
        staff = self.staff[shift % len(self.staff)]
        second = len(self.counters) > 1 and self.random.random() < 0.3
        return Actor(
            self.shop, Channel.COUNTER, staff=staff, counter=self.counters[1 if second else 0]
        )

    def join(self, customer: Customer, actor: Actor) -> Membership:
        [source] = self.random.choices(list(SOURCES), list(SOURCES.values()))
        if source != Membership.Source.COUNTER:
            actor = Actor(self.shop, Channel.CARD)
        english = not customer.shown and self.random.random() < 0.08
        answer = join(
            source=source,
            source_detail="till" if source == Membership.Source.POSTER else "",
            language="en-gb" if english else self.shop.language,
            key=keys.new(),
            actor=actor,
        )
        card = Membership.objects.get(pk=answer["membership"])
        named = customer.shown or self.random.random() < 0.85
        rename(card, customer.name if named else "")
        return card

    def save(self, customer: Customer) -> None:
        card = self.cards[customer.name]
        person = Person.objects.filter(email=address(customer.name, self.demo)).first()
        save_card(
            membership=card,
            person=person or a_person(customer.name, self.demo),
            key=keys.new(),
            actor=Actor(self.shop, Channel.CARD),
        )

    def wants_reward(self, customer: Customer) -> bool:
        """The first reward of the card that is shown was handed out, the second one waits."""
        return bool(self.waiting.get(customer.name)) and customer.collects

    def hand_over(self, customer: Customer, actor: Actor) -> None:
        card = self.cards[customer.name]
        ready = Claim.objects.filter(membership=card).ready(clock.today(self.shop.zone)).first()
        self.waiting[customer.name] = 0
        if ready is not None:
            hand_over(membership=card, claim=ready, key=keys.new(), actor=actor)
        if customer.shown:
            customer.collects = False

    def stamp(self, customer: Customer, actor: Actor) -> None:
        generous = not customer.shown
        if generous and self.random.random() < SLIPS:
            self.slip(customer, actor)
        if generous and self.lunch and self.random.random() < extras.LUNCH.share:
            self.stamp_lunch(customer, self.lunch, actor)
            return
        two = generous and self.demo.trade == trades.Trade.CAFE and self.random.random() < 0.08
        answer = add_stamps(
            membership=self.cards[customer.name],
            programme=self.programme,
            count=2 if two else 1,
            extra=generous and self.random.random() < self.demo.own_bring,
            purchase=self.purchase(),
            key=keys.new(),
            actor=actor,
        )
        self.waiting[customer.name] = self.waiting.get(customer.name, 0) + answer["filled"]

    def stamp_lunch(self, customer: Customer, lunch: Programme, actor: Actor) -> None:
        """Somebody came for lunch: a stamp on the other card."""
        card = self.cards[customer.name]
        add_stamps(membership=card, programme=lunch, count=1, key=keys.new(), actor=actor)

    def purchase(self) -> Purchase:
        """What the till was told of this one."""
        if not self.demo.points:
            return extras.NOTHING_ASKED
        return extras.a_purchase(self.shop, self.random)

    def slip(self, customer: Customer, actor: Actor) -> None:
        """A stamp on the wrong card, noticed and undone."""
        card, key = self.cards[customer.name], keys.new()
        stamped = clock.now()
        add_stamps(
            membership=card, programme=self.programme, count=1, extra=False, key=key, actor=actor
        )
        wrong = Operation.objects.get(key=key)
        with clock.at(stamped + timedelta(seconds=25)):
            undo(membership=card, undone=wrong, key=keys.new(), actor=actor)


def is_empty() -> bool:
    return not Shop.objects.exists()


def was_interrupted() -> bool:
    """Was the demo stopped while it made its shops?"""
    theirs = Shop.objects.filter(slug__in=[demo.slug for demo in shops.SHOPS])
    return theirs.filter(live_since=None).exists()
