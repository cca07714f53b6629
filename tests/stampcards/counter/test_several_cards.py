"""Two and more programmes on one sheet: each a part of its own, and one of them is loud."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock
from members import programmes
from tests.factories import MembershipFactory, ProgrammeFactory, as_owner, stamp
from tests.support.pages import page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lunch(card):
    return ProgrammeFactory(shop=card.shop, name="Lunch card", rules__need=7)


@pytest.fixture
def maja(card, lunch):
    """With a coffee card and a lunch card."""
    return MembershipFactory(shop=card.shop, name="Maja")


def parts(response):
    return [panel.needs["facts"] for panel in response.context["member"].panels]


def loud(response):
    """The cards whose button is the big one."""
    panels = response.context["member"].panels
    return [panel.needs["facts"] for panel in panels if not panel.needs["form"].quiet]


def test_it_works(sheet, maja):
    page = sheet(maja)

    assert parts(page) == ["Coffee card · 1 of 9", "Lunch card · 1 of 7"]
    assert loud(page) == ["Coffee card · 1 of 9"]
    assert page_of(page).count("btn-xl") == 1


def test_each_can_be_stamped(give, till, maja, lunch):
    response = give(membership=maja, programme=lunch, count=2)

    assert "Maja: 2 stamps. Now 3 of 7." in text_of(till.get(response.url))


def test_what_was_stamped_last_comes_first(sheet, maja, lunch, card, counter):
    now = clock.now()
    for programme, days in ((lunch, 2), (card, 9)):
        with clock.at(now - timedelta(days=days)):
            stamp(maja, counter=counter, programme=programme)

    assert parts(sheet(maja))[0] == "Lunch card · 2 of 7"
    assert loud(sheet(maja)) == ["Lunch card · 2 of 7"]


def test_what_is_closed_comes_last(sheet, maja, card, counter):
    stamp(maja, counter=counter, programme=card)
    with scope(shop=card.shop):
        programmes.pause(card, actor=as_owner(card.shop))
    page = sheet(maja)

    assert parts(page) == ["Lunch card · 1 of 7", "Coffee card · 2 of 9"]
    assert loud(page) == ["Lunch card · 1 of 7"]


def test_what_was_just_refused_comes_first_and_asks(give, maja, card, lunch, counter):
    for programme in (lunch, card):
        stamp(maja, counter=counter, programme=programme)
    refused = give(membership=maja, programme=lunch)

    assert refused.status_code == 422
    assert loud(refused) == ["Lunch card · 2 of 7"]
    assert "Stamped less than a minute ago. Give another?" in text_of(refused)


def test_beside_a_reward_nothing_else_is_loud(sheet, lunch, card, counter):
    lucky = MembershipFactory(shop=card.shop, name="Kim")
    for _time in range(2):
        stamp(lucky, 4, counter=counter, programme=card)
    page = sheet(lucky)

    assert loud(page) == []
    assert "Hand out: Any hot drink" in text_of(page)
    assert "Only give" not in text_of(page)  # of which card?
    assert page_of(page).count("btn-xl") == 1


def test_who_it_is_and_the_last_visit_stand_above_all_parts(sheet, maja, card, counter):
    with clock.at(clock.now() - timedelta(days=1)):
        stamp(maja, counter=counter, programme=card)
    page = text_of(sheet(maja))

    assert page.count("ast visit") == 1
    assert page.count("Not this one") == 1


def test_a_stranger_counter_sees_none_of_them(next_door_till, maja):
    page = next_door_till.get(reverse("counter:card", args=[maja.counter_code]))

    assert "Lunch card" not in page_of(page)
