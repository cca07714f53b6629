"""All levels of a club as a member reads them, and asking for what theirs gives."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import clock
from loyalty.access import of_shop
from loyalty.forms import KeyedForm
from loyalty.refusals import Refused
from members import access
from members.models import Membership
from rewards.tiers import perks, progress, telling
from rewards.tiers.models import TierPerk
from rewards.tiers.showing import to_have


@login_not_required
@access.card_page
@require_safe
def all_levels(request: HttpRequest, private: str) -> HttpResponse:
    """Every level, what it takes and gives, and how one moves."""
    return _page(request, access.card_of(request, private), KeyedForm())


@login_not_required
@access.card_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """A perk, to be handed over as a reward. Whoever comes without the form sees all levels."""
    membership = access.card_of(request, private)
    if request.method != "POST":
        return redirect("levels:all", membership.private)
    perk = of_shop(membership.shop, TierPerk.objects.all(), pk=pk)
    form = KeyedForm(request.POST)
    if form.is_valid():
        try:
            asked = perks.ask_for_perk(
                membership=membership,
                perk=perk,
                key=form.cleaned_data["key"],
                actor=access.holder_of(membership),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("reward:show", membership.private, asked["claim"])
    return _page(request, membership, form)


def _page(request: HttpRequest, membership: Membership, form: KeyedForm) -> HttpResponse:
    now = clock.now()
    own = progress.of_member(membership, now)
    if own is None:
        raise Http404
    context = {
        "shop": membership.shop,
        "membership": membership,
        "progress": own,
        "to_have": to_have(own),
        "rules": telling.rules_lines(membership.shop, now),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "rewards/tiers/all.html", context, status=status)
