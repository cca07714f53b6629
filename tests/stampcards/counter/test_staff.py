"""Who is on the till: asked before anything else, and again when somebody has left."""

import pytest
from django_scopes import scope

from loyalty import pins
from loyalty.models import Counter
from loyalty.operations import dismiss
from tests.factories import StaffMemberFactory, as_owner
from tests.support.pages import text_of

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
        dismiss(ola, actor=as_owner(ola.shop))
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


# --- With a PIN ----------------------------------------------------------------------------------


@pytest.fixture
def nora(shop):
    """Has the PIN 2580."""
    nora = StaffMemberFactory(shop=shop, name="Nora")
    with scope(shop=shop):
        pins.set_pin(nora, pin="2580", actor=as_owner(nora.shop))
    return nora


def test_who_has_a_pin_is_asked_for_it_after_the_name(till, nobody, counter, nora):
    asked = till.post("/c/staff/", {"staff": nora.pk, "then": "/c/last/"})

    assert asked.status_code == 200
    assert "PIN of Nora" in text_of(asked)
    assert on_the_till(counter) is None
    page = asked.content.decode()
    assert 'type="password" name="pin"' in page
    assert 'inputmode="numeric"' in page

    answer = till.post("/c/staff/", {"staff": nora.pk, "then": "/c/last/", "pin": "2580"})
    assert answer.url == "/c/last/"
    assert on_the_till(counter) == nora


@pytest.mark.parametrize(
    ("pin", "says"),
    [
        ("", "Type your PIN."),
        ("1234", "That PIN does not match. 4 tries left."),
        ("x" * 99, "That PIN does not match."),
    ],
)
def test_a_wrong_pin_is_said_beside_the_field_and_not_shown(till, counter, nora, pin, says):
    asked = till.post("/c/staff/", {"staff": nora.pk, "then": "/c/last/", "pin": pin})

    assert asked.status_code == 422
    assert says in text_of(asked)
    assert asked.context["then"] == "/c/last/"
    assert f'value="{pin or 2580}"' not in asked.content.decode()
    assert on_the_till(counter) != nora


def test_after_five_it_waits_and_the_others_do_not(till, counter, ola, nora):
    for _try in range(5):
        asked = till.post("/c/staff/", {"staff": nora.pk, "pin": "0000"})

    assert "Too many wrong PINs. Try again at" in text_of(asked)
    assert "Too many wrong PINs." in text_of(till.post("/c/staff/", {"staff": nora.pk}))
    till.post("/c/staff/", {"staff": ola.pk})
    assert on_the_till(counter) == ola


def test_a_wrong_pin_is_in_no_log(till, nora, caplog):
    with caplog.at_level(0):
        till.post("/c/staff/", {"staff": nora.pk, "pin": "7412"})

    assert "7412" not in caplog.text


def test_who_left_is_not_let_in_by_a_pin(till, counter, ola, nora):
    with scope(shop=counter.shop):
        dismiss(nora, actor=as_owner(nora.shop))

    assert till.post("/c/staff/", {"staff": nora.pk, "pin": "2580"}).status_code == 422
    assert on_the_till(counter) == ola
