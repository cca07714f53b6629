"""The product and its plain model, side by side: every step is taken in both, and compared."""

from collections import defaultdict
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.refusals import Refused
from members.ledger.models import Account, Lot, Operation
from members.ledger.operations import expire_lapsed
from members.merging import merge
from members.models import Membership
from members.operations import undo, void
from members.visits import Purchase
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import cancel, choose_for_card, lapse_claims, redeem, redeem_now
from rewards.models import Claim
from rewards.operations import expire_claims, hand_over
from rewards.points.operations import earn_points
from rewards.points.owning import change_points
from rewards.points.rules import PointRules
from stampcards.operations import ANY_PURCHASE, add_stamps
from tests.factories import (
    CounterFactory,
    MembershipFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
)
from tests.rewards import plain_points as plain
from tests.rewards.plain_purse import No, Offer, day_of

CARDS = 3
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OFFERS = {
    "lunch": Offer(cost=60, days=10, stock=2),
    "cake": Offer(cost=25, most=2),
    "gamble": Offer(cost=40, bonus=15),
}
FOR_A_CARD = {"gift": Offer(cost=0, days=5, stock=1), "treat": Offer(cost=0, bonus=30)}


def open_shop(shop):
    """A points scheme, a stamp card, and rewards for both; and its members, who joined long ago."""
    shop.counter = CounterFactory(shop=shop)
    shop.points = PointsFactory(shop=shop)
    shop.card = ProgrammeFactory(
        shop=shop,
        rules__need=plain.NEED,
        rules__welcome=0,
        rules__expires_months=None,
        rules__reward_months=None,
    )
    for programme in (shop.points, shop.card):
        programme.versions.update(effective_from=LONG_AGO)
    for offers, programme in ((OFFERS, shop.points), (FOR_A_CARD, shop.card)):
        for name, offer in offers.items():
            offer_reward(programme, name, offer)
    with clock.at(LONG_AGO):
        MembershipFactory.create_batch(CARDS, shop=shop)


def offer_reward(programme, name, offer):
    RewardFactory(
        programme=programme,
        name=name,
        cost=offer.cost or None,
        use_within_days=offer.days,
        stock=offer.stock,
        per_member=offer.most,
        bonus=offer.bonus or None,
        behaviour="bonus" if offer.bonus else "thing",
    )


def rules_of(plain_rules):
    return PointRules(
        rate=plain_rules.rate,
        expiry=plain_rules.expiry,
        expires_months=plain_rules.months,
        returns=plain_rules.returns,
    )


class Twins:
    """The product and the model, side by side; every step is taken in both."""

    def __init__(self, shop, began, rules):
        self.shop, self.now, self.rules = shop, began, rules
        self.actor = Actor.of_counter(shop.counter)
        self.owner, self.own = Actor(shop, Channel.OWNER), Actor(shop, Channel.CARD)
        self.members = list(Membership.objects.select_related("shop").order_by("pk"))
        self.world = plain.World(CARDS, {**OFFERS, **FOR_A_CARD}, rules, LONG_AGO)
        self.operations, self.asked, self.lasted = [], None, {}

    def take(self, step, *how):
        with clock.at(self.now):
            getattr(self, step)(*how)
            self.agree()

    # --- Steps ----------------------------------------------------------------------------------

    def earn(self, n, minor, late):
        at = self.now - late
        wish = {"membership": self.members[n], "programme": self.shop.points, "again": True}
        wish |= {"purchase": Purchase(amount_minor=minor), "sure": True}
        actor = replace(self.actor, at=at if late else None)
        self.both(earn_points, wish, actor, lambda world: world.earn(n, minor, at))

    def stamp(self, n, count, minor):
        wish = {"membership": self.members[n], "programme": self.shop.card, "count": count}
        purchase = Purchase(amount_minor=minor) if minor else ANY_PURCHASE
        wish |= {"again": True, "sure": True, "purchase": purchase}
        self.both(
            add_stamps, wish, self.actor, lambda world: world.stamp(n, count, minor, self.now)
        )

    def redeem(self, n, name, at_once):
        wish = {"membership": self.members[n], "reward": self.reward(name)}
        ours, actor = (redeem_now, self.actor) if at_once else (redeem, self.own)
        self.both(ours, wish, actor, lambda world: world.redeem(n, name, self.now, at_once=at_once))

    def choose(self, n, nth, name):
        if (place := self.claim(n, nth)) is not None:
            wish = self.wish(n, place) | {"reward": self.reward(name)}
            self.both(
                choose_for_card,
                wish,
                self.own,
                lambda world: world.choose(n, world.claims[place], name, self.now),
            )

    def cancel(self, n, nth):
        if (place := self.claim(n, nth)) is not None:
            wish = self.wish(n, place)
            self.both(
                cancel, wish, self.own, lambda world: world.cancel(world.claims[place], self.now)
            )

    def hand_over(self, n, nth):
        if (place := self.claim(n, nth)) is not None:
            wish = self.wish(n, place)
            self.both(
                hand_over,
                wish,
                self.actor,
                lambda world: world.hand_over(world.claims[place], self.now),
            )

    def undo(self, nth):
        self.take_back(nth, undo, owe=False)

    def void(self, nth):
        self.take_back(nth, void, owe=True, reason="refund")

    def take_back(self, nth, ours, *, owe, **more):
        if not self.operations:
            return
        place = len(self.operations) - 1 - nth % len(self.operations)
        undone = Operation.objects.select_related("membership").get(pk=self.operations[place])
        if undone.kind == "merge":
            ours, more, owe = undo, {}, False
        wish = {"membership": undone.membership, "undone": undone, **more}
        self.both(ours, wish, self.owner, lambda world: self.undo_theirs(world, place, owe))

    def undo_theirs(self, world, place, owe):
        done = world.done[place]
        if done.kind == "merge":
            world.part(done, self.now)
        else:
            world.undo(done, self.now, owe=owe)

    def merge(self, gone, kept):
        wish = {"kept": self.members[kept], "gone": self.members[gone]}
        self.both(merge, wish, self.owner, lambda world: world.merge(gone, kept, self.now))

    def expire(self):
        expire_lapsed(self.now)
        self.world.expire(day_of(self.now))

    def lapse(self):
        expire_claims(self.now)
        lapse_claims(self.now)
        self.world.lapse(self.now)

    def wait(self, time):
        self.now += time

    def change(self, rules):
        """Whatever changes, what was earned keeps its date (A3)."""
        before = self.dates()
        change_points(
            programme=self.shop.points, name="Points", rules=rules_of(rules), actor=self.owner
        )
        self.world.change(rules, self.now)
        assert self.dates() == before

    def repeat(self):
        """The same key once more: nothing moves, whatever has happened since."""
        if self.asked:
            ask, told = self.asked
            again = answer_of(ask)
            assert type(again) is type(told)
            assert isinstance(told, Refused) or again == told

    # --- Both do it, or both refuse for the same reason -----------------------------------------

    def both(self, ours, wish, actor, theirs):
        key = keys.new()

        def ask():
            return ours(**wish, key=key, actor=actor)

        answer = answer_of(ask)
        self.asked = ask, answer
        done, no = self.asked_of_the_model(theirs)
        said = type(answer).__name__ if isinstance(answer, Refused) else ""
        assert said == no, f"the product says {said or 'yes'}, the model {no or 'yes'}"
        if done:
            self.world.done.append(done)
            self.operations.append(Operation.objects.get(key=key).pk)

    def asked_of_the_model(self, theirs):
        before = deepcopy(self.world)
        try:
            return theirs(self.world), ""
        except No as no:
            self.world = before
            return None, str(no)

    def reward(self, name):
        return Reward.objects.get(name=name)

    def claim(self, n, nth):
        """The place of one of a card's claims, the latest first."""
        own = [place for place, claim in enumerate(self.world.claims) if claim.card == n]
        return own[-1 - nth % len(own)] if own else None

    def wish(self, n, place):
        return {"membership": self.members[n], "claim": Claim.objects.order_by("pk")[place]}

    # --- And are the same -----------------------------------------------------------------------

    def agree(self):
        self.agree_on_purses()
        claims = Claim.objects.order_by("pk").values_list(
            "membership", "state", "reward__name", "expires_on", "cost"
        )
        assert list(claims) == [
            (self.members[c.card].pk, c.state, c.offer or None, c.until, c.cost)
            for c in self.world.claims
        ]
        assert dict(Reward.objects.values_list("name", "stock")) == self.world.stock

    def agree_on_purses(self):
        left = defaultdict(list)
        lots = Lot.objects.left().order_by("pk")
        for account, remaining, until in lots.values_list("account", "remaining", "expires_on"):
            left[account].append((remaining, until))
        for account in Account.objects.select_related("programme"):
            purse = self.purse_of(account)
            assert (account.balance, account.shortfall) == (purse.balance, purse.owes)
            assert left[account.pk] == [(lot.left, lot.until) for lot in purse.lots if lot.left]
            if account.programme.kind == "stamps":
                fills = [fill for fill in self.world.fills if fill.purse is purse]
                assert account.cycle == len(fills)
        self.nothing_got_shorter()

    def purse_of(self, account):
        purses = self.world.points if account.programme.kind == "points" else self.world.stamps
        return purses[[member.pk for member in self.members].index(account.membership_id)]

    def dates(self):
        return {pk: until or date.max for pk, until in Lot.objects.values_list("pk", "expires_on")}

    def nothing_got_shorter(self):
        dates = self.dates()
        assert all(dates[pk] >= until for pk, until in self.lasted.items())
        self.lasted = dates


def answer_of(ask):
    try:
        return ask()
    except Refused as refusal:
        return refusal
