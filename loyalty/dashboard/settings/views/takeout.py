"""Everything a shop has, in one file. Only the owner takes it along, and says what for."""

from django.db import transaction
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from loyalty import access, clock
from loyalty.dashboard.members.filters import ExportForm
from loyalty.dashboard.pages import page
from loyalty.dashboard.settings.takeout import FILES
from loyalty.dashboard.settings.takeout_file import everything_of
from loyalty.journal import operations as journal
from loyalty.models import Role, Shop
from loyalty.security.lately import confirmed

OWNER = Role.Level.OWNER


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def export(request: HttpRequest, shop: str) -> HttpResponseBase:
    """What for? Then the file; the log says who took it, when and why."""
    role = access.role_for(request, shop, level=OWNER)
    form = ExportForm(request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            actor = access.owner_of(request, role.shop)
            journal.write(actor, "everything_exported", about=form.cleaned_data["why"])
        return _file(role.shop)
    return page(
        request,
        role,
        "owner/takeout.html",
        nav="more",
        status=422 if form.errors else 200,
        form=form,
        files=FILES,
    )


def _file(shop: Shop) -> FileResponse:
    now = clock.now()
    name = f"{shop.slug}-{now.astimezone(shop.zone).date()}.zip"
    return FileResponse(everything_of(shop, now), as_attachment=True, filename=name)
