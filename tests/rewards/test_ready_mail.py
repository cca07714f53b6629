"""A reward that is ready is said by mail to who chose that; the card shows it by itself."""

from datetime import UTC, datetime

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.outbox.models import OutboxMessage
from loyalty.outbox.operations import drain
from members.card.operations import keep_birthday
from members.messages.models import Message
from members.messages.operations import Purpose
from members.operations import undo
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.operations import give_treats
from rewards.birthday.owning import keep_treat
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import MembershipFactory, PointsFactory, as_owner, stamp
from tests.members.notices.conftest import told_card

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)
NIGHT = datetime(2027, 3, 1, 22, tzinfo=UTC)
State = OutboxMessage.State


@pytest.fixture
def maja(in_shop, card, counter):
    """One stamp from a full card, with mail about it."""
    with clock.at(NOON):
        return told_card(in_shop, "maja@example.no", name="Maja", stamps=8, stamps__counter=counter)


def fill(maja, counter, at=NOON):
    with clock.at(at):
        key = keys.new()
        stamp(maja, counter=counter, key=key)
        return maja.operations.get(key=key)


def test_it_works(maja, counter, mailoutbox):
    fill(maja, counter)

    [mail] = mailoutbox
    assert mail.subject == "Ready for you at Kaffe & Kardemomme: Any hot drink"
    assert "Open your card at the counter and tap Use my reward." in mail.body


def test_on_the_card_it_stands_once(maja, counter, visitor):
    fill(maja, counter)
    with clock.at(NOON):
        page = visitor.get(f"/m/{maja.private}/").content.decode()

    assert page.count("Any hot drink.") == 1
    assert not Message.objects.on_card(NOON).exists()
    assert Message.objects.get().purpose == Purpose.SERVICE


def test_a_stamp_that_fills_no_card_says_nothing(in_shop, card, counter, mailoutbox):
    told_card(in_shop, "maja@example.no", stamps=7, stamps__counter=counter)

    assert not Message.objects.exists()
    assert mailoutbox == []


def test_two_full_cards_at_once_are_two_rewards(maja, counter, mailoutbox):
    with clock.at(NOON):
        stamp(maja, 10, counter=counter)

    assert len(mailoutbox) == 2


def test_nobody_is_mailed_who_did_not_choose_it(in_shop, card, counter, mailoutbox):
    MembershipFactory(shop=in_shop, stamps=9, stamps__counter=counter)

    assert Message.objects.get().mail == Message.Mail.NO_ADDRESS
    assert mailoutbox == []


def test_taken_back_before_the_morning_nothing_goes_out(maja, counter, mailoutbox):
    done = fill(maja, counter, at=NIGHT)
    with clock.at(NIGHT):
        undo(membership=maja, undone=done, key=keys.new(), actor=Actor.of_counter(counter))

    assert_nothing_goes_out(mailoutbox)


def test_used_before_the_morning_nothing_goes_out(maja, counter, mailoutbox):
    fill(maja, counter, at=NIGHT)
    with clock.at(NIGHT):
        actor, claim = Actor.of_counter(counter), Claim.objects.get()
        hand_over(membership=maja, claim=claim, key=keys.new(), actor=actor)

    assert_nothing_goes_out(mailoutbox)


def assert_nothing_goes_out(mailoutbox):
    with clock.at(datetime(2027, 3, 2, 9, tzinfo=UTC)):
        drain.func()
    assert mailoutbox == []
    assert OutboxMessage.objects.get().state == State.CALLED_OFF


def test_a_birthday_treat_is_told(maja, in_shop, mailoutbox):
    keep_treat(BirthdayTreat(shop=in_shop, title="A bun"), actor=as_owner(in_shop))
    birthday(maja)

    assert [mail.subject for mail in mailoutbox] == ["Ready for you at Kaffe & Kardemomme: A bun"]


def test_points_for_a_birthday_arrive_by_themselves(maja, in_shop, mailoutbox):
    PointsFactory(shop=in_shop)
    keep_treat(BirthdayTreat(shop=in_shop, title="50 points", bonus=50), actor=as_owner(in_shop))
    birthday(maja)

    assert mailoutbox == []


def birthday(maja):
    keep_birthday(maja, (1, 3))
    with clock.at(NOON):
        assert give_treats(NOON) == 1
