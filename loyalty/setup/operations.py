"""What an owner does to get a shop going. Built from the operations of the floors below."""

from django.db import transaction
from django.db.models import QuerySet
from django_scopes import scope

from loyalty.actors import Actor, Channel
from loyalty.journal import operations as journal
from loyalty.models import Counter, Person, Role, Shop, Trade
from loyalty.operations import Pairing, offer_pairing, open_shop
from loyalty.pictures.encoding import Encoded
from loyalty.pictures.models import Picture
from loyalty.pictures.operations import change_picture
from members.models import Programme, RuleVersion
from stampcards import owning, trades
from stampcards.rules import StampRules


@transaction.atomic
def open_with_card(
    *, person: Person, name: str, country: Shop.Country, language: str, trade: Trade
) -> Shop:
    """A shop with its owner and the whole card its trade proposes. Nobody can join yet.

    The same name again, while that shop is unfinished, is the same shop: a double tap opens one.
    """
    Person.objects.select_for_update().get(pk=person.pk)  # two taps wait for each other here
    shop = unfinished(person).filter(name=name).first()
    if shop is None:
        shop = open_shop(person=person, name=name, country=country, language=language, trade=trade)
    choose_trade(shop=shop, trade=trade, actor=Actor(shop, Channel.OWNER, person=person))
    return shop


def unfinished(person: Person) -> QuerySet[Shop]:
    """Shops of this owner that have not started, the newest first."""
    owned = Role.objects.active().filter(person=person, level=Role.Level.OWNER)
    return Shop.objects.filter(live_since=None, roles__in=owned).order_by("-pk")


@transaction.atomic
def choose_trade(*, shop: Shop, trade: Trade, actor: Actor) -> None:
    """Fill in everything from the trade. The same trade again keeps what was changed since."""
    with scope(shop=shop):
        programme = Programme.objects.in_order().first()
        if programme and shop.trade == trade:
            return
        name, rules = trades.proposal(trade, currency=shop.currency, language=shop.language)
        before, shop.trade = shop.trade, trade
        shop.save(update_fields=["trade"])
        journal.write(actor, "trade", before={"trade": before}, after={"trade": trade})
        paint(trades.CARDS[trade].colour, actor)
        if programme is None:
            owning.start_card(name=name, rules=rules, actor=actor)
        else:
            owning.change_card(programme=programme, name=name, rules=rules, actor=actor)


@transaction.atomic
def add_card(*, name: str, accent: str, rules: StampRules, actor: Actor) -> Programme:
    """One stamp card more; every member takes part. The shop has one colour, for all its cards.

    Refused: SameName, and as `stampcards.owning`.
    """
    paint(accent, actor)
    return owning.add_card(name=name, rules=rules, actor=actor)


@transaction.atomic
def keep_card(
    *, programme: Programme, name: str, accent: str, rules: StampRules, actor: Actor
) -> int:
    """Keep an edited card: its colour at once, its rules for new cards.

    Returns how many cards in progress keep older rules. Refused: as `stampcards.owning`.
    """
    paint(accent, actor)
    return owning.change_card(programme=programme, name=name, rules=rules, actor=actor)


def paint(accent: str, actor: Actor) -> None:
    """The shop's one colour, on cards, pages and posters. Within a transaction."""
    shop = actor.shop
    before, shop.accent = shop.accent, accent
    shop.save(update_fields=["accent"])
    journal.write(actor, "colour", before={"accent": before}, after={"accent": accent})


@transaction.atomic
def keep_look(*, accent: str, logo: Encoded | Picture | None, actor: Actor) -> None:
    """The shop's colour and its logo (None: without one), wherever customers see the shop."""
    shop = Shop.objects.select_for_update().get(pk=actor.shop.pk)  # two owners at once
    before = shop.logo
    paint(accent, actor)
    change_picture(shop, logo, "logo")
    actor.shop.logo = shop.logo
    journal.write(actor, "logo", before={"picture": before}, after={"picture": shop.logo})


def card_of(shop: Shop) -> tuple[Programme, RuleVersion]:
    """The stamp card of a shop being set up, and its newest rules."""
    programme = Programme.objects.in_order().filter(kind="stamps")[0]
    programme.shop = shop
    return programme, programme.versions.latest("number")


@transaction.atomic
def offer_counter(actor: Actor, *, instead_of: int | None = None) -> Pairing:
    """A counter at the shop's first place, waiting for its device for ten minutes.

    `instead_of` is the counter offered before: if no device took it, it goes without a trace.
    """
    if instead_of:
        Counter.objects.filter(pk=instead_of, device_hash=None).delete()
    location = actor.shop.locations.order_by("pk")[0]
    return offer_pairing(location=location, name=location.name[:60], actor=actor)
