"""A year at random, and its statement: counted again in plain Python, and against the balances.

The year is lived through operations: stamps, full cards, rewards, slips undone, cards that become
one and two again, stamps that run out, stamps that arrive days late.
"""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.db.models import Sum

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.refusals import Refused
from members.ledger import audit
from members.ledger.models import Account, LedgerEntry, Operation, local_day
from members.ledger.operations import expire_lapsed
from members.ledger.statements import statements_of
from members.merging import merge
from members.models import Membership
from members.operations import undo
from rewards.models import Claim
from rewards.operations import hand_over
from stampcards.operations import add_stamps
from tests.factories import MembershipFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2027, 2, 20, 12, tzinfo=UTC)  # both changes of the clocks, and a 29 February
STEPS = 200
DEEDS = {"stamp": 12, "late": 3, "hand_over": 3, "undo": 3, "expire": 2, "merge": 1, "join": 1}

COLUMNS = ("earned", "restored", "redeemed", "expired", "adjusted")
COLUMN_OF = {
    **dict.fromkeys(("earn", "opening"), "earned"),
    "spend": "redeemed",
    "expire": "expired",
    **dict.fromkeys(("adjust", "transfer"), "adjusted"),
}


class Year:
    """One shop with two programmes, and everything that may happen to its cards."""

    def __init__(self, shop, programmes, counter, random):
        self.shop, self.programmes, self.counter, self.random = shop, programmes, counter, random
        self.owner = Actor(shop, Channel.OWNER)
        self.now = BEGINNING
        self.closings = {}  # of each programme at the end of each month, as its balances stood
        self.seen = {}  # the months that were over, as the statement told them then

    def live(self):
        self.join()
        for _step in range(STEPS):
            self.go_on(timedelta(hours=self.random.expovariate(1 / 46)))
            [deed] = self.random.choices([*DEEDS], [*DEEDS.values()])
            with clock.at(self.now), suppress(Refused):  # refused: nothing is booked
                getattr(self, deed)()

    def go_on(self, time):
        month = self.month
        self.now += time
        if self.month != month:
            for programme in self.programmes:
                self.closings[programme.pk, month] = balance_of(programme)
            self.keep_what_is_over()

    def keep_what_is_over(self):
        for statement in statements_of(self.shop, self.now):
            for month in statement.months[1:]:
                told = self.seen.setdefault((statement.programme.pk, month.first_day), month)
                assert told == month, "a month that was over has changed"

    @property
    def month(self):
        return local_day(self.shop, self.now).replace(day=1)

    @property
    def somebody(self):
        return self.random.choice(list(Membership.objects.current().order_by("pk")))

    def join(self):
        MembershipFactory(shop=self.shop)

    def stamp(self, at=None):
        add_stamps(
            membership=self.somebody,
            programme=self.random.choice(self.programmes),
            count=self.random.randint(1, 5),
            again=True,
            key=keys.new(),
            actor=Actor.of_counter(self.counter, at=at),
        )

    def late(self):
        self.stamp(at=self.now - timedelta(days=self.random.randint(1, 9)))

    def hand_over(self):
        ready = Claim.objects.ready(local_day(self.shop, self.now)).select_related("membership")
        if claim := ready.first():
            hand_over(
                membership=claim.membership,
                claim=claim,
                key=keys.new(),
                actor=Actor.of_counter(self.counter),
            )

    def undo(self):
        done = Operation.objects.exclude(kind__in=["undo", "expire"]).order_by("-pk")[:4]
        undone = self.random.choice(list(done.select_related("membership")) or [None])
        if undone and undone.membership:
            undo(membership=undone.membership, undone=undone, key=keys.new(), actor=self.owner)

    def expire(self):
        expire_lapsed(self.now)

    def merge(self):
        kept, gone = self.somebody, self.somebody
        if kept != gone:
            merge(kept=kept, gone=gone, key=keys.new(), actor=self.owner)


def balance_of(programme):
    balances = Account.objects.filter(programme=programme)
    return balances.aggregate(sum=Sum("balance"))["sum"] or 0


def counted(shop):
    """Every entry once more, by programme and month, in the column it belongs to."""
    columns = Counter()
    entries = LedgerEntry.objects.select_related("operation", "account", "reverses")
    for entry in entries:
        column = COLUMN_OF.get(entry.kind)
        if column is None:
            given_back = entry.reverses.kind in ("spend", "expire")
            column = "restored" if given_back else "adjusted"
        month = local_day(shop, entry.operation.recorded_at).replace(day=1)
        sign = -1 if column in ("redeemed", "expired") else 1
        columns[entry.account.programme_id, month, column] += sign * entry.amount
    return {where: n for where, n in columns.items() if n}


def adds_up(month):
    came = month.opening + month.earned + month.restored
    return came - month.redeemed - month.expired + month.adjusted == month.closing


@pytest.mark.parametrize("seed", range(2))
def test_the_statement_of_a_year_ties(in_shop, counter, seed):
    with clock.at(BEGINNING):
        programmes = [
            ProgrammeFactory(shop=in_shop, rules__need=4, rules__expires_months=2),
            ProgrammeFactory(shop=in_shop, rules__need=7, rules__welcome=2, name="Lunch"),
        ]
    year = Year(in_shop, programmes, counter, Random(seed))
    with clock.at(BEGINNING):
        year.live()
    statements = statements_of(in_shop, year.now)

    told = {}
    for statement in statements:
        assert [month.closing for month in statement.months[1:]] == [
            year.closings[statement.programme.pk, month.first_day] for month in statement.months[1:]
        ]
        assert statement.months[0].closing == balance_of(statement.programme)
        assert statement.months[-1].opening == 0
        for newer, older in pairwise(statement.months):
            assert newer.opening == older.closing
        for month in statement.months:
            assert adds_up(month)
            for column in COLUMNS:
                told[statement.programme.pk, month.first_day, column] = getattr(month, column)

    assert {where: n for where, n in told.items() if n} == counted(in_shop)
    assert {column for (_pk, _month, column), n in told.items() if n} == set(COLUMNS)
    assert list(audit.disagreements()) == []
