"""What this counter did last, and taking it back."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from loyalty import access
from loyalty.actors import Actor
from loyalty.models import Counter
from loyalty.refusals import Refused
from members.ledger.models import Operation
from members.models import Membership
from members.operations import undo as undo_operation
from stampcards.counter import pages, telling
from stampcards.counter.doors import at_the_till
from stampcards.counter.forms import UndoForm


@login_not_required  # a paired counter has no login: its cookie is its door
@require_safe
@at_the_till
def last(request: HttpRequest, counter: Counter) -> HttpResponse:
    """The last ten of today; with `done`, after one of them was undone."""
    return pages.after(request, counter, request.GET.get("done", ""), listed=True)


@login_not_required
@require_POST
@at_the_till
def undo(request: HttpRequest, counter: Counter, key: UUID) -> HttpResponse:
    """Take one action of this counter back."""
    done = Operation.objects.select_related("membership")
    operation = access.of_shop(counter.shop, done, key=key, membership__isnull=False)
    membership = cast(Membership, operation.membership)

    form = UndoForm(request.POST)
    if form.is_valid():
        try:
            undo_operation(
                membership=membership,
                undone=operation,
                key=form.cleaned_data["key"],
                actor=Actor.of_counter(counter),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            asked = form.cleaned_data
            said = telling.undone(membership, operation)
            return pages.just_done(request, counter, asked["key"], said, listed=asked["listed"])
    show = pages.last if form.data.get("listed") else pages.ready
    return show(request, counter, said=telling.wrong(form))
