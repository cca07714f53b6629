"""A made-up shop: who comes when, is late, is voided, becomes one with another, leaves."""

from contextlib import suppress
from datetime import datetime, time, timedelta
from random import Random

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.refusals import Refused
from members.ledger.models import Account, Operation
from members.ledger.operations import expire_lapsed
from members.merging import merge, undo_merge
from members.models import Membership
from members.operations import void
from members.privacy.operations import bring_back, erase_due, leave
from members.visits import Purchase
from rewards.catalogue.operations import cancel
from rewards.figures.rollup import count_days
from rewards.models import Claim
from rewards.operations import expire_claims, hand_over
from rewards.points.operations import earn_points
from rewards.points.rules import Action
from stampcards.operations import add_stamps
from tests.factories import (
    CounterFactory,
    LocationFactory,
    MembershipFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
    ShopFactory,
    choose,
)

A_DAY = timedelta(days=1)
DEEDS = (
    ["visit"] * 12
    + ["buy"] * 6
    + ["late"] * 4
    + ["use"] * 4
    + ["choose"] * 3
    + [
        *["void"] * 5,
        *["attend", "bring", "leave"] * 3,
        *["merge", "part", "back", "cancel"],
    ]
)


class Life:
    """Days of a shop with two places; every choice is drawn from a seed."""

    def __init__(self, zone, seed, first_day):
        self.random, self.begun, self.day = Random(seed), first_day, first_day
        self.pack = []
        self.shop = ShopFactory(time_zone=zone)
        self.now = self.moment(time(8))
        with clock.at(self.now):
            self.stamps = ProgrammeFactory(shop=self.shop, rules__need=4)
            self.points = PointsFactory(
                shop=self.shop, rules__per_attendance=2, rules__actions=(Action("A review", 3),)
            )
            self.reward = RewardFactory(programme=self.points, cost=15)
            self.counters = [
                CounterFactory(shop=self.shop, location=LocationFactory(shop=self.shop))
                for _each in range(2)
            ]

    def moment(self, at):
        return datetime.combine(self.day, at, self.shop.zone)

    def live(self, days, deeds):
        """So many days, each with a few deeds, some of them around midnight."""
        for _day in range(days):
            for at in sorted(self.some_time() for _deed in range(deeds)):
                self.now = self.moment(at)
                self.do(self.next_deed() if self.cards() else "join")
            self.day += A_DAY
            self.now = self.moment(time(0))
            self.night()

    def next_deed(self):
        """As from a pack of cards: each comes up before any comes up too often."""
        self.pack = self.pack or self.random.sample(DEEDS, len(DEEDS))
        return self.pack.pop()

    def some_time(self):
        hour = self.random.choice([0, 23, self.random.randrange(24)])
        return time(hour, self.random.randrange(60))

    def night(self):
        if self.random.random() < 0.3:  # the worker may be down for days
            expire_lapsed(self.now)
            expire_claims(self.now)
            erase_due(self.now)
            count_days(self.now)

    def do(self, deed):
        with clock.at(self.now), suppress(Refused):
            if self.random.random() < 0.25:
                self.join()
            getattr(self, deed)()

    def cards(self):
        return list(Membership.objects.current().filter(leaving_since=None).order_by("pk"))

    def some_card(self):
        return self.random.choice(self.cards())

    def actor(self, at=None):
        return Actor.of_counter(self.random.choice(self.counters), at=at)

    def amount(self):
        return self.random.choice([None, 0, self.random.randrange(1000, 30000)])

    # --- Deeds ------------------------------------------------------------------------------

    def join(self):
        MembershipFactory(shop=self.shop, source=self.random.choice(Membership.Source.values))

    def visit(self, at=None):
        add_stamps(
            membership=self.some_card(),
            programme=self.stamps,
            count=self.random.choice([1, 1, 2]),
            again=True,
            sure=True,
            purchase=Purchase(amount_minor=self.amount()),
            key=keys.new(),
            actor=self.actor(at),
        )

    def late(self):
        """Saved by a counter without a connection, up to forty days ago."""
        back = timedelta(minutes=self.random.randrange(40 * 24 * 60))
        self.visit(max(self.now - back, self.stamps.created_at))

    def buy(self):
        self.earn(Purchase(amount_minor=self.random.randrange(1000, 30000)))

    def attend(self):
        self.earn(Purchase(bought=False, attended=True))

    def bring(self):
        self.earn(Purchase(bought=False, actions=("A review",)))

    def earn(self, purchase):
        earn_points(
            membership=self.some_card(),
            programme=self.points,
            purchase=purchase,
            again=True,
            sure=True,
            key=keys.new(),
            actor=self.actor(),
        )

    def use(self):
        ready = list(Claim.objects.filter(state="ready").order_by("pk"))
        if ready:
            claim = self.random.choice(ready)
            hand_over(membership=claim.membership, claim=claim, key=keys.new(), actor=self.actor())

    def choose(self):
        richest = Account.objects.filter(programme=self.points).order_by("-balance", "pk").first()
        if richest:
            choose(richest.membership, self.reward)

    def cancel(self):
        claim = Claim.objects.filter(state="ready", cost__gt=0).first()
        if claim:
            own = Actor(self.shop, Channel.CARD)
            cancel(membership=claim.membership, claim=claim, key=keys.new(), actor=own)

    def void(self):
        done = Operation.objects.exclude(kind__in=["join", "undo", "merge"]).order_by("-pk")
        if found := list(done.filter(membership__isnull=False)[:25]):
            undone = self.random.choice(found)
            owner = Actor(self.shop, Channel.OWNER)
            void(
                membership=undone.membership,
                undone=undone,
                reason="refund",
                key=keys.new(),
                actor=owner,
            )

    def merge(self):
        if len(cards := self.cards()) > 1:
            gone, kept = self.random.sample(cards, 2)
            merge(kept=kept, gone=gone, key=keys.new(), actor=self.actor())

    def part(self):
        merged = Operation.objects.filter(kind="merge", answer__refused__isnull=True).last()
        if merged:
            undo_merge(undone=merged, key=keys.new(), actor=self.actor())

    def leave(self):
        leave(self.some_card())

    def back(self):
        """Within two weeks they may have their card back."""
        gone = Membership.objects.filter(leaving_since__isnull=False, erased_at=None)
        if card := gone.order_by("pk").last():
            bring_back(card)
