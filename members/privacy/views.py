"""My data: read it, take it along, delete the card, bring it back; and what a shop keeps."""

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access as doors
from loyalty import clock
from loyalty.models import Person
from loyalty.refusals import Refused
from loyalty.signin import send_code
from members import access
from members.privacy import notice, operations, people
from members.privacy.losing import losses
from members.privacy.told import everything_about

GET_OR_POST = ["GET", "HEAD", "POST"]
FRESH = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


@login_not_required
@access.card_page
@require_safe
def data(request: HttpRequest, private: str) -> HttpResponse:
    """Everything kept about a member, to be read."""
    membership = access.card_of(request, private)
    context = {
        "shop": membership.shop,
        "membership": membership,
        "told": everything_about(membership, request.user),
        "hides_email": membership.person is not None and membership.person != request.user,
    }
    return render(request, "members/privacy/data.html", context)


@login_not_required
@access.card_page
@require_safe
def download(request: HttpRequest, private: str) -> HttpResponse:
    """The same as a file that programs can read."""
    membership = access.card_of(request, private)
    told = {
        _("Shop"): {_("Name"): membership.shop.name, _("E-mail"): membership.shop.contact_email},
        _("Written on"): clock.now(),
        **everything_about(membership, request.user),
    }
    name = f"{membership.shop.slug}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    readable = {"ensure_ascii": False, "indent": 2}
    return JsonResponse(told, headers=headers, json_dumps_params=readable)


@login_not_required
@access.card_page
@require_http_methods(GET_OR_POST)
def delete(request: HttpRequest, private: str) -> HttpResponse:
    """What is lost; and the button. The address of the card says afterwards how it comes back."""
    membership = access.card_of(request, private)
    if request.method == "POST":
        operations.leave(membership)
        return redirect("card:card", membership.private)
    context = {"shop": membership.shop, "membership": membership, "losses": losses(membership)}
    return render(request, "members/privacy/delete.html", context)


@login_not_required
@access.card_page
@require_http_methods(GET_OR_POST)
def bring_back(request: HttpRequest, private: str) -> HttpResponse:
    """As it was, for 14 days. Somebody who only looks is led to the page that asks."""
    membership = access.deleted_or_not(request, private)
    if request.method != "POST":
        return redirect("card:card", membership.private)
    try:
        card = operations.bring_back(membership)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("card:card", membership.private)
    messages.success(request, _("Your card is back."))
    return redirect("card:card", card.private)


@require_http_methods(GET_OR_POST)
def delete_account(request: HttpRequest) -> HttpResponse:
    """All cards of whoever is signed in, and the sign-in with them."""
    person = cast(Person, request.user)
    if request.method != "POST":
        context = {
            "cards": access.cards_of_person(person),
            "works_in_a_shop": people.works_in_a_shop(person.pk),
        }
        return render(request, "members/privacy/account.html", context)
    if _signed_in_long_ago(person):
        logout(request)
        here = reverse("delete_account")
        return send_code(request, email=person.email or "", then=here)
    operations.leave_everywhere(access.cards_of_person(person), person)
    logout(request)
    messages.success(request, _("Your cards are deleted. For 14 days you can bring them back."))
    return redirect("card:find")


def _signed_in_long_ago(person: Person) -> bool:
    """A phone that lies open on a table is not enough for this."""
    return person.last_login is None or person.last_login < clock.now() - FRESH


@login_not_required
@require_safe
def shop_privacy(request: HttpRequest, shop: str) -> HttpResponse:
    """What a shop keeps and why, as it is set up now."""
    here = doors.public_shop(request, shop)
    return render(
        request, "members/privacy/notice.html", {"shop": here, "sections": notice.sections(here)}
    )
