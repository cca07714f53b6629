"""Behind the till's menu: who is on it, light or dark, help."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import choices
from loyalty.models import Counter
from loyalty.operations import choose_staff
from loyalty.refusals import Refused
from stampcards.counter import pages
from stampcards.counter.doors import at_a_counter
from stampcards.counter.forms import DeviceForm, StaffForm


@login_not_required  # a paired counter has no login: its cookie is its door
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@at_a_counter
def staff(request: HttpRequest, counter: Counter) -> HttpResponse:
    """Who is on the till."""
    if request.method != "POST":
        return pages.who_is_it(request, counter, then=reverse("counter:home"))
    form = StaffForm(request.POST, shop=counter.shop)
    if not form.is_valid():
        then = reverse("counter:home")
        return pages.who_is_it(request, counter, then=then, status=pages.NOT_DONE)
    asked = form.cleaned_data
    try:
        choose_staff(counter, asked["staff"], pin=asked["pin"])
    except Refused as refusal:
        return pages.pin(request, counter, form, refusal)
    return redirect(asked["then"] or "counter:home")


@login_not_required
@require_safe
@at_a_counter
def help_page(request: HttpRequest, counter: Counter) -> HttpResponse:
    """The camera, and what to do without one."""
    return pages.answer(request, counter, "_help")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@at_a_counter
def theme(request: HttpRequest, counter: Counter) -> HttpResponse:
    """This device: light or dark, heard and felt or not."""
    if request.method != "POST":
        form = DeviceForm(initial=choices.of_device(request))
        return pages.answer(request, counter, "_theme", form=form)
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return pages.answer(request, counter, "_theme", form=form, status=pages.NOT_DONE)
    response = redirect("counter:home")
    choices.remember_theme(response, form.cleaned_data.pop("theme"))
    choices.remember_signals(response, **form.cleaned_data)
    return response
