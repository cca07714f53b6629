"""An owner of a running shop without a second factor reaches only its set-up page (S5)."""

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from loyalty.models import Role, Shop
from tests.people import employed
from tests.support.pages import html_of
from tests.walker.walk import CONVERTER, ROUTES, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PROTECT = "/accounts/protect/"
OWNERS_PAGES = [(name, route) for name, route in ROUTES if name.startswith("owner:")]


def test_it_works(required, ingrid, at):
    answer = ingrid.get(at("people"))

    assert answer.url == f"{PROTECT}?{urlencode({'next': at('people')})}"
    assert "Protect your shop" in html_of(ingrid.get(answer.url))


SAMPLE = {"sheet": "018f0000-0000-7000-8000-000000000000", "kind": "a4"}


def paths(shop):
    """Every address below /o/; things are asked for by a number that may be nobody's."""
    for _name, route in OWNERS_PAGES:
        asked = dict.fromkeys(CONVERTER.findall(route), "1")
        yield path_of(route, {**asked, **SAMPLE, "shop": shop.slug})


def test_every_address_of_owners_leads_there(required, ingrid, shop):
    """Asked for and posted to; the list is the URLconf's own."""
    every = list(paths(shop))
    assert len(every) > 80

    reached = [
        f"{method} {path}"
        for path in every
        for method in ("GET", "POST")
        if not leads_there(getattr(ingrid, method.lower())(path))
    ]

    assert reached == []


def leads_there(answer):
    return answer.status_code == 302 and answer.url.startswith(PROTECT)


def test_another_shop_of_theirs_is_closed_as_well(required, ingrid, ingrid_person, next_door):
    Role.objects.create(shop=next_door, person=ingrid_person, level=Role.Level.STAFF)

    assert leads_there(ingrid.get(reverse("owner:week", args=[next_door.slug])))


def test_before_the_shop_has_started_nobody_is_asked(required, ingrid, at, shop):
    Shop.objects.update(live_since=None)

    assert ingrid.get(at("people")).status_code == 200


def test_managers_and_staff_are_not_asked(required, manager, staff_client, at):
    assert manager.get(at("people")).status_code == 200
    assert staff_client.get(at("week")).status_code == 200


def test_who_owned_a_shop_once_is_not_asked(required, ingrid, ingrid_person, shop, next_door):
    employed(shop, Role.Level.OWNER, "Berit", "berit@kaffe.example")
    Role.objects.filter(person=ingrid_person).update(active=False)
    Role.objects.create(shop=next_door, person=ingrid_person, level=Role.Level.MANAGER)

    assert ingrid.get(reverse("owner:people", args=[next_door.slug])).status_code == 200


def test_a_till_and_a_visitor_meet_what_they_met_before(required, till, visitor, at):
    assert till.get(at("week")).status_code == 403
    assert visitor.get(at("week")).url.startswith("/accounts/login/")


def test_the_counter_goes_on(required, till):
    assert till.get(reverse("counter:home")).status_code == 200


def test_the_demo_asks_nobody(ingrid, at):
    assert ingrid.get(at("people")).status_code == 200


def test_with_a_factor_signed_in_by_it_every_door_is_open(
    required, app, ingrid_person, sign_in, at
):
    browser, answer = sign_in(ingrid_person)
    assert answer.url == reverse("mfa_authenticate")

    browser.post(answer.url, {"code": app.code()})

    assert browser.get(at("people")).status_code == 200


def test_a_browser_signed_in_before_there_was_a_factor_is_asked_for_it(required, ingrid, app, at):
    answer = ingrid.get(at("people"))
    assert answer.url.startswith(reverse("mfa_reauthenticate"))

    answer = ingrid.post(answer.url, {"code": app.code()})

    assert answer.url == at("people")
    assert ingrid.get(at("people")).status_code == 200


def test_the_last_factor_gone_the_doors_are_closed_again(required, app, ingrid_person, sign_in, at):
    browser, answer = sign_in(ingrid_person)
    browser.post(answer.url, {"code": app.code()})
    browser.post(reverse("mfa_deactivate_totp"))

    assert leads_there(browser.get(at("people")))


def test_who_has_one_needs_no_set_up(ingrid, app):
    assert ingrid.get(PROTECT).status_code == 302


def test_a_visitor_sets_nothing_up(visitor):
    assert visitor.get(PROTECT).url.startswith("/accounts/login/")


def test_nobody_is_led_to_another_site(ingrid, app):
    assert ingrid.get(f"{PROTECT}?next=https://evil.example/").url == "/accounts/devices/"
