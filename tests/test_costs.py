"""What the busy pages cost the database: a budget each, and flat however long the history is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from members.ledger import posting
from members.models import Membership
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn, stamp

pytestmark = pytest.mark.django_db

TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
# Statements a request may take, beside those of the transaction.
STAMP = {"sqlite": 9, "postgresql": 6}
REPEAT = 5  # the same key again


def cost(visit):
    """How many statements a visit takes, and a word about each if the budget is broken."""
    with CaptureQueriesContext(connection) as captured:
        response = visit()
    assert response.status_code < 400, response.status_code
    told = [query["sql"] for query in captured]
    return len([sql for sql in told if not sql.startswith(TRANSACTION)])


@pytest.fixture
def stamped(in_shop, card, counter):
    """A card with many lines: `stamped(n)`."""

    def stamped(times):
        member = MembershipFactory(shop=in_shop)
        for _time in range(times):
            stamp(member, 1, counter=counter, programme=card)
        return member

    return stamped


@pytest.fixture
def give(till, card):
    def give(member, **more):
        path = reverse("counter:stamp", args=[member.counter_code])
        wish = {"programme": card.pk, "count": 1, "key": str(keys.new()), "again": "True", **more}
        return lambda: till.post(path, wish)

    return give


def test_a_stamp_keeps_its_budget(give, member):
    assert cost(give(member)) <= STAMP[connection.vendor]


def test_a_stamp_that_asks_more_is_noticed(give, member, monkeypatch):
    """The control: one more question breaks the budget."""
    good = posting.credit_and_answer

    def curious(op, *what):
        Membership.objects.filter(pk=op.membership_id).exists()
        good(op, *what)

    monkeypatch.setattr(posting, "credit_and_answer", curious)

    assert cost(give(member)) == STAMP[connection.vendor] + 1


def test_and_no_more_after_a_long_history(give, stamped):
    short, long = stamped(3), stamped(30)
    first = cost(give(short))

    assert cost(give(long)) <= first


def test_a_repeat_keeps_its_own(give, member):
    key = str(keys.new())
    cost(give(member, key=key))

    assert cost(give(member, key=key)) <= REPEAT


@pytest.mark.parametrize(("name", "most"), [("card:card", 3), ("card:code", 3), ("card:now", 4)])
def test_a_card_page_takes_three_statements(visitor, member, name, most):
    """The live part of one knows before that something is new: one statement more."""
    visit = reverse(name, args=[member.private])
    visitor.get(visit)  # the first visit asks more: the browser does not know the card

    assert cost(lambda: visitor.get(visit)) <= most


def test_an_open_page_with_nothing_new_takes_two(visitor, stamped):
    member = stamped(3)
    asked = {"seen": member.operations.latest("pk").pk}
    visit = reverse("card:now", args=[member.private])

    assert cost(lambda: visitor.get(visit, asked)) == 2


def test_what_runs_out_is_read_with_the_accounts(visitor, stamped):
    page = reverse("card:card", args=[stamped(3).private])
    with CaptureQueriesContext(connection) as captured:
        assert b"Next to expire:" in visitor.get(page).content

    assert sum("ledger_lot" in query["sql"] for query in captured) == 1


@pytest.fixture
def collected(in_shop, card, counter):
    """A card with stamps, points, and rewards to choose from: one of each in the catalogue."""
    points = PointsFactory(shop=in_shop)
    member = MembershipFactory(shop=in_shop)
    earn(member, 64_000, counter=counter)
    for place in range(6):
        RewardFactory(programme=points, cost=50 + place, per_member=2)
    return member


@pytest.mark.parametrize(("name", "most"), [("card:card", 6), ("card:code", 3), ("card:now", 7)])
def test_points_rewards_and_what_is_told_are_three_more(visitor, collected, name, most):
    visit = reverse(name, args=[collected.private])

    assert cost(lambda: visitor.get(visit)) <= most


def test_a_catalogue_costs_the_same_however_long_it_is(visitor, collected):
    pages = [reverse(name, args=[collected.private]) for name in ("card:card", "catalogue:all")]
    short = [cost(lambda page=page: visitor.get(page)) for page in pages]
    with scope(shop=collected.shop):
        points = collected.shop.programmes.get(kind="points")
    for place in range(6):
        RewardFactory(programme=points, cost=60 + place, per_member=2)

    assert [cost(lambda page=page: visitor.get(page)) for page in pages] == short


@pytest.mark.parametrize("name", ["card:card", "card:history"])
def test_a_card_page_costs_the_same_however_long_its_history(visitor, stamped, name):
    short, long = (reverse(name, args=[stamped(n).private]) for n in (10, 40))
    for page in (short, long):  # the first visit asks more: the browser does not know the card
        visitor.get(page)

    assert cost(lambda: visitor.get(long)) == cost(lambda: visitor.get(short))


def test_the_sheet_at_the_till_costs_the_same_however_long_its_history(till, stamped):
    short, long = (reverse("counter:card", args=[stamped(n).counter_code]) for n in (1, 12))
    till.get(short)

    assert cost(lambda: till.get(long)) <= cost(lambda: till.get(short)) + 1  # a reward is ready


def test_the_last_ten_cost_the_same_for_one_and_for_ten(till, stamped):
    path = reverse("counter:last")
    stamped(1)
    till.get(path)
    one = cost(lambda: till.get(path))
    for _card in range(9):
        stamped(1)

    assert cost(lambda: till.get(path)) == one
