"""Setting up an app, signing in with it, recovery codes, and losing everything."""

import re
from http import HTTPStatus

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.core.management import CommandError, call_command
from django.urls import reverse

from loyalty.security import factors
from tests.factories import PersonFactory
from tests.loyalty.security.conftest import LOGIN, code_of
from tests.support.pages import html_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SECRET = re.compile(r'<p class="code-to-type">([A-Z2-7 ]+)</p>')
RECOVERY = re.compile(r"<li>(\d{4} \d{4})</li>")


def set_up(browser):
    """An app is set up on its page; the answer shows the recovery codes."""
    page = html_of(browser.get(reverse("mfa_activate_totp")))
    secret = SECRET.search(page)[1].replace(" ", "")
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
    return secret, answer


@pytest.mark.usefixtures("required")
def test_it_works(sign_in, ingrid_person, at):
    """From the set-up page to the page that was asked for."""
    browser, _answer = sign_in(ingrid_person)
    assert browser.get(at("people"), follow=True).redirect_chain

    _secret, answer = set_up(browser)

    assert len(RECOVERY.findall(html_of(answer))) == 10
    assert f'href="{at("people")}"' in html_of(answer)
    assert browser.get(at("people")).status_code == HTTPStatus.OK


def test_whoever_reads_the_mail_learns_of_it(
    ingrid, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        set_up(ingrid)

    body = " ".join(mailoutbox[-1].body.split())
    assert "You sign in with codes from an app from now on." in body


def test_recovery_codes_are_shown_once(sign_in, ingrid_person):
    browser, _answer = sign_in(ingrid_person)
    set_up(browser)

    again = html_of(browser.get(reverse("mfa_view_recovery_codes")))

    assert not RECOVERY.findall(again)
    assert "10 codes are left." in again
    assert browser.get(reverse("mfa_download_recovery_codes")).status_code == HTTPStatus.FORBIDDEN


def test_a_wrong_code_sets_nothing_up(ingrid, ingrid_person):
    ingrid.get(reverse("mfa_activate_totp"))
    answer = ingrid.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "That did not match. Try again." in html_of(answer)
    assert not factors.factors_of(ingrid_person).exists()


def test_an_old_sign_in_sets_nothing_up(required, ingrid):
    """Somebody else's open browser would become theirs for good."""
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        answer = ingrid.get(reverse(name))
        assert answer.url == f"{reverse('account_again')}?next=%2Faccounts%2F2fa%2F" + (
            "totp%2Factivate%2F" if name == "mfa_activate_totp" else "webauthn%2Fadd%2F"
        )


def test_the_mailed_code_alone_signs_nobody_in(sign_in, ingrid_person, app):
    browser, answer = sign_in(ingrid_person)

    assert answer.url == reverse("mfa_authenticate")
    assert not get_user(browser).is_authenticated
    page = text_of(browser.get(answer.url))
    assert "One more step" in page
    assert "Use a passkey" not in page


def test_with_the_apps_code_they_go_where_they_wanted(sign_in, ingrid_person, app):
    browser, answer = sign_in(ingrid_person, then="/privacy/")

    assert browser.post(answer.url, {"code": app.code()}).url == "/privacy/"
    assert get_user(browser) == ingrid_person


def test_a_wrong_code_stays_on_the_page(sign_in, ingrid_person, app):
    browser, answer = sign_in(ingrid_person)

    answer = browser.post(answer.url, {"code": "000000"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "That did not match. Try again." in html_of(answer)
    assert not get_user(browser).is_authenticated


def test_guessing_is_limited(sign_in, ingrid_person, app):
    browser, answer = sign_in(ingrid_person)
    for n in range(6):
        answer = browser.post(reverse("mfa_authenticate"), {"code": f"{n:06}"})

    assert "Too many tries." in html_of(answer)
    browser.post(reverse("mfa_authenticate"), {"code": app.code()})
    assert not get_user(browser).is_authenticated


def test_a_code_works_once(sign_in, ingrid_person, app):
    code = app.code()
    first, answer = sign_in(ingrid_person)
    first.post(answer.url, {"code": code})
    second, answer = sign_in(ingrid_person)
    second.post(answer.url, {"code": code})

    assert get_user(first).is_authenticated
    assert not get_user(second).is_authenticated


def test_a_lost_phone_is_replaced_by_a_recovery_code_once(sign_in, ingrid_person, app):
    code = app.recovery_codes()[0]
    browser, answer = sign_in(ingrid_person)
    browser.post(answer.url, {"code": f"{code[:4]} {code[4:]}"})
    assert get_user(browser).is_authenticated

    another, answer = sign_in(ingrid_person)
    another.post(answer.url, {"code": code})
    assert not get_user(another).is_authenticated


def test_who_has_a_passkey_is_offered_it(sign_in, manager_person, passkey):
    passkey(manager_person)
    # What a browser made is needed to ask for it, so its page is seen in tests/browser.
    _browser, answer = sign_in(manager_person)

    assert answer.url == reverse("mfa_authenticate")


def test_the_sign_in_page_offers_a_passkey(visitor):
    page = html_of(visitor.get(f"{LOGIN}?next=/privacy/"))

    assert f'action="{reverse("mfa_login_webauthn")}"' in page
    assert 'name="next" value="/privacy/"' in page
    options = visitor.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    assert options.json()["request_options"]["publicKey"]["challenge"]


def test_a_passkey_nobody_made_signs_nobody_in(visitor):
    visitor.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    for typed in ("", "{}", "nope", '{"id": "x", "response": {"userHandle": "MQ"}}'):
        visitor.post(reverse("mfa_login_webauthn"), {"credential": typed})

    assert not get_user(visitor).is_authenticated


@pytest.mark.parametrize("typed", ["", "{}", "[]", "nope", '{"id": "x", "response": {}}'])
def test_what_is_no_passkey_is_not_kept(ingrid, ingrid_person, typed):
    ingrid.get(reverse("mfa_add_webauthn"))
    answer = ingrid.post(reverse("mfa_add_webauthn"), {"credential": typed})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not factors.factors_of(ingrid_person).exists()


# --- Everything is lost -----------------------------------------------------------------------


def test_whoever_runs_the_site_takes_it_away(sign_in, ingrid_person, app, sessions, mailoutbox):
    browser, answer = sign_in(ingrid_person)
    browser.post(answer.url, {"code": app.code()})
    assert sessions(ingrid_person)

    call_command("reset_second_factor", "Ingrid@kaffe.example")

    assert not Authenticator.objects.exists()
    assert not get_user(browser).is_authenticated
    assert mailoutbox[-1].to == [ingrid_person.email]
    body = " ".join(mailoutbox[-1].body.split())
    assert "Whoever runs the site took your second factor away" in body


def test_there_is_nothing_to_take_away(ingrid_person, mailoutbox):
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", ingrid_person.email)
    with pytest.raises(CommandError, match="Nobody signs in as"):
        call_command("reset_second_factor", "nobody@example.no")
    assert not mailoutbox


def test_no_address_is_nobodys(ingrid_person, app):
    PersonFactory(email=None)

    with pytest.raises(CommandError, match="Nobody signs in as"):
        call_command("reset_second_factor", " ")


def test_nobody_elses_is_touched(app, ingrid_person, passkey):
    passkey(other := PersonFactory(email="other@example.no"))
    call_command("reset_second_factor", ingrid_person.email)

    assert factors.factors_of(other).count() == 1
