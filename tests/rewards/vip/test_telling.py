"""Members hear of it once: what opened to them, and what is about to lapse."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from loyalty import clock, keys
from loyalty.outbox.models import OutboxMessage
from loyalty.outbox.operations import drain
from members.messages import reading
from members.messages.models import Message
from members.messages.wishes import start_mail
from members.models import Consent, Membership
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.room import history, running_out
from rewards.vip import operations, owning, plans, room, telling, waiting
from rewards.vip.models import Drop, Opening, Reservation
from tests.factories import PersonFactory
from tests.rewards.vip.conftest import A_SECOND, SATURDAY, SUNDAY, THURSDAY

pytestmark = pytest.mark.django_db


def tell(now=THURSDAY):
    with clock.at(now):
        return telling.tell_openings(now)


def remind(now):
    with clock.at(now):
        return telling.tell_lapses(now)


def told(**which):
    return set(Message.objects.filter(**which).values_list("membership__name", flat=True))


def test_it_works(roast, vera, maja):
    assert tell() == 1

    message = Message.objects.get()
    assert (message.membership, message.purpose) == (vera, "news")
    assert reading.sentence(message, "card", "Kaffe") == "Summer roast is open to you now."


def test_not_before_it_opens(roast, vera):
    assert tell(THURSDAY - A_SECOND) == 0


def test_once(roast, vera):
    assert [tell(), tell(), tell(THURSDAY + timedelta(hours=1))] == [1, 0, 0]


def test_then_everybody_else(roast, vera, maja):
    tell()
    assert tell(SATURDAY) == 1

    assert told(once=f"opening-{roast.openings.last().pk}") == {"Maja"}


def test_who_has_one_hears_nothing_new(roast, vera, reserve):
    reserve(membership=vera, drop=roast)

    assert tell() == 0


def test_stopped_in_the_middle_it_goes_on_with_the_rest(roast, vip, monkeypatch):
    members = [vip(name=name) for name in ("Ada", "Bo", "Cato")]
    monkeypatch.setattr(telling, "AT_ONCE", 1)
    one = telling._tell_one

    def crash(opening, card, now):
        if card == members[1]:
            raise RuntimeError
        return one(opening, card, now)

    monkeypatch.setattr(telling, "_tell_one", crash)
    with pytest.raises(RuntimeError):
        tell()
    assert told() == {"Ada"}
    monkeypatch.setattr(telling, "_tell_one", one)

    assert tell() == 2
    assert Message.objects.count() == 3


def test_a_day_late_it_is_no_news(roast, vera):
    assert tell(THURSDAY + timedelta(days=1)) == 0
    assert tell(THURSDAY + timedelta(days=1) - A_SECOND) == 1


@pytest.mark.parametrize(
    "gone", [{"closed_at": THURSDAY}, {"over_at": THURSDAY}, {"scheduled_at": None}]
)
def test_nothing_is_told_of_what_nobody_can_have(roast, vera, gone):
    Drop.objects.update(**gone)

    assert tell() == 0


def test_nor_while_the_shop_is_on_pause(roast, vera, in_shop):
    in_shop.paused_since = THURSDAY
    in_shop.save()

    assert tell() == 0


def test_moved_to_a_later_time_it_is_told_again(roast, vera, asking, owner):
    tell()
    plan = plans.of(roast)
    later = replace(plan.openings[0], at=THURSDAY + timedelta(hours=5))
    asking(
        owning.change_drop,
        drop=roast,
        plan=replace(plan, openings=(later, plan.openings[1])),
        actor=owner,
    )

    assert tell(THURSDAY + timedelta(hours=5)) == 1


# --- By mail -------------------------------------------------------------------------------------


@pytest.fixture
def reader(vip):
    """reader(language): picked, with a proved e-mail, and wants all of it."""

    def make(language="en-gb"):
        person = PersonFactory(name="Liv", email=f"liv-{language}@example.no")
        person.emailaddress_set.create(email=person.email, verified=True, primary=True)
        card = vip(name="Liv", person=person, language=language)
        for purpose in Message.Purpose:
            start_mail(card, purpose, way=Consent.Way.CARD)
        return card

    return make


def test_by_mail_to_who_said_yes_to_news_only(roast, reader, vera):
    reader()
    tell()

    assert dict(Message.objects.values_list("membership__name", "mail")) == {
        "Liv": "posted",
        "Vera": "no_address",
    }


def test_closed_before_the_morning_the_mail_does_not_go_out(roast, reader, asking, owner):
    night = datetime(2027, 3, 4, 22, tzinfo=UTC)
    Opening.objects.filter(audience="picked").update(at=night)
    reader()
    tell(night)
    with clock.at(night + timedelta(hours=1)):
        asking(owning.close_early, drop=roast, actor=owner)

    assert not OutboxMessage.objects.filter(state="waiting").exists()


@pytest.mark.parametrize("language", ["en-gb", "nb", "da"])
def test_every_mail_can_be_read(roast, tasting, reader, asking, language):
    """It opens, a seat becomes free, a bag is about to lapse."""
    liv = reader(language)
    tell()
    asking(operations.reserve, membership=liv, drop=roast)
    Drop.objects.filter(pk=tasting.pk).update(quantity=0, left=0)
    asking(operations.reply, membership=liv, drop=tasting, coming=True)
    Drop.objects.filter(pk=tasting.pk).update(quantity=1, left=1)
    with clock.at(SUNDAY - timedelta(hours=2)):
        waiting.fill_places(clock.now())
        remind(clock.now())
        drain.call()

    assert len(mail.outbox) == 4
    for each in mail.outbox:
        text = each.subject + each.body
        assert "Summer roast" in text or "Tasting" in text
        assert "{" not in text
        assert "None" not in text


# --- About to lapse ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "at"),
    [
        ((7, 17), (7, 14)),  # three hours before
        ((7, 12), (7, 9)),
        ((7, 11), (6, 20)),  # at eight in the morning nobody is reminded: the evening before
        ((7, 23), (7, 20)),
        ((8, 0), (7, 20)),  # midnight
        ((8, 1), (7, 20)),
    ],
)
def test_three_hours_before_and_never_at_night(in_shop, limit, at):
    moment = datetime(2027, 3, *limit, tzinfo=in_shop.zone)

    assert telling.reminder_at(in_shop, moment) == datetime(2027, 3, *at, tzinfo=in_shop.zone)


def test_a_reservation_about_to_lapse(roast, vera, reserve):
    reserve(membership=vera, drop=roast)
    assert remind(SUNDAY - timedelta(hours=3, seconds=1)) == 0
    assert remind(SUNDAY - timedelta(hours=3)) == 1
    assert remind(SUNDAY - timedelta(hours=2)) == 0

    message = Message.objects.get()
    assert message.purpose == "service"
    with clock.at(SUNDAY - timedelta(hours=3)):
        words = reading.sentence(message, "card", "Kaffe")
        assert words == "Summer roast is reserved for you until Sunday 17:00."


def test_who_reserved_it_a_moment_ago_is_not_reminded(roast, vera, reserve):
    with clock.at(SUNDAY - timedelta(hours=1)):
        reserve(membership=vera, drop=roast)

    assert remind(SUNDAY - timedelta(minutes=30)) == 0


def test_given_back_the_reminder_leaves_the_card(roast, vera, reserve, let_go):
    reserve(membership=vera, drop=roast)
    remind(SUNDAY - timedelta(hours=2))
    with clock.at(SUNDAY - timedelta(hours=1)):
        let_go(membership=vera, reservation=Reservation.objects.get())

    assert not Message.objects.on_card(SUNDAY - timedelta(hours=1)).exists()


def test_nobody_is_reminded_of_an_evening(tasting, vera, reply):
    reply(membership=vera, drop=tasting, coming=True)

    assert remind(tasting.ends_at - timedelta(hours=1)) == 0


# --- History, club rules, the tag at the counter -------------------------------------------------


def lines(member):
    return [line.words for line in room.history(member, since=None, until=None)]


def test_history(roast, vera, reserve, let_go):
    reserve(membership=vera, drop=roast)
    with clock.at(THURSDAY + timedelta(hours=1)):
        let_go(membership=vera, reservation=Reservation.objects.get())

    assert lines(vera) == ["Reserved: Summer roast", "Given back: Summer roast"]


def test_history_of_what_was_not_collected(roast, vera, reserve):
    reserve(membership=vera, drop=roast)
    with clock.at(SUNDAY + A_SECOND):
        room.tick(SUNDAY + A_SECOND)

    assert lines(vera) == ["Reserved: Summer roast", "Not collected in time: Summer roast"]


def test_history_of_an_evening(tasting, vera, reply, till_actor):
    claim = Claim.objects.get(pk=reply(membership=vera, drop=tasting, coming=True)["claim"])
    assert lines(vera) == ["You said yes: Tasting"]

    hand_over(membership=vera, claim=claim, key=keys.new(), actor=till_actor)
    told = [line.words for line in history(vera, since=None, until=None)]
    assert told == ["Checked in: Tasting"]


def test_the_rules_say_how_one_comes_to_it(roast, in_shop):
    Opening.objects.create(
        shop=in_shop, drop=roast, at=THURSDAY, audience="top", top=20, top_days=365
    )

    assert list(room.rules_lines(in_shop, THURSDAY)) == [
        "Early access for members the shop picks itself.",
        "Early access for the 20 members who spent most in the last 365 days.",
    ]


def test_the_rules_say_nothing_where_there_is_nothing(in_shop, maja):
    assert list(room.rules_lines(in_shop, THURSDAY)) == []


def test_the_counter_sees_who_was_picked(vera, maja):
    assert list(room.tags(vera, THURSDAY.date())) == ["VIP"]
    assert list(room.tags(maja, THURSDAY.date())) == []


def test_what_is_reserved_is_not_also_told_as_a_reward_that_runs_out(roast, vera, reserve):
    reserve(membership=vera, drop=roast)

    assert not list(running_out(Membership.objects.filter(pk=vera.pk), THURSDAY.date(), None))
