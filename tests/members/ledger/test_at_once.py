"""The short way of a stamp writes the very rows that the long way writes."""

import pytest

from loyalty.halts.models import Halt
from loyalty.halts.refusals import Halted
from members.ledger.models import Account, LedgerEntry, Lot, Operation, Visit
from stampcards import operations
from tests.factories import CounterFactory, MembershipFactory, stamp

pytestmark = pytest.mark.django_db

OWN = {"id", "key", "fingerprint", "membership_id", "account_id", "operation_id", "visit_id"}
OWN |= {"entry_id", "occurred_at", "recorded_at", "at"}  # of the two members, not of the two ways


def rows_of(member):
    """Every column of what the last stamp wrote, and which rows belong to which."""
    operation = Operation.objects.filter(membership=member).latest("pk")
    [visit] = Visit.objects.filter(operation=operation)
    [entry] = LedgerEntry.objects.filter(operation=operation)
    [lot] = Lot.objects.filter(entry=entry)
    [account] = Account.objects.filter(membership=member)
    assert (entry.visit, entry.account, lot.account) == (visit, account, account)
    assert visit.at == operation.occurred_at
    things = (operation, visit, entry, lot, account)
    return [
        {name: value for name, value in vars(thing).items() if name not in OWN and name[0] != "_"}
        for thing in things
    ]


def balance(member):
    return Account.objects.get(membership=member).balance


@pytest.fixture
def long_way(monkeypatch):
    return lambda: monkeypatch.setattr(operations, "_nothing_follows", lambda *what: False)


@pytest.mark.parametrize("count", [1, 2])
def test_it_works(in_shop, card, counter, long_way, count):
    shortly, at_length = MembershipFactory(shop=in_shop), MembershipFactory(shop=in_shop)
    for member in (shortly, at_length):
        stamp(member, 1, counter=counter, programme=card)

    stamp(shortly, count, counter=counter, programme=card)
    long_way()
    stamp(at_length, count, counter=counter, programme=card)

    assert rows_of(shortly) == rows_of(at_length)
    answer = rows_of(shortly)[0]["answer"]
    assert answer["after"] == answer["before"] + count


def test_what_is_halted_leaves_nothing(in_shop, card, counter):
    member = MembershipFactory(shop=in_shop)
    before = balance(member)
    Halt.objects.create(what=Halt.What.EARNING, shop=in_shop, reason="a test")

    with pytest.raises(Halted):
        stamp(member, 1, counter=counter, programme=card)

    assert not Visit.objects.filter(membership=member).exists()
    assert balance(member) == before


@pytest.mark.parametrize("what", [Halt.What.REDEEMING, Halt.What.COUNTER])
def test_what_halts_something_else_lets_it_be(in_shop, card, counter, what):
    other = CounterFactory(shop=in_shop) if what == Halt.What.COUNTER else None
    Halt.objects.create(what=what, shop=in_shop, counter=other, reason="a test")
    member = MembershipFactory(shop=in_shop)
    before = balance(member)

    stamp(member, 1, counter=counter, programme=card)

    assert balance(member) == before + 1
