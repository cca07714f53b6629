"""Tie a card to an e-mail, so that it can be found again on a new phone."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from loyalty.access import of_shop
from loyalty.refusals import Refused
from loyalty.signin import send_code
from members import access, operations
from members.card.forms import SaveForm
from members.card.views.looking import show_card
from members.models import Membership
from members.refusals import SavedByAnother

SALT = "save-card"
AN_HOUR = 3600


@login_not_required
@access.card_page
@require_POST
def save(request: HttpRequest, private: str) -> HttpResponse:
    """An e-mail in, a code out. What is asked for travels along, signed: see `saved`."""
    membership = access.card_of(request, private)
    form = SaveForm(request.POST)
    if not form.is_valid():
        return show_card(request, membership, save_form=form)
    email, key = form.cleaned_data["email"], form.cleaned_data["key"]
    if _belongs_to_another(request, membership, email):
        form.add_error("email", str(SavedByAnother()))
        return show_card(request, membership, save_form=form)
    token = signing.dumps([membership.pk, membership.person_id, email, str(key)], salt=SALT)
    return send_code(
        request,
        email=email,
        then=reverse("card:saved", args=[membership.private, token]),
        back=reverse("card:card", args=[membership.private]),
    )


def _belongs_to_another(request: HttpRequest, membership: Membership, email: str) -> bool:
    """Sharing the link shares the card, but does not give it away: that takes its own e-mail."""
    person = membership.person
    return person is not None and person.email != email and person != request.user


@login_not_required
@access.card_page
@require_safe
def saved(request: HttpRequest, private: str, token: str) -> HttpResponse:
    """Back from the code: the end of the post above, and only of it.

    The signature says that this card was posted with this e-mail; the sign-in says that whoever
    comes back has read that mail. A link somebody was sent has neither.
    """
    membership = access.card_of(request, private)
    here = reverse("card:card", args=[membership.private])
    try:
        pk, owner, email, key = signing.loads(token, salt=SALT, max_age=AN_HOUR)
    except signing.BadSignature:
        return redirect(here)
    person = request.user
    if not person.is_authenticated or person.email != email or pk != membership.pk:
        return redirect(here)
    try:
        done = operations.save_card(
            membership=membership,
            person=person,
            instead_of=owner,
            key=UUID(key),
            actor=replace(access.holder_of(membership), person=person),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(here)
    return _kept(request, membership, done)


def _kept(request: HttpRequest, membership: Membership, done: operations.Saved) -> HttpResponse:
    kept = of_shop(membership.shop, Membership.objects.all(), pk=done["membership"])
    if done["merged"]:
        messages.success(request, _("Saved. You already had a card here; the two are now one."))
    else:
        messages.success(request, _("Saved."))
    response = redirect("card:card", kept.private)
    access.remember(request, response, kept)
    return response
