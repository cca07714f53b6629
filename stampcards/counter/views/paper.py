"""Paper cards at the till: a new one, its code for the customer's phone, and a move taken back."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from loyalty import qr
from loyalty.actors import Actor
from loyalty.models import Counter
from loyalty.refusals import Refused
from members.paper.operations import move_back
from stampcards.counter import finding, pages, telling
from stampcards.counter.doors import at_the_till
from stampcards.counter.forms import FindForm, UndoForm
from stampcards.counter.telling import Said


@login_not_required  # a paired counter has no login: its cookie is its door
@require_safe
@at_the_till
def paper(request: HttpRequest, counter: Counter) -> HttpResponse:
    """W10. An empty card is found like any other; its first stamp makes it a member's."""
    return pages.answer(request, counter, "_paper", form=FindForm())


@login_not_required
@require_safe
@at_the_till
def show_code(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """The code of a card that is on nobody's phone yet, for the customer to scan here."""
    card = finding.card_of(counter, code)
    if not card.unclaimed:
        return redirect("counter:card", code)
    address = f"{settings.PUBLIC_URL.upper()}/S/{card.counter_code}"
    name = telling.name_of(card)
    return pages.answer(request, counter, "_move", membership=card, name=name, code=qr.svg(address))


@login_not_required
@require_POST
@at_the_till
def undo_move(request: Any, counter: Counter, code: str) -> HttpResponse:
    """The paper card works again, and the phone's link no longer opens it."""
    card = finding.moved(code)
    if card is None or card.shop_id != counter.shop_id:
        return redirect("counter:card", code)  # it works, or says what it is
    form = UndoForm(request.POST)
    if form.is_valid():
        try:
            move_back(
                membership=card, key=form.cleaned_data["key"], actor=Actor.of_counter(counter)
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if not request.htmx:
                return redirect("counter:card", code)
            said = Said(_("Undone. The paper card works again."))
            return pages.card(request, counter, finding.card_of(counter, code), said=said)
    return pages.ready(request, counter, said=telling.wrong(form))
