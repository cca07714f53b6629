"""The till is one page that stays: htmx gets the sheet alone, everybody else the whole page.

Only the whole page may use the camera and run the code reader.
"""

from typing import Any, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from csp.constants import WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_permissions_policy.decorators import permissions_policy_override

from loyalty import clock
from loyalty.models import Counter, StaffMember
from loyalty.pins import PinNeeded
from loyalty.refusals import Refused
from members.giving import GivingForm
from members.models import Membership, Programme
from stampcards.counter import sheets, telling
from stampcards.counter.finding import Trouble
from stampcards.counter.forms import FindForm, StaffForm, UndoForm
from stampcards.counter.saving import Saving
from stampcards.counter.telling import Said

NOT_DONE = 422  # refused or misread: the page stays and says why
NO_SUCH_PAGE = 404


def answer(
    request: Any, counter: Counter, sheet: str, *, status: int = 200, **needs: Any
) -> HttpResponse:
    """One sheet, and with `said` the line above it."""
    context = {"sheet": f"counter/{sheet}.html", "counter": counter, **needs}
    if request.htmx:
        return render(request, "counter/_answer.html", context, status=status)
    return _whole(request, context, status)


def _whole(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    counter = context["counter"]
    needs = {
        **context,
        "location": counter.location,
        "saving": Saving(counter),
        "public_host": urlsplit(settings.PUBLIC_URL).netloc,
    }

    @permissions_policy_override({**settings.PERMISSIONS_POLICY, "camera": ["self"]})
    @csp_update({"script-src": [WASM_UNSAFE_EVAL]})
    def page(request: HttpRequest) -> HttpResponse:
        return render(request, "counter/till.html", needs, status=status)

    return cast(HttpResponse, page(request))


def ready(
    request: Any, counter: Counter, *, said: Said | None = None, form: FindForm | None = None
) -> HttpResponse:
    """Waiting for the next code."""
    form = form or FindForm(ready=not request.htmx)
    status = _status(said, form)
    return answer(request, counter, "_ready", status=status, said=said, form=form)


def card(
    request: HttpRequest,
    counter: Counter,
    membership: Membership,
    *,
    refused: GivingForm | None = None,
    said: Said | None = None,
) -> HttpResponse:
    """The sheet of one card."""
    sheet = sheets.of_card(counter, membership, clock.now(), refused=refused)
    status = _status(said, refused)
    return answer(request, counter, "_member", status=status, member=sheet, said=said)


def just_done(
    request: Any,
    counter: Counter,
    key: UUID,
    said: Said,
    *,
    filled: int = 0,
    listed: bool = False,
) -> HttpResponse:
    """htmx reads it at once. Others are sent to a page that says the same, so that a reload
    asks for nothing twice."""
    if not request.htmx:
        page = reverse("counter:last" if listed else "counter:home")
        return redirect(f"{page}?{urlencode({'done': key})}")
    if filled:
        return full(request, counter, key, said)
    return (last if listed else ready)(request, counter, said=said)


def after(request: HttpRequest, counter: Counter, key: str, *, listed: bool) -> HttpResponse:
    """The page after an operation of this counter; as if nothing was, after any other."""
    operation = telling.done_here(counter, key)
    said = telling.of_operation(operation) if operation else None
    if operation and (operation.answer or {}).get("filled"):
        return full(request, counter, operation.key, said)
    return (last if listed else ready)(request, counter, said=said)


def full(request: HttpRequest, counter: Counter, key: UUID, said: Said | None) -> HttpResponse:
    """The card is full: hand out now, or keep?"""
    operation = telling.done_here(counter, str(key))
    card = operation.membership if operation else None
    rewards = sheets.rewards_of(operation, card, clock.now()) if operation and card else []
    if not rewards:  # handed out in the meantime
        return ready(request, counter, said=said)
    return answer(request, counter, "_full", said=said, membership=card, rewards=rewards)


def last(request: HttpRequest, counter: Counter, *, said: Said | None = None) -> HttpResponse:
    """The last ten, newest first."""
    needs = {
        "deeds": telling.last_deeds(counter, clock.now()),
        "only_stamps": Programme.objects.only_stamps,  # asked where there is no deed
    }
    return answer(request, counter, "_last", status=_status(said), said=said, **needs)


def trouble(
    request: Any, counter: Counter, trouble: Trouble, typed: FindForm | None = None
) -> HttpResponse:
    """No card: what it is instead, and what to do next."""
    opened = request.method == "GET" and not request.htmx
    status = NO_SUCH_PAGE if opened else NOT_DONE
    form = typed or FindForm()
    form.correct("trouble")
    needs = {"trouble": trouble, "form": form, "undo": UndoForm()}
    return answer(request, counter, "_trouble", status=status, **needs)


def who_is_it(
    request: HttpRequest, counter: Counter, *, then: str, status: int = 200
) -> HttpResponse:
    """The row of everybody who works here."""
    staff = StaffMember.objects.filter(shop=counter.shop, active=True)
    return answer(request, counter, "_staff", status=status, staff=staff, then=then)


def pin(request: HttpRequest, counter: Counter, form: StaffForm, refusal: Refused) -> HttpResponse:
    """Whoever tapped a name with a PIN proves it. The first time that is no mistake yet."""
    asked = form.cleaned_data
    if "pin" not in form.data and isinstance(refusal, PinNeeded):
        form = StaffForm(shop=counter.shop)
    else:
        form.add_error("pin", str(refusal))
    status = NOT_DONE if form.errors else 200
    needs = {"form": form, "person": asked["staff"], "then": asked["then"]}
    return answer(request, counter, "_pin", status=status, **needs)


def _status(said: Said | None, form: FindForm | GivingForm | None = None) -> int:
    wrong = (said and not said.good) or (form and form.errors)
    return NOT_DONE if wrong else 200
