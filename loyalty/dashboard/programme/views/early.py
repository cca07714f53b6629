"""Early access: planning it, and how it goes. Managers do it as well (ux-screens 3)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access, clock, keys
from loyalty.actors import Actor
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.programme import early as shown
from loyalty.dashboard.programme.early_drawn import drawn, drawn_as_kept
from loyalty.forms import KeyedForm
from loyalty.models import Role, Shop
from loyalty.pictures.forms import PictureForm
from loyalty.refusals import Refused
from loyalty.setup.live import beside_picture
from rewards.vip import again, owning, plans
from rewards.vip.models import Drop
from rewards.vip.owner_forms import DropForm

MANAGER = Role.Level.MANAGER


@require_safe
def early(request: HttpRequest, shop: str) -> HttpResponse:
    """Everything there is, by how far it has come; and who was picked by hand."""
    role = access.role_for(request, shop, level=MANAGER)
    found = shown.listed(role.shop, clock.now())
    template = "owner/early/early.html"
    return show(request, role, template, listed=found, picked=shown.picked())


@require_http_methods(["GET", "HEAD", "POST"])
def add_drop(request: HttpRequest, shop: str) -> HttpResponse:
    """A new one, as a draft or scheduled at once."""
    role = access.role_for(request, shop, level=MANAGER)
    form, picture = forms_of(request, role.shop)
    actor = access.owner_of(request, role.shop)
    made = keep(form, picture, partial(owning.add_drop, actor=actor))
    if made is None:
        return editor(request, role, form, picture)
    return go_live(request, made, form, actor)


@require_safe
def drop_again(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """A new one like this, a week on. Nothing is kept yet."""
    role = access.role_for(request, shop, level=MANAGER)
    found = drop_of(role.shop, pk)
    plan = again.a_week_on(plans.of(found), role.shop, clock.now())
    form = DropForm(shop=role.shop, plan=plan)
    return editor(request, role, form, PictureForm.showing(found.picture))


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """One of them, beside the form that changes it."""
    role = access.role_for(request, shop, level=MANAGER)
    found = drop_of(role.shop, pk)
    form, picture = forms_of(request, role.shop, found)
    actor = access.owner_of(request, role.shop)
    changed = keep(form, picture, partial(owning.change_drop, drop=found, actor=actor))
    if changed is None:
        return editor(request, role, form, picture, found)
    return go_live(request, changed, form, actor)


@form_of("add_drop")
def preview_new_drop(request: HttpRequest, shop: str) -> HttpResponse:
    """A new one as it would look. Nothing is kept but a picture that was chosen."""
    role = access.role_for(request, shop, level=MANAGER)
    return preview(request, role, *forms_of(request, role.shop))


@form_of("drop", "pk")
def preview_drop(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """A changed one as it would look. Nothing is kept but a picture that was chosen."""
    role = access.role_for(request, shop, level=MANAGER)
    found = drop_of(role.shop, pk)
    return preview(request, role, *forms_of(request, role.shop, found), found)


@require_safe
def live(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """How it goes: how many are reserved, and by whom."""
    role = access.role_for(request, shop, level=MANAGER)
    return live_page(request, role, drop_of(role.shop, pk))


@form_of("live", "pk")
def close_drop(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Nobody can reserve from now on. What is reserved stays reserved."""
    role = access.role_for(request, shop, level=MANAGER)
    found = drop_of(role.shop, pk)
    form = KeyedForm(request.POST)
    if form.is_valid():
        actor = access.owner_of(request, role.shop)
        try:
            owning.close_early(drop=found, actor=actor, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            said(request, _("%(name)s is closed.") % {"name": found.name})
    return redirect("owner:live", shop, pk)


@form_of("drop", "pk")
def unschedule_drop(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """A draft again, as long as it has not opened."""
    role = access.role_for(request, shop, level=MANAGER)
    found = drop_of(role.shop, pk)
    key = keys.derived("unschedule_drop", pk, found.scheduled_at)
    try:
        owning.unschedule(drop=found, key=key, actor=access.owner_of(request, role.shop))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said(request, _("%(name)s is a draft again. Nobody sees it.") % {"name": found.name})
    return redirect("owner:early", shop)


@require_safe
def guest_list(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """The names on paper, for the door."""
    role = access.role_for(request, shop, level=MANAGER)
    found = drop_of(role.shop, pk)
    needs = {"shop": role.shop, "drop": found, "guests": shown.guests(found)}
    return render(request, "owner/early/guests.html", needs)


# --- What they have in common ---------------------------------------------------------------------


def drop_of(shop: Shop, pk: int) -> Drop:
    return access.of_shop(shop, shown.drops_of(shop), pk=pk)


def forms_of(
    request: HttpRequest, shop: Shop, found: Drop | None = None
) -> tuple[DropForm, PictureForm]:
    """Its form and that of its picture, as sent or as a page begins."""
    plan = plans.of(found) if found else None
    form = DropForm(request.POST or None, shop=shop, plan=plan)
    return form, PictureForm.of(request, found.picture if found else None)


def keep(form: DropForm, picture: PictureForm, change: Callable[..., Any]) -> Drop | None:
    """What was typed is kept. None: nothing was sent, or the forms say what is wrong."""
    if not all([form.is_valid(), picture.is_valid()]):  # both, so that both say it
        return None
    chosen, key = picture.cleaned_data["picture"], form.cleaned_data["key"]
    try:
        done = change(plan=form.plan(), picture=chosen, key=key)
    except Refused as refusal:
        form.refuse(refusal)
        return None
    return drop_of(form.shop, done["drop"])


def go_live(request: HttpRequest, kept: Drop, form: DropForm, actor: Actor) -> HttpResponse:
    """On from a form that was kept: scheduled, if that was the button."""
    shop, told = actor.shop.slug, {"name": kept.name}
    if "schedule" not in request.POST:
        if kept.scheduled_at:
            said(request, _("Saved."))
            return redirect("owner:live", shop, kept.pk)
        said(request, _("%(name)s is a draft. Nobody sees it.") % told)
        return redirect("owner:early", shop)
    key = keys.derived("schedule_drop", form.cleaned_data["key"])
    try:
        owning.schedule(drop=kept, key=key, actor=actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("owner:drop", shop, kept.pk)
    undo = reverse("owner:unschedule_drop", args=[shop, kept.pk])
    said(request, _("%(name)s is scheduled.") % told, undo=undo)
    return redirect("owner:early", shop)


def preview(
    request: HttpRequest,
    role: Role,
    form: DropForm,
    picture: PictureForm,
    found: Drop | None = None,
) -> HttpResponse:
    """The part to swap in. While a field is half typed, nothing changes but the picture."""
    if not request.htmx:  # type: ignore[attr-defined]
        return editor(request, role, form, picture, found)
    seen = drawn(form, picture := picture.go_on(role.shop), found)
    return beside_picture(request, "owner/early/_live.html", seen, picture, shop=role.shop)


def editor(
    request: HttpRequest,
    role: Role,
    form: DropForm,
    picture: PictureForm,
    found: Drop | None = None,
) -> HttpResponse:
    """The page, with it as typed; where that can't be drawn, as it is."""
    picture = picture.go_on(role.shop)
    return show(
        request,
        role,
        "owner/early/drop.html",
        status=422 if form.errors or picture.errors else 200,
        form=form,
        picture=picture,
        drop=found,
        phase=shown.phase_of(found, clock.now()) if found else None,
        drawn=drawn(form, picture, found) or (drawn_as_kept(found) if found else None),
    )


def live_page(request: HttpRequest, role: Role, found: Drop) -> HttpResponse:
    now = clock.now()
    phase = shown.phase_of(found, now)
    return show(
        request,
        role,
        "owner/early/live.html",
        drop=found,
        phase=phase,
        figures=shown.figures(found),
        outcome=shown.outcome(found, phase),
        opens=shown.opens(shown.came(found), now),
        guests=shown.guests(found),
        close=KeyedForm(auto_id="close_%s"),
    )


def show(request: HttpRequest, role: Role, template: str, **needs: Any) -> HttpResponse:
    """One of these pages."""
    return page(request, role, template, nav="early", **needs)
