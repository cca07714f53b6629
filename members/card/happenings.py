"""What happened to a card, and what its owner has not seen yet.

Pages know how far they are by a number: the latest operation on the card. It costs one indexed
read, whatever the length of the history.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_scopes import scopes_disabled

from loyalty.prepared import Given, Prepared
from members.kinds import kind
from members.ledger.models import Account, LedgerEntry, Operation
from members.models import Membership
from members.rooms import News

SEEN_COOKIE = "seen" if settings.ON_THIS_MACHINE else "__Secure-seen"  # it has a path
MOST_AT_ONCE = 50  # entries looked at to say what is new; older news is history


@dataclass(frozen=True)
class Latest:
    number: int  # 0: nothing since the card was made
    at: datetime


def latest(membership: Membership) -> Latest:
    """The latest thing done to a card. A refused try is nothing done."""
    found = LATEST.first(card=membership.pk)
    return Latest(found.pk, found.occurred_at) if found else Latest(0, membership.joined_at)


def latest_to_ask(card: Given) -> dict[str, Subquery]:
    """The same as columns of another query; `latest_told` makes it of what that one found."""
    newest = _done(card)[:1]
    return {
        "latest_number": Subquery(newest.values("pk")),
        "latest_at": Subquery(newest.values("occurred_at")),
    }


def latest_told(membership: Membership, found: dict[str, Any]) -> Latest:
    return Latest(found["latest_number"] or 0, found["latest_at"] or membership.joined_at)


def _done(card: Given) -> "QuerySet[Operation]":
    """Newest first. By the card alone: told the shop as well, SQLite reads all that it did."""
    with scopes_disabled():
        done = Operation.objects.filter(membership=card, answer__refused__isnull=True)
    return done.order_by("-pk")


LATEST = Prepared(lambda: _done(Given("card")).only("occurred_at")[:1], everywhere=True)


def entries_since(membership: Membership, number: int) -> list[LedgerEntry]:
    """What was booked after operation `number`, in order. What joining brought is no news."""
    entries = in_words(LedgerEntry.objects.filter(account__membership=membership))
    newest = entries.filter(operation__gt=number).exclude(operation__kind="join").order_by("-pk")
    return list(newest[:MOST_AT_ONCE])[::-1]


def in_words(entries: "QuerySet[LedgerEntry]") -> "QuerySet[LedgerEntry]":
    """Entries with all that their sentence needs, in one query."""
    return entries.select_related(
        "operation",
        "visit__location",
        "rule_version",
        "account__programme",
        "account__shop",
        "reverses__operation",
    )


def news_of(account: Account, entries: list[LedgerEntry]) -> News | None:
    """What is new on one account, as its kind tells it."""
    own = [entry for entry in entries if entry.account_id == account.pk]
    return kind(account.programme.kind).news(account, own) if own else None


def seen(request: HttpRequest) -> int | None:
    """How far this browser has seen the card. None: it does not say."""
    number = request.COOKIES.get(SEEN_COOKIE, "")
    return int(number) if number.isdecimal() and len(number) < 19 else None


def mark_seen(response: HttpResponse, membership: Membership, number: int) -> None:
    """Kept below the card's own address, so every card has its own."""
    path = reverse("card:card", args=[membership.private])
    secure = not settings.ON_THIS_MACHINE
    response.set_cookie(
        SEEN_COOKIE, str(number), path=path, httponly=True, samesite="Lax", secure=secure
    )
