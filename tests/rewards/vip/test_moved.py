"""An evening is put off: whoever has a place hears of it, once, and of the time that holds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from loyalty import clock, keys
from loyalty.outbox.operations import drain
from members.messages import operations as messages
from members.messages import reading
from members.messages.models import Message
from members.messages.wishes import start_mail
from members.models import Consent, Membership
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.vip import owning, plans
from rewards.vip.models import Drop
from tests.factories import MembershipFactory, PersonFactory
from tests.rewards.vip.conftest import THURSDAY

pytestmark = pytest.mark.django_db

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
TIMES = ("starts_at", "ends_at", "reply_by")


@pytest.fixture
def guest(maja, tasting, reply):
    """Maja, who has said yes and wants mail about her card."""
    maja.person = PersonFactory(email="maja@example.no")
    maja.person.emailaddress_set.create(email=maja.person.email, verified=True, primary=True)
    maja.language = "en-gb"
    maja.save()
    start_mail(maja, Message.Purpose.SERVICE, way=Consent.Way.CARD)
    reply(membership=maja, drop=tasting, coming=True)
    return maja


@pytest.fixture
def put_off(asking, owner, tasting):
    """put_off(by): so much later, and all that goes with it; what was answered."""

    def put_off(by, **asked):
        drop = Drop.objects.get(pk=tasting.pk)
        times = {name: getattr(drop, name) + by for name in TIMES}
        plan = replace(plans.of(drop), **times)
        return asking(owning.change_drop, drop=drop, plan=plan, **{"actor": owner, **asked})

    return put_off


def on_card(member):
    card = Membership.objects.get(pk=member.pk)
    return [reading.sentence(each, "card", "Kaffe") for each in reading.unread(card, clock.now())]


def moved_to(when):
    return f"Tasting is at another time now: {when}. Your place is kept."


def test_it_works(guest, put_off):
    put_off(WEEK)

    assert on_card(guest) == [moved_to("20 March 18:00")]
    [message] = mail.outbox
    assert message.subject == "Kaffe & Kardemomme: Tasting is at another time now"
    assert "Say so on your card" in message.body


@pytest.mark.parametrize("language", ["en-gb", "nb", "da"])
def test_it_is_said_in_the_language_of_the_card(guest, put_off, language):
    Membership.objects.update(language=language)
    put_off(WEEK)

    [message] = mail.outbox
    assert "Tasting" in message.subject
    assert "20" in message.body
    assert "{" not in message.body


def test_what_stays_at_its_time_is_nothing_to_tell(guest, asking, owner, tasting):
    plan = replace(plans.of(tasting), place="Storgata 2", quantity=5)
    asking(owning.change_drop, drop=tasting, plan=plan, actor=owner)

    assert on_card(guest) == []


def test_the_same_change_twice_is_told_once(guest, put_off):
    key = keys.new()
    for by in (WEEK, timedelta(0)):  # the second page shows what the first tap has changed
        put_off(by, key=key)

    assert len(mail.outbox) == 1


def test_put_off_once_more_only_the_last_time_stands(guest, put_off):
    put_off(WEEK)
    put_off(HOUR)

    assert on_card(guest) == [moved_to("20 March 19:00")]
    assert len(mail.outbox) == 2


def test_at_night_only_the_last_time_is_mailed(guest, put_off):
    night = THURSDAY.replace(hour=22)
    for n in range(2):
        with clock.at(night + n * HOUR):
            put_off(WEEK)
    with clock.at(night + 12 * HOUR):
        drain.func()

    assert len(mail.outbox) == 1
    assert "27 March 18:00" in mail.outbox[0].body


def test_who_gives_the_place_back_is_told_no_more(guest, put_off, reply, tasting):
    put_off(WEEK)
    reply(membership=guest, drop=tasting, coming=False)

    assert on_card(guest) == []


def test_only_who_has_a_place_is_told(guest, put_off, reply, tasting, in_shop):
    no, second, waits = (MembershipFactory(shop=in_shop) for _ in range(3))
    for member, coming in ((no, False), (second, True), (waits, True)):
        reply(membership=member, drop=tasting, coming=coming)
    put_off(WEEK)

    told = set(
        Message.objects.filter(once__startswith="moved").values_list("membership", flat=True)
    )
    assert told == {guest.pk, second.pk}


def test_one_who_is_there_already_is_not_told(guest, put_off, till_actor, tasting):
    claim = Claim.objects.get()
    with clock.at(tasting.starts_at - HOUR):
        hand_over(membership=guest, claim=claim, key=keys.new(), actor=till_actor)
        put_off(HOUR)

        assert on_card(guest) == []


def test_what_is_put_into_the_past_is_not_told(guest, put_off, tasting):
    with clock.at(tasting.starts_at - HOUR):
        put_off(-WEEK)

        assert on_card(guest) == []


def test_after_answers_are_closed_it_asks_for_none(guest, put_off, tasting):
    with clock.at(tasting.starts_at - HOUR):
        put_off(HOUR)

    assert "Say so on your card" not in mail.outbox[0].body
    assert "You can answer this e-mail" in mail.outbox[0].body


def test_stopped_between_the_change_and_the_telling_the_form_sent_again_tells(
    guest, put_off, monkeypatch
):
    """A crash after the change: the browser shows an error, and the same form is sent again."""
    key = keys.new()
    tell = messages.tell

    def crash(*args, **told):
        raise RuntimeError

    monkeypatch.setattr(messages, "tell", crash)
    with pytest.raises(RuntimeError):
        put_off(WEEK, key=key)
    monkeypatch.setattr(messages, "tell", tell)
    put_off(timedelta(0), key=key)

    assert on_card(guest) == [moved_to("20 March 18:00")]
