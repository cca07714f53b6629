"""Signing in by mailed code: what goes right, and every way it can go wrong."""

import re
from http import HTTPStatus

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty.models import Person
from tests.factories import PersonFactory
from tests.people import browser_of
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db

LOGIN, CODE = "/accounts/login/", "/accounts/login/code/confirm/"
MISMATCH = "That code does not match. Check the newest e-mail. "


@pytest.fixture
def code_of(mailoutbox):
    """The code of the newest mail."""
    return lambda: re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0]


@pytest.fixture
def asked(visitor):
    """A visitor who has asked for a code."""
    visitor.post(LOGIN, {"email": "maja@example.no"})
    return visitor


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_it_works(visitor, code_of):
    answer = visitor.post(f"{LOGIN}?next=/privacy/", {"email": " Maja@Example.no "})
    assert answer.headers["Location"] == CODE
    assert "maja@example.no" in html_of(visitor.get(CODE))

    answer = visitor.post(CODE, {"code": code_of()})

    assert answer.headers["Location"] == "/privacy/"
    assert get_user(visitor).email == "maja@example.no"
    assert EmailAddress.objects.get().verified


def test_the_mail_says_what_the_code_is_for(asked, mailoutbox, code_of):
    [mail] = mailoutbox

    assert mail.to == ["maja@example.no"]
    assert mail.subject == f"Your code for Stamkunde: {code_of()}"
    assert "It works for 10 minutes." in mail.body
    assert "&" not in mail.body


def test_one_field_that_takes_a_pasted_code(asked, code_of):
    page = html_of(asked.get(CODE))
    assert page.count('autocomplete="one-time-code"') == 1

    code = code_of()
    answer = asked.post(CODE, {"code": f" {code[:3]} {code[3:]} "})

    assert answer.status_code == HTTPStatus.FOUND


def test_nobody_learns_who_has_an_account(mailoutbox):
    known = PersonFactory(email="known@example.no")
    proved = PersonFactory(email="proved@example.no")
    EmailAddress.objects.create(user=proved, email=proved.email, verified=True, primary=True)
    left = PersonFactory(email="left@example.no", is_active=False)

    seen = {tried(email) for email in (known.email, proved.email, left.email, "new@example.no")}

    assert len(seen) == 1
    assert len(mailoutbox) == 4


def tried(email):
    """All there is to see of one try, but for the address and the tokens in it."""
    browser = browser_of()
    browser.get(LOGIN)  # a page is looked at before it is filled in
    with CaptureQueriesContext(
        connection,
    ) as asking:
        answer = browser.post(LOGIN, {"email": email})
    page = browser.get(CODE)
    masked = re.sub(r'value="\w{64}"', "", html_of(page).replace(email, "…"))
    kinds = tuple(query["sql"].split()[0] for query in asking.captured_queries)
    return answer.status_code, answer.headers["Location"], page.status_code, masked, kinds


def test_a_wrong_code_says_how_many_tries_are_left(asked, code_of):
    code = wrong(code_of())

    answer = asked.post(CODE, {"code": code})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f"{MISMATCH}2 tries left." in html_of(answer)
    assert f'value="{code}"' in html_of(answer)  # what was typed stays

    assert f"{MISMATCH}1 try left." in html_of(asked.post(CODE, {"code": code}))


def test_the_third_wrong_code_leads_back_with_what_was_typed(asked, code_of):
    right = code_of()
    for _try in range(3):
        answer = asked.post(CODE, {"code": wrong(right)}, follow=True)

    assert answer.redirect_chain == [(LOGIN, HTTPStatus.FOUND)]
    assert "Too many tries. Wait 10 minutes, or ask staff to find your card." in html_of(answer)
    assert 'value="maja@example.no"' in html_of(answer)
    asked.post(CODE, {"code": right})  # the code died with the third try
    assert not get_user(asked).is_authenticated


@pytest.mark.parametrize("typed", ["", "   "])
def test_an_empty_code_costs_no_try(asked, code_of, typed):
    answer = asked.post(CODE, {"code": typed})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Type the 6 digits from the e-mail." in html_of(answer)
    assert "2 tries left" in html_of(asked.post(CODE, {"code": wrong(code_of())}))


@pytest.mark.parametrize("typed", ["<b>1</b>", "٣٤٥٦٧٨", "🙂", "9" * 5000])
def test_whatever_is_typed_is_no_error_of_ours(asked, typed):
    answer = asked.post(CODE, {"code": typed})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "<b>1</b>" not in html_of(answer)


def test_an_old_code_brings_a_new_one(asked, code_of, settings):
    old = code_of()
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
    answer = asked.post(CODE, {"code": old}, follow=True)

    assert "That code has run out. We have sent a new one." in html_of(answer)
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
    assert code_of() != old
    asked.post(CODE, {"code": code_of()})
    assert get_user(asked).is_authenticated


def test_a_code_forgotten_altogether_brings_a_new_one(asked, code_of, settings):
    settings.ACCOUNT_LOGIN_TIMEOUT = -1
    answer = asked.post(CODE, {"code": code_of()})
    assert answer.headers["Location"] == CODE

    settings.ACCOUNT_LOGIN_TIMEOUT = 900
    asked.post(CODE, {"code": code_of()})
    assert get_user(asked).is_authenticated


def test_looking_at_the_page_of_an_old_code_sends_nothing(asked, mailoutbox, settings):
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1

    assert "Check your e-mail" in html_of(asked.get(CODE))
    assert len(mailoutbox) == 1


def test_a_new_code_replaces_the_old_one(asked, code_of):
    old = code_of()
    answer = asked.post(CODE, {"action": "resend"}, follow=True)

    assert "We have sent a new code." in html_of(answer)
    assert "2 tries left" in html_of(asked.post(CODE, {"code": old}))
    asked.post(CODE, {"code": code_of()})
    assert get_user(asked).is_authenticated


def test_too_many_codes_are_refused_in_words(asked, mailoutbox):
    for _time in range(5):
        answer = asked.post(CODE, {"action": "resend"}, follow=True)

    assert answer.status_code == HTTPStatus.OK
    assert "Too many tries. Wait 10 minutes" in html_of(answer)
    assert len(mailoutbox) < 6


def test_too_many_codes_from_the_first_page_lead_back_to_it(visitor):
    for _time in range(9):
        answer = visitor.post(LOGIN, {"email": "maja@example.no"}, follow=True)

    assert answer.redirect_chain == [(LOGIN, HTTPStatus.FOUND)]
    assert "Too many tries. Wait 10 minutes" in html_of(answer)


@pytest.mark.parametrize("typed", ["", "nope", "a@b", "x" * 300 + "@example.no", "<b>@example.no"])
def test_an_address_that_is_none_is_refused_beside_its_field(visitor, mailoutbox, typed):
    answer = visitor.post(LOGIN, {"email": typed})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There is a problem" in html_of(answer)
    assert not mailoutbox
    assert not Person.objects.exists()


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "/\\evil", "/\t/evil"])
def test_nobody_is_sent_to_another_site(visitor, code_of, bad):
    visitor.post(f"{LOGIN}?{'next=' + bad}", {"email": "maja@example.no"})

    answer = visitor.post(CODE, {"code": code_of()})

    assert answer.headers["Location"] == reverse("owner:shops")


def test_a_second_tap_goes_on_to_the_same_page(visitor, code_of):
    visitor.post(f"{LOGIN}?next=/privacy/", {"email": "maja@example.no"})
    code = code_of()
    visitor.post(CODE, {"code": code})

    assert visitor.post(CODE, {"code": code}).headers["Location"] == "/privacy/"


def test_the_code_page_without_a_code_asks_for_an_address(visitor):
    assert visitor.get(CODE).headers["Location"] == LOGIN
    assert visitor.post(CODE, {"code": "123456"}).headers["Location"] == LOGIN


def test_a_code_is_good_in_the_browser_that_asked_for_it_only(asked, stranger, code_of):
    other = browser_of()
    other.post(CODE, {"code": code_of()})

    assert not get_user(other).is_authenticated


def test_signing_up_is_opening_a_shop(visitor):
    assert visitor.get("/accounts/signup/").headers["Location"] == reverse("start:begin")


def test_nothing_advertises_passwords(visitor):
    page = html_of(visitor.get(LOGIN)) + html_of(visitor.get(reverse("start:begin")))

    assert "password/" not in page
    assert 'type="password"' not in page
