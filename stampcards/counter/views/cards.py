"""One card on the till: its sheet, a stamp, a reward."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from loyalty.actors import Actor
from loyalty.models import Counter
from loyalty.refusals import Refused
from rewards.operations import hand_over
from stampcards.counter import finding, giving, late, pages, telling
from stampcards.counter.doors import at_the_till
from stampcards.counter.forms import HandOutForm
from stampcards.counter.stamp_forms import StampForm
from stampcards.rules import StampRules


@login_not_required  # a paired counter has no login: its cookie is its door
@require_safe
@at_the_till
def card(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """The sheet. Looking changes nothing."""
    try:
        membership = finding.card_or_blank(counter, code)
    except finding.Trouble as trouble:
        return pages.trouble(request, counter, trouble)
    return pages.card(request, counter, membership)


@login_not_required
@require_POST
@at_the_till
def stamp(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """The counter stamps one card."""
    try:
        account = finding.account_to_stamp(counter, code, request.POST.get("programme", ""))
    except finding.Trouble as trouble:
        late.never_do(counter, request.POST.get("key", ""))
        return pages.trouble(request, counter, trouble)

    rules = StampRules.read(account.rule_version.rules)
    form = StampForm(request.POST, rules=rules, auto_id=f"card{account.programme_id}_%s")
    if form.is_valid():
        asked = form.cleaned_data
        try:
            answer = giving.give(account, asked, Actor.of_counter(counter))
        except Refused as refusal:
            late.never_do(counter, str(asked["key"]))
            form.refuse(refusal)
        else:
            said = telling.stamped(account.membership, answer, asked["key"])
            return pages.just_done(request, counter, asked["key"], said, filled=answer["filled"])
    return pages.card(request, counter, account.membership, refused=form)


@login_not_required
@require_POST
@at_the_till
def reward(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """The counter hands one reward out."""
    try:
        membership = finding.card_of(counter, code)
    except finding.Trouble as trouble:
        return pages.trouble(request, counter, trouble)

    form = HandOutForm(request.POST, of=membership)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            hand_over(membership=membership, actor=Actor.of_counter(counter), **asked)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said = telling.handed_out(membership, asked["claim"], asked["key"])
            return pages.just_done(request, counter, asked["key"], said)
    return pages.card(request, counter, membership, said=telling.wrong(form))
