"""One key, one act: whatever is asked again, and however it ended."""

import pytest
from django.db import IntegrityError, OperationalError, connection

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger import posting
from members.ledger.models import LedgerEntry, Operation
from members.ledger.refusals import Busy, KeyTaken, NotEnough
from members.operations import join
from tests.factories import CounterFactory, MembershipFactory, stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(in_shop, member):
    """Spend from Maja's card, which holds one stamp."""

    @posting.operation("test_spend")
    def spend(op, *, membership, amount, key, actor):
        asked.append(amount)
        account = membership.accounts.select_related("rule_version").get()
        posting.post(op, posting.Line(account, LedgerEntry.Kind.SPEND, -amount))
        return {"spent": amount}

    asked = []

    def ask(amount, key, **more):
        actor = more.pop("actor", Actor(in_shop, Channel.JOB))
        return spend(membership=member, amount=amount, key=key, actor=actor)

    ask.bodies = asked
    return ask


def booked():
    return LedgerEntry.objects.filter(kind="spend").count()


def test_it_works(ask):
    assert ask(1, keys.new()) == {"spent": 1}
    assert booked() == 1


def test_same_key_twice_books_once_and_answers_the_same(ask):
    key = keys.new()

    assert ask(1, key) == ask(1, key) == {"spent": 1}
    assert booked() == 1
    assert ask.bodies == [1]


@pytest.mark.postgres_only
def test_an_answer_that_is_repeated_waits_for_the_standby_as_a_commit_does(ask):
    """What writes nothing waits for nobody. A lock is written, and leaves its mark on the row."""
    key = keys.new()
    ask(1, key)
    before = locked_by(key)

    ask(1, key)

    assert locked_by(key) != before


def locked_by(key):
    """The transaction that locked the row last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmax FROM ledger_operation WHERE key = %s", [key])
        return cursor.fetchone()


def test_same_key_for_something_else_is_refused_and_books_nothing(ask, caplog):
    key = keys.new()
    ask(1, key)

    with pytest.raises(KeyTaken):
        ask(2, key)
    assert booked() == 1
    assert str(key) in caplog.text


def test_same_key_from_another_counter_is_something_else(in_shop, member):
    key = keys.new()
    stamp(member, counter=CounterFactory(shop=in_shop), key=key)

    with pytest.raises(KeyTaken):
        stamp(member, counter=CounterFactory(shop=in_shop), key=key)


def test_same_key_for_another_member_is_something_else(in_shop, member, counter):
    key = keys.new()
    stamp(member, counter=counter, key=key)

    with pytest.raises(KeyTaken):
        stamp(MembershipFactory(shop=in_shop), counter=counter, key=key)


def test_a_key_belongs_to_one_shop(in_shop, card, next_door_card):
    """Two shops may draw the same key: neither hears of the other."""
    key = keys.new()
    wish = {"source": "link", "language": "nb", "key": key}
    ours = join(**wish, actor=Actor(in_shop, Channel.CARD))
    theirs = join(**wish, actor=Actor(next_door_card.shop, Channel.CARD))

    assert ours != theirs


def test_a_refused_act_repeated_is_refused_the_same_way(ask, member, counter):
    key = keys.new()
    with pytest.raises(NotEnough) as first:
        ask(2, key)
    stamp(member, 5, counter=counter)  # now there would be enough

    with pytest.raises(NotEnough) as second:
        ask(2, key)
    assert second.value.values == first.value.values == {"missing": 1}
    assert booked() == 0
    assert ask.bodies == [2]


def test_a_refusal_is_no_key_for_something_else(ask):
    key = keys.new()
    with pytest.raises(NotEnough):
        ask(2, key)
    with pytest.raises(KeyTaken):
        ask(1, key)


def test_an_operation_says_who_where_and_when(in_shop, member, counter, ola):
    key = keys.new()
    stamp(member, counter=counter, key=key)
    op = Operation.objects.get(key=key)

    assert (op.counter, op.staff, op.channel) == (counter, ola, "counter")
    assert op.membership == member
    assert op.recorded_at == op.occurred_at
    assert op.answer["given"] == 1


def test_another_shops_card_is_a_bug_of_ours(in_shop, next_door_member, counter):
    with pytest.raises(ValueError, match="never reaches into another shop"):
        stamp(next_door_member, counter=counter)


def test_a_database_that_stays_busy_says_so_and_books_nothing(in_shop, member, ask, monkeypatch):
    def no_luck(memberships):
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as patch:
        patch.setattr(posting, "lock", no_luck)
        with pytest.raises(Busy) as trouble:
            ask(1, keys.new())

    assert trouble.value.ask_again
    assert booked() == 0


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_tried_again_with_the_same_key(in_shop, ask, monkeypatch):
    unlucky = [OperationalError("deadlock detected"), OperationalError("connection lost")]
    lock = posting.lock

    def lucky_at_last(memberships):
        if unlucky:
            raise unlucky.pop()
        lock(memberships)

    monkeypatch.setattr(posting, "lock", lucky_at_last)

    assert ask(1, keys.new()) == {"spent": 1}
    assert Operation.objects.filter(kind="test_spend").count() == 1


def test_what_the_database_refuses_is_not_taken_for_a_repeat(ask, monkeypatch):
    def against_the_rules(op, *lines):
        raise IntegrityError("CHECK constraint failed: account_never_negative")

    monkeypatch.setattr(posting, "post", against_the_rules)

    with pytest.raises(IntegrityError, match="account_never_negative"):
        ask(1, keys.new())
