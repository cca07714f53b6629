"""A session begins with a sign-in, belongs to it alone, and ends (ASVS 7)."""

import logging
import re
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user
from django.urls import reverse

from loyalty import clock
from loyalty.logs import Line
from loyalty.models import TriedCode
from loyalty.security import tries
from tests.loyalty.security.conftest import CODE, LOGIN
from tests.people import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EMAIL = "maja@example.no"


@pytest.fixture
def asked(visitor):
    visitor.post(LOGIN, {"email": EMAIL})
    return visitor


@pytest.fixture
def signed_in(asked, code):
    asked.post(CODE, {"code": code()})
    assert get_user(asked).is_authenticated
    return asked


def name_of_session(client):
    return client.cookies[site.SESSION_COOKIE_NAME].value


def test_signing_in_gives_the_session_another_name(asked, code):
    before = name_of_session(asked)
    asked.post(CODE, {"code": code()})

    assert name_of_session(asked) != before
    planted = browser_of()
    planted.cookies[site.SESSION_COOKIE_NAME] = before
    assert not get_user(planted).is_authenticated


def test_a_name_of_the_visitors_own_making_is_not_taken(code):
    planted = browser_of()
    planted.cookies[site.SESSION_COOKIE_NAME] = "x" * 32
    planted.post(LOGIN, {"email": EMAIL})
    planted.post(CODE, {"code": code()})

    assert get_user(planted).is_authenticated
    assert name_of_session(planted) != "x" * 32


def test_names_have_128_random_bits(signed_in):
    """32 letters out of 36."""
    assert re.fullmatch(r"[a-z0-9]{32}", name_of_session(signed_in))


def test_what_was_signed_out_is_dead_on_the_server(signed_in):
    stolen = browser_of()
    stolen.cookies[site.SESSION_COOKIE_NAME] = name_of_session(signed_in)
    assert get_user(stolen).is_authenticated

    signed_in.post(reverse("account_logout"))

    assert not get_user(stolen).is_authenticated


def test_looking_at_the_way_out_signs_nobody_out(signed_in):
    signed_in.get(reverse("account_logout"))

    assert get_user(signed_in).is_authenticated


def test_after_thirty_days_a_new_code_is_asked_for(signed_in):
    assert signed_in.get("/accounts/devices/").status_code == 200
    with clock.at(clock.now() + timedelta(days=31)):
        assert signed_in.get("/accounts/devices/").url.startswith(LOGIN)
    assert not get_user(signed_in).is_authenticated


def test_a_session_lies_about_for_two_weeks_at_most(signed_in):
    assert signed_in.session.get_expiry_age() <= timedelta(days=14).total_seconds()


def test_whoever_is_shut_out_is_out_at_once(signed_in):
    person = get_user(signed_in)
    person.is_active = False
    person.save()

    assert signed_in.get("/accounts/devices/").url.startswith(LOGIN)


@pytest.mark.parametrize("door", ["password/reset/", "password/set/", "password/change/"])
def test_nobody_can_have_a_password(signed_in, door):
    answer = signed_in.post(f"/accounts/{door}", {"email": EMAIL, "password1": "x" * 20})

    assert answer.url == "/accounts/devices/"
    assert not get_user(signed_in).has_usable_password()


def test_a_password_in_the_database_opens_nothing(signed_in):
    person = get_user(signed_in)
    person.set_password("correct horse battery")
    person.save()
    typed = {"login": EMAIL, "email": EMAIL, "password": "correct horse battery"}
    other = browser_of()
    other.post(LOGIN, typed)

    assert not get_user(other).is_authenticated


def test_another_email_asks_whether_it_is_still_them(signed_in, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    page = reverse("account_email")
    assert signed_in.get(page).status_code == 200

    with clock.at(clock.now() + timedelta(minutes=6)):
        answer = signed_in.post(page, {"action_add": "", "email": "mine@evil.example"})
    assert answer.url.startswith("/accounts/again/")


def test_the_code_for_another_email_has_three_tries(signed_in, code):
    page = reverse("account_email_verification_sent")
    signed_in.post(reverse("account_email"), {"action_add": "", "email": "other@example.no"})
    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    before = TriedCode.objects.count()

    for _try in range(3):
        signed_in.post(page, {"code": wrong})

    assert TriedCode.objects.count() == before + 1
    signed_in.post(page, {"code": code()})
    assert get_user(signed_in).email == EMAIL


def test_counts_of_dead_codes_are_forgotten():
    tries.take("a code")
    tries.forget_old(clock.now())
    assert TriedCode.objects.exists()

    tries.forget_old(clock.now() + timedelta(days=2))
    assert not TriedCode.objects.exists()


# --- The log -----------------------------------------------------------------------------------


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, "stamkunde.security")
    return lambda: [Line("%(asctime)s %(message)s").format(record) for record in caplog.records]


def test_sign_ins_are_told_with_who_when_and_from_where(asked, code, lines):
    asked.post(CODE, {"code": "000000"})
    asked.post(CODE, {"code": code()})
    person = get_user(asked).pk
    asked.post(reverse("account_logout"))

    told = [line for line in lines() if f"person={person} from=127.0.0.1" in line]
    for what in ("a wrong code was typed", "signed in", "signed out"):
        assert any(what in line for line in told), what
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", line) for line in told)
    assert EMAIL not in str(told)
    assert code() not in str(told)


def test_refusals_are_told(staff_client, shop, lines):
    staff_client.get(f"/o/{shop.slug}/people/invite/")
    browser_of(enforce_csrf_checks=True).post(LOGIN, {"email": EMAIL})

    assert any("a smaller role was refused" in line for line in lines())
    assert any("a form without its token was refused" in line for line in lines())


def test_what_a_visitor_sends_begins_no_line_of_its_own():
    record = logging.makeLogRecord({"msg": "for %s", "args": ("/x\n2026 signed in\r\x1b[2J",)})

    [line] = Line("%(message)s").format(record).splitlines()
    assert line == r"for /x\n2026 signed in\r\x1b[2J"
