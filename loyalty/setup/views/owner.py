"""Set-up as seen by the owner: steps 3 to 6, from the trade to the first stamp."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loyalty import access, qr
from loyalty.models import Counter, Shop, Trade
from loyalty.operations import PairingOver, go_live, waiting_counter
from loyalty.refusals import Refused
from loyalty.setup import live, operations, progress
from loyalty.setup.forms import TradeForm
from members.joining.offers import rules_in_full
from members.ledger.models import Visit
from members.models import Programme, RuleVersion
from stampcards import trades
from stampcards.owner_forms import CardForm
from stampcards.rules import StampRules

STOP_POLLING = 286  # what htmx understands as "swap this in, and ask no more"


@require_http_methods(["GET", "POST"])
def trade(request: HttpRequest) -> HttpResponse:
    """Step 3: one tap fills everything in, and opens the shop if there is none yet."""
    typed = progress.kept(request)
    shop = None if typed.get("name") else progress.shop_under_way(request)
    if shop and shop.live_since:
        return redirect("start:ready")
    form = TradeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = Trade(form.cleaned_data["trade"])
        if shop:
            actor = access.owner_of(request, shop)
            operations.choose_trade(shop=shop, trade=chosen, actor=actor)
        else:
            _open(request, typed, chosen)
        return redirect("start:card")
    context = {"form": form, "shop": shop, "name": typed.get("name"), "cards": trades.CARDS.items()}
    return render(request, "setup/trade.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@progress.while_unfinished
def card(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Step 4: the card, with its preview beside it."""
    programme, version = operations.card_of(shop)
    form = _card_form(request, programme, version)
    if request.method == "POST" and form.is_valid():
        try:
            operations.keep_card(
                programme=programme,
                name=form.name,
                accent=form.accent,
                rules=form.rules(),
                actor=access.owner_of(request, shop),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("start:rules")
    return _editor(request, form, programme, version)


@require_POST
@progress.while_unfinished
def preview(request: Any, shop: Shop) -> HttpResponse:
    """The card as it would look: a part for htmx, the whole page for a button."""
    programme, version = operations.card_of(shop)
    form = _card_form(request, programme, version)
    if request.htmx:
        return live.preview(request, shop, form)
    return _editor(request, form, programme, version)


@require_http_methods(["GET", "POST"])
@progress.while_unfinished
def rules(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Step 5: the club rules, made of what was chosen. Going on offers the first counter."""
    if request.method == "POST":
        _offer_counter(request, shop)
        return redirect("start:ready")
    programme, version = operations.card_of(shop)
    lines = rules_in_full(shop, programme, version)
    return render(request, "setup/rules.html", {"shop": shop, "lines": lines})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Step 6: three things, and the programme runs."""
    shop = progress.shop_under_way(request)
    join = settings.PUBLIC_URL + reverse("join:join", args=[shop.slug])
    context = {
        "shop": shop,
        **_counter_tile(request, shop),
        "join": join,
        "join_qr": qr.svg(join) if shop.live_since else "",
        "stamped": _is_stamped(),
    }
    return render(request, "setup/ready.html", context)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """From now on customers can join."""
    go_live(access.owner_of(request, progress.shop_under_way(request)))
    return redirect("start:ready")


@require_POST
def new_code(request: HttpRequest) -> HttpResponse:
    """Another pairing code, good for ten minutes. The one before is void."""
    _offer_counter(request, progress.shop_under_way(request))
    return redirect(reverse("start:ready") + "#counter")


@require_safe
def counter_state(request: HttpRequest) -> HttpResponse:
    """Has a device taken the code meanwhile? Until then there is nothing to swap."""
    shop = progress.shop_under_way(request)
    if not _is_paired():
        return HttpResponse(status=204)
    return render(request, "setup/_counter_tile.html", {"shop": shop, "paired": True})


@require_safe
def stamp_state(request: HttpRequest) -> HttpResponse:
    """Has the first stamp landed meanwhile?"""
    progress.shop_under_way(request)
    if not _is_stamped():
        return HttpResponse(status=204)
    return render(request, "setup/_first_stamp.html", {"stamped": True}, status=STOP_POLLING)


def _open(request: Any, typed: progress.Kept, trade: Trade) -> None:
    shop = operations.open_with_card(
        person=request.user,
        name=typed["name"],
        country=Shop.Country(typed["country"]),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        trade=trade,
    )
    progress.keep_shop(request, shop)


def _card_form(request: HttpRequest, programme: Programme, version: RuleVersion) -> CardForm:
    rules = StampRules.read(version.rules)
    return CardForm(request.POST or None, shop=programme.shop, name=programme.name, rules=rules)


def _editor(
    request: HttpRequest, form: CardForm, programme: Programme, version: RuleVersion
) -> HttpResponse:
    shop, kept = programme.shop, StampRules.read(version.rules)
    shown = live.shown(shop, form, name=programme.name, rules=kept)
    context = {"shop": shop, "form": form, "preview": shown}
    return render(request, "setup/card.html", context, status=422 if form.errors else 200)


def _offer_counter(request: HttpRequest, shop: Shop) -> None:
    before = progress.kept(request).get("counter")
    pairing = operations.offer_counter(access.owner_of(request, shop), instead_of=before)
    progress.keep(request, once=pairing.once, counter=pairing.counter.pk)


def _counter_tile(request: HttpRequest, shop: Shop) -> dict[str, object]:
    """The pairing code while it waits for its device."""
    if _is_paired():
        return {"paired": True}
    try:
        waiting = waiting_counter(progress.kept(request).get("once", ""))
    except PairingOver:
        return {}
    link = settings.PUBLIC_URL + reverse("counter:pair", args=[progress.kept(request)["once"]])
    return {"pair": link, "pair_qr": qr.svg(link), "pair_ends": waiting.pairing_ends}


def _is_paired() -> bool:
    return Counter.objects.usable().exclude(device_hash=None).exists()


def _is_stamped() -> bool:
    return Visit.objects.exists()
