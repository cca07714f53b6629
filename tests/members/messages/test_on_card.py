"""Messages stand first on the card, go when they are read, and are all on a page of their own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock
from members.messages.models import Message
from members.messages.operations import Purpose, take_off
from tests.factories import MembershipFactory
from tests.members.messages.conftest import NOON, tell
from tests.support.pages import text

pytestmark = pytest.mark.django_db

TOLD = "Your reward is ready: Cinnamon bun."


def read(client, card, page="card:card"):
    answer = client.get(reverse(page, args=[card.private]))
    assert answer.status_code == 200
    return text(answer)


def got_it(message):
    return reverse("messages:got_it", args=[message.membership.private, message.pk])


def test_it_works(visitor, maja):
    message = tell(maja)

    page = read(visitor, maja)
    assert TOLD in page
    assert page.index(TOLD) < page.index("Coffee card")
    assert "1 new" in page

    answer = visitor.post(got_it(message))
    assert answer.url == reverse("card:card", args=[maja.private])
    assert TOLD not in read(visitor, maja)


def test_three_stand_there_and_a_link_leads_to_the_rest(visitor, maja):
    for n in range(5):
        with clock.at(NOON + timedelta(minutes=n)):
            tell(maja, f"bun-{n}", title=f"Bun {n}")

    page = read(visitor, maja)

    assert [n for n in range(5) if f"Bun {n}" in page] == [2, 3, 4]
    assert page.index("Bun 4") < page.index("Bun 2")
    assert "and 2 more" in page
    assert "5 new" in page
    assert all(f"Bun {n}" in read(visitor, maja, "messages:all") for n in range(5))


@pytest.mark.parametrize("how", [{"until": NOON}, {"until": NOON - timedelta(days=1)}])
def test_what_is_over_stands_on_the_page_of_all_alone(visitor, maja, how):
    tell(maja, **how)

    assert TOLD not in read(visitor, maja)
    page = read(visitor, maja, "messages:all")
    assert TOLD in page
    assert "Got it" not in page


def test_what_was_taken_off_is_nowhere(visitor, maja):
    tell(maja)
    take_off(maja, "reward")

    assert TOLD not in read(visitor, maja)
    assert TOLD not in read(visitor, maja, "messages:all")


def test_what_is_about_the_card_stands_apart_from_news(visitor, maja):
    tell(maja, "a", title="Service bun")
    tell(maja, "b", title="News bun", purpose=Purpose.NEWS)

    page = read(visitor, maja, "messages:all")

    order = [
        page.index(words) for words in ("About your card", "Service bun", ">News<", "News bun")
    ]
    assert order == sorted(order)


def test_after_a_year_it_is_on_no_page(visitor, maja):
    tell(maja)
    with clock.at(NOON + timedelta(days=366)):
        page = read(visitor, maja, "messages:all")

    assert TOLD not in page
    assert "Nothing here yet" in page


def test_read_on_the_page_of_all_leads_back_there(visitor, maja):
    message = tell(maja)
    answer = visitor.post(got_it(message), {"from": "all"})

    assert answer.url == reverse("messages:all", args=[maja.private])


def test_the_words_are_of_the_language_it_is_read_in(visitor, maja):
    tell(maja, title="Bolle")
    danish = type(visitor)(headers={"accept-language": "da"})

    assert TOLD.replace("Cinnamon bun", "Bolle") in read(visitor, maja)
    assert "Bolle" in read(danish, maja)


def test_signs_in_a_name_are_words_and_no_html(visitor, maja):
    tell(maja, title="<b>Bun</b> & tea")

    assert "&lt;b&gt;Bun&lt;/b&gt; &amp; tea." in read(visitor, maja)


# --- Whose it is ---


@pytest.mark.parametrize("whose", ["stranger", "visitor"])
def test_nobody_else_takes_it_off(request, maja, whose, in_shop, card):
    message = tell(maja)
    other = MembershipFactory(shop=in_shop)
    page = reverse("messages:got_it", args=[other.private, message.pk])

    assert request.getfixturevalue(whose).post(page).status_code == 404
    assert Message.objects.on_card(NOON).count() == 1


def test_a_card_next_door_is_another_card(visitor, maja, next_door_member):
    message = tell(maja)
    page = reverse("messages:got_it", args=[next_door_member.private, message.pk])

    assert visitor.post(page).status_code == 404
    assert TOLD not in read(visitor, next_door_member)


def test_an_unknown_link_shows_nothing(visitor, maja):
    tell(maja)

    assert visitor.get(reverse("messages:all", args=["x" * 32])).status_code == 404


def test_from_another_site_nothing_is_taken_off(visitor, maja):
    message = tell(maja)
    answer = visitor.post(got_it(message), headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert Message.objects.on_card(NOON).count() == 1


def test_looking_takes_nothing_off(visitor, maja):
    assert visitor.get(got_it(tell(maja))).status_code == 405


# --- Costs ---


@pytest.mark.parametrize("page", ["card:card", "messages:all"])
def test_ten_messages_cost_what_one_costs(visitor, maja, page):
    tell(maja)
    read(visitor, maja, page)
    one = cost(visitor, maja, page)
    for n in range(9):
        tell(maja, f"bun-{n}")

    assert cost(visitor, maja, page) == one


def cost(client, card, page):
    with CaptureQueriesContext(connection) as queries:
        read(client, card, page)
    return len(queries)
