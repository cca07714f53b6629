"""How the busy reads are found: by an index that leads to the few rows they want.

A table that grows with every visit is never read from end to end, nor all that a shop has of it
where one card is meant. SQLite tells its plan without a look at the rows, so a handful is enough.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock
from loyalty.outbox.models import OutboxMessage
from loyalty.outbox.operations import post
from tests.factories import MembershipFactory, stamp

# PostgreSQL plans by the rows there are.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]

GROWING = (
    "ledger_operation",
    "ledger_visit",
    "ledger_account",
    "ledger_ledgerentry",
    "ledger_lot",
    "ledger_allocation",
    "members_membership",
    "rewards_claim",
    "rewards_handover",
    "card_messages_message",
    "outbox_outboxmessage",
)
STEP = re.compile(r"(SCAN|SEARCH) (\w+)(.*)")
ALIAS = re.compile(r'"(\w+)" (?:AS )?"?(\w+)"?')
ALL_OF_A_SHOP = re.compile(r"\(shop_id=\?\)")


def wide(visit):
    """The steps of what a visit asks that go through a whole table, or all a shop has of one."""
    with CaptureQueriesContext(connection) as captured:
        visit()
    return [step for query in captured for step in wide_steps(query["sql"])]


def wide_steps(sql):
    if not sql.startswith(("SELECT", "UPDATE")):
        return
    tables = {alias: table for table, alias in ALIAS.findall(sql)}
    with connection.cursor() as cursor:
        # As it was sent, with its values in place: a % in it is no place for another.
        cursor.execute("EXPLAIN QUERY PLAN " + sql, None)
        plan = [row[-1] for row in cursor.fetchall()]
    for found in filter(None, map(STEP.match, plan)):
        way, name, how = found.groups()
        if tables.get(name, name) in GROWING and (way == "SCAN" or ALL_OF_A_SHOP.search(how)):
            yield found.group()


@pytest.fixture
def member(in_shop, card, counter):
    member = MembershipFactory(shop=in_shop, name="Maja")
    stamp(member, 3, counter=counter, programme=card)
    return member


@pytest.fixture
def look(visitor, member):
    def look(name, **asked):
        address = reverse(f"card:{name}", args=[member.private])
        return lambda: visitor.get(address, asked)

    return look


def without(index):
    """Take an index away, by the first columns it has."""
    table, *columns = index
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
        for name, made in found.items():
            if made["index"] and made["columns"][: len(columns)] == columns:
                cursor.execute(f'DROP INDEX IF EXISTS "{name}"')


def test_that_nothing_is_new_is_found_by_indexes(look, member):
    seen = member.operations.latest("pk").pk

    assert wide(look("now", seen=seen)) == []


def test_so_is_the_mail_that_is_due(db):
    for _mail in range(3):
        post(to="maja@example.com", template="welcome", values={}, language="en-gb")

    assert wide(lambda: list(OutboxMessage.objects.due(clock.now()))) == []


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (("ledger_operation", "membership_id"), "now"),
    ],
)
def test_an_index_that_is_gone_is_noticed(look, index, name):
    """The control: these plans do depend on the index."""
    without(index)

    assert wide(look(name)) != []


def test_so_is_that_of_the_mail(db):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX mail_still_to_send")

    assert wide(lambda: list(OutboxMessage.objects.due(clock.now()))) != []
