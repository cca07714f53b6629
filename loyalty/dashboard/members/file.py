"""The members that the list shows, as a file: read a thousand at a time, for any spreadsheet."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty.dashboard.members.narrowing import IMPORTED
from loyalty.downloads import Cell
from members.family import Cards, ways
from members.ledger.models import Account, Visit
from members.models import Consent, Membership, Programme
from rewards.tiers.models import Standing, Tier

AT_ONCE = 1_000
Row = Sequence[Cell]
Source = Membership.Source


def rows_of(cards: Cards) -> Iterator[Row]:
    """A heading, and a line for each card, which must know when it was `here`.

    A thousand cost as many statements as one. A balance is in whole stamps or points.
    """
    programmes = list(Programme.objects.in_order())
    yield headings(programmes)
    found = list(cards.values_list("pk", F("here")))
    for start in range(0, len(found), AT_ONCE):
        yield from _lines(dict(found[start : start + AT_ONCE]), programmes)


def headings(programmes: list[Programme]) -> list[str]:
    """The first line. A file with these can be brought in again."""
    return [
        *(_("Name"), _("Code"), _("Phone"), _("E-mail"), _("Joined"), _("Joined by")),
        *(_("Last visit"), _("Visits"), _("Level")),
        *(programme.name for programme in programmes),
        *(_("Yes to news"), _("Since")),
    ]


def _lines(here: dict[int, datetime | None], programmes: list[Programme]) -> Iterator[Row]:
    pks = list(here)
    cards = Membership.objects.select_related("person").filter(pk__in=pks).in_bulk()
    visits, balances = _visits(pks), _balances(pks)
    levels, base, said_yes = _levels(pks), _base(), _said_yes(pks)
    for pk, seen in here.items():
        card = cards[pk]
        email = card.person.email if card.person else None
        yield [
            *(card.name, card.spoken_code, card.phone, email or ""),
            *(_day(card.joined_at), _source(card)),
            *(_day(seen), visits.get(pk, 0), levels.get(pk, base)),
            *(balances.get((pk, programme.pk), 0) for programme in programmes),
            *(_("yes") if pk in said_yes else _("no"), _day(said_yes.get(pk))),
        ]


def _day(moment: datetime | None) -> Cell:
    """In shop time: the page's own."""
    return timezone.localdate(moment) if moment else ""


def _source(card: Membership) -> str:
    """Poster, a4. A friend's code is the friend's."""
    if card.source == Source.OTHER and card.source_detail == IMPORTED:
        return _("A file of yours")
    detail = card.source_detail if card.source != Source.FRIEND else ""
    return ", ".join(filter(None, [card.get_source_display(), detail]))


def _visits(pks: list[int]) -> dict[int, int]:
    """Also those with a card that became part of one. A question each: each has its index."""
    counted: Counter[int] = Counter()
    for way in ways():
        theirs: Any = Visit.objects.filter(**{f"{way}__in": pks}, voided_by=None).order_by()
        counted.update(dict(theirs.values_list(way).annotate(Count("pk"))))
    return counted


def _balances(pks: list[int]) -> dict[tuple[int, int], int]:
    accounts = Account.objects.filter(membership__in=pks)
    found = accounts.values_list("membership", "programme", "balance")
    return {(card, programme): balance for card, programme, balance in found}


def _levels(pks: list[int]) -> dict[int, str]:
    """Who climbed; everybody else is on the first one."""
    standings = Standing.objects.filter(membership__in=pks, tier__ladder__off_since=None)
    return dict(standings.values_list("membership", "tier__name"))


def _base() -> str:
    first = Tier.objects.standing().filter(ladder__off_since=None, threshold=0)
    return first.values_list("name", flat=True).first() or ""


def _said_yes(pks: list[int]) -> dict[int, datetime]:
    consents = Consent.objects.stands().filter(membership__in=pks, purpose=Consent.Purpose.NEWS)
    return dict(consents.values_list("membership", "given_at"))
