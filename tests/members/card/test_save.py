"""Save your card: an e-mail, a code, and it can be found again."""

import re

import pytest
from django.core import signing
from django.urls import reverse

from loyalty import keys
from loyalty.outbox.models import OutboxMessage
from members.card.views.saving import SALT
from members.models import Membership
from tests.factories import MembershipFactory, PersonFactory, stamp
from tests.people import browser_of

pytestmark = pytest.mark.django_db

CONFIRM = "/accounts/login/code/confirm/"


@pytest.fixture
def save(member, visitor, mailoutbox):
    """Everything a customer does: e-mail, code from the mail, and back."""

    def all_of_it(email="maja@example.no", client=visitor, card=member):
        form = {"email": email, "key": keys.new()}
        client.post(reverse("card:save", args=[card.private]), form)
        code = re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0]
        return client.post(CONFIRM, {"code": code}, follow=True)

    return all_of_it


def test_it_works(save, member, in_shop):
    answer = save(" Maja@Example.no ")

    member.refresh_from_db()
    html = answer.content.decode()
    assert member.person.email == "maja@example.no"
    assert answer.redirect_chain[-1][0] == reverse("card:card", args=[member.private])
    assert "Saved." in html
    assert "Save your card" not in html


def test_an_e_mail_that_has_an_account_gets_the_card(save, member, in_shop):
    person = PersonFactory(email="maja@example.no")
    save()

    member.refresh_from_db()
    assert member.person == person


def test_a_saved_card_keeps_its_e_mail_before_whoever_has_the_link(save, member, in_shop):
    save()
    holder = browser_of()

    form = {"email": "somebody@example.no", "key": keys.new()}
    answer = holder.post(reverse("card:save", args=[member.private]), form)

    member.refresh_from_db()
    assert answer.status_code == 422
    assert "This card is saved. Sign in with its e-mail to change it." in answer.content.decode()
    assert "somebody@example.no" in answer.content.decode()
    assert member.person.email == "maja@example.no"


def test_its_own_person_may_change_the_e_mail(save, member, in_shop):
    save()
    save("maja@new.example")

    member.refresh_from_db()
    assert member.person.email == "maja@new.example"


def test_whoever_has_a_card_here_gets_one_of_the_two(save, member, card, counter, in_shop):
    person = PersonFactory(email="maja@example.no")
    kept = MembershipFactory(shop=card.shop, person=person)
    stamp(member, 2, counter=counter)

    answer = save()

    assert answer.redirect_chain[-1][0] == reverse("card:card", args=[kept.private])
    html = answer.content.decode()
    assert "Saved. You already had a card here; the two are now one." in html
    assert "You have 3 of 9 stamps." in html
    assert Membership.objects.current().count() == 1


def test_coming_back_twice_saves_once(save, member, visitor, in_shop):
    back = next(address for address, _ in save().redirect_chain if "/saved/" in address)

    assert visitor.get(back).url == reverse("card:card", args=[member.private])
    member.refresh_from_db()
    assert member.person.email == "maja@example.no"


def test_whoever_is_signed_in_with_it_needs_no_code(member, in_shop):
    person = PersonFactory(email="maja@example.no")
    form = {"email": "maja@example.no", "key": keys.new()}
    path = reverse("card:save", args=[member.private])

    answer = browser_of(person).post(path, form, follow=True)

    assert b"Saved." in answer.content
    member.refresh_from_db()
    assert member.person == person


def test_known_and_unknown_addresses_get_the_same_answer(member):
    PersonFactory(email="known@example.no")
    path = reverse("card:save", args=[member.private])
    answers = [
        browser_of().post(path, {"email": email, "key": keys.new()})
        for email in ("known@example.no", "unknown@example.no")
    ]

    assert len({(answer.status_code, answer.url) for answer in answers}) == 1


@pytest.mark.parametrize("typed", ["", "maja", "maja@", "x" * 300 + "@example.no", "🍰@", "a b@c"])
def test_a_bad_e_mail_is_told_beside_its_field_and_kept(visitor, member, typed):
    path = reverse("card:save", args=[member.private])
    answer = visitor.post(path, {"email": typed, "key": keys.new()})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_email_error"' in html
    assert f'value="{typed}"' in html or not typed
    assert not OutboxMessage.objects.exists()


# --- Nobody else's ---


def back_with(member, *, email="maja@example.no", pk=None, salt=SALT):
    token = signing.dumps([pk or member.pk, None, email, str(keys.new())], salt=salt)
    return reverse("card:saved", args=[member.private, token])


def test_a_link_somebody_sent_ties_nothing(member, stranger, in_shop):
    """Signed in, but with another e-mail than the one the code went to."""
    assert stranger.get(back_with(member)).url == reverse("card:card", args=[member.private])

    member.refresh_from_db()
    assert member.person is None


@pytest.mark.parametrize("change", [{"salt": "other"}, {"pk": 999_999}])
def test_a_token_that_is_not_ours_or_not_this_cards_ties_nothing(member, in_shop, change):
    maja = browser_of(PersonFactory(email="maja@example.no"))
    maja.get(back_with(member, **change))

    member.refresh_from_db()
    assert member.person is None


def test_without_signing_in_nothing_is_tied(visitor, member, in_shop):
    visitor.get(back_with(member))

    member.refresh_from_db()
    assert member.person is None


def test_a_post_from_another_site_is_refused(visitor, member):
    path = reverse("card:save", args=[member.private])
    form = {"email": "maja@example.no", "key": keys.new()}
    answer = visitor.post(path, form, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert not OutboxMessage.objects.exists()


# --- Found again ---


def test_a_lost_link_is_found_by_e_mail(visitor, member, mailoutbox, save):
    save(client=browser_of())
    visitor.post(reverse("card:find"), {"email": "maja@example.no"})
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0]

    answer = visitor.post(CONFIRM, {"code": code}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("card:card", args=[member.private])


def test_cards_of_several_shops_are_their_clubs(card, next_door_card):
    person = PersonFactory()
    for programme in (card, next_door_card):
        MembershipFactory(shop=programme.shop, person=person)

    assert browser_of(person).get(reverse("card:own")).url == reverse("clubs")


def test_whoever_has_no_card_at_all_is_told(stranger):
    answer = stranger.get(reverse("card:own"), follow=True)

    assert b"No card with that e-mail" in answer.content


def test_nobody_in_particular_is_asked_for_an_e_mail(visitor, db):
    assert visitor.get(reverse("card:own")).url == reverse("card:find")
    assert visitor.post(reverse("card:find"), {"email": "x"}).status_code == 422


def test_who_was_quicker_keeps_the_card(save, member, in_shop, mailoutbox):
    """Both hold the link and both asked; the second comes back when the card is no longer free."""
    slow = browser_of()
    path = reverse("card:save", args=[member.private])
    slow.post(path, {"email": "somebody@example.no", "key": keys.new()})
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0]
    save("maja@example.no")

    answer = slow.post(CONFIRM, {"code": code}, follow=True)

    member.refresh_from_db()
    assert member.person.email == "maja@example.no"
    assert "This card is saved. Sign in with its e-mail" in answer.content.decode()


def test_who_was_quicker_keeps_it_from_somebody_with_a_card_too(save, member, card, in_shop):
    other = MembershipFactory(shop=card.shop, person=PersonFactory(email="nora@example.no"))
    save("maja@example.no")
    nora = browser_of(other.person)

    nora.get(back_with(member, email="nora@example.no"))

    member.refresh_from_db()
    assert (member.merged_into, member.person.email) == (None, "maja@example.no")
