"""The doors of the demo's shops, as the terminal prints them."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.management.demo.shops import SHOPS, DemoShop
from loyalty.management.demo.signin import signed
from loyalty.models import Counter, Role, Shop
from members.ledger.models import Account
from members.models import Membership
from rewards.models import Claim
from stampcards.rules import StampRules

A_DAY = timedelta(days=1)  # somebody reads the terminal, has a coffee, and comes back


def doors(base: str) -> Iterator[str]:
    """Lines of text: for each shop its owner's, its counter's and one member's address."""
    for demo in SHOPS:
        shop = Shop.objects.filter(slug=demo.slug).first()
        if shop is None:
            continue
        with scope(shop=shop):
            card = shown_card(shop, demo)
            yield f"{shop.name}, {demo.trade.label.lower()} in {demo.town}"
            yield f"  Owner    {base}{owner_door(shop)}  {demo.owner}"
            yield f"  Counter  {base}{counter_door(shop)}  pairs one browser"
            if card:
                yield f"  Card     {base}{reverse('card:card', args=[card.private])}  {told(card)}"
        yield ""


def owner_door(shop: Shop) -> str:
    role = Role.objects.active().filter(shop=shop, level=Role.Level.OWNER).earliest("pk")
    return reverse("demo_sign_in", args=[signed(role)])


def counter_door(shop: Shop) -> str:
    """A fresh single-use link to the first counter. A browser that is it stays so until then."""
    once = keys.secret()
    counter = Counter.objects.usable().earliest("pk")
    counter.pairing_hash, counter.pairing_ends = keys.hashed(once), clock.now() + A_DAY
    counter.save(update_fields=["pairing_hash", "pairing_ends"])
    return reverse("counter:pair", args=[once])


def shown_card(shop: Shop, demo: DemoShop) -> Membership | None:
    cards = Membership.objects.current().order_by("joined_at")
    return cards.filter(name=demo.names[0]).first() or cards.first()


def told(card: Membership) -> str:
    """What there is to see on a card: `Maja, 7 of 9 and a reward`."""
    account = (
        Account.objects.select_related("rule_version")
        .filter(membership=card)
        .order_by("programme")
        .first()
    )
    if account is None:
        return str(card)
    need = StampRules.read(account.rule_version.rules).need
    ready = Claim.objects.filter(membership=card).ready(clock.today(card.shop.zone)).exists()
    return f"{card}, {account.balance} of {need}{' and a reward' if ready else ''}"
