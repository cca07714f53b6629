"""What the database says happened, in the order in which it was committed.

SQLite writes one transaction after another, so the number of an operation is its place. PostgreSQL
keeps the moment of every commit: whoever waited for a lock committed after whom it waited for.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import connection
from django_scopes import scopes_disabled

from members.ledger.models import Account, Allocation, LedgerEntry, Operation, local_day
from members.models import Membership
from rewards.friends.models import Referral, Thanked
from rewards.models import Claim

# An entry as it stands: the account, its kind, its amount. An account is a card and a kind.
AccountName = tuple[str, str]
Line = tuple[AccountName, str, int]


@dataclass
class Booked:
    """One operation."""

    key: UUID
    kind: str
    place: int  # in the order of commits
    card: str  # "": none
    by_itself: bool  # nobody asked for it
    refused: str  # the reason, "": it was done
    day: date  # on which it happened, in the shop's time
    card_made: str = ""  # by a join
    thanked_for: str = ""  # the friend that was brought, by the code of their card
    took_back: str = ""  # the thanks for this friend
    lines: list[Line] = field(default_factory=list)
    expired: tuple[AccountName, int] | None = None  # account, and which entry's lot ran out


@dataclass
class Books:
    operations: list[Booked]  # in the order of commits
    claims: dict[int, tuple[UUID, int]]  # pk: which operation issued it, and as which of its own
    states: dict[tuple[UUID, int], tuple[str, str]]  # what became of them: state, card
    balances: dict[AccountName, tuple[int, int]]  # balance, shortfall
    sequence: dict[AccountName, list[int]]  # places of the operations, in the account's own order


def read() -> Books:
    with scopes_disabled():
        return _read()


def _read() -> Books:
    codes = dict(Membership.objects.values_list("pk", "counter_code"))
    booked = _operations(codes)
    names = {
        account.pk: (codes[account.membership_id], account.programme.kind)
        for account in Account.objects.select_related("programme")
    }
    _add_lines(booked, names)
    _add_expired(booked, names)
    _add_thanked(booked)
    in_order = sorted(booked.values(), key=lambda each: each.place)
    claims, states = _claims(booked, codes)
    balances = {
        names[account.pk]: (account.balance, account.shortfall) for account in Account.objects.all()
    }
    return Books(in_order, claims, states, balances, _sequence(booked, names))


def _operations(codes: dict[int, str]) -> dict[int, Booked]:
    order = {pk: place for place, pk in enumerate(_in_order())}
    found = {}
    for op in Operation.objects.select_related("shop"):
        answer = op.answer or {}
        found[op.pk] = Booked(
            key=op.key,
            kind=op.kind,
            place=order[op.pk],
            card=codes[op.membership_id] if op.membership_id else "",
            by_itself=op.channel == "job",
            refused=answer.get("refused", ""),
            day=local_day(op.shop, op.occurred_at),
            card_made=codes[answer["membership"]] if op.kind == "join" else "",
        )
    return found


def _in_order() -> list[int]:
    if connection.vendor == "sqlite":
        return list(Operation.objects.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_operation ORDER BY pg_xact_commit_timestamp(xmin), id"
        )
        return [pk for (pk,) in cursor.fetchall()]


def _add_lines(booked: dict[int, Booked], names: dict[int, AccountName]) -> None:
    for entry in LedgerEntry.objects.order_by("account", "seq"):
        line = (names[entry.account_id], entry.kind, entry.amount)
        booked[entry.operation_id].lines.append(line)


def _add_expired(booked: dict[int, Booked], names: dict[int, AccountName]) -> None:
    taken = Allocation.objects.filter(debit__kind=LedgerEntry.Kind.EXPIRE)
    for allocation in taken.select_related("debit", "lot__entry"):
        lot = allocation.lot
        which = names[lot.account_id], lot.entry.seq
        booked[allocation.debit.operation_id].expired = which


def _add_thanked(booked: dict[int, Booked]) -> None:
    friends = dict(Referral.objects.values_list("pk", "friend__counter_code"))
    of = dict(Thanked.objects.values_list("pk", "referral"))
    own = Operation.objects.filter(kind__in=["thank_member", "take_thanks_back"])
    for pk, answer in own.values_list("pk", "answer"):
        if answer and answer.get("paid"):
            booked[pk].thanked_for = friends[answer["referral"]]
        elif answer and answer.get("taken"):
            booked[pk].took_back = friends[of[answer["thanked"]]]


def _claims(
    booked: dict[int, Booked], codes: dict[int, str]
) -> tuple[dict[int, tuple[UUID, int]], dict[tuple[UUID, int], tuple[str, str]]]:
    names, states = {}, {}
    so_far: dict[UUID, int] = defaultdict(int)
    for claim in Claim.objects.order_by("pk"):
        key = booked[claim.operation_id].key
        names[claim.pk] = key, so_far[key]
        states[names[claim.pk]] = claim.state, codes[claim.membership_id]
        so_far[key] += 1
    return names, states


def _sequence(
    booked: dict[int, Booked], names: dict[int, AccountName]
) -> dict[AccountName, list[int]]:
    found: dict[AccountName, list[int]] = defaultdict(list)
    for entry in LedgerEntry.objects.order_by("account", "seq"):
        found[names[entry.account_id]].append(booked[entry.operation_id].place)
    return found
