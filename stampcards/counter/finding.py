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
from django.db.models import QuerySet
from django.http import Http404
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from loyalty import access, clock, codes
from loyalty.models import Counter, Shop
from loyalty.outbox import operations as outbox
from loyalty.prepared import Given, Prepared
from loyalty.refusals import Refused
from members.ledger import accounts
from members.ledger.models import Account
from members.models import Membership, PaperCard, Programme, RetiredCode
from members.paper import cards as paper
from members.paper.operations import too_late
from members.refusals import CardDeleted
from stampcards.counter.models import CodeMiss

MISSES = 10  # wrong codes a counter may try …
PAUSE = timedelta(minutes=15)  # … within this time, before typing has to wait


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


class Invitation(Trouble):
    """What a member passes on to a friend."""

    code = "invitation"

    def __str__(self) -> str:
        return _("This is an invitation. Let the customer scan it.")


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


class DeletedCard(Trouble):
    """Its owner deleted it, on a `day` (ISO). What was on it, nobody here sees."""

    code, cure = "deleted_card", "new"

    def __str__(self) -> str:
        return str(CardDeleted(**self.values))


class PaperMoved(Trouble):
    """The card goes on with a phone. `by`: the paper's code; `undo`: is it a day or less ago?"""

    code, cure = "paper_moved", "moved"

    def __str__(self) -> str:
        return _("This paper card is now on a phone.")


class BlankCard(Trouble):
    """A paper card that nobody has yet, where it takes a member's."""

    code = "blank_card"

    def __str__(self) -> str:
        return _("This paper card is empty. Stamp it first.")


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
        return card_or_blank(counter, code)
    if _is_poster_of(counter.shop, text):
        raise OwnPoster
    if _is_invitation(text):
        raise Invitation
    typed = codes.tidy(text)
    if codes.could_be(typed):
        return card_or_blank(counter, typed)
    if len(typed) == codes.SHORT_CODE_LENGTH or (typed.isdecimal() and len(typed) < 8):
        return card_of_digits(counter, typed)
    raise NotACard


def card_of(counter: Counter, code: str) -> Membership:
    """The member of this counter's shop whose card has these ten letters. Raises a Trouble."""
    card = card_or_blank(counter, code)
    if card.pk is None:
        raise BlankCard
    return card


def card_or_blank(counter: Counter, code: str) -> Membership:
    """As `card_of`; a paper card that nobody has yet is the member it will make, not stored."""
    code = code.upper()
    if not codes.could_be(code):
        raise UnknownCode
    with scopes_disabled():
        cards = Membership.objects.select_related("shop", "merged_into")
        card = cards.filter(counter_code=code).first()
        if card is None or card.merged_into:
            retired = RetiredCode.objects.select_related("shop").filter(counter_code=code).first()
        else:
            retired = None
    known = card or retired or paper.printed(code)
    if known is None:
        raise UnknownCode
    if known.shop_id != counter.shop_id:
        raise OtherShopsCard(shop=known.shop.name)
    if isinstance(known, PaperCard):
        return paper.member_of(known)
    return _if_still_good(card, retired)


def card_of_digits(counter: Counter, short: str) -> Membership:
    """The card of this shop with these six digits. Raises a Trouble.

    A wrong check digit is answered without a look-up. A miss is a row, counted under the
    counter's lock, so that parallel guesses cannot slip through together.
    """
    if not codes.is_plausible(short):
        raise Mistyped
    with transaction.atomic():
        begin_guess(counter)
        cards = Membership.objects.select_related("merged_into").filter(short_code=short)
        card = cards.first()
        retired = RetiredCode.objects.filter(short_code=short).order_by("-pk").first()
        blank = None if card or retired else paper.printed_digits(counter.shop, short)
        if not (card or retired or blank):
            count_miss(counter)
    if blank:
        return paper.member_of(blank)
    if card is None and retired is None:
        raise UnknownCode
    return _if_still_good(card, retired)


def _accounts() -> "QuerySet[Account]":
    opened = Account.objects.select_related("membership", "programme", "rule_version")
    return opened.filter(
        membership__counter_code=Given("code"),
        membership__merged_into=None,
        membership__leaving_since=None,
        programme=Given("programme"),
    )[:1]


ACCOUNT = Prepared(_accounts)


def account_of(counter: Counter, code: str, programme: str) -> Account:
    """A card's account in any programme, with it, rules and membership. Raises a Trouble, or 404.

    One statement, because a queue is waiting. A programme younger than the card has no account
    yet: then it is one that is not stored.
    """
    if not programme.isdecimal() or len(programme) > 18:
        raise Http404
    if not codes.could_be(code.upper()):
        raise UnknownCode
    if account := ACCOUNT.first(code=code.upper(), programme=int(programme)):
        return account
    card = card_or_blank(counter, code)
    return unopened(card, access.of_shop(counter.shop, Programme.objects.filter(pk=int(programme))))


def account_on(card: Membership, programme: str) -> Account:
    """A card's account in a programme, also of one that is part of another by now. Raises 404."""
    if not programme.isdecimal() or len(programme) > 18:
        raise Http404
    opened = Account.objects.select_related("membership", "programme", "rule_version")
    account = opened.filter(membership=card, programme=int(programme)).first()
    if account is None:
        raise Http404
    return account


def shop_of(code: str) -> Shop | None:
    """The shop whose card this is: all that a code tells to anybody who is no counter."""
    code = code.upper()
    if not codes.could_be(code):
        return None
    with scopes_disabled():
        cards = Membership.objects.select_related("shop").filter(counter_code=code)
        card = cards.first() or paper.printed(code)
    return card.shop if card else None


def to_move(code: str) -> Membership | None:
    """The card that whoever holds this code may move to their phone. Six digits never do."""
    code = code.upper()
    return paper.to_move(code) if codes.could_be(code) else None


def moved(code: str) -> Membership | None:
    """The member whose card this was until it was moved to a phone."""
    code = code.upper()
    return paper.moved(code) if codes.could_be(code) else None


def unopened(card: Membership, programme: Programme) -> Account:
    """The account a card will have in a programme, with the first that is given."""
    rules = accounts.newest_rules(programme, clock.now())
    return Account(shop_id=card.shop_id, membership=card, programme=programme, rule_version=rules)


def _code_in_address(text: str) -> str:
    """The letters in a card's address, "" if it is none.

    Letters and digits decide, nothing else: a plug-in scanner set to another keyboard types
    `HTTPSÆ--KORT.EXAMPLE-S-…`.
    """
    code = _after("S", text)
    return code if len(code) == codes.COUNTER_CODE_LENGTH else ""


def _is_invitation(text: str) -> bool:
    """A friend's address, of whichever shop; read the same way."""
    return len(_after("R", text)) == codes.FRIEND_CODE_LENGTH


def _after(letter: str, text: str) -> str:
    """What stands behind our address and this letter; "" if that is not what it is."""
    start = codes.tidy(f"{urlsplit(settings.PUBLIC_URL).netloc}/{letter}/")
    return codes.tidy(text).partition(start)[2]


def _is_poster_of(shop: Shop, text: str) -> bool:
    here = urlsplit(settings.PUBLIC_URL).netloc
    try:
        address = urlsplit(text.strip().lower())
    except ValueError:  # a QR may hold anything
        return False
    return address.netloc == here.lower() and address.path.strip("/") == f"j/{shop.slug}"


def _if_still_good(card: Membership | None, retired: RetiredCode | None) -> Membership:
    if card is None and retired and (move := paper.move_of(retired)):
        raise PaperMoved(by=retired.counter_code, undo=not too_late(move, clock.now()))
    if card is None or card.merged_into:
        day = timezone.localdate(retired.retired_at) if retired else clock.now().date()
        raise CardMoved(
            day=day.isoformat(),
            to=card.became.counter_code if card else "",
        )
    if card.leaving_since:
        raise DeletedCard(day=timezone.localdate(card.leaving_since).isoformat())
    return card


def begin_guess(counter: Counter) -> None:
    """Let other guesses at this counter wait until it is known what came of this one.

    Within a transaction. Raises TypingPaused.
    """
    Counter.objects.lock(counter)
    misses = CodeMiss.objects.filter(counter=counter).since(clock.now() - PAUSE)
    latest = list(misses.order_by("-at").values_list("at", flat=True)[:MISSES])
    if len(latest) == MISSES:
        raise TypingPaused(until=(latest[-1] + PAUSE).isoformat())


def count_miss(counter: Counter) -> None:
    """What was typed is no card. Within the transaction of `begin_guess`."""
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
