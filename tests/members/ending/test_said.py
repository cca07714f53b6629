"""What is read of an end, and of a pause: on the card, the join page, in the rules, at the till."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loyalty import clock
from members import programmes
from members.card.clubs import clubs_of
from members.shops import pause_shop
from tests.members.ending.conftest import COLLECT, TENTH, USE
from tests.members.notices.conftest import told_card
from tests.support.pages import text

pytestmark = pytest.mark.django_db
ENDS = "ends. You collect until 31 January, and use what you have until 31 March."
OVER = "collecting ended on 31 January. Use what you have until 31 March."
AFTER = COLLECT + timedelta(days=1)


@pytest.fixture
def read(visitor, on):
    """What stands on a page on a day."""

    def read(day, name, *args):
        with on(day):
            return text(visitor.get(reverse(name, args=args)))

    return read


def test_it_works_on_the_card(read, ending, member):
    assert ENDS in read(TENTH, "card:card", member.private)
    assert OVER in read(AFTER, "card:card", member.private)


def test_before_collecting_ends_the_card_says_how_to_collect(read, ending, member):
    earning = "You get 1 stamp for each purchase"

    assert earning in read(COLLECT, "card:card", member.private)
    assert earning not in read(AFTER, "card:card", member.private)


def test_the_card_names_the_last_day_of_its_stamps(read, ending, member):
    assert "31 Mar" in read(TENTH, "card:card", member.private)


def test_whoever_joins_knows(read, ending, shop):
    assert ENDS in read(TENTH, "join:join", shop.slug)
    assert "is not taking new members right now." in read(AFTER, "join:join", shop.slug)


@pytest.mark.usefixtures("points")
def test_what_goes_on_is_promised_before_what_ends(read, ending, shop):
    page = read(TENTH, "join:join", shop.slug)

    assert page.index("1 point for every") < page.index(ENDS)
    assert "<h1>1 point for every" in page


def test_so_do_the_rules(read, ending, shop):
    assert ENDS in read(TENTH, "join:rules", shop.slug)
    assert OVER in read(AFTER, "join:rules", shop.slug)


def test_when_it_is_over_nothing_is_said_of_it(read, ending, member, tick, on):
    with on(USE + timedelta(days=1)):
        tick()

    page = read(USE + timedelta(days=1), "card:card", member.private)
    assert "31 March" not in page
    assert ending.name not in page


def test_the_counter_says_why(till, member, ending, on):
    with on(AFTER):
        page = text(till.get(reverse("counter:card", args=[member.counter_code])))

    assert "Collecting ended on 31 January." in page


@pytest.mark.usefixtures("card")
def test_a_card_that_goes_on_says_nothing(read, member):
    page = read(TENTH, "card:card", member.private)

    assert "ends" not in page
    assert "pause" not in page


def test_a_card_on_pause_says_so(read, on, card, member, owner):
    with on(TENTH):
        programmes.pause(card, actor=owner)

    page = read(COLLECT, "card:card", member.private)
    assert "is on pause since 10 January. What you have is kept and can be used." in page


def test_a_shop_on_pause_says_it_once(read, on, card, member, owner):
    with on(TENTH):
        programmes.pause(card, actor=owner)
        pause_shop(owner)

    page = read(COLLECT, "card:card", member.private)
    assert "is on pause since 10 January. What you have is kept and can be used." in page
    assert page.count("is on pause") == 1


def test_my_clubs_name_no_goal_that_cannot_be_reached(in_shop, ending, on):
    maja = told_card(in_shop, "maja@example.no")
    with on(COLLECT):
        [club] = clubs_of(maja.person, clock.now())
        assert "to go" in club.standings[0].nearest
    with on(AFTER):
        [club] = clubs_of(maja.person, clock.now())
        assert club.standings[0].nearest == ""


def test_next_door_says_nothing(read, ending, next_door_member, next_door):
    assert "31 March" not in read(TENTH, "card:card", next_door_member.private)
    assert "31 March" not in read(TENTH, "join:rules", next_door.slug)
