"""What gives power to others asks for a sign-in of the last five minutes."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from loyalty import access, clock
from loyalty.models import Role
from tests.loyalty.security.conftest import CODE
from tests.support.pages import html_of

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("required")]
AGAIN = "/accounts/again/"


@pytest.fixture
def mona(sign_in, manager_person):
    """A manager, who has just signed in by mailed code and has no second factor."""
    return sign_in(manager_person)[0]


@pytest.fixture
def later():
    """Six minutes later."""
    with clock.at(clock.now() + timedelta(minutes=6)):
        yield


def test_it_works(mona, at):
    assert mona.get(at("invite")).status_code == 200


def test_after_five_minutes_they_are_asked(mona, at, later):
    answer = mona.get(at("invite"))

    assert answer.url.startswith(AGAIN)
    page = html_of(mona.get(answer.url))
    assert "Is it still you?" in page
    assert "mona@kaffe.example" in page


def test_a_new_code_leads_back(mona, at, later, code):
    asked = mona.get(at("invite")).url
    assert mona.post(asked).url == CODE
    assert not get_user(mona).is_authenticated

    answer = mona.post(CODE, {"code": code()})

    assert answer.url == at("invite")


def test_a_form_that_came_too_late_is_sent_once_more_by_hand(mona, at, later, shop):
    answer = mona.post(at("invite"), {"email": "a@example.no", "name": "A", "level": 1})

    assert answer.url.startswith(AGAIN)
    assert "then do it once more" in html_of(mona.get(answer.url))


OF_OLA = ["change_role", "give_sign_in", "dismiss", "take_on_again", "set_pin", "remove_pin"]


@pytest.mark.parametrize("name", OF_OLA)
def test_so_is_whoever_changes_the_staff(mona, at, later, ola, name):
    assert mona.post(at(name, ola.pk)).url.startswith(AGAIN)


@pytest.mark.parametrize("name", ["add_staff", "add_counter", "open_counter"])
def test_and_whoever_adds_to_it(mona, at, later, counter, name):
    assert mona.post(at(name), {"name": "Nora"}).url.startswith(AGAIN)


def test_and_whoever_brings_a_counter_back_or_erases_somebody(mona, at, later, counter, member):
    assert mona.post(at("bring_back", counter.pk)).url.startswith(AGAIN)
    assert mona.post(at("delete_member", member.pk)).url.startswith(AGAIN)


def test_a_lost_counter_is_switched_off_at_once(mona, at, later, counter):
    assert mona.post(at("revoke", counter.pk)).url == at("people")


def test_on_a_paired_counter_nobody_is_asked(mona, at, later, counter):
    mona.cookies[access.COUNTER_COOKIE] = counter.device

    assert mona.post(at("open_counter")).url == reverse("counter:home")


def test_an_owner_confirms_with_the_second_factor(sign_in, ingrid_person, app, at, manager_person):
    browser, answer = sign_in(ingrid_person)
    browser.post(answer.url, {"code": app.code(0)})
    person = Role.objects.get(person=manager_person).staff
    with clock.at(clock.now() + timedelta(minutes=6)):
        asked = browser.post(at("hand_over", person.pk), {"sure": "on"}).url

        assert asked.startswith(reverse("mfa_reauthenticate"))
        answer = browser.post(asked, {"code": app.code()})
        assert answer.url == at("hand_over", person.pk)


def test_nobody_is_led_to_another_site(mona, code):
    mona.post(f"{AGAIN}?next=https://evil.example/")

    assert mona.post(CODE, {"code": code()}).url == reverse("owner:shops")


def test_looking_is_free(mona, at, later):
    assert mona.get(at("people")).status_code == 200
