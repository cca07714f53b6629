from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import access, clock
from loyalty.models import Counter
from tests.factories import LocationFactory, stamp
from tests.people import browser_of
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(shop):
    return LocationFactory(shop=shop, name="Storgata")


@pytest.fixture
def pairing(ingrid, at, place):
    """The page with the code of a counter that waits for its device."""
    form = {"name": "Counter Storgata", "location": place.pk}
    return ingrid.post(at("add_counter"), form, follow=True)


def counters(shop):
    with scope(shop=shop):
        return list(Counter.objects.usable().order_by("pk"))


def ask_again(client, page):
    """What the page does by itself every few seconds."""
    return client.get(page.redirect_chain[-1][0], headers={"hx-request": "true"})


def test_it_works(ingrid, pairing, shop):
    assert "Good for 10 minutes" in html_of(pairing)
    assert ask_again(ingrid, pairing).status_code == 204

    phone = browser_of()
    phone.post(pairing.context["link"])

    assert phone.cookies[access.COUNTER_COOKIE].value
    assert "Counter Storgata is paired" in html_of(ask_again(ingrid, pairing))
    assert [counter.name for counter in counters(shop)] == ["Counter Storgata"]


def test_the_page_without_script_says_the_same(ingrid, pairing):
    browser_of().post(pairing.context["link"])

    assert "Counter Storgata is paired" in html_of(ingrid.get(pairing.redirect_chain[-1][0]))


def test_the_code_shows_itself_to_whoever_asked_for_it_only(manager, pairing):
    seen = html_of(manager.get(pairing.redirect_chain[-1][0]))

    assert pairing.context["link"] not in seen
    assert "This pairing code has run out" in seen


def test_a_code_runs_out(ingrid, pairing, at):
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert "This pairing code has run out" in html_of(ask_again(ingrid, pairing))
        assert browser_of().post(pairing.context["link"]).status_code != 302

    assert "Counter Storgata" not in html_of(ingrid.get(at("people")))


@pytest.mark.parametrize("name", ["", "x" * 300])
def test_a_name_out_of_shape_pairs_nothing(ingrid, at, shop, place, name):
    answer = ingrid.post(at("add_counter"), {"name": name, "location": place.pk})

    assert answer.status_code == 422
    assert not counters(shop)


def test_the_location_of_the_shop_next_door_is_none_of_ours(ingrid, at, shop, place, next_door):
    theirs = LocationFactory(shop=next_door)

    answer = ingrid.post(at("add_counter"), {"name": "Till", "location": theirs.pk})

    assert answer.status_code == 422
    assert not counters(shop)


def test_a_counter_says_when_it_was_used_last(ingrid, at, counter, member):
    stamp(member, counter=counter)

    page = html_of(ingrid.get(at("people")))

    assert "Not used yet." not in page
    assert "Last used" in page


def test_a_counter_switched_off_can_be_brought_back_by_undo(ingrid, at, till, counter):
    page = html_of(ingrid.post(at("revoke", counter.pk), follow=True))

    assert "By the door was switched off." in page
    assert f'action="{at("bring_back", counter.pk)}"' in page
    assert "By the door" not in html_of(till.get(reverse("counter:home")))

    ingrid.post(at("bring_back", counter.pk))

    assert till.get(reverse("counter:home")).status_code == 200


def test_after_two_weeks_it_stays_off(ingrid, at, counter):
    ingrid.post(at("revoke", counter.pk))

    with clock.at(clock.now() + timedelta(days=15)):
        assert ingrid.post(at("bring_back", counter.pk)).status_code == 404


def test_a_counter_next_door_is_not_found(ingrid, at, next_door_counter):
    assert ingrid.post(at("revoke", next_door_counter.pk)).status_code == 404
    assert ingrid.get(at("pairing", next_door_counter.pk)).status_code == 404


# --- This very browser ----------------------------------------------------------------------


def test_an_owner_opens_the_counter_in_her_own_browser(ingrid, at, shop, place):
    answer = ingrid.post(at("open_counter"))

    assert answer.url == reverse("counter:home")
    [counter] = counters(shop)
    assert counter.name == "Opened by Ingrid"
    with scope(shop=shop):
        assert counter.staff.name == "Ingrid"
    assert ingrid.get(answer.url).status_code == 200


def test_opening_it_again_makes_no_second_counter(ingrid, at, shop, place):
    ingrid.post(at("open_counter"))
    ingrid.post(at("open_counter"))

    assert len(counters(shop)) == 1


def test_on_a_paired_device_she_is_on_the_till(ingrid, at, shop, counter):
    ingrid.cookies[access.COUNTER_COOKIE] = counter.device

    ingrid.post(at("open_counter"))

    [same] = counters(shop)
    with scope(shop=shop):
        assert same.staff.name == "Ingrid"


def test_a_device_of_the_shop_next_door_becomes_ours(ingrid, at, shop, place, next_door_counter):
    ingrid.cookies[access.COUNTER_COOKIE] = next_door_counter.device

    ingrid.post(at("open_counter"))

    assert len(counters(shop)) == 1
    assert ingrid.cookies[access.COUNTER_COOKIE].value != next_door_counter.device


def test_a_revoked_device_is_paired_anew(ingrid, at, shop, counter):
    ingrid.cookies[access.COUNTER_COOKIE] = counter.device
    ingrid.post(at("revoke", counter.pk))

    ingrid.post(at("open_counter"))

    [new] = counters(shop)
    assert new.pk != counter.pk


def test_staff_with_a_sign_in_make_no_counter_of_their_own_phone(staff_client, at, shop, place):
    assert staff_client.post(at("open_counter")).status_code == 403
    assert not counters(shop)


def test_a_manager_may_open_it_too(manager, at, shop, place):
    assert manager.post(at("open_counter")).url == reverse("counter:home")
