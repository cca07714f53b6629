"""Looking for a card: by what was scanned, typed or said."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import clock
from loyalty.models import Counter
from members.models import Membership
from stampcards.counter import finding, pages, searching
from stampcards.counter.doors import at_a_counter, at_the_till
from stampcards.counter.forms import FindForm, SearchForm


@at_a_counter  # the card's own page asks who is on the till, and then shows this very card
def find(request: HttpRequest, counter: Counter) -> HttpResponse:
    """By post, because a wrong guess is counted, and no number belongs into an address."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return pages.ready(request, counter, form=form)
    typed = form.cleaned_data["code"]
    by_hand = not form.cleaned_data["scanned"]
    try:
        if by_hand and searching.is_phone(typed):
            return found(request, counter, searching.cards_of_phone(counter, typed))
        return found(request, counter, [finding.find(counter, typed)])
    except finding.Trouble as trouble:
        nobodys = isinstance(trouble, finding.UnknownCode | finding.NotACard | finding.Mistyped)
        if by_hand and nobodys and searching.is_name(typed):
            return _look_for(request, counter, SearchForm({"name": typed}))
        # What a camera read is not shown as if somebody had typed it.
        return pages.trouble(request, counter, trouble, form if by_hand else None)


@login_not_required  # a paired counter has no login: its cookie is its door
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_till
def search(request: HttpRequest, counter: Counter) -> HttpResponse:
    """Search by name: the last way to a card, so it is logged and limited."""
    if request.method != "POST":
        return pages.answer(request, counter, "_search", form=SearchForm())
    return _look_for(request, counter, SearchForm(request.POST))


def found(request: Any, counter: Counter, cards: Iterable[Membership]) -> HttpResponse:
    """The one card's sheet; of several, staff choose."""
    several = list(cards)
    if len(several) == 1 and request.htmx and counter.staff:
        return pages.card(request, counter, several[0])  # no second way through a bad network
    if len(several) == 1:
        return redirect("counter:card", several[0].counter_code)
    if counter.staff is None:
        return _ask_who(request, counter)
    hits = searching.Hits.of(several, clock.now())
    return pages.answer(request, counter, "_found", hits=hits)


def _look_for(request: HttpRequest, counter: Counter, form: SearchForm) -> HttpResponse:
    if counter.staff is None:
        return _ask_who(request, counter)
    if form.is_valid():
        hits = searching.cards_of_name(counter, form.cleaned_data["name"])
        if hits.shown:
            return pages.answer(request, counter, "_found", hits=hits)
        form.add_error("name", _("No card with that name."))
    return pages.answer(request, counter, "_search", form=form, status=pages.NOT_DONE)


def _ask_who(request: HttpRequest, counter: Counter) -> HttpResponse:
    then = reverse("counter:search")
    return pages.who_is_it(request, counter, then=then, status=pages.NOT_DONE)
