"""What an owner does with a card, beside its balance: a note, new codes, paper, deleting it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access
from loyalty.dashboard.members import gone
from loyalty.dashboard.members.forms import NoteForm
from loyalty.dashboard.members.views.members import MANAGER, card_of, in_use, member_page
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.printkit.paper import sheets_for
from loyalty.dashboard.printkit.printing import as_pdf
from loyalty.forms import KeyedForm
from loyalty.refusals import Refused
from loyalty.security.lately import confirmed
from members.noting import note
from members.operations import replace_codes
from members.privacy import operations as privacy
from members.privacy.losing import losses
from stampcards.counter import telling


@form_of("member", "pk")
def keep_note(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """What the shop wants to remember. The member reads it with their data."""
    role = access.role_for(request, shop, level=MANAGER)
    card = in_use(card_of(role, pk))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return member_page(request, role, card, status=422, note=form)
    note(membership=card, text=form.cleaned_data["note"], actor=access.owner_of(request, role.shop))
    said(request, _("Saved."))
    return redirect("owner:member", shop, pk)


@form_of("member", "pk")
def new_codes(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """A lost card: what finds it is worth nothing, and the member goes on with the new one."""
    role = access.role_for(request, shop, level=MANAGER)
    card = in_use(card_of(role, pk))
    form = KeyedForm(request.POST)
    if form.is_valid():
        actor = access.owner_of(request, role.shop)
        try:
            new = replace_codes(membership=card, key=form.cleaned_data["key"], actor=actor)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            code = new["short_code"]
            told = {"name": card.name or _("Member"), "code": f"{code[:3]} {code[3:]}"}
            said(request, _("%(name)s has a new code: %(code)s. The old one is dead.") % told)
    return redirect("owner:member", shop, pk)


@require_safe
def card_pdf(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """The card on paper, as large as a bank card."""
    role = access.role_for(request, shop, level=MANAGER)
    card = in_use(card_of(role, pk))
    [sheet] = sheets_for(role.shop, [card])
    needs = {"card": sheet, "membership": card}
    return as_pdf(request, role.shop, "print/card.html", needs, name=f"card-{card.short_code}")


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def delete_member(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """What is lost; and the button. For 14 days it comes back with another one."""
    role = access.role_for(request, shop, level=MANAGER)
    card = card_of(role, pk)
    if card.leaving_since or card.merged_into_id:
        return redirect("owner:member", shop, pk)
    name = telling.name_of(card)
    if request.method == "POST":
        privacy.leave(card, actor=access.owner_of(request, role.shop))
        back = reverse("owner:member_back", args=[shop, pk])
        said(request, _("%(name)s is deleted.") % {"name": name}, undo=back)
        return redirect("owner:members", shop)
    template = "owner/members/delete.html"
    return page(request, role, template, nav="members", card=card, name=name, losses=losses(card))


@form_of("member", "pk")
def member_back(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """The shop deleted it and may take that back. What its owner deleted is not the shop's."""
    role = access.role_for(request, shop, level=MANAGER)
    card = card_of(role, pk)
    try:
        back = gone.bring_back(card, actor=access.owner_of(request, role.shop))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("owner:member", shop, pk)
    messages.success(request, _("The card is back, as it was."))
    return redirect("owner:member", shop, back.pk)
