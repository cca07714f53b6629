"""What an owner switches: any programme, and to whom rewards are handed out."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.actors import Actor
from loyalty.dashboard.pages import form_of, said
from loyalty.dashboard.programme.cards import address_of
from loyalty.models import Role
from loyalty.operations import ask_for_saved_card
from members import programmes
from members.models import Programme

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER
OfProgramme = Callable[[HttpRequest, Programme], None]


def of_programme(change: OfProgramme) -> Callable[[HttpRequest, str, int], HttpResponse]:
    """A switch of one programme, by its owner; afterwards, and without the form, its page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(change)
    def posted(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
        posts = request.method == "POST"
        role = access.role_for(request, shop, level=OWNER if posts else MANAGER)
        every = Programme.objects.select_related("shop")
        programme = access.of_shop(role.shop, every, pk=pk)
        if posts:
            change(request, programme)
        return redirect(address_of(programme))

    return posted


@of_programme
def pause(request: HttpRequest, programme: Programme) -> None:
    """Nobody collects from now on."""
    programmes.pause(programme, actor=access.owner_of(request, programme.shop))
    paused = _("The programme is on pause. Rewards can still be handed out.")
    said(request, paused, undo=_address("resume", programme))


@of_programme
def resume(request: HttpRequest, programme: Programme) -> None:
    """Everybody collects again."""
    programmes.resume(programme, actor=access.owner_of(request, programme.shop))
    said(request, _("The programme runs again."), undo=_address("pause", programme))


@of_programme
def switch_off(request: HttpRequest, programme: Programme) -> None:
    """Out of sight, but for those who have something in it."""
    programmes.switch_off(programme, actor=access.owner_of(request, programme.shop))
    told = _("Switched off. What members have is kept.")
    said(request, told, undo=_address("switch_on", programme))


@of_programme
def switch_on(request: HttpRequest, programme: Programme) -> None:
    """In sight again, for every member."""
    programmes.switch_on(programme, actor=access.owner_of(request, programme.shop))
    told = _("Switched on. Every member sees it.")
    said(request, told, undo=_address("switch_off", programme))


def switch(
    request: HttpRequest,
    shop: str,
    change: Callable[[Actor], object],
    told: str,
    *,
    page: str,
    undo: str,
) -> HttpResponse:
    """Something the whole shop has, on or off, by its owner; said on its own page, with an undo."""
    role = access.role_for(request, shop, level=OWNER)
    change(access.owner_of(request, role.shop))
    said(request, told, undo=reverse(f"owner:{undo}", args=[shop]))
    return redirect(f"owner:{page}", shop)


@form_of("programme")
def saved_only(request: HttpRequest, shop: str) -> HttpResponse:
    """Rewards for saved cards only. Everybody still collects."""
    asked = _("From now on, a card must be saved before a reward is handed out.")
    return switch(request, shop, _ask_first(True), asked, page="programme", undo="to_all")


@form_of("programme")
def to_all(request: HttpRequest, shop: str) -> HttpResponse:
    """Rewards for every card again."""
    told = _("Rewards are handed out to every card again.")
    return switch(request, shop, _ask_first(False), told, page="programme", undo="saved_only")


def _ask_first(first: bool) -> Callable[[Actor], None]:
    return lambda actor: ask_for_saved_card(actor, first=first)


def _address(name: str, programme: Programme) -> str:
    return reverse(f"owner:{name}", args=[programme.shop.slug, programme.pk])
