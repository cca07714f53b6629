"""Who is on the till: asked before anything else, and again when somebody has left."""

import pytest
from django_scopes import scope

from loyalty.models import Counter
from loyalty.operations import dismiss
from tests.factories import StaffMemberFactory
from tests.stampcards.counter.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobody(counter):
    counter.staff = None
    with scope(shop=counter.shop):
        counter.save(update_fields=["staff"])


def on_the_till(counter):
    with scope(shop=counter.shop):
        return Counter.objects.select_related("staff").get(pk=counter.pk).staff


def test_it_works(till, nobody, counter, ola):
    page = till.get("/c/")
    response = till.post("/c/staff/", {"staff": ola.pk, "then": page.context["then"]})

    assert "Who is on the till?" in text_of(page)
    assert "Ola" in text_of(page)
    assert response.url == "/c/"
    assert on_the_till(counter) == ola


@pytest.mark.parametrize("path", ["/c/", "/c/last/", "/c/new/"])
def test_nobody_yet_is_asked_on_every_page_that_acts(till, nobody, path):
    assert "Who is on the till?" in text_of(till.get(path))


def test_afterwards_one_is_where_one_wanted_to_be(till, nobody, ola, member):
    sheet = f"/c/card/{member.counter_code}/"
    asked = till.get(sheet)
    response = till.post("/c/staff/", {"staff": ola.pk, "then": asked.context["then"]})

    assert response.url == sheet


def test_a_card_scanned_before_anybody_said_who_they_are_is_not_forgotten(
    till, nobody, ola, member
):
    asked = till.post("/c/", {"code": member.short_code}, follow=True)
    response = till.post("/c/staff/", {"staff": ola.pk, "then": asked.context["then"]})

    assert "Who is on the till?" in text_of(asked)
    assert response.url == f"/c/card/{member.counter_code}/"


@pytest.mark.parametrize(
    "then", ["https://example.com/", "//example.com/c/", "/o/", "javascript:x"]
)
def test_afterwards_one_is_never_elsewhere(till, ola, then):
    assert till.post("/c/staff/", {"staff": ola.pk, "then": then}).url == "/c/"


def test_another_one_takes_over(till, counter, shop):
    sara = StaffMemberFactory(shop=shop, name="Sara")
    till.post("/c/staff/", {"staff": sara.pk})

    assert on_the_till(counter) == sara


def test_somebody_who_left_is_asked_about_at_the_next_request(till, counter, ola):
    assert "Who is on the till?" not in text_of(till.get("/c/"))
    with scope(shop=counter.shop):
        dismiss(ola)
    page = till.get("/c/")

    assert "Who is on the till?" in text_of(page)
    assert "Ola" not in text_of(page)


def test_somebody_who_left_cannot_be_chosen(till, counter, shop):
    gone = StaffMemberFactory(shop=shop, name="Gone", active=False)

    assert till.post("/c/staff/", {"staff": gone.pk}).status_code == 422
    assert on_the_till(counter) != gone


@pytest.mark.parametrize("staff", ["", "x", "999999"])
def test_nobody_at_all_cannot_be_chosen(till, counter, ola, staff):
    assert till.post("/c/staff/", {"staff": staff}).status_code == 422
    assert on_the_till(counter) == ola


def test_a_stranger_cannot_be_chosen(till, counter, next_door, ola):
    stranger = StaffMemberFactory(shop=next_door, name="Nina")

    assert till.post("/c/staff/", {"staff": stranger.pk}).status_code == 422
    assert on_the_till(counter) == ola
