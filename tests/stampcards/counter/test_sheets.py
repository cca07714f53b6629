"""What staff see of a card."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock
from tests.factories import MembershipFactory, ProgrammeFactory, stamp
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


def test_it_works(sheet, member):
    page = text_of(sheet(member))

    assert "Maja" in page
    assert "Coffee card · 1 of 9" in page
    assert "Give stamps" in page


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "last visit today"), (1, "last visit yesterday"), (2, "last visit 2 days ago")],
)
def test_the_last_visit_is_told_in_days(sheet, member, counter, days, told):
    tomorrow = clock.today(counter.shop.zone) + timedelta(days=1)
    noon = datetime.combine(tomorrow, time(12), counter.shop.zone)
    with clock.at(noon):
        stamp(member, counter=counter)
    with clock.at(noon + timedelta(days=days)):
        assert told in text_of(sheet(member))


def test_somebody_new_is_marked(sheet, member, counter):
    assert "New member" in text_of(sheet(member))
    stamp(member, counter=counter)

    assert "New member" not in text_of(sheet(member))


def test_the_extra_stamp_is_offered_where_the_rules_have_one(sheet, member, shop):
    ProgrammeFactory(shop=shop, name="Plain card", rules__extra_for="")

    assert text_of(sheet(member)).count("Own cup +1") == 1


def test_a_card_for_one_stamp_at_a_time_has_no_pills(sheet, next_door_member, shop, till):
    ProgrammeFactory(shop=shop, name="One by one", rules__most_per_purchase=1)
    member = MembershipFactory(shop=shop, name="Kim")
    page = text_of(sheet(member))

    assert "Give 1 stamp" in page
    assert "How many stamps?" not in page


def test_names_are_shown_as_text(sheet, card):
    bold = MembershipFactory(shop=card.shop, name="<b>🎂 & Co</b>")

    assert "&lt;b&gt;🎂 &amp; Co&lt;/b&gt;" in sheet(bold).content.decode()


def test_opening_it_changes_nothing(sheet, member, till):
    with CaptureQueriesContext(connection) as said:
        sheet(member)

    assert {query["sql"].split()[0] for query in said} == {"SELECT"}


def test_it_costs_the_same_with_a_long_history(sheet, member, counter):
    def cost():
        with CaptureQueriesContext(connection) as said:
            sheet(member)
        return len(said)

    stamp(member, counter=counter)
    short = cost()
    for _visit in range(5):
        stamp(member, counter=counter)

    assert cost() == short


def test_it_is_kept_by_no_browser_and_may_use_the_camera(sheet, member):
    response = sheet(member)

    assert "no-store" in response["Cache-Control"]
    assert "camera=(self)" in response["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" in response["Content-Security-Policy"]


def test_a_stranger_sees_nothing(member, visitor, stranger, next_door_till):
    address = reverse("counter:card", args=[member.counter_code])
    for client in (visitor, stranger, next_door_till):
        response = client.get(address)
        assert "Maja" not in response.content.decode()
