"""From what was scanned or typed to a card; or to the sentence that says what it is instead.

A card's ten letters are looked up in every shop, so that another shop's card can be named. Six
digits are few enough to be guessed: they are looked up in this shop only, on a paired counter
only, and a wrong one is counted (F3).
"""

from datetime import date, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from loyalty import access, clock, codes
from loyalty.models import Counter, Shop
from loyalty.outbox import operations as outbox
from loyalty.refusals import Refused
from members.ledger import accounts
from members.ledger.models import Account
from members.models import Membership, Programme, RetiredCode
from stampcards.counter.models import CodeMiss

MISSES = 10  # wrong codes a counter may try …
PAUSE = timedelta(minutes=15)  # … within this time, before typing has to wait
PHONE_LENGTHS = range(8, 13)  # more digits than a card's code: somebody said their phone number


class Trouble(Refused):
    """No card of this shop came of it. `cure` names what staff can do next."""

    cure: ClassVar[str] = "again"


class OtherShopsCard(Trouble):
    """A good card, of the shop named `shop`."""

    code, cure = "other_shops_card", "join"

    def __str__(self) -> str:
        return _("This card belongs to %(shop)s.") % self.values


class NotACard(Trouble):
    """A code of something else."""

    code = "not_a_card"

    def __str__(self) -> str:
        return _("This code is not a loyalty card.")


class OwnPoster(Trouble):
    """The join address of this shop."""

    code, cure = "own_poster", "poster"

    def __str__(self) -> str:
        return _("This is your poster, not a card.")


class Mistyped(Trouble):
    """The check digit does not fit, so nothing was looked up."""

    code, cure = "mistyped", "edit"

    def __str__(self) -> str:
        return _("That code has a typing mistake. Check the last digit.")


class UnknownCode(Trouble):
    """It could be a card, and is none."""

    code, cure = "unknown_code", "new"

    def __str__(self) -> str:
        return _("No card with that number.")


class CardMoved(Trouble):
    """The code was replaced on a `day` (ISO). `to`: the card it became part of, or ""."""

    code = "card_moved"

    def __str__(self) -> str:
        day = formats.date_format(date.fromisoformat(self.values["day"]), "MONTH_DAY_FORMAT")
        return _("This card was moved to a new code on %(day)s.") % {"day": day}

    @property
    def opens(self) -> str:
        return self.values["to"]


class TypingPaused(Trouble):
    """Too many wrong codes here; typing waits `until` (ISO)."""

    code = "typing_paused"

    def __str__(self) -> str:
        until = timezone.localtime(datetime.fromisoformat(self.values["until"]))
        told = {"time": formats.time_format(until, "TIME_FORMAT")}
        return _("Too many wrong codes. Typing is on pause until %(time)s.") % told


def find(counter: Counter, text: str) -> Membership:
    """The card behind whatever was scanned or typed. Raises a Trouble."""
    if code := _code_in_address(text):
        return card_of(counter, code)
    if _is_poster_of(counter.shop, text):
        raise OwnPoster
    typed = codes.tidy(text)
    if _could_be(typed):
        return card_of(counter, typed)
    if typed.isdecimal() and len(typed) in PHONE_LENGTHS:
        raise UnknownCode
    if len(typed) == codes.SHORT_CODE_LENGTH or (typed.isdecimal() and len(typed) < 8):
        return card_of_digits(counter, typed)
    raise NotACard


def card_of(counter: Counter, code: str) -> Membership:
    """The card of this counter's shop with these ten letters. Raises a Trouble."""
    code = code.upper()
    if not _could_be(code):
        raise UnknownCode
    with scopes_disabled():
        cards = Membership.objects.select_related("shop", "merged_into")
        card = cards.filter(counter_code=code).first()
        if card is None or card.merged_into:
            retired = RetiredCode.objects.select_related("shop").filter(counter_code=code).first()
        else:
            retired = None
    known = card or retired
    if known is None:
        raise UnknownCode
    if known.shop_id != counter.shop_id:
        raise OtherShopsCard(shop=known.shop.name)
    return _if_still_good(card, retired)


def card_of_digits(counter: Counter, short: str) -> Membership:
    """The card of this shop with these six digits. Raises a Trouble.

    A wrong check digit is answered without a look-up. A miss is a row, counted under the
    counter's lock, so that parallel guesses cannot slip through together.
    """
    if not codes.is_plausible(short):
        raise Mistyped
    with transaction.atomic():
        Counter.objects.select_for_update(of=("self",)).get(pk=counter.pk)
        _refuse_while_paused(counter)
        cards = Membership.objects.select_related("merged_into").filter(short_code=short)
        card = cards.first()
        retired = RetiredCode.objects.filter(short_code=short).order_by("-pk").first()
        if card is None and retired is None:
            _count_miss(counter)
    if card is None and retired is None:
        raise UnknownCode
    return _if_still_good(card, retired)


def account_to_stamp(counter: Counter, code: str, programme: str) -> Account:
    """A card's account with programme, rules and membership. Raises a Trouble, or 404.

    One statement, because a queue is waiting. A programme younger than the card has no account
    yet: then it is one that is not stored.
    """
    if not programme.isdecimal() or len(programme) > 18:
        raise Http404
    if not _could_be(code.upper()):
        raise UnknownCode
    cards = Programme.objects.filter(kind="stamps", pk=int(programme))
    opened = Account.objects.select_related("membership", "programme", "rule_version")
    current = opened.filter(membership__counter_code=code.upper(), membership__merged_into=None)
    if account := current.filter(programme__in=cards).first():
        return account
    card = card_of(counter, code)
    return unopened(card, access.of_shop(counter.shop, cards))


def shop_of(code: str) -> Shop | None:
    """The shop whose card this is: all that a code tells to anybody who is no counter."""
    code = code.upper()
    if not _could_be(code):
        return None
    with scopes_disabled():
        cards = Membership.objects.select_related("shop").filter(counter_code=code)
        card = cards.first()
    return card.shop if card else None


def unopened(card: Membership, programme: Programme) -> Account:
    """The account a card will have in a programme, with the first stamp."""
    rules = accounts.newest_rules(programme, clock.now())
    return Account(shop_id=card.shop_id, membership=card, programme=programme, rule_version=rules)


def _could_be(code: str) -> bool:
    """Has it the letters of a card's code? An address may hold anything, even what no row can."""
    return len(code) == codes.COUNTER_CODE_LENGTH and set(code) <= set(codes.LETTERS)


def _code_in_address(text: str) -> str:
    """The letters in a card's address, "" if it is none.

    Letters and digits decide, nothing else: a plug-in scanner set to another keyboard types
    `HTTPSÆ--KORT.EXAMPLE-S-…`.
    """
    start = codes.tidy(f"{urlsplit(settings.PUBLIC_URL).netloc}/S/")
    _before, found, code = codes.tidy(text).partition(start)
    return code if found and len(code) == codes.COUNTER_CODE_LENGTH else ""


def _is_poster_of(shop: Shop, text: str) -> bool:
    here = urlsplit(settings.PUBLIC_URL).netloc
    try:
        address = urlsplit(text.strip().lower())
    except ValueError:  # a QR may hold anything
        return False
    return address.netloc == here.lower() and address.path.strip("/") == f"j/{shop.slug}"


def _if_still_good(card: Membership | None, retired: RetiredCode | None) -> Membership:
    if card is None or card.merged_into:
        kept = card
        while kept and kept.merged_into:
            kept = kept.merged_into
        day = timezone.localdate(retired.retired_at) if retired else clock.now().date()
        raise CardMoved(
            day=day.isoformat(),
            to=kept.counter_code if kept else "",
        )
    return card


def _refuse_while_paused(counter: Counter) -> None:
    misses = CodeMiss.objects.filter(counter=counter).since(clock.now() - PAUSE)
    latest = list(misses.order_by("-at").values_list("at", flat=True)[:MISSES])
    if len(latest) == MISSES:
        raise TypingPaused(until=(latest[-1] + PAUSE).isoformat())


def _count_miss(counter: Counter) -> None:
    now = clock.now()
    CodeMiss.objects.create(shop=counter.shop, counter=counter, at=now)
    misses = CodeMiss.objects.filter(counter=counter).since(now - PAUSE).count()
    if misses == MISSES and counter.shop.contact_email:
        outbox.post(
            to=counter.shop.contact_email,
            template="counter/mail/typing_paused",
            values={"shop": counter.shop.name, "counter": counter.name},
            language=counter.shop.language,
        )
