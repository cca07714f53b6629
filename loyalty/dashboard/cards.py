"""The shop's card and every version of its rules, as its owner's pages need them."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import clock
from loyalty.models import Shop
from members.ledger import accounts
from members.ledger.models import Account
from members.models import Programme, RuleVersion
from stampcards.rules import StampRules


def card_of(shop: Shop) -> tuple[Programme, RuleVersion]:
    """The programme of a shop and its rules of this moment. 404: it has none yet."""
    programme = Programme.objects.filter(shop=shop).in_order().select_related("shop").first()
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
