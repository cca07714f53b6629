"""W2 the card, W3 its code, and its history. Nothing here changes anything."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from loyalty import clock, qr
from members import access
from members.card import happenings, pages
from members.card.expiring import all_dates
from members.card.forms import NameForm, SaveForm
from members.card.history import page_of
from members.models import Membership, Programme

FOR_EVER = "private, max-age=31536000, immutable"


@login_not_required
@access.card_page
@require_safe
def card(request: HttpRequest, private: str) -> HttpResponse:
    """W2. The link of a card that was merged leads to the one it became."""
    membership = access.card_of(request, private)
    if membership.private != private:
        return redirect("card:card", membership.private)
    return show_card(request, membership)


def show_card(
    request: HttpRequest,
    membership: Membership,
    *,
    name_form: NameForm | None = None,
    save_form: SaveForm | None = None,
) -> HttpResponse:
    """The card page, also around a form that needs another look."""
    page = pages.read(membership, happenings.seen(request))
    context = {
        "shop": membership.shop,
        "membership": membership,
        "page": page,
        "name_form": name_form or NameForm(),
        "save_form": save_form or SaveForm(),
        "urgent": _keeps_nothing(request, membership) and save_form is None,
        "has_clubs": access.has_clubs(request.user),
    }
    forms = [form for form in (name_form, save_form) if form]
    response = render(request, "members/card/card.html", context, status=422 if forms else 200)
    happenings.mark_seen(response, membership, page.seen)
    access.remember(request, response, membership)
    return response


def _keeps_nothing(request: HttpRequest, membership: Membership) -> bool:
    """No cookie came back and no e-mail is known: only the address of the page leads back."""
    kept = membership.private in access.remembered(request)
    return not kept and membership.person_id is None


@login_not_required
@access.card_page
@require_safe
def code(request: HttpRequest, private: str) -> HttpResponse:
    """W3. What the counter reads, as large as the screen allows."""
    membership = access.card_of(request, private)
    page = pages.read_standing(membership, happenings.seen(request))
    context = {"shop": membership.shop, "membership": membership, "page": page}
    response = render(request, "members/card/code.html", context)
    happenings.mark_seen(response, membership, page.seen)
    return response


@login_not_required
@access.card_page
@require_safe
def qr_code(request: HttpRequest, private: str, code: str) -> HttpResponse:
    """The QR of the code a card has now. It never changes, so a browser asks for it once.

    In capitals it fits the dense alphanumeric mode and stays small.
    """
    membership = access.card_of(request, private)
    if code != membership.counter_code:
        raise Http404
    drawing = qr.svg(f"{settings.PUBLIC_URL.upper()}/S/{code}", level="M")
    headers = {"Cache-Control": FOR_EVER}
    return HttpResponse(drawing, content_type="image/svg+xml", headers=headers)


@login_not_required
@access.card_page
@require_safe
def now(request: HttpRequest, private: str) -> HttpResponse:
    """What an open page asks every two seconds: 204 from two indexed reads, or what is new."""
    membership = access.card_of(request, private)
    asked = request.GET.get("seen", "")
    seen = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    latest = happenings.latest(membership)
    if latest.number == seen:
        return HttpResponse(status=204)
    if request.GET.get("on") == "code":
        page = pages.read_standing(membership, seen, latest)
        template = "members/card/_landed.html"
    else:
        page = pages.read(membership, seen)
        template = "members/card/_live.html"
    context = {"page": page, "membership": membership, "shop": membership.shop}
    response = render(request, template, context)
    happenings.mark_seen(response, membership, page.seen)
    return response


@login_not_required
@access.card_page
@require_safe
def history(request: HttpRequest, private: str) -> HttpResponse:
    """Every stamp, reward and correction, newest first."""
    membership = access.card_of(request, private)
    page, lines = page_of(membership, request.GET.get("page", "1"))
    context = {
        "shop": membership.shop,
        "membership": membership,
        "page": page,
        "lines": lines,
        "only_stamps": Programme.objects.only_stamps,  # asked where there is no line
    }
    return render(request, "members/card/history.html", context)


@login_not_required
@access.card_page
@require_safe
def expiring(request: HttpRequest, private: str) -> HttpResponse:
    """Every date on which something runs out; the card page has room for the next few."""
    membership = access.card_of(request, private)
    lines = all_dates(membership, clock.today(membership.shop.zone))
    context = {"shop": membership.shop, "membership": membership, "lines": lines}
    return render(request, "members/card/expiring.html", context)
