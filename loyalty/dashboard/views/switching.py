"""What an owner switches: any programme, and to whom rewards are handed out."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.dashboard.cards import address_of
from loyalty.dashboard.pages import form_of, said
from loyalty.models import Role
from loyalty.operations import ask_for_saved_card
from members import programmes
from members.models import Programme

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER
Switch = Callable[[HttpRequest, Programme], None]


def of_programme(switch: Switch) -> Callable[[HttpRequest, str, int], HttpResponse]:
    """A switch of one programme, by its owner; afterwards, and without the form, its page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(switch)
    def posted(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
        posts = request.method == "POST"
        role = access.role_for(request, shop, level=OWNER if posts else MANAGER)
        every = Programme.objects.select_related("shop")
        programme = access.of_shop(role.shop, every, pk=pk)
        if posts:
            switch(request, programme)
        return redirect(address_of(programme))

    return posted


@of_programme
def pause(request: HttpRequest, programme: Programme) -> None:
    """Nobody collects from now on."""
    programmes.pause(programme)
    paused = _("The programme is on pause. Rewards can still be handed out.")
    said(request, paused, undo=_address("resume", programme))


@of_programme
def resume(request: HttpRequest, programme: Programme) -> None:
    """Everybody collects again."""
    programmes.resume(programme)
    said(request, _("The programme runs again."), undo=_address("pause", programme))


@of_programme
def switch_off(request: HttpRequest, programme: Programme) -> None:
    """Out of sight, but for those who have something in it."""
    programmes.switch_off(programme)
    told = _("Switched off. What members have is kept.")
    said(request, told, undo=_address("switch_on", programme))


@of_programme
def switch_on(request: HttpRequest, programme: Programme) -> None:
    """In sight again, for every member."""
    programmes.switch_on(programme)
    told = _("Switched on. Every member sees it.")
    said(request, told, undo=_address("switch_off", programme))


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


def _address(switch: str, programme: Programme) -> str:
    return reverse(f"owner:{switch}", args=[programme.shop.slug, programme.pk])
