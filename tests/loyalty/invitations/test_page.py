"""The page behind the link, from the mail to the first look at the shop."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from loyalty import clock
from loyalty.invitations.models import Invitation
from loyalty.models import Role
from tests.factories import PersonFactory
from tests.people import browser_of
from tests.support.pages import html_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def opened(invite, link):
    """opened(browser, …): the page, of an invitation that was just sent."""

    def opened(browser, **more):
        invite(**more)
        return browser.get(link())

    return opened


@pytest.fixture
def code_of(mailoutbox):
    return lambda: re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0]


def test_it_works(visitor, opened, link, code_of, in_shop):
    """Somebody nobody knows yet."""
    page = text_of(opened(visitor))
    assert "Ingrid asks you to join the staff of Kaffe &amp; Kardemomme." in page
    assert "ase@example.no" in page
    address = link()

    asked = visitor.post(f"{address}code/")
    answer = visitor.post(asked.url, {"code": code_of()}, follow=True)

    assert "You are signed in as ase@example.no." in text_of(answer)
    answer = visitor.post(f"{address}accept/", follow=True)
    assert answer.redirect_chain[-1][0] == reverse("owner:week", args=[in_shop.slug])
    assert "Welcome! You work at Kaffe &amp; Kardemomme now." in html_of(answer)


def test_opening_it_changes_nothing(visitor, opened, link):
    opened(visitor)
    for address in (link(), f"{link()}code/", f"{link()}accept/"):
        visitor.get(address)

    assert Invitation.objects.unanswered().count() == 1


def test_who_is_signed_in_rightly_needs_one_tap(opened, link):
    ase = browser_of(PersonFactory(email="ase@example.no"))

    page = html_of(opened(ase))
    assert f'action="{link()}accept/"' in page
    assert ase.post(f"{link()}accept/").status_code == 302


def test_who_is_signed_in_as_somebody_else_is_told_so(stranger, opened, link, code_of):
    page = text_of(opened(stranger))
    assert "You are signed in as nina@blomster.example." in page
    assert "This invitation is for ase@example.no." in page
    address = link()

    asked = stranger.post(f"{address}code/")
    assert not get_user(stranger).is_authenticated
    stranger.post(asked.url, {"code": code_of()})

    assert get_user(stranger).email == "ase@example.no"


def test_somebody_else_accepts_nothing(stranger, opened, link):
    opened(stranger)
    answer = stranger.post(f"{link()}accept/")

    assert answer.status_code == 422
    assert "This invitation is for another e-mail address." in html_of(answer)


def test_a_visitor_accepts_nothing(visitor, opened, link):
    opened(visitor)

    assert visitor.post(f"{link()}accept/").url == link()
    assert not Role.objects.filter(person__email="ase@example.no").exists()


def test_used(visitor, opened, link):
    ase = browser_of(PersonFactory(email="ase@example.no"))
    opened(ase)
    ase.post(f"{link()}accept/")

    answer = visitor.get(link())
    assert answer.status_code == 410
    assert "This invitation has been used." in html_of(answer)
    assert "ase@example.no" not in html_of(answer)
    assert "You work here already" in html_of(ase.get(link()))


def test_withdrawn(visitor, opened, link, ingrid, at):
    opened(visitor)
    ingrid.post(at("withdraw_invitation", Invitation.objects.get().pk))

    answer = visitor.get(link())
    assert answer.status_code == 410
    assert "This invitation was withdrawn." in html_of(answer)
    assert visitor.post(f"{link()}code/").status_code == 410


def test_run_out(visitor, opened, link):
    opened(visitor)

    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        answer = visitor.get(link())

    assert answer.status_code == 410
    assert "This invitation has run out." in html_of(answer)
    assert "Ask at Kaffe &amp; Kardemomme for a new one." in html_of(answer)


def test_who_got_a_role_meanwhile_is_told_so(opened, in_shop):
    person = PersonFactory(email="ase@example.no")
    ase = browser_of(person)
    opened(ase)
    Role.objects.create(shop=in_shop, person=person, level=Role.Level.STAFF)

    assert "You work here already" in html_of(opened_again(ase, in_shop))


def opened_again(browser, shop):
    """The same invitation: only its hash is kept, so a link of the test's own takes its place."""
    Invitation.objects.update(secret_hash="0" * 64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("loyalty.keys.hashed", lambda secret: "0" * 64)
        return browser.get(reverse("invitation:show", args=["any"]))


def test_a_guess_is_not_found(visitor, opened, link):
    opened(visitor)

    assert visitor.get("/invitation/guess/").status_code == 404
    assert visitor.get(f"{link()[:-2]}/").status_code == 404


def test_no_browser_keeps_it(visitor, opened):
    assert "no-store" in opened(visitor)["Cache-Control"]
