"""Inviting colleagues from the owner's pages."""

from datetime import timedelta

import pytest
from django.core import mail
from django_scopes import scope

from loyalty import clock
from loyalty.invitations.models import Invitation
from loyalty.models import Role
from tests.factories import LocationFactory
from tests.support.pages import html_of, text_of

pytestmark = pytest.mark.django_db
STAFF, MANAGER, OWNER = map(int, Role.Level)
ASE = {"email": "ase@example.no", "name": "Åse", "level": STAFF}


def invitations(shop):
    with scope(shop=shop):
        return list(Invitation.objects.all())


@pytest.fixture
def invited(ingrid, at, shop):
    """Åse is invited."""
    ingrid.post(at("invite"), ASE)
    return invitations(shop)[0]


def test_it_works(ingrid, at, shop):
    answer = ingrid.post(at("invite"), ASE, follow=True)

    assert "The invitation is on its way to ase@example.no." in html_of(answer)
    page = text_of(answer)
    assert "Invited Åse ase@example.no Staff · sent" in page
    assert [each.email for each in invitations(shop)] == ["ase@example.no"]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"email": ""}, "Type an e-mail."),
        ({"email": "nope"}, "Check the e-mail."),
        ({"name": ""}, "Type a name."),
        ({"name": "x" * 41}, "Use 40 letters at most."),
        ({"level": ""}, "Choose a role."),
        ({"email": "ingrid@kaffe.example"}, "Somebody with this e-mail works here already."),
        ({"name": "Ingrid"}, "Somebody here has that name. Add a letter."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(ingrid, at, shop, typed, says):
    answer = ingrid.post(at("invite"), {**ASE, **typed})

    assert answer.status_code == 422
    assert says in html_of(answer)
    assert not invitations(shop)
    assert not mail.outbox


def test_nobody_is_invited_twice(ingrid, at, invited, shop):
    answer = ingrid.post(at("invite"), {**ASE, "name": "Åse B"})

    assert answer.status_code == 422
    assert "This e-mail is invited already." in html_of(answer)
    assert len(invitations(shop)) == 1


def test_a_colleague_at_the_counter_gets_a_sign_in(ingrid, at, ola, shop):
    page = html_of(ingrid.get(at("give_sign_in", ola.pk)))
    assert "A sign-in for Ola" in page

    ingrid.post(at("give_sign_in", ola.pk), {"email": "ola@example.no", "level": STAFF})

    [invitation] = invitations(shop)
    assert invitation.staff == ola
    assert "ola@example.no" in html_of(ingrid.get(at("colleague", ola.pk)))


def test_who_has_a_sign_in_needs_no_second(ingrid, at, shop, manager_person):
    with scope(shop=shop):
        mona = Role.objects.get(person=manager_person).staff

    assert ingrid.get(at("give_sign_in", mona.pk)).status_code == 404


def test_a_manager_invites_staff(manager, at, shop):
    page = html_of(manager.get(at("invite")))
    assert "Manager: looks after" not in page

    assert manager.post(at("invite"), {**ASE, "level": OWNER}).status_code == 422
    assert manager.post(at("invite"), ASE).status_code == 302
    assert [each.level for each in invitations(shop)] == [STAFF]


def test_a_manager_of_a_place_invites_to_it(manager, at, shop, manager_person):
    own, other = LocationFactory.create_batch(2, shop=shop)
    Role.objects.get(person=manager_person).locations.set([own])

    answer = manager.post(at("invite"), {**ASE, "locations": [other.pk]})
    assert answer.status_code == 422
    answer = manager.post(at("invite"), ASE)
    assert "Choose at least one place." in html_of(answer)
    manager.post(at("invite"), {**ASE, "locations": [own.pk]})

    with scope(shop=shop):
        assert list(Invitation.objects.get().locations.all()) == [own]


def test_it_can_be_sent_again(ingrid, at, invited):
    again = at("invite_again", invited.pk)
    answer = ingrid.post(again)
    assert answer.status_code == 422
    assert "It was sent a moment ago." in html_of(answer)

    with clock.at(clock.now() + timedelta(days=8)):
        assert "Run out" in text_of(ingrid.get(at("people")))
        ingrid.post(again)
        assert "Run out" not in text_of(ingrid.get(at("people")))

    assert len(mail.outbox) == 2


def test_it_can_be_withdrawn(ingrid, at, invited):
    answer = ingrid.post(at("withdraw_invitation", invited.pk), follow=True)

    assert "The invitation was withdrawn." in html_of(answer)
    assert at("invite_again", invited.pk) not in html_of(answer)
    assert ingrid.post(at("withdraw_invitation", invited.pk)).status_code == 404
    assert ingrid.post(at("invite_again", invited.pk)).status_code == 404


def test_an_owners_invitation_is_not_a_managers_to_touch(ingrid, manager, at, shop):
    ingrid.post(at("invite"), {**ASE, "level": OWNER})
    [invitation] = invitations(shop)

    assert "ase@example.no" not in html_of(manager.get(at("people")))
    for name in ("invite_again", "withdraw_invitation"):
        assert manager.post(at(name, invitation.pk)).status_code == 404


def test_staff_invite_nobody(staff_client, at, shop):
    assert staff_client.get(at("invite")).status_code == 403
    assert staff_client.post(at("invite"), ASE).status_code == 403
    assert not invitations(shop)


def test_a_stranger_finds_nothing(stranger, at, invited, shop):
    assert stranger.get(at("invite")).status_code == 404
    assert stranger.post(at("invite"), ASE).status_code == 404
    for name in ("invite_again", "withdraw_invitation"):
        assert stranger.post(at(name, invited.pk)).status_code == 404
    assert len(invitations(shop)) == 1
