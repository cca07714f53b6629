"""Levels. Owners edit; managers look."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access, clock
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.programme.levels import brings, latest_moves, on_levels
from loyalty.dashboard.switching import switch
from loyalty.models import Role
from loyalty.refusals import Refused
from loyalty.setup import live
from rewards.tiers import owning, plans, previews
from rewards.tiers.models import Ladder
from rewards.tiers.owner_forms import LevelsForm

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER


@require_http_methods(["GET", "HEAD", "POST"])
def levels(request: HttpRequest, shop: str) -> HttpResponse:
    """What counts and what each level gives, beside how members will read it; and who moved."""
    wanted = OWNER if request.method == "POST" else MANAGER
    role = access.role_for(request, shop, level=wanted)
    ladder = plans.ladder_of(role.shop)
    form = levels_form(request, role, ladder)
    if request.method == "POST" and form.is_valid():
        actor, plan = access.owner_of(request, role.shop), form.plan()
        try:
            owning.save_ladder(
                measure=plan.measure, window=plan.window, levels=plan.levels, actor=actor
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said(request, _("Saved.") if ladder else _("Levels are on."))
            return redirect("owner:levels", shop)
    return editor(request, role, form, ladder)


@form_of("levels")
def levels_preview(request: HttpRequest, shop: str) -> HttpResponse:
    """The levels as they would look, perhaps with one more or one less. Nothing is kept."""
    role = access.role_for(request, shop, level=OWNER)
    ladder = plans.ladder_of(role.shop)
    form = levels_form(request, role, ladder)
    if request.htmx:  # type: ignore[attr-defined]
        draw = partial(drawn, request, role, form, ladder)
        return live.swapped_in(request, form, "owner/_levels_preview.html", draw)
    if "add" in request.POST:
        form = form.resized()
    elif request.POST.get("remove", "").isdecimal():
        form = form.resized(without=int(request.POST["remove"]))
    return editor(request, role, form, ladder)


@form_of("levels")
def levels_off(request: HttpRequest, shop: str) -> HttpResponse:
    """No levels from now on."""
    told = _("Levels are off. Everyone keeps their place for when you switch them on again.")
    return switch(request, shop, owning.switch_off, told, page="levels", undo="levels_on")


@form_of("levels")
def levels_on(request: HttpRequest, shop: str) -> HttpResponse:
    """Levels again."""
    told = _("Levels are on.")
    return switch(request, shop, owning.switch_on, told, page="levels", undo="levels_off")


def levels_form(request: HttpRequest, role: Role, ladder: Ladder | None) -> LevelsForm:
    """The levels there are, or what the trade usually has; with what was typed."""
    gives = brings(role.shop)
    plan = (
        plans.of_ladder(ladder)
        if ladder
        else plans.proposal(role.shop, points=gives.points, stamps=bool(gives.head_starts))
    )
    return LevelsForm(request.POST or None, shop=role.shop, plan=plan, brings=gives)


def editor(
    request: HttpRequest, role: Role, form: LevelsForm, ladder: Ladder | None
) -> HttpResponse:
    """The page, with the levels as typed; where those can't be drawn, as they are."""
    typed = live.as_typed(form, partial(drawn, request, role, form, ladder))
    actor = access.owner_of(request, role.shop)
    return page(
        request,
        role,
        "owner/levels.html",
        nav="programme",
        section="levels",
        status=422 if form.errors else 200,
        form=form,
        ladder=ladder,
        preview=typed or previews.of_plan(form.was, ladder, clock.now(), actor),
        on_levels=on_levels(ladder) if ladder else [],
        moves=latest_moves(ladder) if ladder else [],
    )


def drawn(
    request: HttpRequest, role: Role, form: LevelsForm, ladder: Ladder | None
) -> previews.LevelsPreview:
    actor = access.owner_of(request, role.shop)
    return previews.of_plan(form.plan(), ladder, clock.now(), actor)
