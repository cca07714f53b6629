"""What the list can be asked for, beside whom one looks for."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from loyalty.dashboard.members import narrowing
from loyalty.dashboard.members.views import listing
from members.merging import merge
from members.models import Membership
from tests.factories import MembershipFactory, PersonFactory, PointsFactory, as_owner, earn, stamp
from tests.ladder_factories import LadderFactory
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 17, 12, tzinfo=ZoneInfo("Europe/Oslo"))


@pytest.fixture(autouse=True)
def noon(in_shop):
    with clock.at(NOON):
        yield


@pytest.fixture
def here(shop, card, counter):
    """here("Maja", 3): she was here three days ago."""

    def here(name, days, **more):
        with clock.at(NOON - timedelta(days=days)):
            member = MembershipFactory(shop=shop, name=name, **more)
            stamp(member, counter=counter)
            return member

    return here


@pytest.fixture
def ask(ingrid, shop):
    return lambda **asked: ingrid.get(reverse("owner:members", args=[shop.slug]), asked)


@pytest.fixture
def found(ask):
    """The names the list shows, in its order."""
    return lambda **asked: [row.name for row in ask(**asked).context["rows"]]


@pytest.mark.both_engines
def test_it_works(ask, here):
    here("Maja", 3)
    here("Kari", 9)

    answer = ask(first="2026-06-14")

    page = words_of(answer)
    assert "1 member found · the latest visit first" in page
    assert "Maja" in page
    assert "Kari" not in page
    assert 'value="2026-06-14"' in answer.content.decode()
    assert '<details class="more member-filter" open>' in answer.content.decode()


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"first": "2026-06-14"}, ["Maja"]),
        ({"first": "2026-06-15"}, []),
        ({"last": "2026-06-13"}, ["Kari"]),
        ({"last": "2026-06-14"}, ["Maja", "Kari"]),
        ({"first": "2026-06-08", "last": "2026-06-08"}, ["Kari"]),
    ],
)
def test_by_the_last_visit_in_days_of_the_shop(found, here, shop, asked, names):
    here("Maja", 3)
    here("Kari", 9)
    MembershipFactory(shop=shop, name="Never")

    assert found(**asked) == names


@pytest.mark.both_engines
def test_a_visit_with_a_card_that_became_part_of_it_counts(found, here, shop):
    gone, kept = here("Old", 3), MembershipFactory(shop=shop, name="Maja")
    merge(kept=kept, gone=gone, key=keys.new(), actor=as_owner(shop))

    assert found(first="2026-06-14") == ["Maja"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"least": "2"}, ["Maja"]),
        ({"most": "1"}, ["Never"]),
        ({"least": "2", "most": "2"}, ["Maja"]),
        ({"least": "3"}, []),
        ({"least": "0"}, ["Maja", "Never"]),
    ],
)
def test_by_what_is_on_the_only_card(found, here, shop, asked, names):
    here("Maja", 3)
    MembershipFactory(shop=shop, name="Never")

    assert found(**asked) == names


@pytest.mark.both_engines
def test_by_what_is_on_one_of_several(found, here, shop, counter):
    here("Before", 3)  # has no account in points
    points = PointsFactory(shop=shop)
    earn(MembershipFactory(shop=shop, name="Maja"), 64_000, counter=counter)

    assert found(on=points.pk, least="64") == ["Maja"]
    assert found(on=points.pk, most="0") == ["Before"]


@pytest.mark.both_engines
def test_by_level(found, here, shop, counter):
    ladder = LadderFactory(shop=shop, takes={"Bronze": 0, "Silver": 2})
    stamp(here("Maja", 3), counter=counter)
    here("Kari", 4)

    assert found(level=ladder.named["Silver"].pk) == ["Maja"]
    assert found(level=ladder.named["Bronze"].pk) == ["Kari"]


def test_by_the_way_they_came(found, here):
    here("Maja", 3, source=Membership.Source.COUNTER)
    here("Kari", 4, source=Membership.Source.OTHER, source_detail="import")

    assert found(source="counter") == ["Maja"]
    assert found(source="import") == ["Kari"]


def test_by_where_the_card_is(found, here):
    here("Maja", 3, person=PersonFactory())
    here("Kari", 4)
    paper = here("Elsa", 5)
    Membership.objects.filter(pk=paper.pk).update(unclaimed=True)

    assert found(held="saved") == ["Maja"]
    assert found(held="phone") == ["Kari"]
    assert found(held="paper") == ["Elsa"]


@pytest.mark.both_engines
def test_by_name(found, here):
    for name, days in (("berit", 1), ("Anna", 2), ("", 3), ("Carl", 4)):
        here(name, days)

    assert found(sort="name")[:3] == ["Anna", "berit", "Carl"]
    assert found()[0] == "berit"


def test_a_search_is_asked_the_same(found, here):
    here("Maja", 3)
    here("Maja", 9)

    assert len(found(q="Maja")) == 2
    assert len(found(q="Maja", first="2026-06-14")) == 1


def test_within_a_group(found, here):
    here("Maja", 3)
    here("Kari", 40)

    assert found(group="new") == ["Maja"]
    assert found(group="new", first="2026-06-15") == []


def test_filters_survive_paging(ask, here, monkeypatch):
    monkeypatch.setattr(listing, "ROWS_A_PAGE", 1)
    for name in ("Maja", "Kari"):
        here(name, 3)

    page = ask(first="2026-06-14", least="2").content.decode()

    assert 'href="?first=2026-06-14&amp;least=2&amp;page=2"' in page
    assert "Page 1 of 2" in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"first": "2026-06-15", "last": "2026-06-14"}, "Choose a last day after the first."),
        ({"least": "3", "most": "2"}, "Type a number that is not below the first one."),
        ({"least": "-1"}, "Type 0 or more."),
        ({"least": "99999999999"}, "Type 2147483647 or less."),
        ({"first": "yesterday"}, "Enter a valid date."),
        ({"source": "moon"}, "Choose one from the list."),
        ({"held": "tight"}, "Choose one from the list."),
        ({"group": "best"}, "Choose one from the list."),
        ({"q": "x" * 61}, "at most 60"),
    ],
)
def test_what_cannot_be_asked_says_why(ask, here, asked, says):
    here("Maja", 3)
    answer = ask(**asked)

    assert answer.status_code == 422
    assert says in words_of(answer)


def test_of_several_balances_one_is_chosen(ask, here, shop):
    PointsFactory(shop=shop)
    here("Maja", 3)

    assert "Choose which balance." in words_of(ask(least="3"))


def test_nothing_matches(ask, here):
    here("Maja", 3)

    page = words_of(ask(least="5"))

    assert "Nothing matches these filters" in page
    assert "Clear filters" in page


def test_nothing_of_the_shop_next_door_can_be_asked(ask, here, next_door_card):
    PointsFactory(shop=here("Maja", 3).shop)

    assert ask(on=next_door_card.pk, least="1").status_code == 422


def test_it_costs_the_same_however_many_they_are(ask, here, shop):
    asked = {"first": "2026-06-01", "least": "1", "sort": "name", "q": "Maja"}

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert ask(**asked).status_code == 200
        return len(queries)

    here("Maja", 3)
    ask(**asked)
    few = cost()
    for person in PersonFactory.create_batch(6):
        here("Maja", 4, person=person)

    assert cost() == few


def test_the_last_visit_is_read_by_an_index(in_shop, here):
    """With 10,000 members, each visit would be looked at for each of them."""
    here("Maja", 3)
    plan = narrowing.find(in_shop, narrowing.Wanted(), NOON).cards.explain()

    assert "SCAN " not in plan
