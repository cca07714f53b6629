"""A friend's way in, and the page a member shares it from."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access
from members import access as doors
from members.joining.views import Friend, to_card, way_in
from members.models import Membership
from rewards.friends import invitations
from rewards.friends.forms import ShareForm


@login_not_required
@doors.card_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """W1 with a line from whoever sent it. Looking changes nothing; the tap makes the card.

    Whoever has a card here is led to it, and comes through nobody.
    """
    member = invitations.member_behind(code)
    if member is None:
        raise doors.UnknownCard
    shop = access.public_shop(request, member.shop.slug)
    line = invitations.line_from(member)
    if card := doors.own_card(request, shop):
        return _already_here(request, card, member, on=bool(line))
    return way_in(request, shop, Friend(member.friend_code, line))


def _already_here(
    request: HttpRequest, card: Membership, member: Membership, *, on: bool
) -> HttpResponse:
    if on and card == member:
        messages.info(request, _("This is your own invitation. Let a friend scan it."))
    elif on and not invitations.came_through(card, member):
        messages.info(
            request, _("You have a card here already. Invitations are for new customers.")
        )
    return to_card(request, card)


@login_not_required
@doors.card_page
@require_safe
def share(request: HttpRequest, private: str) -> HttpResponse:
    """A code for a friend beside one, a link for others, and how far friends are."""
    membership = doors.card_of(request, private)
    shown = invitations.sharing(membership)
    if shown is None:
        return redirect("card:card", membership.private)
    context = {
        "shop": membership.shop,
        "membership": membership,
        "sharing": shown,
        "form": ShareForm(initial={"text": shown.text}) if shown.link else None,
    }
    return render(request, "rewards/friends/share.html", context)
