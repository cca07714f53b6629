"""The list of members: who was here last, who is looked for, who is in a group; and as a file."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from loyalty import access, clock
from loyalty.dashboard.members import groups, narrowing, register
from loyalty.dashboard.members.filters import MemberFilter
from loyalty.dashboard.pages import page
from loyalty.models import Role
from members.models import Membership, Programme

MANAGER = Role.Level.MANAGER
ROWS_A_PAGE = 25


@require_safe
def members(request: HttpRequest, shop: str) -> HttpResponse:
    """Who was here last; or who is asked for. Six digits lead to their card at once."""
    return _list(request, access.role_for(request, shop, level=MANAGER))


@require_safe
def segment(request: HttpRequest, shop: str, key: str) -> HttpResponse:
    """One group of them: who is regular, who is slipping away, right now."""
    role = access.role_for(request, shop, level=MANAGER)
    if key not in groups.GROUPS:
        raise Http404
    return _list(request, role, key)


def _list(request: HttpRequest, role: Role, group: str = "") -> HttpResponse:
    form = MemberFilter.of(request, group)
    now = clock.now()
    found = narrowing.Found(Membership.objects.none())
    if form.is_valid():
        found = narrowing.find(role.shop, form.wanted(), now)
    if found.card:
        return redirect("owner:member", role.shop.slug, found.card.pk)
    typed = form.cleaned_data.get("q", "")
    group = form.cleaned_data.get("group", "")
    rows = Paginator(found.cards.select_related("person"), ROWS_A_PAGE)
    shown = rows.get_page(request.GET.get("page", ""))
    return page(
        request,
        role,
        "owner/members/members.html",
        nav="members",
        status=422 if form.errors else 200,
        form=form,
        typed=typed,
        trouble=found.trouble,
        shown=shown,
        rows=register.rows_of(role.shop, list(shown.object_list)),
        groups=[] if typed else groups.groups(now),
        group=groups.GROUPS.get(group),
        total=Membership.objects.current().count(),
        only_stamps=Programme.objects.on().only_stamps,
    )
