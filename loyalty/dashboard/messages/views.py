"""What members were told: a list, for whoever wonders whether it reached them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loyalty import access
from loyalty.dashboard.messages import deliveries
from loyalty.dashboard.pages import page
from loyalty.models import Role
from members.messages.models import Message

KINDS = set(Message.Purpose.values)


@require_safe
def messages(request: HttpRequest, shop: str) -> HttpResponse:
    """All of it, or of one kind; newest first."""
    role = access.role_for(request, shop, level=Role.Level.MANAGER)
    kind = request.GET.get("kind", "")
    told = Message.objects.filter(shop=role.shop)
    if kind in KINDS:
        told = told.filter(purpose=kind)
    rows, shown = deliveries.page_of(told, role.shop, request.GET.get("page", ""))
    return page(
        request,
        role,
        "owner/members/messages.html",
        nav="members",
        kinds=[("", ""), *Message.Purpose.choices],
        kind=kind if kind in KINDS else "",
        rows=rows,
        deliveries=shown,
    )
