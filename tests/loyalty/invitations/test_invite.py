"""Inviting somebody, sending it again, and withdrawing it."""

from datetime import timedelta

import pytest

from loyalty import clock, keys, roles
from loyalty.actors import Actor, Channel
from loyalty.invitations import operations
from loyalty.invitations.models import Invitation
from loyalty.journal.models import Change
from loyalty.models import Role
from tests.factories import LocationFactory, PersonFactory, StaffMemberFactory
from tests.people import employed

pytestmark = pytest.mark.django_db
STAFF, MANAGER, OWNER = Role.Level.STAFF, Role.Level.MANAGER, Role.Level.OWNER


def by(role):
    return {"giver": role, "actor": Actor(role.shop, Channel.OWNER, person=role.person)}


def test_it_works(invite, mailoutbox, link):
    invitation = invite(email=" Ase@Example.no ")

    [mail] = mailoutbox
    assert mail.to == [invitation.email] == ["ase@example.no"]
    assert operations.invitation_of(link().split("/")[-2]) == invitation


def test_only_a_hash_of_the_link_is_kept(invite, link):
    secret = (invite(), link().split("/")[-2])[1]

    assert Invitation.objects.get().secret_hash == keys.hashed(secret)


def test_the_mail_says_who_invites_to_what_and_where(invite, mailoutbox, in_shop):
    in_shop.language = "en-gb"
    in_shop.save()
    place = LocationFactory(shop=in_shop, name="Torget")

    invite(level=MANAGER, locations=[place])

    body = " ".join(mailoutbox[0].body.split())
    assert "Ingrid asks you to be a manager at Kaffe & Kardemomme." in body
    assert "Where: Torget" in body


@pytest.mark.parametrize(("spoken", "subject"), [("da", "da"), ("", "nb")])
def test_the_mail_speaks_the_language_of_whoever_reads_it(invite, in_shop, spoken, subject):
    PersonFactory(email="ase@example.no", language=spoken)
    sent = []

    def post(**mail):
        sent.append(mail["language"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations.outbox, "post", post)
        invite()

    assert sent == [subject]


def test_whether_we_know_an_address_makes_no_difference(invite, mailoutbox):
    PersonFactory(email="known@example.no")

    known, unknown = invite(email="known@example.no", name="A"), invite(email="b@x.no", name="B")

    assert known.level == unknown.level
    assert len(mailoutbox) == 2


def test_it_stands_in_the_log_without_the_address(invite):
    invite()

    change = Change.objects.get(what="invited")
    assert change.after == {"level": STAFF, "places": []}
    assert change.about == ""


@pytest.mark.parametrize("level", [MANAGER, OWNER])
def test_a_manager_invites_staff_only(invite, monas, level):
    with pytest.raises(roles.MoreThanYours):
        invite(monas, level=level)


def test_a_manager_of_one_place_invites_to_that_place(invite, monas, in_shop):
    own, other = LocationFactory.create_batch(2, shop=in_shop)
    monas.locations.set([own])

    assert list(invite(monas, locations=[own]).locations.all()) == [own]
    with pytest.raises(roles.MoreThanYours):
        invite(monas, locations=[own, other], email="b@example.no", name="B")
    with pytest.raises(roles.ChooseAPlace):
        invite(monas, locations=[], email="b@example.no", name="B")


def test_an_owner_has_no_places(invite, in_shop):
    place = LocationFactory(shop=in_shop)

    assert not invite(level=OWNER, locations=[place]).locations.exists()


def test_who_works_here_is_not_invited(invite, manager_person):
    with pytest.raises(operations.WorksHere):
        invite(email="MONA@kaffe.example")


def test_who_works_next_door_is(invite, next_door_person):
    assert invite(email=next_door_person.email)


def test_one_invitation_at_a_time(invite):
    invite()

    with pytest.raises(operations.AlreadyInvited):
        invite(name="Åse B")


def test_a_name_of_the_staff_is_refused(invite, ola):
    with pytest.raises(roles.NameTaken):
        invite(name="Ola")
    assert invite(name="Ola", staff=ola)


def test_twenty_a_day(invite, in_shop):
    for n in range(operations.MOST_A_DAY):
        invite(email=f"n{n}@example.no", name=f"N{n}")

    with pytest.raises(operations.TooManyInvitations):
        invite()
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert invite()


def test_mails_sent_again_count_as_well(invite, ingrids):
    invitation, start = invite(), clock.now()
    for n in range(1, operations.MOST_A_DAY):
        with clock.at(start + n * operations.PAUSE):
            operations.send_again(invitation, **by(ingrids))

    with (
        clock.at(start + operations.MOST_A_DAY * operations.PAUSE),
        pytest.raises(operations.TooManyInvitations),
    ):
        operations.send_again(invitation, **by(ingrids))


def test_sent_again_it_has_a_new_link_and_a_new_week(invite, ingrids, link):
    invitation, old = invite(), link()
    with clock.at(clock.now() + timedelta(days=8)):
        operations.send_again(invitation, **by(ingrids))

        assert link() != old
        assert operations.invitation_of(old.split("/")[-2]) is None
        operations.refuse_over(operations.invitation_of(link().split("/")[-2]))


def test_not_at_once(invite, ingrids):
    invitation = invite()

    with pytest.raises(operations.SentJustNow, match="You can send it again at"):
        operations.send_again(invitation, **by(ingrids))


def test_a_manager_sends_no_owners_invitation_again(invite, monas):
    invitation = invite(level=OWNER)

    with (
        clock.at(clock.now() + timedelta(hours=1)),
        pytest.raises(roles.MoreThanYours),
    ):
        operations.send_again(invitation, **by(monas))


def test_withdrawn_it_is_over(invite, ingrids):
    invitation = invite()
    operations.withdraw(invitation, actor=by(ingrids)["actor"])

    invitation.refresh_from_db()
    with pytest.raises(operations.InvitationOver, match="was withdrawn"):
        operations.refuse_over(invitation)
    with pytest.raises(operations.InvitationOver):
        operations.withdraw(invitation, actor=by(ingrids)["actor"])
    assert invite()  # and somebody may be invited once more


def test_a_week_later_it_has_run_out(invite):
    invitation = invite()

    with (
        clock.at(invitation.sent_at + timedelta(days=7)),
        pytest.raises(operations.InvitationOver, match="has run out"),
    ):
        operations.refuse_over(invitation)


def test_it_ends_with_the_power_of_who_sent_it(invite, in_shop):
    person = employed(in_shop, OWNER, "Berit", "berit@kaffe.example")
    berits = Role.objects.get(person=person)
    invitation = invite(berits, level=OWNER)
    berits.level = MANAGER
    berits.save()

    with pytest.raises(operations.InvitationOver, match="was withdrawn"):
        operations.refuse_over(invitation)
    berits.level, berits.active = OWNER, False
    berits.save()
    with pytest.raises(operations.InvitationOver):
        operations.refuse_over(invitation)


def test_a_month_later_the_address_is_forgotten(invite):
    sent_at = invite().sent_at

    assert operations.forget(sent_at + timedelta(days=30)) == 0
    assert operations.forget(sent_at + timedelta(days=30, seconds=1)) == 1
    assert not Invitation.objects.exists()


def test_the_number_after_a_name_that_was_taken(in_shop):
    StaffMemberFactory(shop=in_shop, name="Ola")
    second = StaffMemberFactory(shop=in_shop, name="Ola 2")

    assert operations.free_name(in_shop, "Ola", besides=second) == "Ola 2"
    assert operations.free_name(in_shop, "Kari", besides=second) == "Kari"
