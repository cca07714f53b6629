"""W10, a new member: with the customer's phone, with a paper card, or with a number alone."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access, qr
from loyalty.actors import Actor
from loyalty.models import Counter
from loyalty.refusals import Refused
from members.joining.operations import Contact, NotOpenYet, enrol
from members.models import Membership
from stampcards.counter import pages
from stampcards.counter.doors import at_the_till
from stampcards.counter.forms import NewMemberForm
from stampcards.counter.views.looking import found


@login_not_required  # a paired counter has no login: its cookie is its door
@require_safe
@at_the_till
def new(request: HttpRequest, counter: Counter) -> HttpResponse:
    """The join code on this screen for the customer to scan, and what to do without a phone."""
    address = settings.PUBLIC_URL + reverse("join:join", args=[counter.shop.slug]) + "?p=till"
    return pages.answer(request, counter, "_new", not_yet=_not_yet(counter), code=qr.svg(address))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_till
def phone(request: HttpRequest, counter: Counter) -> HttpResponse:
    """A card for somebody who only says their number, or an e-mail."""
    if "key" not in request.POST:  # a number nobody has comes along by post, not in the address
        number = {"phone": request.POST.get("phone", "")}
        carried = NewMemberForm(shop=counter.shop, initial=number)
        return _ask(request, counter, carried)
    form = NewMemberForm(request.POST, shop=counter.shop)
    if form.is_valid():
        asked = form.cleaned_data
        contact = Contact(phone=asked["phone"], name=asked["name"], email=asked["email"] or "")
        try:
            enrolled = enrol(contact=contact, key=asked["key"], actor=Actor.of_counter(counter))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            cards = Membership.objects.all()
            ours = [access.of_shop(counter.shop, cards, pk=pk) for pk in enrolled["cards"]]
            return found(request, counter, ours)
    return _ask(request, counter, form)


def _ask(request: HttpRequest, counter: Counter, form: NewMemberForm) -> HttpResponse:
    status = pages.NOT_DONE if form.errors else 200
    needs = {"form": form, "not_yet": _not_yet(counter)}
    return pages.answer(request, counter, "_phone", status=status, **needs)


def _not_yet(counter: Counter) -> NotOpenYet | None:
    """Why nobody can become a member before the start."""
    return None if counter.shop.live_since else NotOpenYet()
