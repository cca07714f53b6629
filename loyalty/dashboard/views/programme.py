"""The card and its rules. Owners edit; managers look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.dashboard.cards import card_of, editions, who_keeps_what
from loyalty.dashboard.pages import form_of, page, said
from loyalty.models import Role
from loyalty.operations import ask_for_saved_card
from loyalty.refusals import Refused
from loyalty.setup import live
from loyalty.setup.operations import keep_card
from members import programmes, rooms
from members.models import Programme, RuleVersion
from stampcards import owning
from stampcards.owner_forms import CardForm
from stampcards.rules import StampRules

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest, shop: str) -> HttpResponse:
    """The live card, beside the form that changes it for new cards."""
    wanted = OWNER if request.method == "POST" else MANAGER
    role = access.role_for(request, shop, level=wanted)
    card, version = card_of(role.shop)
    form = card_form(request, card, version)
    if request.method == "POST" and form.is_valid():
        try:
            keep(request, card, form)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("owner:programme", shop)
    return editor(request, role, form)


@form_of("programme")
def card_preview(request: HttpRequest, shop: str) -> HttpResponse:
    """The card as it would look. Nothing is kept. While a field is half typed, nothing changes."""
    role = access.role_for(request, shop, level=OWNER)
    form = card_form(request, *card_of(role.shop))
    if not request.htmx:  # type: ignore[attr-defined]
        return editor(request, role, form)
    return live.preview(request, role.shop, form)


@form_of("programme")
def use_version(request: HttpRequest, shop: str, number: int) -> HttpResponse:
    """Earlier rules once more, as a new version."""
    role = access.role_for(request, shop, level=OWNER)
    card, _newest = card_of(role.shop)
    earlier = access.of_shop(role.shop, card.versions.all(), number=number)
    owning.change_card(
        programme=card,
        name=card.name,
        rules=StampRules.read(earlier.rules),
        actor=access.owner_of(request, role.shop),
    )
    said(request, what_changed(card))
    return redirect("owner:programme", shop)


@form_of("programme")
def pause(request: HttpRequest, shop: str) -> HttpResponse:
    """No stamps from now on."""
    role = access.role_for(request, shop, level=OWNER)
    programmes.pause(card_of(role.shop)[0])
    paused = _("The programme is on pause. Rewards can still be handed out.")
    said(request, paused, undo=reverse("owner:resume", args=[shop]))
    return redirect("owner:programme", shop)


@form_of("programme")
def resume(request: HttpRequest, shop: str) -> HttpResponse:
    """Stamps again."""
    role = access.role_for(request, shop, level=OWNER)
    programmes.resume(card_of(role.shop)[0])
    said(request, _("The programme runs again."), undo=reverse("owner:pause", args=[shop]))
    return redirect("owner:programme", shop)


@form_of("programme")
def saved_only(request: HttpRequest, shop: str) -> HttpResponse:
    """Rewards for saved cards only. Everybody still collects."""
    role = access.role_for(request, shop, level=OWNER)
    ask_for_saved_card(role.shop, first=True)
    asked = _("From now on, a card must be saved before a reward is handed out.")
    said(request, asked, undo=reverse("owner:to_all", args=[shop]))
    return redirect("owner:programme", shop)


@form_of("programme")
def to_all(request: HttpRequest, shop: str) -> HttpResponse:
    """Rewards for every card again."""
    role = access.role_for(request, shop, level=OWNER)
    ask_for_saved_card(role.shop, first=False)
    told = _("Rewards are handed out to every card again.")
    said(request, told, undo=reverse("owner:saved_only", args=[shop]))
    return redirect("owner:programme", shop)


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


def editor(request: HttpRequest, role: Role, form: CardForm) -> HttpResponse:
    """The page, with the card as typed; where that can't be drawn, as it is."""
    card, version = card_of(role.shop)
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
        form=form,
        preview=shown,
        rules=rooms.kind(card.kind).rules_lines(role.shop, version),
        editions=written,
        keeps=who_keeps_what(written),
    )
