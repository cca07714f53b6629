"""How an owner ends a programme: two days, what members will read, and what is owed until then."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access, clock
from loyalty.dashboard.money.statement import outstanding_in
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.programme import ending
from loyalty.dashboard.programme.cards import address_of
from loyalty.dashboard.programme.ending import EndForm
from loyalty.models import Role
from loyalty.refusals import Refused
from loyalty.setup import live
from members.ending.dates import announced
from members.ending.operations import announce_end, call_off_end
from members.models import Programme

OWNER = Role.Level.OWNER


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Announce the end, or put it off."""
    role = access.role_for(request, shop, level=OWNER)
    programme = _programme(role, pk)
    form, was = _form(request, programme), announced(programme)
    if request.method == "POST" and form.is_valid():
        try:
            announce_end(programme, **form.cleaned_data, actor=access.owner_of(request, role.shop))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            # What is put off can't be brought forward again, so there is no undo for that.
            undo = "" if was else reverse("owner:call_off_end", args=[shop, pk])
            said(request, _("The end is announced. Members are told in a few minutes."), undo=undo)
            return redirect(address_of(programme))
    return editor(request, role, programme, form)


@form_of("end", "pk")
def preview(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """What members would read. Nothing is kept."""
    role = access.role_for(request, shop, level=OWNER)
    programme = _programme(role, pk)
    form = _form(request, programme)
    if not request.htmx:  # type: ignore[attr-defined]
        return editor(request, role, programme, form)
    draw = partial(_drawn, programme, form)
    return live.swapped_in(request, form, "owner/_ending_preview.html", draw)


@form_of("end", "pk")
def call_off(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """It goes on."""
    role = access.role_for(request, shop, level=OWNER)
    programme = _programme(role, pk)
    try:
        call_off_end(programme, actor=access.owner_of(request, role.shop))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said(request, _("Called off. The programme goes on."))
    return redirect(address_of(programme))


def _programme(role: Role, pk: int) -> Programme:
    return access.of_shop(role.shop, Programme.objects.select_related("shop"), pk=pk)


def _form(request: HttpRequest, programme: Programme) -> EndForm:
    today = clock.today(programme.shop.zone)
    return EndForm(request.POST or None, end=ending.end_of(programme, today))


def _drawn(programme: Programme, form: EndForm) -> ending.EndPreview:
    return ending.preview(programme, form.end, clock.today(programme.shop.zone))


def editor(request: HttpRequest, role: Role, programme: Programme, form: EndForm) -> HttpResponse:
    """The page, with the days as typed; where they can't be, as they are or as we propose."""
    now, today = clock.now(), clock.today(role.shop.zone)
    typed = live.as_typed(form, partial(_drawn, programme, form)) if not form.errors else None
    known = ending.drawn(programme, ending.end_of(programme, today), today)
    return page(
        request,
        role,
        "owner/ending.html",
        nav="programme",
        status=422 if form.errors else 200,
        programme=programme,
        address=address_of(programme),
        form=form,
        preview=typed or known,
        ending=ending.ending_of(programme, now),
        owed=outstanding_in(programme, now),
    )
