"""Saying yes: who may, and what they are then."""

import pytest
from allauth.account.models import EmailAddress

from loyalty.actors import Actor, Channel
from loyalty.invitations import operations
from loyalty.invitations.operations import ForSomebodyElse, InvitationOver, WorksHere, accept
from loyalty.journal.models import Change
from loyalty.models import Role, StaffMember
from loyalty.operations import dismiss
from tests.factories import LocationFactory, PersonFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ase():
    return PersonFactory(email="ase@example.no", name="")


def test_it_works(invite, ase, in_shop):
    place = LocationFactory(shop=in_shop)
    role = accept(invite(level=Role.Level.MANAGER, locations=[place]), person=ase)

    assert role.covers(Role.Level.MANAGER)
    assert list(role.places()) == [place]
    assert role.staff.name == "Åse"
    assert role.staff.active


def test_it_is_told_in_the_log(invite, ase):
    role = accept(invite(), person=ase)

    change = Change.objects.get(what="invitation_accepted")
    assert change.actor == ase
    assert change.after["staff"] == role.staff.pk


def test_an_address_that_was_proved_later_is_as_good(invite):
    person = PersonFactory(email="other@example.no")
    EmailAddress.objects.create(user=person, email="ase@example.no", verified=True)

    assert accept(invite(), person=person)


def test_an_address_that_was_only_claimed_is_not(invite):
    person = PersonFactory(email="other@example.no")
    EmailAddress.objects.create(user=person, email="ase@example.no", verified=False)

    with pytest.raises(ForSomebodyElse):
        accept(invite(), person=person)


def test_a_stranger_with_the_link_gets_nothing(invite, next_door_person, in_shop):
    invitation = invite()

    with pytest.raises(ForSomebodyElse):
        accept(invitation, person=next_door_person)
    assert not Role.objects.filter(shop=in_shop, person=next_door_person).exists()


def test_once(invite, ase):
    invitation = invite()
    accept(invitation, person=ase)

    with pytest.raises(InvitationOver, match="has been used"):
        accept(invitation, person=ase)


def test_who_came_another_way_meanwhile_keeps_what_they_have(invite, ase, in_shop):
    invitation = invite(level=Role.Level.OWNER)
    Role.objects.create(shop=in_shop, person=ase, level=Role.Level.STAFF)

    with pytest.raises(WorksHere):
        accept(invitation, person=ase)
    assert Role.objects.get(person=ase).level == Role.Level.STAFF


def test_a_colleague_at_the_counter_gets_a_sign_in(invite, ase, ola):
    role = accept(invite(name="Ola", staff=ola), person=ase)

    assert role.staff == ola
    assert StaffMember.objects.filter(name="Ola").count() == 1


def test_who_was_let_go_meanwhile_takes_nothing_up(invite, ase, ola, owner):
    invitation, other = invite(name="Ola", staff=ola), invite(email="b@example.no", name="B")
    dismiss(ola, actor=owner)

    with pytest.raises(InvitationOver, match="was withdrawn"):
        accept(invitation, person=ase)
    assert not Role.objects.filter(person=ase).exists()
    assert Change.objects.filter(what="invitation_withdrawn").count() == 1
    operations.refuse_over(other)


def test_who_is_let_go_at_that_moment_has_no_role_either(invite, ase, ola, owner):
    """Whoever lets them go looks at a page from before they said yes."""
    as_shown = StaffMember.objects.get(pk=ola.pk)
    role = accept(invite(name="Ola", staff=ola), person=ase)

    dismiss(as_shown, actor=owner)

    role.refresh_from_db()
    assert not role.active


def test_who_got_a_sign_in_another_way_is_somebody_new(invite, ase, ola):
    """Two addresses were invited for one colleague."""
    second = invite(name="Ola", staff=ola)
    accept(invite(email="b@example.no", staff=ola), person=PersonFactory(email="b@example.no"))

    role = accept(second, person=ase)

    assert role.staff.name == "Ola 2"
    assert role.staff != ola


def test_a_name_taken_meanwhile_gets_a_number(invite, ase, in_shop):
    invitation = invite()
    StaffMemberFactory(shop=in_shop, name="Åse")

    assert accept(invitation, person=ase).staff.name == "Åse 2"


def test_who_comes_back_is_the_same_colleague(invite, ase, in_shop, owner):
    role = accept(invite(level=Role.Level.MANAGER), person=ase)
    dismiss(role.staff, actor=owner)

    again = accept(invite(), person=ase)

    assert again == role
    assert again.level == Role.Level.STAFF
    assert again.staff == role.staff
    assert again.staff.active


def test_who_comes_back_as_another_colleague_leaves_the_old_name(invite, ase, ola, owner):
    role = accept(invite(), person=ase)
    old = role.staff
    dismiss(old, actor=owner)

    again = accept(invite(name="Ola", staff=ola), person=ase)

    old.refresh_from_db()
    assert old.role is None
    assert StaffMember.objects.get(role=again) == ola


def test_withdrawing_wins_over_a_late_yes(invite, ase, in_shop, ingrids):
    invitation = invite()
    actor = Actor(in_shop, Channel.OWNER, person=ingrids.person)
    operations.withdraw(invitation, actor=actor)

    with pytest.raises(InvitationOver, match="was withdrawn"):
        accept(invitation, person=ase)
