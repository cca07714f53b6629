"""A sample holds what the operations would have written: one history, played both ways."""

from datetime import datetime, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django_scopes import scope, scopes_disabled

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.management.demo.seed import quick_commits
from loyalty.management.sample import history
from loyalty.management.sample.booking import Books
from loyalty.management.sample.loading import COLUMNS, loading
from loyalty.management.sample.shops import open_sample_shop
from members.ledger import audit
from members.ledger.models import LedgerEntry, Operation, local_day
from members.ledger.triggers import guard
from members.messages.models import Message
from members.models import Membership
from members.operations import join, rename, undo
from members.visits import Purchase
from rewards.figures.models import ShopDay, Watermark
from rewards.models import Claim
from rewards.operations import expire_claims, hand_over
from stampcards.operations import add_stamps

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
SIZE = history.Size(members=6, entries=180)
TWIN = 21  # so many places on, a shop has the same trade and country
A_VISIT = history.Visit(0, 0, 0.5, 1, False, None, False, False)
# Different by nature: what is random, and what is reckoned from ids.
SECRETS = {"id", "private", "counter_code", "short_code", "friend_code", "key", "fingerprint"}
SCHEMA = {
    "sqlite": "SELECT name, sql FROM sqlite_master",
    "postgresql": "SELECT conrelid::regclass::text || conname, pg_get_constraintdef(oid)"
    " FROM pg_constraint UNION ALL SELECT indexname, indexdef FROM pg_indexes",
}


class Operations:
    """The till of a shop where everything is done by the operations."""

    def __init__(self, sample, likes):
        self.sample, self.likes = sample, likes  # members as the twin's: names and sources
        self.cards = {}

    def knows(self, card):
        return card in self.cards

    def has_reward(self, at, card):
        return self.ready(at, card).exists()

    def could_slip(self, card):
        return self.cards[card].accounts.get().balance + 1 < self.sample.rules.need

    def join(self, at, visit):
        like = self.likes[visit.card]
        actor = Actor(self.sample.shop, Channel.CARD)
        if like.source == Membership.Source.COUNTER:
            actor = self.sample.on_duty(visit.shift)
        detail, language = like.source_detail, like.language
        with clock.at(moment(at)):
            answer = join(
                source=like.source,
                source_detail=detail,
                language=language,
                key=keys.new(),
                actor=actor,
            )
        card = self.cards[visit.card] = Membership.objects.get(pk=answer["membership"])
        rename(card, like.name)

    def hand_over(self, at, visit):
        claim = self.ready(at, visit.card).first()
        self.do(hand_over, at, visit, claim=claim)

    def slip(self, at, visit):
        once = visit._replace(stamps=1, extra=False, amount_minor=None)
        self.stamp(at, once)
        self.do(undo, at + 25, visit, undone=Operation.objects.latest("pk"))

    def stamp(self, at, visit):
        self.do(add_stamps, at, visit, **wish(self.sample, visit))

    def do(self, operation, at, visit, **asked):
        actor, card = self.sample.on_duty(visit.shift), self.cards[visit.card]
        with clock.at(moment(at)):
            operation(membership=card, **asked, key=keys.new(), actor=actor)

    def ready(self, at, card):
        claims = Claim.objects.filter(membership=self.cards[card])
        return claims.ready(local_day(self.sample.shop, moment(at)))


def wish(sample, visit):
    return {
        "programme": sample.programme,
        "count": visit.stamps,
        "extra": visit.extra,
        "purchase": Purchase(amount_minor=visit.amount_minor),
    }


def moment(seconds):
    return datetime.fromtimestamp(seconds, tz=NOW.tzinfo)


@pytest.fixture(autouse=True)
def eventful(monkeypatch):
    """What is rare happens often enough to be seen in a short history."""
    monkeypatch.setattr(history, "SLIP", 0.12)
    monkeypatch.setattr(history, "EXTRA", 0.2)
    monkeypatch.setattr(history, "COLLECTS", 0.3)


@pytest.fixture
def written():
    """A shop whose history was written in one go."""
    return write(open_like(0))[0]


def write(sample, books=Books):
    """The sample, its visits, and which member each customer became."""
    today = local_day(sample.shop, NOW)
    visits = history.a_year(sample.shop, sample.rules, SIZE, today, Random("visits"))
    with scopes_disabled(), loading() as tables:
        till = books(sample, tables, Random("books"))
        play(till, visits)
        till.close()
    expire_claims(NOW)
    with scopes_disabled():
        joined = Membership.objects.in_bulk([card.membership for card in till.cards.values()])
    return sample, visits, {place: joined[card.membership] for place, card in till.cards.items()}


def open_like(place):
    return open_sample_shop(place, members=SIZE.members, opened=NOW - timedelta(days=367))


def play(till, visits):
    for visit in visits:
        history.serve(till, visit)


def facts(sample):
    """Every row that a history left in a shop, by table and in order. Instead of ids: places."""
    with scopes_disabled():
        tables = {
            name: list(model.objects.filter(shop=sample.shop).order_by("pk"))
            for name, (model, _columns) in COLUMNS.items()
        }
    known = [*tables.values(), sample.staff, sample.counters]
    places = {(type(row), row.pk): n for rows in known for n, row in enumerate(rows)}
    return {
        name: [fact(row, places, tables["operation"]) for row in rows]
        for name, rows in tables.items()
    }


def fact(row, places, operations):
    told = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.is_relation and value is not None:
            value = places.get((field.related_model, value), "the only one")
        told[field.name] = value
    if isinstance(row, Operation):
        told["answer"] = {**row.answer, **pointed_at(row, places, operations)}
    if isinstance(row, Message):
        told["once"] = places[Claim, int(row.once.removeprefix("claim-"))]
    return {name: value for name, value in told.items() if name not in SECRETS}


def pointed_at(operation, places, operations):
    """What an answer says of other rows."""
    answer = operation.answer
    if operation.kind == "join":
        return {"membership": places[Membership, answer["membership"]]}
    if operation.kind == "hand_over":
        return {"claim": places[Claim, answer["claim"]]}
    if operation.kind == "undo":
        keys_in_order = [str(each.key) for each in operations]
        return {"undone": keys_in_order.index(answer["undone"])}
    return {}


@pytest.mark.parametrize("place", [0, 2], ids=["coffee", "treatments"])
def test_what_is_written_is_what_operations_would_have_written(place):
    sample, visits, likes = write(open_like(place))
    twin = open_like(place + TWIN)
    with scope(shop=twin.shop), quick_commits():
        play(Operations(twin, likes), visits)
    expire_claims(NOW)
    written, called = facts(sample), facts(twin)

    for table, rows in called.items():
        assert written[table] == rows, table
        assert rows, f"no {table}: this history shows too little"
    assert {entry["kind"] for entry in called["entry"]} == {"earn", "spend", "reverse"}
    assert {claim["state"] for claim in called["claim"]} == {"ready", "handed_over", "expired"}


class Faulty(Books):
    """Takes one stamp too few from a lot, as nobody at a till could."""

    def _allocate(self, debit, lot, amount):
        super()._allocate(debit, lot, amount)
        self.tables.allocation.rows[-1] = (*self.tables.allocation.rows[-1][:-1], amount + 1)


def test_a_fault_in_the_books_is_noticed(written):
    faulty, *_rest = write(open_like(TWIN), books=Faulty)

    assert facts(faulty)["allocation"] != facts(written)["allocation"]
    assert list(audit.disagreements())


def test_the_books_agree_and_the_triggers_stand(written):
    assert list(audit.disagreements()) == []
    assert guard.missing(connection) == []
    with scope(shop=written.shop), pytest.raises(DatabaseError, match="immutable"):
        LedgerEntry.objects.update(amount=7)


def test_a_key_that_comes_again_gets_the_answer_it_got(written):
    """So its fingerprint is that of the question that would have been asked."""
    with scope(shop=written.shop):
        given = Operation.objects.filter(kind="add_stamps", answer__extra=written.rules.extra_for)
        op = given.select_related("visit", "membership").first()
        actor = Actor(written.shop, Channel.COUNTER, staff=op.staff, counter=op.counter)
        amount, count = op.visit.amount_minor, op.answer["given"] - 1
        visit = A_VISIT._replace(stamps=count, extra=True, amount_minor=amount)
        before = LedgerEntry.objects.count()
        asked = {**wish(written, visit), "key": op.key, "actor": actor}

        assert add_stamps(membership=op.membership, **asked) == op.answer
        assert LedgerEntry.objects.count() == before


def test_everything_that_was_taken_away_is_back():
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA[connection.vendor])
        before = set(cursor.fetchall())
        with loading():
            cursor.execute(SCHEMA[connection.vendor])
            meanwhile = set(cursor.fetchall())
        cursor.execute(SCHEMA[connection.vendor])

        assert set(cursor.fetchall()) == before > meanwhile


@pytest.mark.parametrize("table", ["visit", "lot"])
def test_a_row_that_leads_nowhere_is_refused_and_nothing_stays(table):
    sample = open_like(0)
    bad = {
        "visit": (
            1,
            sample.shop.pk,
            404,
            405,
            None,
            None,
            None,
            "purchase",
            None,
            "2026-01-01 10:00:00",
            None,
        ),
        "lot": (1, sample.shop.pk, 404, 405, 3, 3, None),
    }

    with pytest.raises(DatabaseError), loading() as tables:
        getattr(tables, table).add(bad[table])

    model, _columns = COLUMNS[table]
    assert not model._base_manager.exists()


def test_the_next_operation_goes_on_from_there(written):
    with scope(shop=written.shop):
        card = Membership.objects.first()
        asked = {**wish(written, A_VISIT), "key": keys.new(), "actor": written.on_duty(0.5)}

        assert add_stamps(membership=card, **asked)["given"] == 1


def test_the_command_fills_an_empty_database_and_counts_its_days(capsys):
    call_command("sample", "--shops=3", "--members=20", "--entries=300")

    assert "Done." in capsys.readouterr().out
    assert list(audit.disagreements()) == []
    with scopes_disabled():
        assert Watermark.objects.count() == 3
        assert 250 < LedgerEntry.objects.count() < 350
        stamps = Operation.objects.filter(kind="add_stamps", visit__voided_by=None).count()
        assert sum(ShopDay.objects.values_list("purchases", flat=True)) == stamps


def test_the_command_leaves_anybodys_shops_alone():
    open_like(0)

    with pytest.raises(CommandError, match="shops already"):
        call_command("sample")


def test_what_cannot_be_is_refused():
    with pytest.raises(CommandError, match="A member for every shop"):
        call_command("sample", "--shops=9", "--members=3")


def test_a_sample_is_skewed_and_of_the_size_that_was_asked_for():
    sizes = history.sizes(shops=20, members=500, entries=10_000)

    assert (sum(s.members for s in sizes), sum(s.entries for s in sizes)) == (500, 10_000)
    assert sizes[0].entries > 9 * sizes[9].entries
    assert min(size.members for size in sizes) >= 1
