"""Behind the till's menu: who is on it, a new member, light or dark, help."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import qr
from loyalty.choices import remember_theme
from loyalty.models import Counter
from loyalty.operations import choose_staff
from stampcards.counter import pages
from stampcards.counter.doors import at_a_counter, at_the_till
from stampcards.counter.forms import StaffForm, ThemeForm


@login_not_required  # a paired counter has no login: its cookie is its door
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
    choose_staff(counter, form.cleaned_data["staff"])
    return redirect(form.cleaned_data["then"] or "counter:home")


@login_not_required
@require_safe
@at_the_till
def new(request: HttpRequest, counter: Counter) -> HttpResponse:
    """The join code on this screen, for the customer to scan."""
    address = settings.PUBLIC_URL + reverse("join:join", args=[counter.shop.slug]) + "?p=till"
    live = counter.shop.live_since is not None
    return pages.answer(request, counter, "_new", live=live, code=qr.svg(address))


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
    """Light, dark, or as the device has it."""
    form = ThemeForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return pages.answer(request, counter, "_theme", chosen=request.COOKIES.get("theme", ""))
    response = redirect("counter:home")
    remember_theme(response, form.cleaned_data["theme"])
    return response
