"""Points and their rules. Owners edit; managers look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access, clock
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.programme.ending import ending_of
from loyalty.dashboard.programme.points import Scheme, editions, points_of, preview, shown
from loyalty.models import Role
from loyalty.refusals import Refused
from members.joining.offers import rules_in_full
from members.models import RuleVersion
from rewards.points import owning
from rewards.points.owner_forms import PointsForm
from rewards.points.rules import PointRules
from rewards.points.scheme import points_scheme

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER


@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest, shop: str) -> HttpResponse:
    """What points promise, beside the form that starts or changes them."""
    wanted = OWNER if request.method == "POST" else MANAGER
    role = access.role_for(request, shop, level=wanted)
    scheme = points_of(role.shop)
    form = points_form(request, role, scheme)
    if request.method == "POST" and form.is_valid():
        try:
            keep(request, role, scheme, form)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("owner:points", shop)
    return editor(request, role, scheme, form)


@form_of("points")
def points_preview(request: HttpRequest, shop: str) -> HttpResponse:
    """What these rules would promise. Nothing is kept."""
    role = access.role_for(request, shop, level=OWNER)
    scheme = points_of(role.shop)
    form = points_form(request, role, scheme)
    if not request.htmx:  # type: ignore[attr-defined]
        return editor(request, role, scheme, form)
    return preview(request, role.shop, form)


@form_of("points")
def use_rules(request: HttpRequest, shop: str, number: int) -> HttpResponse:
    """Earlier rules once more, from now on, as a new version."""
    role = access.role_for(request, shop, level=OWNER)
    programme = access.of_shop(role.shop, points_scheme())
    earlier = access.of_shop(role.shop, programme.versions.all(), number=number)
    written = owning.change_points(
        programme=programme,
        name=programme.name,
        rules=PointRules.read(earlier.rules),
        actor=access.owner_of(request, role.shop),
    )
    said(request, what_changed(role, written))
    return redirect("owner:points", shop)


@form_of("points")
def take_back(request: HttpRequest, shop: str) -> HttpResponse:
    """Rules that wait for their day never begin."""
    role = access.role_for(request, shop, level=OWNER)
    programme = access.of_shop(role.shop, points_scheme())
    owning.take_back(programme=programme, actor=access.owner_of(request, role.shop))
    said(request, _("Taken back. The rules stay as they are."))
    return redirect("owner:points", shop)


def points_form(request: HttpRequest, role: Role, scheme: Scheme) -> PointsForm:
    return PointsForm(
        request.POST or None,
        shop=role.shop,
        name=scheme.name,
        rules=scheme.rules,
        starts=scheme.programme is None,
    )


def keep(request: HttpRequest, role: Role, scheme: Scheme, form: PointsForm) -> None:
    """Start or change points as typed, and say from when it holds. Refused: as `owning`."""
    actor = access.owner_of(request, role.shop)
    if scheme.programme is None:
        owning.start_points(name=form.name, rules=form.rules(), actor=actor)
        said(request, _("Points are switched on. Members collect from now on."))
        return
    before = owning.newest(scheme.programme)
    written = owning.change_points(
        programme=scheme.programme,
        name=form.name,
        rules=form.rules(),
        effective_from=form.effective_from,
        actor=actor,
    )
    said(request, _("Saved.") if written.number <= before.number else what_changed(role, written))


def what_changed(role: Role, written: RuleVersion) -> str:
    if written.effective_from <= clock.now():
        return _("These rules hold from now on. What was earned stays as it was earned.")
    day = formats.date_format(written.effective_from.astimezone(role.shop.zone))
    return _("New rules from %(day)s. Until then, nothing changes.") % {"day": day}


def rules_of(role: Role, scheme: Scheme) -> list[str]:
    """The rules as members read them; none while there is no scheme."""
    if scheme.programme is None or scheme.version is None:
        return []
    return rules_in_full(role.shop, scheme.programme, scheme.version)


def editor(request: HttpRequest, role: Role, scheme: Scheme, form: PointsForm) -> HttpResponse:
    """The page, with points as typed; where that says nothing, as they are."""
    known = scheme.programme
    return page(
        request,
        role,
        "owner/points.html",
        nav="programme",
        section="points",
        programme=known,
        form=form,
        preview=shown(role.shop, form, scheme),
        status=422 if form.errors else 200,
        rules=rules_of(role, scheme),
        editions=editions(role.shop, known) if known else [],
        waiting=owning.waiting(known) if known else None,
        ending=ending_of(known, clock.now()) if known else None,
    )
