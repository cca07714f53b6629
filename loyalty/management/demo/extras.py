"""What two of the demo's shops have beside their stamp card: points to spend, and a second card."""

from dataclasses import dataclass, replace
from random import Random

from loyalty import keys
from loyalty.actors import Actor
from loyalty.models import Shop
from members.ledger.models import Account
from members.models import Membership, Programme
from members.paper.operations import print_sheet
from members.visits import Purchase
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import redeem_now
from rewards.catalogue.owning import Offer, add_reward
from rewards.points import proposals
from rewards.points.owning import start_points
from stampcards import trades
from stampcards.owning import start_card

ROUND_MINOR = 500  # what people pay in the demo ends on five
TREATS = 0.6  # how often somebody with enough points spends them
NOTHING_ASKED = Purchase()


@dataclass(frozen=True)
class Treat:
    """A reward in the shop's language: its price in points, and what it costs, in whole units."""

    name: str
    text: str
    cost: int
    value: int
    percent: int | None = None


@dataclass(frozen=True)
class SecondCard:
    name: str
    reward: str
    need: int
    share: float  # how many visits are for this card


TREATS_OF_THE_SALON = (
    Treat("Hårkur", "Ti minutter ved vasken, med varm kompres.", 90, 60),
    Treat("Shampoo efter eget valg", "En hel flaske fra hylden.", 150, 95),
    Treat("20 % på næste klipning", "Gælder alle vores frisører.", 300, 90, percent=20),
)
LUNCH = SecondCard(name="Lunsjkort", reward="Dagens lunsj", need=7, share=0.18)


def start_points_scheme(shop: Shop, actor: Actor) -> None:
    """Points for every amount, and a catalogue to spend them in."""
    name, rules = proposals.proposal(currency=shop.currency, language=shop.language)
    programme = start_points(name=name, rules=rules, actor=actor)
    for treat in TREATS_OF_THE_SALON:
        behaviour = Reward.Behaviour.PERCENT if treat.percent else Reward.Behaviour.THING
        offer = Offer(
            programme=programme,
            name=treat.name,
            behaviour=behaviour,
            cost=treat.cost,
            text=treat.text,
            percent=treat.percent,
            value_minor=treat.value * 100,
            use_within_days=90,
        )
        add_reward(offer=offer, actor=actor)


def start_second_card(shop: Shop, actor: Actor) -> Programme:
    """Another stamp card on the same page, with rules of its own."""
    _name, rules = trades.proposal(
        trades.Trade(shop.trade), currency=shop.currency, language=shop.language
    )
    own = replace(rules, need=LUNCH.need, reward=LUNCH.reward, welcome=0, extra_for="")
    return start_card(name=LUNCH.name, rules=own, actor=actor)


def print_paper_cards(actor: Actor) -> None:
    print_sheet(key=keys.new(), actor=actor)


def a_purchase(shop: Shop, random: Random) -> Purchase:
    """What somebody paid, around what the trade usually takes."""
    _name, rules = trades.proposal(
        trades.Trade(shop.trade), currency=shop.currency, language=shop.language
    )
    usual = rules.average_purchase_minor
    paid = random.triangular(usual * 0.4, usual * 2.2, usual * 0.9)
    return Purchase(amount_minor=round(paid / ROUND_MINOR) * ROUND_MINOR)


def spend_points(card: Membership, random: Random, actor: Actor) -> None:
    """Whoever has enough for something takes it now and then: the dearest they can have."""
    account = Account.objects.filter(membership=card, programme__kind="points").first()
    if account is None or random.random() > TREATS:
        return
    within_reach = Reward.objects.filter(cost__lte=account.balance).order_by("-cost")
    if reward := within_reach.first():
        redeem_now(membership=card, reward=reward, key=keys.new(), actor=actor)
