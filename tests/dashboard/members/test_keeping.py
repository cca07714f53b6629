"""What an owner does with a card: a note, a new code, paper, and deleting it."""

import pytest
from django.urls import reverse

from loyalty import keys
from loyalty.journal.models import Change
from members.ledger.models import Operation
from members.messages.operations import Purpose
from members.messages.wishes import start_mail, stop_mail
from members.models import Consent, RetiredCode
from members.operations import replace_codes
from members.privacy.operations import leave
from tests.dashboard.members.reading import address
from tests.factories import MembershipFactory, as_owner
from tests.members.notices.conftest import proved_person
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(ingrid):
    """Post one of the forms of a member's page; what is read next."""

    def send(name, card, *more, by=ingrid, follow=True, **typed):
        path = reverse(f"owner:{name}", args=[card.shop.slug, card.pk, *more])
        return by.post(path, typed, follow=follow)

    return send


# --- The note --------------------------------------------------------------------------------


def test_a_note_is_kept(send, member, ingrid_person):
    answer = send("keep_note", member, note="Oat milk. Comes with a dog.")

    member.refresh_from_db()
    assert member.note == "Oat milk. Comes with a dog."
    page = words_of(answer)
    assert "Saved." in page
    assert "The member can read it, with everything else kept about them." in page
    change = Change.objects.get()
    assert (change.what, change.after, change.actor) == (
        "member_note",
        {"member": member.pk},
        ingrid_person,
    )


def test_the_same_note_again_is_no_change(send, member):
    send("keep_note", member, note="Oat milk")
    send("keep_note", member, note=" Oat milk ")

    assert Change.objects.count() == 1


def test_it_can_be_taken_away(send, member):
    send("keep_note", member, note="Oat milk")
    send("keep_note", member, note="")

    member.refresh_from_db()
    assert member.note == ""


def test_a_long_note_is_refused_and_stays_typed(send, member):
    answer = send("keep_note", member, note="x" * 301)

    assert answer.status_code == 422
    assert "Use 300 letters at most." in words_of(answer)
    assert "x" * 301 in answer.content.decode()


# --- New codes and paper -----------------------------------------------------------------------


def test_a_lost_card_gets_a_new_code(send, member):
    old = member.counter_code

    page = words_of(send("new_codes", member, key=keys.new()))

    member.refresh_from_db()
    assert f"Maja has a new code: {member.spoken_code}. The old one is dead." in page
    assert RetiredCode.objects.get().counter_code == old


def test_a_double_tap_makes_one_new_code(send, member):
    key = keys.new()
    send("new_codes", member, key=key)
    send("new_codes", member, key=key)

    assert RetiredCode.objects.count() == 1


def test_the_card_is_printed_with_the_code_it_has_now(ingrid, member):
    replace_codes(membership=member, key=keys.new(), actor=as_owner(member.shop))
    path = reverse("owner:card_pdf", args=[member.shop.slug, member.pk])

    answer = ingrid.get(path)

    assert answer["Content-Type"] in ("application/pdf", "text/html; charset=utf-8")
    assert answer.content


# --- Contact and consents -----------------------------------------------------------------------


def test_what_a_member_agreed_to_stands_with_its_words_and_time(read, shop, card):
    maja = MembershipFactory(shop=shop, name="Maja", person=proved_person("maja@example.no"))
    assert "Has not said yes to news. Send none." in read(maja)

    start_mail(maja, Purpose.NEWS, way=Consent.Way.CARD)
    page = read(maja)
    assert "maja@example.no" in page
    assert "Said yes on" in page
    assert "at most two e-mails a week" in page  # in the words that were read

    stop_mail(maja, Purpose.NEWS, way=Consent.Way.CARD)
    assert "Taken back on" in read(maja)


# --- Deleting ------------------------------------------------------------------------------------


def test_before_a_card_is_deleted_the_page_says_what_goes(ingrid, shop, card):
    maja = MembershipFactory(shop=shop, name="Maja", stamps=12)
    path = reverse("owner:delete_member", args=[shop.slug, maja.pk])

    page = words_of(ingrid.get(path))

    assert "Delete Maja?" in page
    assert "Coffee card 3 of 9" in page
    assert "A reward that is ready" in page
    assert "For 14 days it can be brought back" in page
    maja.refresh_from_db()
    assert maja.leaving_since is None


@pytest.mark.both_engines  # it looks into JSON
def test_it_is_deleted_and_can_be_brought_back(send, ingrid, member, ingrid_person):
    page = words_of(send("delete_member", member))
    assert "Maja is deleted." in page
    assert "Undo" in page

    member.refresh_from_db()
    assert member.leaving_since
    gone = words_of(ingrid.get(address(member)))
    assert "Deleted card" in gone
    assert "Maja" not in gone

    page = words_of(send("member_back", member))
    assert "The card is back, as it was." in page
    assert "Maja" in page
    log = Change.objects.order_by("pk").values_list("what", "actor")
    assert list(log) == [
        ("member_deleted", ingrid_person.pk),
        ("member_back", ingrid_person.pk),
    ]


def test_what_its_owner_deleted_the_shop_does_not_bring_back(send, ingrid, member):
    leave(member)

    assert "The member deleted it. Only they can bring it back." in words_of(
        ingrid.get(address(member))
    )
    page = words_of(send("member_back", member))

    assert "Only they can bring it back." in page
    member.refresh_from_db()
    assert member.leaving_since


def test_nor_what_the_shop_brought_back_and_its_owner_deleted_then(send, member):
    send("delete_member", member)
    send("member_back", member)
    leave(member)

    send("member_back", member)

    member.refresh_from_db()
    assert member.leaving_since


def test_to_bring_back_what_is_in_use_changes_nothing(send, member):
    send("member_back", member)

    assert not Change.objects.exists()


@pytest.mark.parametrize("name", ["keep_note", "new_codes"])
def test_nothing_is_done_with_a_card_that_is_gone(send, member, name):
    leave(member)

    assert send(name, member, key=keys.new(), note="x").status_code == 404


# --- Who may ------------------------------------------------------------------------------------

FORMS = ["keep_note", "new_codes", "delete_member", "member_back"]


@pytest.mark.parametrize("name", FORMS)
def test_managers_may_and_staff_may_not(send, member, manager, staff_client, name):
    asked = {"key": keys.new(), "note": "Oat milk"}

    assert send(name, member, by=staff_client, follow=False, **asked).status_code == 403
    assert send(name, member, by=manager, follow=False, **asked).status_code == 302


@pytest.mark.parametrize("name", FORMS)
def test_a_stranger_finds_nothing(send, member, stranger, name):
    before = Operation.objects.count()

    assert send(name, member, by=stranger, key=keys.new(), note="x").status_code == 404
    member.refresh_from_db()
    assert (member.note, member.leaving_since) == ("", None)
    assert Operation.objects.count() == before
