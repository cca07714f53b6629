"""The members that the list shows, as a file. Only the owner takes it along, and says what for."""

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from loyalty import access, clock
from loyalty.dashboard.members import file, narrowing
from loyalty.dashboard.members.filters import ExportForm, MemberFilter
from loyalty.dashboard.pages import page
from loyalty.downloads import csv_file
from loyalty.journal import operations as journal
from loyalty.models import Role, Shop
from loyalty.security.lately import confirmed
from members.family import Cards

OWNER = Role.Level.OWNER


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def export_members(request: HttpRequest, shop: str) -> HttpResponseBase:
    """What for? Then the file; the log says who took it, when, why, and how many it had."""
    role = access.role_for(request, shop, level=OWNER)
    asked = MemberFilter.of(request)
    cards = _cards(role.shop, asked)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        rows = list(file.rows_of(cards))
        with transaction.atomic():
            actor = access.owner_of(request, role.shop)
            members = {"members": len(rows) - 1}
            journal.write(actor, "members_exported", about=form.cleaned_data["why"], after=members)
        return csv_file(f"{shop}-members-{clock.today(role.shop.zone)}.csv", rows)
    return page(
        request,
        role,
        "owner/members/export.html",
        nav="members",
        status=422 if form.errors else 200,
        form=form,
        asked=asked,
        n=cards.count(),
    )


def _cards(shop: Shop, asked: MemberFilter) -> Cards:
    """Of a filter that says nothing sensible, nobody."""
    everybody = narrowing.find(shop, narrowing.Wanted(), clock.now()).cards
    if not asked.is_valid():
        return everybody.none()
    found = narrowing.find(shop, asked.wanted(), clock.now())
    return everybody.filter(pk=found.card.pk) if found.card else found.cards
