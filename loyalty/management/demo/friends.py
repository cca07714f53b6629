"""The demo's café thanks whoever brings a friend: Maja has brought two, and one has bought."""

from datetime import datetime, timedelta

from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.management.demo.levels import owner_of
from loyalty.management.demo.shops import DemoShop
from loyalty.models import Counter, Shop
from members.models import Membership, Programme
from members.operations import join, rename
from rewards.friends.operations import catch_up
from rewards.friends.owning import keep_scheme, proposal
from stampcards.operations import add_stamps

FRIENDS = {"Tiril": timedelta(days=6), "Ask": timedelta(days=2)}  # who came, and how long ago
BUYS = "Tiril"


def bring_friends(shop: Shop, demo: DemoShop, now: datetime) -> None:
    """Switch on what most shops give, a stamp for each, and let two come. The shop must be live."""
    with scope(shop=shop):
        with clock.at(now - timedelta(days=20)):
            keep_scheme(proposal(shop), actor=owner_of(shop))
        maja = Membership.objects.current().filter(name=demo.names[0]).earliest("pk")
        for name, ago in FRIENDS.items():
            with clock.at(now - ago):
                friend = _join(shop, maja, name)
            if name == BUYS:
                with clock.at(now - ago + timedelta(minutes=4)):
                    _buy(shop, friend)
                    catch_up(clock.now())


def _join(shop: Shop, maja: Membership, name: str) -> Membership:
    joined = join(
        source=Membership.Source.FRIEND,
        source_detail=maja.friend_code,
        language=shop.language,
        key=keys.new(),
        actor=Actor(shop, Channel.CARD),
    )
    card = Membership.objects.select_related("shop").get(pk=joined["membership"])
    rename(card, name)
    return card


def _buy(shop: Shop, friend: Membership) -> None:
    counter = Counter.objects.select_related("shop", "staff").earliest("pk")
    add_stamps(
        membership=friend,
        programme=Programme.objects.filter(kind="stamps").in_order()[0],
        count=1,
        key=keys.new(),
        actor=Actor.of_counter(counter),
    )
