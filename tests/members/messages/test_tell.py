"""What is told stands on the card; by mail it goes to who chose that, and not at night."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.calendar import by_day
from loyalty.outbox.models import OutboxMessage
from loyalty.outbox.operations import drain
from members.merging import merge
from members.messages.models import Message
from members.messages.operations import Purpose, forget_old, take_off
from members.messages.wishes import stop_mail
from members.models import Consent
from tests.factories import MembershipFactory
from tests.members.messages.conftest import NOON, tell, wants

pytestmark = pytest.mark.django_db

Mail, State = Message.Mail, OutboxMessage.State
NEWS, SERVICE = Purpose.NEWS, Purpose.SERVICE
WEEK = timedelta(days=7)


def test_it_works(maja, mailoutbox):
    wants(maja, SERVICE)

    message = tell(maja)

    assert list(Message.objects.on_card(NOON)) == [message]
    assert message.mail == Mail.POSTED
    [mail] = mailoutbox
    assert mail.to == ["maja@example.no"]
    assert mail.subject == "Ready for you at Kaffe & Kardemomme: Cinnamon bun"
    assert "A reward waits for you at Kaffe & Kardemomme: Cinnamon bun." in mail.body


def test_the_same_thing_is_told_once(maja, mailoutbox):
    wants(maja, SERVICE)

    assert tell(maja) is not None
    assert tell(maja) is None
    assert len(mailoutbox) == Message.objects.count() == 1


def test_the_database_minds_too(maja):
    message = tell(maja)
    message.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        message.save(force_insert=True)


def test_what_fails_is_not_told(maja, mailoutbox):
    wants(maja, SERVICE)
    with transaction.atomic():
        tell(maja)
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_every_mail_names_whom_to_answer_and_how_to_stop(maja, mailoutbox):
    wants(maja, SERVICE)
    tell(maja)

    [mail] = mailoutbox
    headers = mail.message()
    stop = headers["List-Unsubscribe"].strip("<>")
    assert headers["Reply-To"] == "hei@kaffe-kardemomme.example"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{stop}\n" in mail.body
    assert "Kaffe & Kardemomme\nhei@kaffe-kardemomme.example" in mail.body
    assert maja.private not in stop
    assert "maja" not in stop


# --- Who is mailed ---


@pytest.mark.parametrize("purpose", Purpose)
def test_nobody_is_mailed_who_did_not_choose_it(maja, mailoutbox, purpose):
    assert tell(maja, purpose=purpose).mail == Mail.NOT_WANTED
    assert mailoutbox == []


@pytest.mark.parametrize(("chosen", "told"), [(SERVICE, NEWS), (NEWS, SERVICE)])
def test_one_choice_is_not_the_other(maja, mailoutbox, chosen, told):
    wants(maja, chosen)

    assert tell(maja, purpose=told).mail == Mail.NOT_WANTED
    assert tell(maja, "another", purpose=chosen).mail == Mail.POSTED


@pytest.mark.parametrize("purpose", Purpose)
def test_who_stopped_gets_nothing(maja, mailoutbox, purpose):
    wants(maja, purpose)
    stop_mail(maja, purpose, way=Consent.Way.CARD)

    assert tell(maja, purpose=purpose).mail == Mail.NOT_WANTED
    assert mailoutbox == []


def test_a_card_without_an_e_mail_has_it_on_the_card(in_shop, card, mailoutbox):
    unsaved = MembershipFactory(shop=in_shop)

    message = tell(unsaved)

    assert message.mail == Mail.NO_ADDRESS
    assert list(Message.objects.on_card(NOON)) == [message]
    assert mailoutbox == []


@pytest.mark.parametrize("changed", [{"verified": False}, {"email": "old@example.no"}])
def test_an_address_that_is_not_proved_theirs_gets_nothing(maja, mailoutbox, changed):
    wants(maja, SERVICE, NEWS)
    EmailAddress.objects.update(**changed)

    assert {tell(maja, purpose, purpose=purpose).mail for purpose in Purpose} == {Mail.NO_ADDRESS}
    assert mailoutbox == []


def test_the_third_news_of_a_week_stands_on_the_card_alone(maja, mailoutbox):
    wants(maja, NEWS)
    told = [tell(maja, f"news-{n}", purpose=NEWS).mail for n in range(4)]

    assert told == [Mail.POSTED, Mail.POSTED, Mail.ENOUGH, Mail.ENOUGH]
    assert len(mailoutbox) == 2
    assert Message.objects.on_card(NOON).count() == 4


@pytest.mark.parametrize(
    ("after", "mail"), [(WEEK - timedelta(seconds=1), Mail.ENOUGH), (WEEK, Mail.POSTED)]
)
def test_a_week_later_news_goes_out_again(maja, after, mail):
    wants(maja, NEWS)
    for n in range(2):
        tell(maja, f"news-{n}", purpose=NEWS)
    with clock.at(NOON + after):
        assert tell(maja, "later", purpose=NEWS).mail == mail


def test_mail_about_the_card_does_not_count_as_news(maja):
    wants(maja, NEWS, SERVICE)
    for n in range(5):
        tell(maja, f"service-{n}")

    assert tell(maja, "news", purpose=NEWS).mail == Mail.POSTED


def test_what_a_stranger_next_door_chose_changes_nothing_here(maja, next_door_member):
    wants(maja, SERVICE)
    with scope(shop=next_door_member.shop):
        wants(next_door_member, NEWS)

    assert tell(maja, "news", purpose=NEWS).mail == Mail.NOT_WANTED
    assert tell(maja).mail == Mail.POSTED


# --- When ---


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2027-01-12 08:59", "2027-01-12 09:00"),
        ("2027-01-12 09:00", "2027-01-12 09:00"),
        ("2027-01-12 20:59", "2027-01-12 20:59"),
        ("2027-01-12 21:00", "2027-01-13 09:00"),
        ("2027-01-12 00:00", "2027-01-12 09:00"),
        ("2027-03-27 22:30", "2027-03-28 09:00"),  # the clocks go forward: an hour less to wait
        ("2027-03-28 01:30", "2027-03-28 09:00"),
        ("2027-10-30 22:30", "2027-10-31 09:00"),  # and back: an hour more
        ("2027-12-31 23:00", "2028-01-01 09:00"),
    ],
)
def test_between_nine_in_the_evening_and_nine_in_the_morning_mail_waits(shop, moment, goes):
    at, then = (datetime.fromisoformat(each).replace(tzinfo=shop.zone) for each in (moment, goes))

    assert by_day(at.astimezone(UTC), shop.zone) == then.astimezone(UTC)


def test_it_goes_out_in_the_morning(maja, mailoutbox, in_shop):
    wants(maja, SERVICE)
    night = datetime(2027, 3, 27, 22, 30, tzinfo=in_shop.zone)
    with clock.at(night):
        message = tell(maja)
        drain.func()
    assert (message.mail, mailoutbox) == (Mail.POSTED, [])

    for minute, sent in ((59, 0), (60, 1)):
        with clock.at(datetime(2027, 3, 28, 6, tzinfo=UTC) + timedelta(minutes=minute)):
            assert drain.func() == sent


@pytest.mark.parametrize(
    ("until", "mail"),
    [("2027-03-02 09:00", Mail.TOO_LATE), ("2027-03-02 09:01", Mail.POSTED)],
)
def test_what_is_over_by_the_morning_is_not_mailed(maja, in_shop, until, mail):
    wants(maja, SERVICE)
    over = datetime.fromisoformat(until).replace(tzinfo=in_shop.zone)
    with clock.at(datetime(2027, 3, 1, 22, tzinfo=in_shop.zone)):
        assert tell(maja, until=over).mail == mail


def test_a_mail_that_fails_in_the_evening_is_not_tried_again_before_the_morning(
    maja, in_shop, monkeypatch, mailoutbox
):
    def fail(self, *args, **kwargs):
        raise OSError("no server")

    wants(maja, SERVICE)
    with monkeypatch.context() as broken, clock.at(datetime(2027, 3, 1, 19, 59, 50, tzinfo=UTC)):
        broken.setattr("django.core.mail.message.EmailMessage.send", fail)
        tell(maja)
    for hour, sent in ((22, 0), (23, 0), (8 + 24, 0), (9 + 24, 1)):
        with clock.at(datetime(2027, 3, 1, tzinfo=in_shop.zone) + timedelta(hours=hour)):
            assert drain.func() == sent


def test_what_a_counter_sends_late_is_mailed_by_the_time_it_is_now(maja, in_shop, mailoutbox):
    wants(maja, SERVICE)
    last_night = datetime(2027, 2, 28, 23, tzinfo=in_shop.zone)

    message = tell(maja, at=last_night)

    assert message.at == last_night
    assert len(mailoutbox) == 1


# --- How long it stands ---


def test_it_leaves_the_card_by_itself(maja):
    tell(maja, until=NOON + timedelta(hours=1))

    standing = [
        Message.objects.on_card(NOON + timedelta(minutes=minutes)).count() for minutes in (59, 60)
    ]
    assert standing == [1, 0]


def test_what_is_not_true_any_more_is_taken_off(maja):
    tell(maja)
    take_off(maja, "reward")

    assert not Message.objects.on_card(NOON).exists()


def test_a_mail_that_waits_for_the_morning_does_not_go_out_then(maja, in_shop, mailoutbox):
    wants(maja, SERVICE)
    with clock.at(datetime(2027, 3, 1, 23, tzinfo=in_shop.zone)):
        tell(maja)
        take_off(maja, "reward")
    with clock.at(datetime(2027, 3, 2, 9, tzinfo=in_shop.zone)):
        assert drain.func() == 0

    assert mailoutbox == []
    assert OutboxMessage.objects.get().state == State.CALLED_OFF


def test_true_again_it_is_told_again(maja):
    tell(maja)
    take_off(maja, "reward")

    assert tell(maja) is not None
    assert Message.objects.on_card(NOON).count() == 1


def test_taking_off_what_was_never_told_is_nothing(maja):
    tell(maja, "another")
    take_off(maja, "reward")

    assert Message.objects.on_card(NOON).count() == 1


def test_after_two_years_it_is_forgotten(maja):
    tell(maja)
    for days, left in ((730, 1), (731, 0)):
        forget_old(NOON + timedelta(days=days))
        assert Message.objects.count() == left


# --- Merged cards ---


def test_a_card_that_was_merged_is_told_on_the_one_it_became(maja, in_shop, counter):
    kept = MembershipFactory(shop=in_shop)
    merge(kept=kept, gone=maja, key=keys.new(), actor=Actor.of_counter(counter))

    assert tell(maja).membership == kept
    assert tell(kept) is None
