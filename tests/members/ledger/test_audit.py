"""check_ledger notices what should be impossible. The triggers are disarmed to make it happen."""

import pytest
from django.db import connection
from django.db.models import F
from django_scopes import scopes_disabled

from members.ledger import audit
from members.ledger.models import Account, Allocation, LedgerEntry, Lot, Operation, Visit
from members.ledger.triggers import guard
from rewards.models import Claim, HandOver
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(in_shop, card, next_door_member):
    """Two cards, one of them filled once and stamped on."""
    full = MembershipFactory(shop=in_shop, stamps=9)
    MembershipFactory(shop=in_shop, stamps=3)
    return full


@pytest.fixture
def forger(books):
    """Somebody with the owner's rights on the tables."""
    guard.disarm(connection)
    with scopes_disabled():
        yield books
    guard.arm(connection)


def found():
    return "\n".join(audit.disagreements())


def first(model, **wanted):
    return model.objects.filter(pk=model.objects.filter(**wanted).order_by("pk")[:1].get().pk)


def test_honest_books_have_nothing_to_say(books):
    assert found() == ""


def change_balance(shop):
    first(Account, shop=shop).update(balance=F("balance") + 1)


def change_lifetime(shop):
    first(Account, shop=shop).update(lifetime=F("lifetime") + 1)


def change_amount(shop):
    first(LedgerEntry, shop=shop, kind="earn").update(amount=F("amount") + 1)


def change_both(shop):
    """Entry and balance, so that they agree with each other."""
    entry = first(LedgerEntry, shop=shop, kind="earn")
    entry.update(amount=F("amount") + 1)
    Account.objects.filter(pk=entry.get().account_id).update(balance=F("balance") + 1)


def skip_a_number(shop):
    last = LedgerEntry.objects.filter(shop=shop).order_by("account", "-seq")[0]
    LedgerEntry.objects.filter(pk=last.pk).update(seq=F("seq") + 1)


def forget_an_entry(shop):
    account = Account.objects.filter(shop=shop).order_by("pk")[0]
    Account.objects.filter(pk=account.pk).update(last_seq=F("last_seq") + 1)


def refill_a_lot(shop):
    first(Lot, shop=shop, remaining=0).update(remaining=F("amount"))


def eat_less(shop):
    first(Allocation, shop=shop, amount__gt=1).update(amount=F("amount") - 1)


def move_an_entry_next_door(shop):
    foreign = Operation.objects.exclude(shop=shop)[0]
    first(LedgerEntry, shop=shop).update(operation=foreign)


def move_a_visit_next_door(shop):
    foreign = Operation.objects.exclude(shop=shop)[0]
    first(Visit, shop=shop).update(shop=foreign.shop_id)


def move_a_lot_next_door(shop):
    foreign = Account.objects.exclude(shop=shop)[0]
    first(Lot, shop=shop).update(shop=foreign.shop_id)


def eat_from_another_card(shop):
    allocation = Allocation.objects.filter(shop=shop)[0]
    other = Lot.objects.filter(shop=shop).exclude(account=allocation.lot.account)[0]
    Allocation.objects.filter(pk=allocation.pk).update(lot=other)


def reverse_another_card(shop):
    one, other = Account.objects.filter(shop=shop).order_by("pk")[:2]
    theirs = LedgerEntry.objects.filter(account=other)[0]
    first(LedgerEntry, account=one).update(kind="reverse", reverses=theirs)


def decide_nothing(shop):
    first(Operation, shop=shop).update(answer=None)


def hand_over_nothing(shop):
    first(Claim, shop=shop).update(state=Claim.State.HANDED_OVER)


def hand_over_what_is_ready(shop):
    claim = Claim.objects.get(shop=shop)
    HandOver.objects.create(shop=shop, claim=claim, operation=claim.operation, at=claim.issued_at)


def hand_over_next_door(shop):
    hand_over_what_is_ready(shop)
    foreign = Operation.objects.exclude(shop=shop)[0]
    HandOver.objects.update(shop=foreign.shop_id)


@pytest.mark.parametrize(
    ("forge", "sentence"),
    [
        (change_balance, "balance 1, entries 0, lots 0"),
        (change_lifetime, "lifetime 9 of 8"),
        (change_amount, "balance 0, entries 1, lots 0"),
        (change_both, "balance 1, entries 1, lots 0"),
        (skip_a_number, "entries, numbered to"),
        (forget_an_entry, "entries, numbered to"),
        (refill_a_lot, "got 1, eaten 1, left 1"),
        (eat_less, "left 0"),
        (move_an_entry_next_door, "reaches into another shop"),
        (move_a_visit_next_door, "reaches into another shop"),
        (move_a_lot_next_door, "is not its entry's"),
        (eat_from_another_card, "takes from another account"),
        (reverse_another_card, "reverses one of another account"),
        (decide_nothing, "committed without an answer"),
        (hand_over_nothing, "is handed_over with 0 hand-overs"),
        (hand_over_what_is_ready, "is ready with 1 hand-overs"),
        (hand_over_next_door, "reaches into another shop"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_forgery_is_named(forger, forge, sentence):
    forge(forger.shop)

    assert sentence in found()


def test_every_shop_is_looked_at(forger, next_door_member):
    change_balance(next_door_member.shop)

    account = Account.objects.get(shop=next_door_member.shop)
    assert f"account {account.pk}: balance 2, entries 1" in found()
