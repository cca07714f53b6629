"""The log of everything: owners all of it, managers that of their places, staff their own lines."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loyalty import access, clock
from loyalty.dashboard.log import file
from loyalty.dashboard.log import reading as lines
from loyalty.dashboard.log.forms import LogForm
from loyalty.dashboard.log.reading import Mark
from loyalty.dashboard.pages import page
from loyalty.downloads import csv_file
from loyalty.models import Role, StaffMember

STAFF, MANAGER = Role.Level.STAFF, Role.Level.MANAGER


@require_safe
def log(request: HttpRequest, shop: str) -> HttpResponse:
    """What happened, newest first, of what was asked for."""
    role = access.role_for(request, shop, level=STAFF)
    form = log_form(request, role)
    found = None
    if form.is_valid():
        below = Mark.read(request.GET.get("below", ""))
        found = lines.page_of(role, form.wanted(), below)
    return page(
        request,
        role,
        "owner/log.html",
        nav="more",
        status=422 if form.errors else 200,
        form=form,
        asked=asked(request),
        found=found,
        below=request.GET.get("below", ""),
    )


@require_safe
def log_csv(request: HttpRequest, shop: str) -> HttpResponse:
    """The same lines as a file for a spreadsheet; of very many, the newest."""
    role = access.role_for(request, shop, level=MANAGER)
    form = log_form(request, role)
    rows = file.rows(lines.every_line(role, form.wanted()) if form.is_valid() else ())
    return csv_file(f"{shop}-log-{clock.today(role.shop.zone)}.csv", rows)


def log_form(request: HttpRequest, role: Role) -> LogForm:
    staff = StaffMember.objects.filter(shop=role.shop)
    return LogForm(request.GET, role=role, staff=list(staff))


def asked(request: HttpRequest) -> str:
    """What was asked for, as the end of another address: without where one has read to."""
    query = request.GET.copy()
    query.pop("below", None)
    return query.urlencode()
