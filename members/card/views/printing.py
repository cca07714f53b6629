"""The card on paper, for a wallet or a phone that is often empty. It is the same card."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loyalty import clock, qr
from members import access, kinds
from members.ledger import accounts
from members.models import Membership, Programme


@login_not_required
@access.card_page
@require_safe
def printed(request: HttpRequest, private: str) -> HttpResponse:
    """As large as a bank card, with the code the counter reads; the browser prints it."""
    membership = access.card_of(request, private)
    address = f"{settings.PUBLIC_URL.upper()}/S/{membership.counter_code}"
    headline, small_print = _promise(membership)
    context = {
        "shop": membership.shop,
        "membership": membership,
        "headline": headline,
        "small_print": small_print,
        "code": qr.svg(address, level="Q"),
    }
    return render(request, "members/card/print.html", context)


def _promise(membership: Membership) -> tuple[str, str]:
    """Of the shop's first programme that is switched on, and what must stand beside it."""
    programme = Programme.objects.on().in_order().first()
    if programme is None:
        return membership.shop.name, ""
    rules = accounts.newest_rules(programme, clock.now())
    room = kinds.kind(programme.kind)
    return room.headline(membership.shop, rules), room.small_print(membership.shop, rules)
