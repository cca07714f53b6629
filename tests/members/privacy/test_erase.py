"""Nothing is left by which anybody could be found, and the books stay (PRV-03, D4)."""

import io
import json
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.models import Person
from loyalty.outbox.models import OutboxMessage
from loyalty.outbox.operations import drain
from members.joining.operations import Contact, enrol
from members.ledger import audit
from members.ledger.models import Account, LedgerEntry, Operation, Visit
from members.messages.models import Message
from members.models import Consent, Membership, RetiredCode
from members.privacy import erasures
from members.privacy.models import Erasure
from members.privacy.operations import bring_back, erase, erase_due, leave
from rewards.models import Claim
from rewards.vip.models import Drop
from stampcards.counter.models import LateAction
from tests.factories import MembershipFactory, PersonFactory
from tests.members.privacy.conftest import (
    MAIL,
    NAME,
    PLANTED,
    erase_after_leaving,
    full_dump,
    hits,
    in_days,
)
from tests.people import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja(in_shop, card, person):
    """A saved card and little else."""
    return MembershipFactory(shop=in_shop, person=person, name=NAME)


def test_it_works(quintilla, caplog):
    browser_of().post(reverse("card:find"), {"email": MAIL})  # only typed: a session knows it
    assert set(hits(full_dump())) == set(PLANTED), "what is planted can be found"

    assert erase_after_leaving(quintilla) == 1

    assert hits(full_dump()) == []
    assert hits(caplog.text) == []
    quintilla.refresh_from_db()
    assert (quintilla.name, quintilla.phone, quintilla.birthday) == ("", "", None)
    assert (quintilla.person, quintilla.note, quintilla.service_mail) == (None, "", False)
    assert quintilla.erased_at is not None


def test_the_books_stay(quintilla):
    before = LedgerEntry.objects.count()
    visits, joined = Visit.objects.count(), quintilla.joined_at
    earned = _earned()

    erase_after_leaving(quintilla)

    assert Visit.objects.filter(voided_by=None).count() == visits
    assert _earned() == earned
    assert LedgerEntry.objects.count() > before, "what nobody can use ran out"
    assert {account.balance for account in Account.objects.filter(membership=quintilla)} == {0}
    quintilla.refresh_from_db()
    assert (quintilla.joined_at, quintilla.source) == (joined, "poster")
    assert list(audit.disagreements()) == []


def _earned():
    return sorted(LedgerEntry.objects.filter(kind="earn").values_list("pk", "amount"))


def test_rewards_and_seats_are_nobodys_any_more(quintilla):
    [drop] = Drop.objects.all()
    assert drop.left == 0

    erase_after_leaving(quintilla)

    states = set(Claim.objects.filter(membership=quintilla).values_list("state", flat=True))
    assert states == {Claim.State.EXPIRED}
    drop.refresh_from_db()
    assert drop.left == 1
    assert not quintilla.picked.filter(until=None).exists()


def test_its_codes_and_links_lead_nowhere(quintilla, visitor, till):
    old = RetiredCode.objects.filter(membership=quintilla).first()
    codes = [quintilla.counter_code, quintilla.short_code, old.counter_code]
    invitation = reverse("friends:invitation", args=[quintilla.friend_code])

    erase_after_leaving(quintilla)

    assert quintilla.private not in full_dump()
    with in_days(14):
        assert visitor.get(f"/m/{quintilla.private}/").status_code == 404
        assert visitor.get(invitation).status_code == 404
        for code in codes:
            # Typed by hand, ten letters without a digit may be a name.
            asked = {"code": code, "scanned": "true"}
            page = till.post(reverse("counter:home"), asked, follow=True)
            assert "No card with that number." in page.content.decode()


def test_the_mail_is_gone_and_who_said_yes_can_be_proved(quintilla, person):
    assert OutboxMessage.objects.filter(to=MAIL).exists()

    erase_after_leaving(quintilla)

    assert not OutboxMessage.objects.filter(to=MAIL).exists()
    assert not Message.objects.filter(membership=quintilla).exists()
    consent = Consent.objects.get()
    assert consent.withdrawn_by == Consent.Way.LEFT
    assert "Send me news" in consent.words
    assert len(Erasure.objects.get().contact_proof) == 64


def test_an_address_that_was_only_said_at_the_counter_is_gone(in_shop, card, counter):
    """Its card's link went there once. The card never knew it, and the mail forgot the link."""
    asked = {"contact": Contact(email=MAIL), "actor": Actor.of_counter(counter)}
    [made] = enrol(**asked, key=keys.new())["cards"]
    drain.call()
    assert OutboxMessage.objects.get(to=MAIL).state == OutboxMessage.State.SENT

    erase_after_leaving(Membership.objects.get(pk=made))

    assert hits(full_dump()) == []


def test_mail_that_waits_for_somebody_else_goes_out_all_the_same(in_shop, card, counter):
    """Two cards of one minute: the time a mail was made does not say whose it is."""
    contacts = Contact(email=MAIL), Contact(email="neighbour@example.no")
    with clock.at(clock.now()):
        till = Actor.of_counter(counter)
        made, _other = (enrol(contact=each, actor=till, key=keys.new()) for each in contacts)

    erase_after_leaving(Membership.objects.get(pk=made["cards"][0]))

    assert not OutboxMessage.objects.filter(to=MAIL).exists()
    assert OutboxMessage.objects.get(to="neighbour@example.no").values


def test_a_friend_keeps_what_they_have_and_not_the_name(quintilla, visitor):
    nora = Membership.objects.get(name="Nora Nordmann")
    assert NAME in visitor.get(f"/m/{nora.private}/").content.decode()

    erase_after_leaving(quintilla)

    with in_days(14):
        page = visitor.get(f"/m/{nora.private}/").content.decode()
    assert NAME not in page
    assert "Thank you for coming through a friend." in page
    nora.refresh_from_db()
    assert (nora.name, nora.source, nora.source_detail) == ("Nora Nordmann", "friend", "")


def test_the_sign_in_goes_with_the_last_card(quintilla, person):
    erase_after_leaving(quintilla)

    left = Person.objects.filter(pk=person.pk).first()  # what she did names its doer for ever
    assert left is None or (left.email, left.name, left.is_active) == (None, "", False)
    assert not person.emailaddress_set.exists()


def test_a_sign_in_with_another_card_stays(maja, person, next_door_card):
    MembershipFactory(shop=next_door_card.shop, person=person, name="Somebody else")

    erase_after_leaving(maja)

    person.refresh_from_db()
    assert person.email == MAIL
    assert person.emailaddress_set.exists()


def test_who_has_a_longer_address_stays_signed_in(quintilla, db):
    longer = PersonFactory(email=f"not.{MAIL}")
    theirs = browser_of(longer)
    session = theirs.session
    session["typed"] = {"email": longer.email}
    session.save()

    erase_after_leaving(quintilla)

    assert theirs.get(reverse("clubs")).status_code == 200


def test_a_colleague_keeps_their_sign_in(in_shop, card, ingrid_person):
    erase_after_leaving(MembershipFactory(shop=in_shop, person=ingrid_person))

    ingrid_person.refresh_from_db()
    assert ingrid_person.email == "ingrid@kaffe.example"


def test_the_card_that_became_part_of_it_is_erased_too(quintilla):
    [gone] = Membership.objects.filter(merged_into=quintilla)
    assert gone.name

    erase_after_leaving(quintilla)

    gone.refresh_from_db()
    assert (gone.name, gone.phone) == ("", "")
    assert gone.erased_at is not None


def test_not_before_14_days_are_over(maja):
    leave(maja)
    with in_days(13.99):
        assert erase_due(clock.now()) == 0

    maja.refresh_from_db()
    assert maja.name == NAME


def test_twice_does_no_harm(quintilla):
    erase_after_leaving(quintilla)
    before = full_dump()

    with in_days(15):
        assert erase_due(clock.now()) == 0
        assert erase(quintilla) == erase(quintilla)

    assert full_dump() == before


def test_what_was_brought_back_is_not_erased(maja):
    leave(maja)
    bring_back(maja)

    assert erase(maja)["cards"] == []
    with in_days(15):
        assert erase_due(clock.now()) == 0
    maja.refresh_from_db()
    assert maja.name == NAME


def test_a_card_nobody_deleted_is_not_erased(maja):
    assert erase(maja)["cards"] == []
    maja.refresh_from_db()
    assert maja.name == NAME


def test_others_stay_as_they_are(maja, member, next_door_member):
    stamp_before = Account.objects.get(membership=member).balance

    erase_after_leaving(maja)

    member.refresh_from_db()
    assert (member.name, member.leaving_since) == ("Maja", None)
    assert Account.objects.get(membership=member).balance == stamp_before
    with scope(shop=next_door_member.shop):
        next_door_member.refresh_from_db()
    assert next_door_member.name == "Nora"


def test_what_came_late_stays_on_the_list_without_a_code(quintilla, manager, shop):
    erase_after_leaving(quintilla)

    [late] = LateAction.objects.all()
    assert (late.state, late.code) == (LateAction.State.HELD, "")
    page = manager.get(reverse("owner:late", args=[shop.slug])).content.decode()
    assert NAME not in page


def test_no_search_and_no_export_finds_anything(quintilla, manager, shop):
    erase_after_leaving(quintilla)

    for asked in (NAME, MAIL, "99887766"):
        page = manager.get(reverse("owner:members", args=[shop.slug]), {"q": asked})
        assert quintilla.short_code not in page.content.decode()
    statement = manager.get(reverse("owner:statement_csv", args=[shop.slug]))
    assert hits(statement.content.decode()) == []


def test_what_was_done_by_nobody_is_a_line_of_the_ledger(maja):
    erase_after_leaving(maja)

    done = Operation.objects.get(kind="erase")
    assert (done.channel, done.actor, done.staff) == ("job", None, None)


def test_the_audit_finds_what_was_left(maja):
    erase_after_leaving(maja)
    Membership.objects.filter(pk=maja.pk).update(name=NAME)

    assert list(audit.disagreements()) == [f"membership {maja.pk} is erased and says whose it was"]


def test_a_new_member_may_have_the_number(maja, in_shop):
    erase_after_leaving(maja)

    newcomer = MembershipFactory(shop=in_shop, name="Somebody")
    assert newcomer.pk != maja.pk


def test_the_journal_names_nobody(quintilla, settings):
    leave(quintilla)
    erasures.note(clock.now())
    with in_days(14):
        erase_due(clock.now())
        assert erasures.note(clock.now()) == 1
        assert erasures.note(clock.now()) == 0

    written = settings.ERASURES_FILE.read_text()
    assert hits(written) == []
    assert quintilla.private not in written
    first, last = [json.loads(line) for line in written.split("\n") if line]
    assert first["pseudonym"] == last["pseudonym"]
    assert (first["erased_at"], len(first["cards"])) == (None, 2)
    assert last["erased_at"]
    assert settings.ERASURES_FILE.stat().st_mode & 0o777 == 0o600


def test_a_journal_that_cannot_be_written_is_tried_again(maja, settings, caplog):
    leave(maja)
    good = settings.ERASURES_FILE
    good.parent.mkdir()
    (good.parent / "a file").touch()
    settings.ERASURES_FILE = good.parent / "a file" / "erasures.jsonl"

    assert erasures.note(clock.now()) == 0
    assert "can't be written" in caplog.text
    settings.ERASURES_FILE = good
    assert erasures.note(clock.now()) == 1


def test_without_a_journal_the_command_says_so(db):
    with pytest.raises(Exception, match="no journal of erasures"):
        call_command("replay_erasures", stdout=io.StringIO())


def test_half_a_line_is_passed_over(maja, settings):
    leave(maja)
    settings.ERASURES_FILE.parent.mkdir()
    settings.ERASURES_FILE.write_bytes(b'{"pseudonym": "ab\xff\0')
    erasures.note(clock.now())
    said = io.StringIO()

    call_command("replay_erasures", stdout=said)

    assert said.getvalue().startswith("Deleted 0, erased 0, brought back 0; 0 are not")


def test_a_crash_on_the_way_leaves_nothing_half_done(maja):
    leave(maja)
    with in_days(14):
        with (
            patch("members.privacy.people.forget_unless_needed", side_effect=RuntimeError),
            pytest.raises(RuntimeError),
        ):
            erase_due(clock.now())
        maja.refresh_from_db()
        assert maja.name == NAME
        assert erase_due(clock.now()) == 1
