"""What customers read about their data, and how many used their rights."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loyalty import access
from loyalty.dashboard.pages import page
from loyalty.models import Role
from members.models import Consent, Membership
from members.privacy import notice
from members.privacy.models import Erasure


@require_safe
def privacy(request: HttpRequest, shop: str) -> HttpResponse:
    """The page writes itself from the settings; what only the owner knows is asked for."""
    role = access.role_for(request, shop, level=Role.Level.OWNER)
    asked = Erasure.objects.stands()
    in_use = Membership.objects.current()
    yes = Consent.objects.stands().filter(purpose=Consent.Purpose.NEWS)
    return page(
        request,
        role,
        "owner/privacy.html",
        nav="more",
        members=in_use.count(),
        want_news=in_use.filter(consents__in=yes).count(),
        waiting=asked.filter(erased_at=None).count(),
        erased=asked.exclude(erased_at=None).count(),
        how_long=list(notice.how_long(role.shop)),
    )
