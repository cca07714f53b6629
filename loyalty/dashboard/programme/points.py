"""The shop's points and every version of their rules, as its owner's pages need them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from django.http import HttpRequest, HttpResponse

from loyalty import clock
from loyalty.models import Shop
from loyalty.setup import live
from members.ledger import accounts
from members.models import Programme, RuleVersion
from rewards.points import previews, rules_text
from rewards.points.owner_forms import PointsForm
from rewards.points.proposals import proposal
from rewards.points.rules import PointRules
from rewards.points.scheme import points_scheme


@dataclass(frozen=True)
class Scheme:
    """A shop's points, or what they would be. `programme` and `version` are None before."""

    programme: Programme | None
    version: RuleVersion | None
    name: str
    rules: PointRules


class State(StrEnum):
    """Where a version of the rules stands."""

    HOLDS = "holds"
    WAITS = "waits"  # it begins later
    BEFORE = "before"
    NEVER = "never"  # replaced before it began


@dataclass(frozen=True)
class Edition:
    version: RuleVersion
    words: str
    state: State


def points_of(shop: Shop) -> Scheme:
    """The points of a shop with their rules of this moment; before they start, a proposal."""
    programme = points_scheme().select_related("shop").first()
    if programme is None:
        name, rules = proposal(currency=shop.currency, language=shop.language)
        return Scheme(None, None, name, rules)
    version = accounts.newest_rules(programme, clock.now())
    return Scheme(programme, version, programme.name, PointRules.read(version.rules))


def editions(shop: Shop, programme: Programme) -> list[Edition]:
    """Every version, newest first."""
    now = clock.now()
    holding = accounts.newest_rules(programme, now)
    found: list[Edition] = []
    later: list[datetime] = []  # when versions written after this one begin
    for version in programme.versions.select_related("written_by").order_by("-number"):
        words = rules_text.summary(shop, PointRules.read(version.rules))
        found.append(Edition(version, words, _state(version, holding, later, now)))
        later.append(version.effective_from)
    return found


def _state(
    version: RuleVersion, holding: RuleVersion, later: list[datetime], now: datetime
) -> State:
    if version == holding:
        return State.HOLDS
    if any(begins <= version.effective_from for begins in later):
        return State.NEVER
    return State.WAITS if version.effective_from > now else State.BEFORE


def preview(request: HttpRequest, shop: Shop, form: PointsForm) -> HttpResponse:
    """Points as they would be, to swap in."""
    draw = partial(previews.of_form, shop, form)
    return live.swapped_in(request, form, "owner/_points_preview.html", draw, shop=shop)


def shown(shop: Shop, form: PointsForm, scheme: Scheme) -> previews.PointsPreview:
    """Points as typed; where that says nothing, as they are kept."""
    typed = live.as_typed(form, partial(previews.of_form, shop, form))
    return typed or previews.of_rules(shop, name=scheme.name, rules=scheme.rules)
