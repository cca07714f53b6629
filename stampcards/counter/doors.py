"""Who may stand at the till: a paired counter, and somebody who said who they are."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from loyalty import access
from loyalty.models import Counter
from stampcards.counter import finding, late, pages

View = Callable[..., HttpResponse]

NOBODY = "-"
KEY = re.compile(r"[0-9A-Fa-f-]{36}")


def at_a_counter(view: View) -> View:
    """Call `view(request, counter, …)` for a paired counter; tell everybody else to pair one.

    A Trouble that the view leaves to others is shown: no card, and what it is instead.
    """

    @never_cache  # a lost device must not show from memory what it saw
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            counter = access.counter_of(request)
        except access.NoCounter:
            response = render(request, "counter/signed_out.html", status=401)
            response["Till"] = NOBODY
            return response
        try:
            response = view(request, counter, *args, **kwargs)
        except finding.Trouble as trouble:
            response = pages.trouble(request, counter, trouble)
        return _marked(request, counter, response)

    return guarded


def _marked(request: HttpRequest, counter: Counter, response: HttpResponse) -> HttpResponse:
    """Say who answers, and which action: a login page of some network bears neither mark.

    The device keeps what it asked for until an answer repeats its key.
    """
    response["Till"] = f"{counter.pk}/{counter.staff_id or 0}"
    if key := request.POST.get("key", ""):
        response["Answered"] = key if KEY.fullmatch(key) else ""
    return response


def at_the_till(view: View) -> View:
    """As `at_a_counter`; and whoever nobody knows is asked first who they are."""

    @at_a_counter
    @wraps(view)
    def staffed(request: HttpRequest, counter: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if counter.staff is not None:
            return view(request, counter, *args, **kwargs)
        if request.method == "GET":
            return pages.who_is_it(request, counter, then=request.get_full_path())
        # Nothing is done for nobody, now or when a copy of this arrives; afterwards they are back
        # where they were.
        late.never_do(counter, request.POST.get("key", ""))
        code = kwargs.get("code")
        then = reverse("counter:card", args=[code]) if code else reverse("counter:home")
        return pages.who_is_it(request, counter, then=then, status=pages.NOT_DONE)

    return staffed
