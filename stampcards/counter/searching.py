"""A customer without a card in hand: found by the number they say, or by name.

The till must not become a directory. A phone number that is nobody's counts like a wrong code; a
search by name shows few, is logged, and a counter may do so many an hour.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from loyalty import clock, codes, phones
from loyalty.models import Counter
from loyalty.outbox import operations as outbox
from members.forms import LONGEST_NAME
from members.ledger.models import Visit
from members.models import Membership
from stampcards.counter import finding, sheets, telling
from stampcards.counter.models import NameSearch

SEARCHES = 20  # by name that a counter may do …
WITHIN = timedelta(hours=1)  # … within this time
SHOWN = 5  # of those who were found
PHONE_DIGITS = range(8, 13)  # where no + says that it is a phone number
WORD = re.compile(r"[^\W_]+")
NAME = re.compile(r"[^\W\d_]+([ .'’-]+[^\W\d_]+)*[ .]*")  # words of letters


class MistypedPhone(finding.Trouble):
    """No number of the shop's country (`country`) looks like this, so nothing was looked up."""

    code, cure = "mistyped_phone", "edit"

    def __str__(self) -> str:
        return str(phones.NotAPhone(self.values["country"]))


class UnknownPhone(finding.UnknownCode):
    """Nobody here gave the number `phone` (E.164), of a shop in `country`."""

    code, cure = "unknown_phone", "enrol"

    @property
    def written(self) -> str:
        return phones.shown(self.values["phone"], self.values["country"])


class SearchPaused(finding.Trouble):
    """Too many searches by name here; the next may be done `until` (ISO)."""

    code = "search_paused"

    def __str__(self) -> str:
        until = timezone.localtime(datetime.fromisoformat(self.values["until"]))
        told = {"time": formats.time_format(until, "TIME_FORMAT")}
        return _("Too many searches by name. Search is on pause until %(time)s.") % told


@dataclass(frozen=True)
class Hit:
    """What a list may say of somebody: enough to ask "Were you here on Tuesday?"."""

    card: Membership
    name: str
    phone: str  # masked, or ""
    last_visit: str  # "last visit 2 days ago", or ""


@dataclass(frozen=True)
class Hits:
    """The cards found, at most SHOWN. `more`: there are others."""

    shown: list[Hit]
    more: bool = False

    @classmethod
    def of(cls, cards: Iterable[Membership], now: datetime) -> Self:
        few = list(cards)[: SHOWN + 1]
        return cls([_hit(card, now) for card in few[:SHOWN]], more=len(few) > SHOWN)


def is_phone(typed: str) -> bool:
    """Does it begin with +, or is it too long for a code of six digits and no bar code?"""
    digits = codes.tidy(typed)
    if not digits.isdecimal():
        return False
    return len(digits) in PHONE_DIGITS or typed.strip().startswith("+")


def is_name(typed: str) -> bool:
    """Letters, and what may stand between them."""
    return len(typed) <= LONGEST_NAME and bool(NAME.fullmatch(typed))


def cards_of_phone(counter: Counter, typed: str) -> list[Membership]:
    """Every card of this shop with a number. Raises a Trouble if there is none."""
    country = counter.shop.country
    try:
        phone = phones.read(typed, country)
    except phones.NotAPhone as wrong:
        raise MistypedPhone(country=country) from wrong
    with transaction.atomic():
        finding.begin_guess(counter)
        cards = list(latest_first(Membership.objects.current().filter(phone=phone)))
        if not cards:
            finding.count_miss(counter)
    if not cards:
        raise UnknownPhone(phone=phone, country=country)
    return cards


def cards_of_name(counter: Counter, name: str) -> Hits:
    """The few who were here last of those with such a name. Refused: SearchPaused.

    Every search is logged under the counter's lock, so that many at once are counted as many.
    """
    now = clock.now()
    hits = Hits.of(cards_called(name)[: SHOWN + 1], now)
    with transaction.atomic():
        Counter.objects.lock(counter)
        _refuse_while_paused(counter, now)
        NameSearch.objects.create(
            shop=counter.shop, counter=counter, staff=counter.staff, found=len(hits.shown), at=now
        )
        _tell_owner(counter, now)
    return hits


def cards_called(name: str) -> QuerySet[Membership]:
    """Cards with a word that begins so, whatever its case and accents; who was here last first.

    Compared here: SQLite folds no Å, and PostgreSQL as its installation was set up.
    """
    wanted = f" {_folded(name)}"
    names = Membership.objects.current().exclude(name="").values_list("pk", "name")
    found = [pk for pk, name in names if wanted in f" {_folded(name)}"]
    return latest_first(Membership.objects.filter(pk__in=found))


def _folded(name: str) -> str:
    """Åse-Marie, ase marie and ÅSE MARIE are one name."""
    plain = name.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(WORD.findall(plain))


def latest_first(cards: QuerySet[Membership]) -> QuerySet[Membership]:
    """Whoever was here last comes first; who never was, last."""
    visits = Visit.objects.filter(membership=OuterRef("pk"), voided_by=None).order_by("-at")
    last = F("here").desc(nulls_last=True)
    return cards.annotate(here=Subquery(visits.values("at")[:1])).order_by(last, "-pk")


def _hit(card: Membership, now: datetime) -> Hit:
    return Hit(card, telling.name_of(card), phones.masked(card.phone), sheets.last_visit(card, now))


def _refuse_while_paused(counter: Counter, now: datetime) -> None:
    latest = _latest_searches(counter)
    if _is_full(latest, now):
        raise SearchPaused(until=(latest[SEARCHES - 1] + WITHIN).isoformat())


def _tell_owner(counter: Counter, now: datetime) -> None:
    """Once: not again with every search while the hour stays full."""
    latest = _latest_searches(counter)
    was_full = len(latest) > SEARCHES and _is_full(latest[1:], latest[1])
    if _is_full(latest, now) and not was_full and counter.shop.contact_email:
        outbox.post(
            to=counter.shop.contact_email,
            template="counter/mail/search_paused",
            values={"shop": counter.shop.name, "counter": counter.name, "n": SEARCHES},
            language=counter.shop.language,
        )


def _latest_searches(counter: Counter) -> list[datetime]:
    searches = NameSearch.objects.filter(counter=counter).order_by("-at", "-pk")
    return list(searches.values_list("at", flat=True)[: SEARCHES + 1])


def _is_full(latest: list[datetime], now: datetime) -> bool:
    return len(latest) >= SEARCHES and latest[SEARCHES - 1] > now - WITHIN
