"""Every line of a card, newest first. The balance after each is the sum so far."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Sum, Window
from django.utils.translation import gettext as _

from members import rooms
from members.card.happenings import in_words
from members.kinds import kind
from members.ledger import posting
from members.ledger.models import Account, LedgerEntry
from members.models import Membership
from members.rooms import HistoryLine

LINES_A_PAGE = 50
Kind = LedgerEntry.Kind


def page_of(membership: Membership, number: str) -> tuple[Page, list[HistoryLine]]:
    """One page of the history, with what the rooms add between its first line and its last."""
    entries = LedgerEntry.objects.filter(account__membership=membership).order_by("-pk")
    page = Paginator(entries, LINES_A_PAGE).get_page(number)
    newer = page.start_index() - 2 if page.has_previous() else 0  # where the page before ended
    shown = list(_with_balance(entries)[newer : page.end_index()])
    until = shown.pop(0).operation.occurred_at if page.has_previous() else None
    since = shown[-1].operation.occurred_at if page.has_next() else None
    several = Account.objects.filter(membership=membership).count() > 1
    others = _of_rooms(membership, since, until)
    return page, list(_woven(shown, others, several=several))


def _with_balance(entries: "QuerySet[LedgerEntry]") -> "QuerySet[LedgerEntry]":
    so_far = Window(Sum("amount"), partition_by="account", order_by="seq")
    return in_words(entries).annotate(balance=so_far)


def _of_rooms(
    membership: Membership, since: datetime | None, until: datetime | None
) -> list[HistoryLine]:
    told = chain.from_iterable(
        history(membership, since=since, until=until) for history in rooms.answering("history")
    )
    return sorted(told, key=lambda line: line.at, reverse=True)


def _woven(
    entries: list[LedgerEntry], others: list[HistoryLine], *, several: bool
) -> Iterator[HistoryLine]:
    """Both together by time. Entries keep their order: each balance follows from the one below."""
    for entry in entries:
        at = entry.operation.occurred_at
        while others and others[0].at >= at:
            yield others.pop(0)
        name = entry.account.programme.name if several else ""
        yield HistoryLine(at, words_of(entry), entry.amount, getattr(entry, "balance", None), name)
    yield from others


def words_of(entry: LedgerEntry) -> str:
    """What an entry was, for whoever reads the history."""
    if entry.reason == posting.OWED:
        return _("Taken for a correction")
    if entry.kind == Kind.OPENING:
        return _("Brought over from before")
    if entry.kind == Kind.EXPIRE:
        return _("Ran out")
    if entry.kind == Kind.TRANSFER:
        moved_here = entry.amount > 0
        return _("Moved from another card") if moved_here else _("Moved to another card")
    told = kind(entry.account.programme.kind).history_words(entry)
    return told or _("Corrected by the shop")
