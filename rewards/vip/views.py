"""Early access as a member sees it: what there is, one of it, and a file for their calendar."""

from math import ceil
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import clock
from loyalty.access import of_shop
from loyalty.refusals import Refused
from members import access
from members.models import Membership
from rewards.vip import at_counter, calendars, looks, operations, places, shelf
from rewards.vip.forms import AskForm
from rewards.vip.looks import Look, State
from rewards.vip.models import Drop, Reservation


@login_not_required
@access.card_page
@require_safe
def all_drops(request: HttpRequest, private: str) -> HttpResponse:
    """Everything a member has, may have or will."""
    membership = access.card_of(request, private)
    shown = shelf.shelf_of(membership, clock.now())
    context = {"shop": membership.shop, "membership": membership, "shelf": shown}
    return render(request, "rewards/vip/all.html", context)


@login_not_required
@access.card_page
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """One of them: what it is, and the one thing to do now."""
    membership, look = _look_of(request, private, pk)
    if request.method != "POST":
        return _page(request, membership, look)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            _do(membership, look.drop, form)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _done(request, membership, look.drop, form.cleaned_data["ask"])
    _membership, look = _look_of(request, private, pk)  # as it is after the refusal
    return _page(request, membership, look, form)


def _do(membership: Membership, drop: Drop, form: AskForm) -> None:
    """What the button asks for."""
    who: dict[str, Any] = {
        "membership": membership,
        "key": form.cleaned_data["key"],
        "actor": access.holder_of(membership),
    }
    match form.cleaned_data["ask"]:
        case AskForm.RESERVE:
            operations.reserve(drop=drop, **who)
        case AskForm.COME | AskForm.DECLINE as said:
            operations.reply(drop=drop, coming=said == AskForm.COME, **who)
        case AskForm.LET_GO:
            operations.let_go(reservation=_own(membership, drop, form), **who)
        case AskForm.LEAVE:
            operations.leave_waiting_list(reservation=_own(membership, drop, form), **who)


def _own(membership: Membership, drop: Drop, form: AskForm) -> Reservation:
    own = Reservation.objects.filter(membership=membership, drop=drop).select_related("drop")
    return of_shop(membership.shop, own, pk=form.cleaned_data["reservation"] or 0)


def _done(request: HttpRequest, membership: Membership, drop: Drop, asked: str) -> HttpResponse:
    """Back to the page, which says how it stands now; after a yes also how to undo it."""
    page = reverse("early:drop", args=[membership.private, drop.pk])
    if asked == AskForm.LET_GO:
        messages.success(request, _("Let go. Somebody else can have it now."))
    if asked == AskForm.LEAVE:
        messages.success(request, _("You are off the waiting list."))
    return redirect(f"{page}?just" if asked in (AskForm.RESERVE, AskForm.COME) else page)


@login_not_required
@access.card_page
@require_safe
def now(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """What an open page asks every two seconds: 204, or how it stands now."""
    membership, look = _look_of(request, private, pk)
    if _seen(look) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "rewards/vip/_stands.html", _context(membership, look))


@login_not_required
@access.card_page
@require_safe
def calendar(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """The evening somebody comes to, or the moment it opens to them."""
    membership, look = _look_of(request, private, pk)
    if not calendars.has_date(look):
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{look.drop.pk}.ics"'}
    file = calendars.file_of(look, membership.shop)
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers)


def _look_of(request: HttpRequest, private: str, pk: int) -> tuple[Membership, Look]:
    """One drop, if this member may know of it."""
    membership = access.card_of(request, private)
    found = of_shop(membership.shop, Drop.objects.filter(scheduled_at__isnull=False), pk=pk)
    look = looks.look_of(found, membership, clock.now())
    if not shelf.may_see(look):
        raise Http404
    return membership, look


def _page(
    request: HttpRequest, membership: Membership, look: Look, form: AskForm | None = None
) -> HttpResponse:
    """`form` says why it was refused."""
    context = {**_context(membership, look), "refused": form}
    context["just"] = "just" in request.GET and look.state == State.RESERVED
    return render(request, "rewards/vip/drop.html", context, status=422 if form else 200)


def _context(membership: Membership, look: Look) -> dict[str, Any]:
    opens = look.opens_to_you or look.opens_to_all
    return {
        "shop": membership.shop,
        "membership": membership,
        "look": look,
        "theirs": shelf.is_theirs(look),
        "kept_until": places.kept_until(look.drop, look.now),
        "due": at_counter.is_due(look.drop, look.now),
        "has_date": calendars.has_date(look),
        "seen": _seen(look),
        "opens_in": opens and ceil((opens - look.now).total_seconds()),
        "asks": AskForm.all_of(look),
    }


def _seen(look: Look) -> str:
    """The same as long as there is nothing new to show."""
    return f"{look.state}-{look.left}-{len(look.held)}-{look.place}"
