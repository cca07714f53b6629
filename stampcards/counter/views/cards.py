"""One card on the till: its sheet, what it gets, a reward."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from loyalty.actors import Actor
from loyalty.models import Counter
from loyalty.refusals import Refused
from members import kinds
from members.models import Membership
from rewards.catalogue.operations import redeem_now
from rewards.operations import hand_over
from rewards.tiers.forms import PerkForm
from rewards.tiers.perks import take_perk
from stampcards.counter import finding, late, pages, telling
from stampcards.counter.doors import at_the_till
from stampcards.counter.forms import HandOutForm
from stampcards.counter.redeeming import RedeemForm


@login_not_required  # a paired counter has no login: its cookie is its door
@require_safe
@at_the_till
def card(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """The sheet. Looking changes nothing."""
    return pages.card(request, counter, finding.card_or_blank(counter, code))


@login_not_required
@require_POST
@at_the_till
def give(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """The counter gives one card what it gets in a programme: stamps, points."""
    key, programme = request.POST.get("key", ""), request.POST.get("programme", "")
    trouble = None
    try:
        account = finding.account_of(counter, code, programme)
    except finding.Trouble as found:
        card = telling.card_before(counter, code, key)
        if card is None:
            late.never_do(counter, key)
            raise
        account, trouble = finding.account_on(card, programme), found

    kind = kinds.kind(account.programme.kind)
    account.shop = counter.shop
    form = kind.counter_form(account, request.POST)
    if form.is_valid():
        key = form.cleaned_data["key"]
        try:
            answer = kind.give(account, form, Actor.of_counter(counter))
        except Refused as refusal:
            late.never_do(counter, str(key))
            form.refuse(refusal)
        else:
            said = telling.given(account.membership, answer, key)
            return pages.just_done(request, counter, key, said, filled=answer.get("filled", 0))
    if trouble:  # not what this key did then
        raise trouble
    return pages.card(request, counter, account.membership, refused=form)


@login_not_required
@require_POST
@at_the_till
def reward(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """The counter hands one reward out."""
    membership, trouble = _card_or_before(request, counter, code)
    form = HandOutForm(request.POST, of=membership.became)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            hand_over(membership=membership, actor=Actor.of_counter(counter), **asked)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said = telling.handed_out(membership, asked["claim"], asked["key"])
            return pages.just_done(request, counter, asked["key"], said)
    if trouble:
        raise trouble
    return pages.card(request, counter, membership, said=telling.wrong(form))


@login_not_required
@require_POST
@at_the_till
def perk(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """The counter hands out something that a level gives."""
    membership, trouble = _card_or_before(request, counter, code)
    form = PerkForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            answer = take_perk(membership=membership, actor=Actor.of_counter(counter), **asked)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said = telling.of_level(membership, answer["title"], asked["key"])
            return pages.just_done(request, counter, asked["key"], said)
    if trouble:
        raise trouble
    return pages.card(request, counter, membership, said=telling.wrong(form))


@login_not_required
@require_POST
@at_the_till
def redeem(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """The counter takes points for a reward and hands it out."""
    membership, trouble = _card_or_before(request, counter, code)
    form = RedeemForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            answer = redeem_now(membership=membership, actor=Actor.of_counter(counter), **asked)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said = telling.redeemed(membership, dict(answer), asked["key"])
            return pages.just_done(request, counter, asked["key"], said)
    if trouble:
        raise trouble
    return pages.card(request, counter, membership, said=telling.wrong(form))


def _card_or_before(
    request: HttpRequest, counter: Counter, code: str
) -> tuple[Membership, finding.Trouble | None]:
    """The card; or the one this key did something on, and what is in the way of anything else.

    Raises a Trouble where it did nothing.
    """
    try:
        return finding.card_of(counter, code), None
    except finding.Trouble as trouble:
        card = telling.card_before(counter, code, request.POST.get("key", ""))
        if card is None:
            raise
        return card, trouble
