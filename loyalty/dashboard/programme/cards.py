"""The shop's stamp cards and every version of their rules, as its owner's pages need them."""

from dataclasses import dataclass
from itertools import chain, count

from django.db.models import Count
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import clock
from loyalty.models import Shop, Trade
from members.ending import words
from members.ledger import accounts
from members.ledger.models import Account
from members.models import Programme, RuleVersion
from members.models.programmes import ProgrammeQuerySet
from stampcards import trades
from stampcards.rules import StampRules


def card_of(shop: Shop, pk: int | None = None) -> tuple[Programme, RuleVersion]:
    """A stamp card of a shop, the first if none is named, and its rules of this moment.

    404: there is no such card.
    """
    cards = _cards(shop) if pk is None else _cards(shop).filter(pk=pk)
    return _with_rules(cards.first())


def proposal(shop: Shop) -> tuple[str, StampRules]:
    """A card more, as the trade usually has it, under a name that no card of the shop has."""
    name, rules = trades.proposal(Trade(shop.trade), currency=shop.currency, language=shop.language)
    taken = set(_cards(shop).values_list("name", flat=True))
    numbered = (f"{name} {n}" for n in count(2))
    return next(free for free in chain([name], numbered) if free not in taken), rules


def promised_by(shop: Shop) -> tuple[Programme, RuleVersion]:
    """The programme that posters speak of, and its rules: the first that is on and goes on.

    404: it has no programme yet.
    """
    offered = Programme.objects.filter(shop=shop).select_related("shop").in_order()
    lasting = offered.on().filter(collects_until=None).first()
    return _with_rules(lasting or offered.on().first() or offered.first())


def ends_of(shop: Shop) -> list[str]:
    """What whoever prints posters should know: which of the programmes end."""
    today = clock.today(shop.zone)
    found = Programme.objects.on().filter(shop=shop).in_order()
    return [said for each in found if (said := words.of_programme(each, today))]


def address_of(programme: Programme) -> str:
    """Its own page among those of the section "Programme"."""
    shop = programme.shop
    if programme.kind == "points":
        return reverse("owner:points", args=[shop.slug])
    if programme == _cards(shop).first():
        return reverse("owner:programme", args=[shop.slug])
    return reverse("owner:card", args=[shop.slug, programme.pk])


def _cards(shop: Shop) -> ProgrammeQuerySet:
    return Programme.objects.filter(shop=shop, kind="stamps").select_related("shop").in_order()


def _with_rules(programme: Programme | None) -> tuple[Programme, RuleVersion]:
    if programme is None:
        raise Http404
    return programme, accounts.newest_rules(programme, clock.now())


@dataclass(frozen=True)
class Edition:
    """One version of the rules, and how many cards with a stamp on them were begun under it."""

    version: RuleVersion
    rules: StampRules
    in_progress: int


def editions(programme: Programme) -> list[Edition]:
    """Every version, newest first."""
    begun = Account.objects.filter(programme=programme, balance__gt=0).values("rule_version")
    cards = dict(begun.annotate(n=Count("pk")).values_list("rule_version", "n"))
    versions = programme.versions.select_related("written_by").order_by("-number")
    return [Edition(v, StampRules.read(v.rules), cards.get(v.pk, 0)) for v in versions]


def who_keeps_what(older: list[Edition], *, need: int | None = None) -> str:
    """What a change means for the cards begun under `older` rules: they keep their promise.

    `need` is what the changed card needs; None: not known yet.
    """
    n = sum(edition.in_progress for edition in older)
    kept = {edition.rules.need for edition in older if edition.in_progress}
    if not n:
        return _("Applies to new cards.")
    if len(kept) > 1 or kept == {need}:
        return ngettext(
            "Applies to new cards. %(n)d card in progress keeps its promise.",
            "Applies to new cards. %(n)d cards in progress keep their promise.",
            n,
        ) % {"n": n}
    return ngettext(
        "Applies to new cards. %(n)d card in progress keeps %(need)d.",
        "Applies to new cards. %(n)d cards in progress keep %(need)d.",
        n,
    ) % {"n": n, "need": kept.pop()}
