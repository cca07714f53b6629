"""A member reads what was told; and stops mail by one tap in it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loyalty import access as doors
from loyalty import clock
from members import access
from members.messages import links, mailing, operations, reading, wishes
from members.messages.models import Message
from members.models import Consent, Membership


@login_not_required
@access.card_page
@require_safe
def messages(request: HttpRequest, private: str) -> HttpResponse:
    """Everything of a year; what is about the card apart from news."""
    membership = access.card_of(request, private)
    told = reading.of_last_year(membership, clock.now())
    parts = {
        "about_card": [each for each in told if each.purpose == Message.Purpose.SERVICE],
        "news": [each for each in told if each.purpose == Message.Purpose.NEWS],
    }
    context = {"shop": membership.shop, "membership": membership, "told": told, **parts}
    return render(request, "members/messages/messages.html", context)


@login_not_required
@access.card_page
@require_POST
def got_it(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """Its member takes a message off the card."""
    membership = access.card_of(request, private)
    own = Message.objects.filter(membership=membership)
    operations.got_it(doors.of_shop(membership.shop, own, pk=pk))
    back = "messages:all" if request.POST.get("from") == "all" else "card:card"
    return redirect(back, membership.private)


# The link itself is what allows it, and a mail program posts from wherever it runs: there is no
# cookie here that another site could misuse.
@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """One button that stops mail of one purpose, or undoes that.

    A mere visit changes nothing: programs that look for bad links follow every one.
    """
    try:
        card, purpose = links.opened(signed)
    except links.UnknownLink:
        return _not_kept(render(request, "members/messages/unknown.html", status=404))
    doors.enter(request, card.shop)
    if request.method == "POST":
        return _not_kept(_choose(request, card, purpose, signed))
    return _not_kept(_page(request, card.became, purpose))


def _choose(
    request: HttpRequest, card: Membership, purpose: Message.Purpose, signed: str
) -> HttpResponse:
    if request.POST.get("again"):
        wishes.start_mail(card, purpose, way=Consent.Way.MAIL)
    else:
        wishes.stop_mail(card, purpose, way=Consent.Way.MAIL)
    if "List-Unsubscribe" in request.POST:  # a mail program follows no redirect (RFC 8058)
        return HttpResponse(status=204)
    return redirect("messages:stop", signed)


def _page(request: HttpRequest, card: Membership, purpose: Message.Purpose) -> HttpResponse:
    other = next(each for each in Message.Purpose if each != purpose)
    context = {
        "shop": card.shop,
        "news": purpose == Message.Purpose.NEWS,
        "wanted": mailing.wants(card, purpose),
        "other": links.signed(card, other) if mailing.wants(card, other) else "",
    }
    return render(request, "members/messages/stop.html", context)


def _not_kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
