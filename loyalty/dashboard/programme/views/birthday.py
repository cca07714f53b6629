"""The birthday treat. Owners edit; managers look."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access, clock
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.switching import switch
from loyalty.models import Role, Shop
from loyalty.refusals import Refused
from loyalty.setup import live
from rewards.birthday import owning, previews
from rewards.birthday.forms import TreatForm
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.operations import points_run
from rewards.birthday.previews import TreatPreview
from rewards.birthday.proposals import proposal

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER


@require_http_methods(["GET", "HEAD", "POST"])
def birthday(request: HttpRequest, shop: str) -> HttpResponse:
    """What members get, beside how it will look to them."""
    wanted = OWNER if request.method == "POST" else MANAGER
    role = access.role_for(request, shop, level=wanted)
    form = treat_form(request, role.shop)
    if request.method == "POST" and form.is_valid():
        try:
            first = owning.keep_treat(form.treat(), actor=access.owner_of(request, role.shop))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said(request, _("The birthday treat is on.") if first else _("Saved."))
            return redirect("owner:birthday", shop)
    return editor(request, role, form)


@form_of("birthday")
def birthday_preview(request: HttpRequest, shop: str) -> HttpResponse:
    """The treat as it would look. Nothing is kept."""
    role = access.role_for(request, shop, level=OWNER)
    form = treat_form(request, role.shop)
    if not request.htmx:  # type: ignore[attr-defined]
        return editor(request, role, form)
    draw = partial(drawn, form)
    return live.swapped_in(request, form, "owner/_birthday_preview.html", draw)


@form_of("birthday")
def birthday_off(request: HttpRequest, shop: str) -> HttpResponse:
    """No treats from now on."""
    told = _("The birthday treat is off. What is ready can still be handed out.")
    return switch(request, shop, owning.switch_off, told, page="birthday", undo="birthday_on")


@form_of("birthday")
def birthday_on(request: HttpRequest, shop: str) -> HttpResponse:
    """Treats again."""
    told = _("The birthday treat is on.")
    return switch(request, shop, owning.switch_on, told, page="birthday", undo="birthday_off")


def treat_of(shop: Shop) -> BirthdayTreat:
    """What the shop gives, or what its trade usually does. A proposal has no number yet."""
    return BirthdayTreat.objects.select_related("shop").filter(shop=shop).first() or proposal(shop)


def treat_form(request: HttpRequest, shop: Shop) -> TreatForm:
    treat = treat_of(shop)
    points = points_run(clock.today(shop.zone))
    return TreatForm(request.POST or None, shop=shop, treat=treat, points=points)


def editor(request: HttpRequest, role: Role, form: TreatForm) -> HttpResponse:
    """The page, with the treat as typed; where that can't be drawn, as it is."""
    treat = treat_of(role.shop)
    typed = live.as_typed(form, partial(drawn, form))
    return page(
        request,
        role,
        "owner/birthday.html",
        nav="programme",
        section="birthday",
        status=422 if form.errors else 200,
        form=form,
        treat=treat,
        preview=typed or previews.of_treat(treat, clock.today(role.shop.zone)),
    )


def drawn(form: TreatForm) -> TreatPreview:
    return previews.of_treat(form.treat(), clock.today(form.shop.zone))
