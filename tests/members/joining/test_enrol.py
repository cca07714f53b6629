"""Staff make a card for somebody who says a number or an e-mail."""

from functools import partial

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor
from loyalty.outbox.models import OutboxMessage
from members.card.operations import keep_phone
from members.joining.operations import Contact, NotOpenYet, enrol
from members.ledger.models import Operation
from members.ledger.refusals import KeyTaken
from members.merging import merge
from members.models import Membership
from members.refusals import ShopPaused
from tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db

PHONE = "+4740612345"


@pytest.fixture
def enrol_here(in_shop, card, counter):
    return partial(enrol, actor=Actor.of_counter(counter))


def test_it_works(enrol_here, in_shop):
    answer = enrol_here(contact=Contact(phone=PHONE, name="Åse"), key=keys.new())
    [member] = Membership.objects.all()

    assert answer == {"cards": [member.pk], "made": True}
    assert (member.phone, member.name, member.named) == (PHONE, "Åse", True)
    assert (member.source, member.language) == (Membership.Source.COUNTER, in_shop.language)
    assert (member.person, member.unclaimed) == (None, True)
    assert member.accounts.get().balance == 1
    assert not OutboxMessage.objects.exists()


def test_the_same_key_twice_makes_one_card(enrol_here):
    contact, key = Contact(phone=PHONE), keys.new()

    assert enrol_here(contact=contact, key=key) == enrol_here(contact=contact, key=key)
    assert Membership.objects.count() == 1


def test_the_same_key_never_makes_somebody_else_a_card(enrol_here):
    key = keys.new()
    enrol_here(contact=Contact(phone=PHONE), key=key)

    with pytest.raises(KeyTaken):
        enrol_here(contact=Contact(phone="+4740612346"), key=key)


def test_a_second_enrolment_of_the_number_finds_the_first_card(enrol_here):
    first = enrol_here(contact=Contact(phone=PHONE, name="Åse"), key=keys.new())
    second = enrol_here(contact=Contact(phone=PHONE, name="Aase"), key=keys.new())

    assert second == {"cards": first["cards"], "made": False}
    assert Membership.objects.get().name == "Åse"


def test_a_known_number_makes_no_second_card_and_mails_nobody_its_link(enrol_here, member):
    keep_phone(member, PHONE)
    contact = Contact(phone=PHONE, name="Thief", email="thief@example.no")
    answer = enrol_here(contact=contact, key=keys.new())

    member.refresh_from_db()
    assert answer == {"cards": [member.pk], "made": False}
    assert member.name == "Maja"
    assert not OutboxMessage.objects.exists()


def test_a_number_on_several_cards_names_them_all(enrol_here, member, in_shop):
    other = MembershipFactory(shop=in_shop)
    for card in (member, other):
        keep_phone(card, PHONE)

    answer = enrol_here(contact=Contact(phone=PHONE), key=keys.new())
    assert answer == {"cards": [member.pk, other.pk], "made": False}


def test_a_card_that_became_another_ones_part_is_not_named(enrol_here, member, in_shop, counter):
    old = MembershipFactory(shop=in_shop)
    keep_phone(old, PHONE)
    merge(gone=old, kept=member, key=keys.new(), actor=Actor.of_counter(counter))

    answer = enrol_here(contact=Contact(phone=PHONE), key=keys.new())
    assert answer == {"cards": [member.pk], "made": False}


def test_a_number_known_next_door_is_nobodys_here(enrol_here, next_door_member):
    keep_phone(next_door_member, PHONE)

    assert enrol_here(contact=Contact(phone=PHONE), key=keys.new())["made"]


def test_an_e_mail_gets_the_link_in_the_shops_language(enrol_here, in_shop):
    enrol_here(contact=Contact(email="ase@example.no"), key=keys.new())

    member = Membership.objects.get()
    link = settings.PUBLIC_URL + reverse("card:card", args=[member.private])
    [message] = OutboxMessage.objects.all()
    [sent] = mail.outbox
    assert (message.to, message.language) == ("ase@example.no", in_shop.language)
    assert link in sent.body
    assert in_shop.name in sent.subject
    assert (member.person, member.unclaimed) == (None, False)


def test_a_known_e_mail_is_treated_like_any_other(enrol_here, in_shop):
    known = MembershipFactory(shop=in_shop, person=PersonFactory(email="maja@example.no"))
    strange = enrol_here(contact=Contact(email="ase@example.no"), key=keys.new())
    answer = enrol_here(contact=Contact(email="maja@example.no"), key=keys.new())

    assert strange["made"]
    assert answer["made"]
    assert known.pk not in answer["cards"]
    assert not Membership.objects.filter(pk__in=answer["cards"]).exclude(person=None).exists()


def test_nobody_can_read_the_number_from_what_is_kept_for_ever(enrol_here):
    contact = Contact(phone=PHONE, name="Åse", email="ase@example.no")
    enrol_here(contact=contact, key=keys.new())

    kept = str(Operation.objects.values().get(kind="enrol"))
    assert not [told for told in (PHONE, "Åse", "ase@example.no") if told in kept]
    assert not [told for told in (PHONE, "Åse", "ase@example.no") if told in str(contact)]


def test_nobody_joins_before_the_start(enrol_here, in_shop):
    in_shop.live_since = None

    with pytest.raises(NotOpenYet, match=r"^This is a preview\. Start the programme first\.$"):
        enrol_here(contact=Contact(phone=PHONE), key=keys.new())


def test_nobody_joins_while_the_programme_is_on_pause(enrol_here, card):
    card.paused_since = card.shop.live_since
    card.save()

    with pytest.raises(ShopPaused):
        enrol_here(contact=Contact(phone=PHONE), key=keys.new())
    assert not Membership.objects.exists()
