"""W5, and the one question on the card page. Each is a post that leads back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from loyalty import choices, phones
from loyalty.forms import KeyedForm
from loyalty.models.people import masked
from loyalty.refusals import Refused
from members import access, operations, rooms
from members.card.forms import NameForm, SaveForm, SettingsForm
from members.card.operations import keep_birthday, keep_phone, speak
from members.card.views.looking import show_card
from members.messages import mailing, wishes
from members.messages.operations import Purpose
from members.models import Consent, Membership, Programme

MAIL = {"service_mail": Purpose.SERVICE, "news": Purpose.NEWS}


@login_not_required
@access.card_page
@require_POST
def name(request: HttpRequest, private: str) -> HttpResponse:
    """What should we call you? Answered once, with a name or with nothing."""
    membership = access.card_of(request, private)
    form = NameForm(request.POST)
    if not form.is_valid():
        return show_card(request, membership, name_form=form)
    operations.rename(membership, form.cleaned_data["name"])
    return redirect("card:card", membership.private)


@login_not_required
@access.card_page
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, private: str) -> HttpResponse:
    """W5. Most of it is one form; the e-mail and a new code have their own."""
    membership = access.card_of(request, private)
    if request.method != "POST":
        return show_settings(request, membership)
    form = SettingsForm(request.POST, **_offered(membership))
    if not form.is_valid():
        return show_settings(request, membership, form=form, status=422)
    _keep(membership, form.cleaned_data)
    language = form.cleaned_data["language"]
    response = redirect("card:settings", membership.private)
    choices.remember_language(response, language)
    choices.remember_theme(response, form.cleaned_data["theme"])
    with translation.override(language):
        messages.success(request, _("Saved."))
    return response


def _offered(membership: Membership) -> dict[str, Any]:
    """What the form asks of this customer."""
    shop = membership.shop
    asked = any(asks(shop) for asks in rooms.answering("asks_birthday"))
    return {
        "shop": shop,
        "birthday": asked,
        "mail": membership.person_id is not None,
    }


def _keep(membership: Membership, typed: dict[str, Any]) -> None:
    """What was not asked stays as it was."""
    operations.rename(membership, typed["name"])
    keep_phone(membership, typed["phone"])
    speak(membership, typed["language"])
    if "birthday" in typed:
        keep_birthday(membership, typed["birthday"])
    for field, purpose in MAIL.items():
        if field in typed:
            _choose(membership, purpose, wanted=typed[field])


def _choose(membership: Membership, purpose: Purpose, *, wanted: bool) -> None:
    """Only what changes: a page that was saved for another reason is no new answer."""
    if wanted == mailing.wants(membership, purpose):
        return
    if wanted:
        words = wishes.question(membership.shop)
        wishes.start_mail(membership, purpose, way=Consent.Way.CARD, words=words)
    else:
        wishes.stop_mail(membership, purpose, way=Consent.Way.CARD)


def show_settings(
    request: HttpRequest,
    membership: Membership,
    *,
    form: SettingsForm | None = None,
    save_form: SaveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    initial = {
        "name": membership.name,
        "phone": phones.shown(membership.phone, membership.shop.country),
        "language": translation.get_language(),
        "theme": request.COOKIES.get("theme", ""),
        "birth_day": membership.birth_day,
        "birth_month": membership.birth_month,
        **{field: mailing.wants(membership, purpose) for field, purpose in MAIL.items()},
    }
    offered = _offered(membership)
    context = {
        "shop": membership.shop,
        "membership": membership,
        "only_stamps": Programme.objects.only_stamps(),
        "form": form or SettingsForm(initial=initial, **offered),
        "save_form": save_form or SaveForm(),
        "saved_as": masked(membership.person.email) if membership.person else "",
        "code_form": KeyedForm(auto_id="new_code_%s"),
        "agreed": Consent.objects.stands().filter(membership=membership).order_by("given_at"),
        "has_clubs": access.has_clubs(request.user),
    }
    return render(request, "members/card/settings.html", context, status=status)


@login_not_required
@access.card_page
@require_POST
def new_code(request: HttpRequest, private: str) -> HttpResponse:
    """A lost or photographed code: the old one is dead from here on."""
    membership = access.card_of(request, private)
    form = KeyedForm(request.POST)
    if form.is_valid():
        try:
            actor = access.holder_of(membership)
            operations.replace_codes(
                membership=membership, key=form.cleaned_data["key"], actor=actor
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You have a new code. The old one no longer works."))
    return redirect("card:settings", membership.private)
