"""The page "Sign-in and devices"."""

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from loyalty.security.sessions import device
from tests.support.pages import html_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = "/accounts/devices/"


def test_it_works(sign_in, manager_person, at):
    browser, _answer = sign_in(manager_person)

    page = text_of(browser.get(PAGE))

    assert "mona@kaffe.example" in page
    assert "This browser" in page
    assert "Sign out everywhere else" not in page
    assert PAGE in html_of(browser.get(at("week")))  # in the footer of every owner's page


@pytest.mark.parametrize("name", ["mfa_index", "usersessions_list", "mfa_list_webauthn"])
def test_the_pages_of_allauth_lead_here(ingrid, name):
    assert ingrid.get(reverse(name)).url == PAGE


def test_it_names_passkeys_app_and_recovery_codes(ingrid, ingrid_person, app, passkey):
    passkey(ingrid_person)
    app.recovery_codes()

    page = text_of(ingrid.get(PAGE))

    assert "Safari on iPhone Passkey, added" in page
    assert "Codes from an app" in page
    assert "10 are left" in page


def test_another_browser_is_signed_out(sign_in, manager_person, sessions):
    lost, _answer = sign_in(manager_person)
    [its] = sessions(manager_person)
    here, _answer = sign_in(manager_person)

    answer = here.post(reverse("account_end_session", args=[its.pk]), follow=True)

    assert "Signed out:" in html_of(answer)
    assert not get_user(lost).is_authenticated
    assert get_user(here).is_authenticated


def test_every_other_browser_is_signed_out(sign_in, manager_person):
    lost = [sign_in(manager_person)[0] for _n in range(2)]
    here, _answer = sign_in(manager_person)

    answer = here.post(reverse("account_end_other_sessions"), follow=True)

    assert "You are signed in here only." in html_of(answer)
    assert not any(get_user(browser).is_authenticated for browser in lost)
    assert get_user(here).is_authenticated


def test_a_link_signs_nobody_out(sign_in, manager_person, sessions):
    lost, _answer = sign_in(manager_person)
    [its] = sessions(manager_person)
    here, _answer = sign_in(manager_person)

    here.get(reverse("account_end_session", args=[its.pk]))
    here.get(reverse("account_end_other_sessions"))

    assert get_user(lost).is_authenticated


def test_somebody_elses_browser_is_not_found(stranger, sign_in, manager_person, sessions):
    browser, _answer = sign_in(manager_person)
    [its] = sessions(manager_person)

    assert stranger.post(reverse("account_end_session", args=[its.pk])).status_code == 404
    assert get_user(browser).is_authenticated
    assert "mona@kaffe.example" not in html_of(stranger.get(PAGE))


def test_a_visitor_signs_in_first(visitor):
    assert visitor.get(PAGE).url.startswith("/accounts/login/")


CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome on Windows"),
        (f"{CHROME} Edg/140.0", "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Android 15)", "Android"),
        ("curl/8", "A browser"),
        ("", "A browser"),
        ("<script>", "A browser"),
    ],
)
def test_a_browser_in_words(agent, words):
    assert device(agent) == words
