"""Which shop? Skipped by whoever has one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from loyalty.models import Role


@require_safe
def shops(request: HttpRequest) -> HttpResponse:
    """The reader's shops. A single one opens by itself, or goes on being set up."""
    mine = Role.objects.active().filter(person=request.user.pk).select_related("shop")
    roles = list(mine.order_by("shop__name", "pk"))
    if len(roles) == 1:
        return redirect("owner:week", roles[0].shop.slug)
    return render(request, "owner/shops.html", {"roles": roles})
