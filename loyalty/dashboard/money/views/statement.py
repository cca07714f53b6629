"""The monthly statement, for whoever keeps the shop's accounts."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loyalty import access, clock, money
from loyalty.dashboard.money import statement as figures
from loyalty.dashboard.pages import page
from loyalty.downloads import csv_file
from loyalty.models import Role
from members.ledger.statements import statements_of

MANAGER = Role.Level.MANAGER


@require_safe
def statement(request: HttpRequest, shop: str) -> HttpResponse:
    """What is outstanding today, and every month of every programme."""
    role = access.role_for(request, shop, level=MANAGER)
    now = clock.now()
    outstanding = figures.outstanding(role.shop, now)
    return page(
        request,
        role,
        "owner/statement.html",
        nav="week",
        statements=statements_of(role.shop, now),
        outstanding=outstanding,
        total=money.shown(sum(each.minor for each in outstanding), role.shop.currency),
    )


@require_safe
def statement_csv(request: HttpRequest, shop: str) -> HttpResponse:
    """The months as a file for a spreadsheet."""
    role = access.role_for(request, shop, level=MANAGER)
    rows = figures.rows(statements_of(role.shop, clock.now()))
    return csv_file(f"{shop}-statement-{clock.today(role.shop.zone)}.csv", rows)
