"""This week: the launch list until the first stamp, then the figures."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from loyalty import access, clock, qr
from loyalty.dashboard import figures, flags, latecomers
from loyalty.dashboard.pages import page
from loyalty.models import Counter, Role
from loyalty.setup import progress
from members.models import Membership, Programme


@require_safe
def week(request: HttpRequest, shop: str) -> HttpResponse:
    """What happened this week; staff see the visits only."""
    role = access.role_for(request, shop)
    if role.shop.live_since is None and role.covers(Role.Level.OWNER):
        progress.keep_shop(request, role.shop)
        return redirect("start:trade")
    if not figures.has_begun() and role.covers(Role.Level.MANAGER):
        return launch(request, role)
    week = figures.week_of(role.shop, clock.now())
    manages = role.covers(Role.Level.MANAGER)
    return page(
        request,
        role,
        "owner/week.html",
        nav="week",
        week=week,
        late=latecomers.how_many() if manages else 0,
        only_stamps=Programme.objects.only_stamps(),
        unusual=flags.how_many(role.shop, clock.now()) if manages else 0,
    )


def launch(request: HttpRequest, role: Role) -> HttpResponse:
    """The three things between a new programme and its first stamp."""
    join = settings.PUBLIC_URL + reverse("join:join", args=[role.shop.slug])
    return page(
        request,
        role,
        "owner/launch.html",
        nav="week",
        only_stamps=Programme.objects.only_stamps(),
        join_code=qr.svg(join),
        has_counter=Counter.objects.usable().exclude(paired_at=None).exists(),
        has_card=Membership.objects.current().exists(),
    )
