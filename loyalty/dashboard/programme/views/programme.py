"""The stamp cards and their rules. Owners edit; managers look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access, clock
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.programme.cards import (
    address_of,
    card_of,
    editions,
    proposal,
    who_keeps_what,
)
from loyalty.dashboard.programme.ending import ending_of
from loyalty.models import Role
from loyalty.refusals import Refused
from loyalty.setup import live
from loyalty.setup.operations import add_card, keep_card
from members.joining.offers import rules_in_full
from members.models import Programme, RuleVersion
from stampcards import owning
from stampcards.owner_forms import CardForm
from stampcards.rules import StampRules

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER
GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
def programme(request: HttpRequest, shop: str) -> HttpResponse:
    """The shop's first card."""
    role = access.role_for(request, shop, level=needed(request))
    return edit(request, role, *card_of(role.shop))


@require_http_methods(GET_OR_POST)
def card(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Any of its cards."""
    role = access.role_for(request, shop, level=needed(request))
    return edit(request, role, *card_of(role.shop, pk))


def edit(request: HttpRequest, role: Role, card: Programme, version: RuleVersion) -> HttpResponse:
    """The live card, beside the form that changes it for new cards."""
    form = card_form(request, card, version)
    if request.method == "POST" and form.is_valid():
        try:
            keep(request, card, form)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(address_of(card))
    return editor(request, role, card, version, form)


@require_http_methods(GET_OR_POST)
def new_card(request: HttpRequest, shop: str) -> HttpResponse:
    """One card more, filled in as the trade usually has it."""
    role = access.role_for(request, shop, level=OWNER)
    name, rules = proposal(role.shop)
    form = CardForm(request.POST or None, shop=role.shop, name=name, rules=rules)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_card(
                name=form.name,
                accent=form.accent,
                rules=form.rules(),
                actor=access.owner_of(request, role.shop),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said(request, _("The card is there, and every member has one."))
            return redirect(address_of(added))
    return beginner(request, role, form)


@form_of("new_card")
def new_card_preview(request: HttpRequest, shop: str) -> HttpResponse:
    """The new card as it would look. Nothing is kept."""
    role = access.role_for(request, shop, level=OWNER)
    name, rules = proposal(role.shop)
    form = CardForm(request.POST, shop=role.shop, name=name, rules=rules)
    if not request.htmx:  # type: ignore[attr-defined]
        return beginner(request, role, form)
    return live.preview(request, role.shop, form)


@form_of("card", "pk")
def card_preview(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """The card as it would look. Nothing is kept. While a field is half typed, nothing changes."""
    role = access.role_for(request, shop, level=OWNER)
    card, version = card_of(role.shop, pk)
    form = card_form(request, card, version)
    if not request.htmx:  # type: ignore[attr-defined]
        return editor(request, role, card, version, form)
    return live.preview(request, role.shop, form)


@form_of("card", "pk")
def use_version(request: HttpRequest, shop: str, pk: int, number: int) -> HttpResponse:
    """Earlier rules once more, as a new version."""
    role = access.role_for(request, shop, level=OWNER)
    card, _newest = card_of(role.shop, pk)
    earlier = access.of_shop(role.shop, card.versions.all(), number=number)
    owning.change_card(
        programme=card,
        name=card.name,
        rules=StampRules.read(earlier.rules),
        actor=access.owner_of(request, role.shop),
    )
    said(request, what_changed(card))
    return redirect(address_of(card))


def needed(request: HttpRequest) -> Role.Level:
    return OWNER if request.method == "POST" else MANAGER


def card_form(request: HttpRequest, card: Programme, version: RuleVersion) -> CardForm:
    rules = StampRules.read(version.rules)
    return CardForm(request.POST or None, shop=card.shop, name=card.name, rules=rules)


def keep(request: HttpRequest, card: Programme, form: CardForm) -> None:
    """Keep what was typed, and say whom it concerns. Refused: as `stampcards.owning`."""
    before = card.versions.latest("number")
    keep_card(
        programme=card,
        name=form.name,
        accent=form.accent,
        rules=form.rules(),
        actor=access.owner_of(request, card.shop),
    )
    same_rules = card.versions.latest("number") == before
    said(request, _("Saved.") if same_rules else what_changed(card))


def what_changed(card: Programme) -> str:
    newest, *older = editions(card)
    return who_keeps_what(older, need=newest.rules.need)


def editor(
    request: HttpRequest, role: Role, card: Programme, version: RuleVersion, form: CardForm
) -> HttpResponse:
    """The page, with the card as typed; where that can't be drawn, as it is."""
    now = StampRules.read(version.rules)
    shown = live.shown(role.shop, form, name=card.name, rules=now)
    written = editions(card)
    return page(
        request,
        role,
        "owner/programme.html",
        nav="programme",
        status=422 if form.errors else 200,
        programme=card,
        address=address_of(card),
        form=form,
        preview=shown,
        rules=rules_in_full(role.shop, card, version),
        editions=written,
        keeps=who_keeps_what(written),
        ending=ending_of(card, clock.now()),
    )


def beginner(request: HttpRequest, role: Role, form: CardForm) -> HttpResponse:
    """The page of a card that is not there yet."""
    name, rules = proposal(role.shop)
    return page(
        request,
        role,
        "owner/new_card.html",
        nav="programme",
        section="new",
        form=form,
        preview=live.shown(role.shop, form, name=name, rules=rules),
        status=422 if form.errors else 200,
    )
