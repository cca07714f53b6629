"""A stamp and a card page as one would write them first: correct, plain, one query for each thing.

What the real ones are compared with (T3, T6). They write what the ledger wants, so that the books
still agree; only a full card they leave as it is.
"""

from uuid import UUID

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template import engines
from django_scopes import scopes_disabled

from loyalty import clock, keys
from loyalty.access import COUNTER_COOKIE
from loyalty.calendar import months_after
from loyalty.models import Counter
from members.ledger.models import Account, LedgerEntry, Lot, Operation, Visit, local_day
from members.models import Membership, Programme
from members.visits import Purchase
from rewards.models import Claim
from stampcards.counter.telling import Said
from stampcards.rules import StampRules

PAGE = """
{% extends "layouts/customer.html" %}
{% block content %}
  <h1>{{ shop.name }}</h1>
  {% for account in accounts %}
    <h2>{{ account.programme.name }}</h2>
    <p>{{ account.balance }} of {{ account.rule_version.rules.need }}</p>
    <p>{{ account.rule_version.rules.reward }}</p>
  {% endfor %}
  {% for claim in claims %}<p>{{ claim.title }}</p>{% endfor %}
  <p>{{ membership.spoken_code }}</p>
  {{ code|safe }}
{% endblock content %}
"""


@login_not_required
@transaction.atomic
def stamp(request: HttpRequest, code: str) -> HttpResponse:
    with scopes_disabled():
        device = keys.hashed(request.COOKIES[COUNTER_COOKIE])
        counter = get_object_or_404(Counter, device_hash=device)
        shop, staff = counter.shop, counter.staff
        cards = Membership.objects.select_for_update(no_key=True)
        card = get_object_or_404(cards, shop=shop, counter_code=code)
        key = UUID(request.POST["key"])
        if not Operation.objects.filter(shop=shop, key=key).exists():
            programme = get_object_or_404(Programme, shop=shop, pk=request.POST["programme"])
            book(counter, card, programme, key)
        said = Said(f"{card.name}: {request.POST['count']} stamp, {staff}.", undo=key)
        return render(request, "counter/_said.html", {"said": said})


def book(counter: Counter, card: Membership, programme: Programme, key: UUID) -> None:
    now, shop = clock.now(), counter.shop
    account = Account.objects.get(membership=card, programme=programme)
    rules = StampRules.read(account.rule_version.rules)
    stamps = LedgerEntry.objects.filter(account=account, kind="earn").exclude(reason="welcome")
    latest = stamps.order_by("-seq").first()
    account.balance += 1
    account.lifetime += 1
    account.last_seq += 1
    who = {"staff": counter.staff, "counter": counter}
    op = Operation.objects.create(
        shop=shop,
        key=key,
        fingerprint="plain",
        kind="plain_stamp",
        answer={"after": account.balance, "since": latest and latest.pk},
        membership=card,
        channel="counter",
        occurred_at=now,
        recorded_at=now,
        **who,
    )
    visit = Visit.objects.create(
        shop=shop,
        membership=card,
        operation=op,
        location=counter.location,
        kind=Purchase().kind,
        at=now,
        **who,
    )
    entry = LedgerEntry.objects.create(
        shop=shop,
        account=account,
        seq=account.last_seq,
        kind="earn",
        amount=1,
        qualifying=1,
        operation=op,
        visit=visit,
        rule_version=account.rule_version,
    )
    until = months_after(local_day(shop, now), rules.expires_months or 12)
    Lot.objects.create(
        shop=shop, account=account, entry=entry, amount=1, remaining=1, expires_on=until
    )
    account.save()


@login_not_required
def card(request: HttpRequest, private: str) -> HttpResponse:
    with scopes_disabled():
        membership = get_object_or_404(Membership, private=private)
        link = f"{settings.PUBLIC_URL.upper()}/S/{membership.counter_code}"
        drawn = qrcode.make(link, image_factory=qrcode.image.svg.SvgPathImage)
        told = {
            "membership": membership,
            "shop": membership.shop,
            "accounts": membership.accounts.all(),
            "claims": Claim.objects.filter(membership=membership, state="ready"),
            "code": drawn.to_string(encoding="unicode"),
        }
        page = engines["django"].from_string(PAGE)
        return HttpResponse(page.render(told, request))
