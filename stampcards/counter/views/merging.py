"""Two cards of one customer become one. Undone like everything else the counter did."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from loyalty import clock
from loyalty.actors import Actor
from loyalty.models import Counter
from loyalty.refusals import Refused
from members.merging import merge
from members.models import Membership
from stampcards.counter import finding, merging, pages, telling
from stampcards.counter.doors import at_the_till
from stampcards.counter.forms import FindForm


@login_not_required  # a paired counter has no login: its cookie is its door
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_till
def other_card(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """One card is open, the other is wanted: scanned, typed, or by its phone number."""
    card = finding.card_of(counter, code)
    if request.method != "POST":
        return _ask(request, counter, card, FindForm())
    form = FindForm(request.POST)
    if not form.is_valid():
        return _ask(request, counter, card, form)
    try:
        others = merging.others_of(counter, card, form.cleaned_data["code"])
    except finding.Trouble as trouble:
        # What a camera read is not shown as if somebody had typed it.
        typed = FindForm() if form.cleaned_data["scanned"] else form
        return _ask(request, counter, card, typed, trouble=trouble)
    if len(others) > 1:
        return _ask(request, counter, card, form, others=others)
    return redirect("counter:merge_with", card.counter_code, others[0].counter_code)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_till
def merge_with(request: Any, counter: Counter, code: str, other: str) -> HttpResponse:
    """Both cards side by side, and a button that makes them one."""
    try:
        cards = [finding.card_of(counter, code), finding.card_of(counter, other)]
    except finding.Trouble:
        done = telling.done_here(counter, request.POST.get("key", ""))
        if done and done.membership:  # a second tap
            return _done(request, counter, done.membership, done.key)
        raise
    now = clock.now()
    sides = [merging.Side.of(card, now) for card in cards]
    if request.method != "POST":
        return _compare(request, counter, merging.MergeForm(sides=sides))

    form = merging.MergeForm(request.POST, sides=sides)
    if form.is_valid():
        asked = form.cleaned_data
        kept, gone = sorted(cards, key=lambda card: card.counter_code != asked["keep"])
        try:
            merge(kept=kept, gone=gone, key=asked["key"], actor=Actor.of_counter(counter))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _done(request, counter, kept, asked["key"])
    return _compare(request, counter, form)


def _done(request: Any, counter: Counter, kept: Membership, key: UUID) -> HttpResponse:
    """The card stays open: what comes next is its stamp."""
    said = telling.merged(kept, key)
    if not request.htmx:
        return pages.just_done(request, counter, key, said)
    return pages.card(request, counter, kept, said=said)


def _ask(
    request: HttpRequest,
    counter: Counter,
    card: Membership,
    form: FindForm,
    *,
    trouble: finding.Trouble | None = None,
    others: list[Membership] | None = None,
) -> HttpResponse:
    wrong = trouble or form.errors
    if trouble:
        form.correct("trouble")
    needs = {
        "membership": card,
        "name": telling.name_of(card),
        "recent": merging.recent(card, clock.now()),
        "others": [merging.Side.of(other, clock.now()) for other in others or []],
        "trouble": trouble,
        "form": form,
    }
    return pages.answer(request, counter, "_merge", status=_status(wrong), **needs)


def _compare(request: HttpRequest, counter: Counter, form: merging.MergeForm) -> HttpResponse:
    first, second = form.sides
    needs = {"form": form, "membership": first.membership, "other": second.membership}
    return pages.answer(request, counter, "_merge_with", status=_status(form.errors), **needs)


def _status(wrong: object) -> int:
    return pages.NOT_DONE if wrong else 200
