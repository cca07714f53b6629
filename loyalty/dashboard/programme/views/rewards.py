"""The catalogue. Owners edit; managers look."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access, clock
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.programme import rewards as catalogue
from loyalty.models import Role, Shop
from loyalty.pictures.forms import PictureForm
from loyalty.refusals import Refused
from loyalty.setup.live import beside_picture
from rewards.catalogue import owning
from rewards.catalogue.ideas import IDEAS
from rewards.catalogue.models import Reward
from rewards.catalogue.owner_forms import RewardForm, initial_from
from rewards.models import Claim

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER


@require_safe
def rewards(request: HttpRequest, shop: str) -> HttpResponse:
    """Everything members can choose, and what was taken out."""
    role = access.role_for(request, shop, level=MANAGER)
    offered, gone = catalogue.listed(role.shop, clock.now())
    return page(
        request,
        role,
        "owner/rewards/rewards.html",
        nav="programme",
        section="rewards",
        offered=offered,
        gone=gone,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add_reward(request: HttpRequest, shop: str) -> HttpResponse:
    """A new reward."""
    role = access.role_for(request, shop, level=OWNER)
    form, picture = forms_of(request, role.shop)
    actor = access.owner_of(request, role.shop)
    made = keep(form, picture, partial(owning.add_reward, actor=actor))
    if made is None:
        return editor(request, role, form, picture)
    said(request, _("%(name)s is in the catalogue.") % {"name": made.name})
    return redirect("owner:rewards", shop)


@require_http_methods(["GET", "HEAD", "POST"])
def reward(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """One reward, beside the form that changes it for whoever chooses it next."""
    role = access.role_for(request, shop, level=OWNER if request.method == "POST" else MANAGER)
    found = reward_of(role.shop, pk)
    form, picture = forms_of(request, role.shop, found)
    actor = access.owner_of(request, role.shop)
    changed = keep(form, picture, partial(owning.change_reward, reward=found, actor=actor))
    if changed is None:
        return editor(request, role, form, picture, found)
    said(request, who_keeps_it(changed))
    return redirect("owner:rewards", shop)


@form_of("add_reward")
def take_idea(request: HttpRequest, shop: str, idea: str) -> HttpResponse:
    """A ready-made text in the form, beside whatever was typed already. Nothing is kept."""
    role = access.role_for(request, shop, level=OWNER)
    if idea not in IDEAS:
        raise Http404
    typed = {**request.POST.dict(), **IDEAS[idea].texts(role.shop.language)}
    _form, picture = forms_of(request, role.shop)
    return editor(request, role, RewardForm(shop=role.shop, initial=typed), picture)


@form_of("add_reward")
def preview_new_reward(request: HttpRequest, shop: str) -> HttpResponse:
    """A new reward as it would look. Nothing is kept but a picture that was chosen."""
    role = access.role_for(request, shop, level=OWNER)
    return preview(request, role, *forms_of(request, role.shop))


@form_of("reward", "pk")
def preview_reward(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """A changed reward as it would look. Nothing is kept but a picture that was chosen."""
    role = access.role_for(request, shop, level=OWNER)
    found = reward_of(role.shop, pk)
    return preview(request, role, *forms_of(request, role.shop, found), found)


@form_of("rewards")
def retire_reward(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Nobody can choose it from now on."""
    role = access.role_for(request, shop, level=OWNER)
    found = reward_of(role.shop, pk)
    owning.retire_reward(reward=found, actor=access.owner_of(request, role.shop))
    told = _("%(name)s is not on offer any more.") % {"name": found.name}
    said(request, told, undo=reverse("owner:offer_reward_again", args=[shop, pk]))
    return redirect("owner:rewards", shop)


@form_of("rewards")
def offer_reward_again(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Back into the catalogue, as it was."""
    role = access.role_for(request, shop, level=OWNER)
    found = reward_of(role.shop, pk)
    owning.offer_again(reward=found, actor=access.owner_of(request, role.shop))
    told = _("%(name)s is on offer again.") % {"name": found.name}
    said(request, told, undo=reverse("owner:retire_reward", args=[shop, pk]))
    return redirect("owner:rewards", shop)


def reward_of(shop: Shop, pk: int) -> Reward:
    things = Reward.objects.select_related("programme__shop", "shop", "picture")
    return access.of_shop(shop, things.defer("picture__data"), pk=pk)


def forms_of(
    request: HttpRequest, shop: Shop, found: Reward | None = None
) -> tuple[RewardForm, PictureForm]:
    """The form of a reward and that of its picture, as sent or as a page begins."""
    initial = initial_from(found) if found else {"behaviour": Reward.Behaviour.THING}
    shown = found.picture if found else None
    form = RewardForm(request.POST or None, shop=shop, reward=found, initial=initial)
    return form, PictureForm.of(request, shown)


def keep(form: RewardForm, picture: PictureForm, change: Callable[..., Reward]) -> Reward | None:
    """The reward as it was typed. None: nothing was sent, or the forms say what is wrong."""
    if not all([form.is_valid(), picture.is_valid()]):  # both, so that both say it
        return None
    chosen = picture.cleaned_data["picture"]
    try:
        return change(offer=form.offer(), left=form.left(), picture=chosen)
    except Refused as refusal:
        form.refuse(refusal)
        return None


def preview(
    request: HttpRequest,
    role: Role,
    form: RewardForm,
    picture: PictureForm,
    found: Reward | None = None,
) -> HttpResponse:
    """The part to swap in. While a field is half typed, nothing changes but the picture."""
    if not request.htmx:  # type: ignore[attr-defined]
        return editor(request, role, form, picture, found)
    drawn = catalogue.drawn(form, picture := picture.go_on(role.shop))
    return beside_picture(request, "owner/rewards/_live.html", drawn, picture)


def editor(
    request: HttpRequest,
    role: Role,
    form: RewardForm,
    picture: PictureForm,
    found: Reward | None = None,
) -> HttpResponse:
    """The page, with the reward as typed; where that can't be drawn, as it is."""
    picture = picture.go_on(role.shop)
    drawn = catalogue.drawn(form, picture) or (catalogue.drawn_as_kept(found) if found else None)
    needs: dict[str, Any] = {"form": form, "picture": picture, "reward": found, "drawn": drawn}
    return page(
        request,
        role,
        "owner/rewards/reward.html",
        nav="programme",
        status=422 if form.errors or picture.errors else 200,
        ideas=[] if found else IDEAS.items(),
        **needs,
    )


def who_keeps_it(found: Reward) -> str:
    """What a change means for those who have chosen it: they keep what was promised."""
    n = Claim.objects.filter(reward=found, state=Claim.State.READY).count()
    if not n:
        return _("Saved.")
    return ngettext(
        "Saved. %(n)d member has chosen it already and keeps what was promised.",
        "Saved. %(n)d members have chosen it already and keep what was promised.",
        n,
    ) % {"n": n}
