"""Notices come 30, 7 and 1 day before something runs out: each once, true, and without an offer."""

from datetime import UTC, date, datetime

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.outbox.operations import drain
from members.card.operations import speak
from members.ledger.operations import expire_lapsed
from members.merging import merge
from members.messages.operations import Purpose
from members.messages.wishes import start_mail, stop_mail
from members.models import Consent
from members.notices.models import Notice
from members.notices.operations import tell, tell_in_time
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import (
    MembershipFactory,
    ProgrammeFactory,
    ShopFactory,
)
from tests.members.ledger.purse import Purse
from tests.members.notices.conftest import LAST, before, told_card

pytestmark = pytest.mark.django_db


def test_it_works(purse, maja, tick, mailoutbox):
    purse.earn(5, until=LAST)

    assert [days for days in range(40, -3, -1) if tick(days)] == [30, 7, 1]
    assert [mail.to for mail in mailoutbox] == [["maja@example.no"]] * 3
    assert "5 stamps on Coffee card run out on 30 November" in mailoutbox[0].body
    assert mailoutbox[0].subject == "Your card at Kaffe & Kardemomme: this runs out soon"


def test_the_mail_leads_to_the_card_and_to_the_switch(purse, maja, tick, mailoutbox):
    purse.earn(1, until=LAST)
    tick(7)

    [mail] = mailoutbox
    assert "1 stamp on Coffee card runs out on" in mail.body
    for page in ("card:card", "card:settings"):
        assert reverse(page, args=[maja.private]) + "\n" in mail.body


def test_twice_is_once(purse, tick, mailoutbox):
    purse.earn(5, until=LAST)

    assert [tick(30), tick(30), tick(30, hour=20)] == [1, 0, 0]
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("first", "then", "kinds"),
    [
        (25, 24, [30]),  # late: still true, and once
        (5, 4, [7]),  # very late: the nearest, not two
        (1, 0, [1]),
        (0, 0, [1]),  # the last good day itself
    ],
)
def test_a_late_job_sends_the_nearest_notice_that_is_still_true(purse, tick, first, then, kinds):
    purse.earn(5, until=LAST)

    assert [tick(first), tick(then)] == [1, 0]
    assert list(Notice.objects.values_list("days_before", flat=True)) == kinds


@pytest.mark.parametrize("days", [31, -1])
def test_too_early_and_too_late_nothing_is_sent(purse, tick, days):
    purse.earn(5, until=LAST)

    assert tick(days) == 0


def test_what_was_used_or_has_run_out_is_not_spoken_of(purse, tick, mailoutbox):
    purse.earn(5, until=LAST)
    purse.earn(2, until=date(2027, 11, 3))
    with clock.at(datetime(2027, 11, 4, 11, tzinfo=UTC)):
        expire_lapsed(clock.now())
        purse.spend(5)

    assert tick(7) == 0


def test_what_is_used_between_the_notice_and_the_mail_is_not_spoken_of(
    purse, tick, mailoutbox, settings
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    purse.earn(5, until=LAST)
    tick(7)
    with clock.at(datetime(2027, 11, 23, 12, tzinfo=UTC)):
        purse.spend(5)
        drain.func()

    assert "5 stamps" not in mailoutbox[0].body
    assert "Nothing any more: it has been used." in mailoutbox[0].body


def test_nobody_is_mailed_before_nine_in_the_morning(purse, tick):
    purse.earn(5, until=LAST)

    assert [tick(30, hour=8), tick(30, hour=9)] == [0, 1]


# --- All of it in one mail ---


def test_everything_of_a_day_stands_in_one_mail(purse, in_shop, maja, tick, mailoutbox):
    lunch = ProgrammeFactory(shop=in_shop, name="Lunch card")
    purse.earn(5, until=LAST)
    Purse(maja, lunch).earn(2, until=LAST)
    purse.earn(1, until=date(2027, 12, 23))  # 30 days after the 23rd of November

    assert tick(7) == 1
    body = mailoutbox[0].body.splitlines()
    assert [line for line in body if "card run" in line] == [
        "5 stamps on Coffee card run out on 30 November.",
        "2 stamps on Lunch card run out on 30 November.",
        "1 stamp on Coffee card runs out on 23 December.",
    ]


def test_earned_twice_for_one_day_is_one_line(purse, tick, mailoutbox):
    purse.earn(2, until=LAST)
    purse.earn(3, until=LAST)
    tick(30)

    assert "5 stamps on Coffee card" in mailoutbox[0].body


def test_a_reward_that_is_ready_runs_out_too(in_shop, counter, tick, mailoutbox):
    claim = a_reward(in_shop, counter)

    assert tick(7) == 1
    assert "Your reward runs out on 30 November: Any hot drink." in mailoutbox[0].body
    assert claim.expires_on == LAST


def test_a_reward_that_was_used_does_not(in_shop, counter, tick):
    claim = a_reward(in_shop, counter)
    actor = Actor.of_counter(counter)
    with clock.at(datetime(2027, 11, 1, 11, tzinfo=UTC)):
        hand_over(membership=claim.membership, claim=claim, key=keys.new(), actor=actor)

    assert tick(7) == 0


def a_reward(shop, counter):
    """A card that filled on 30 August; its reward is good for three months."""
    with clock.at(datetime(2027, 8, 30, 11, tzinfo=UTC)):
        ProgrammeFactory(shop=shop, rules__expires_months=None)
        card = told_card(shop, "nora@example.no", stamps=9, stamps__counter=counter)
    return Claim.objects.select_related("membership__shop").get(membership=card)


# --- Who is told ---


def test_nobody_is_told_who_did_not_ask(purse, maja, tick):
    purse.earn(5, until=LAST)
    stop_mail(maja, Purpose.SERVICE, way=Consent.Way.CARD)

    assert tick(30) == 0


def test_an_address_that_nobody_proved_gets_nothing(purse, tick):
    EmailAddress.objects.update(verified=False)
    purse.earn(5, until=LAST)

    assert tick(30) == 0


def test_a_proved_address_that_is_no_longer_theirs_gets_nothing(purse, maja, tick):
    EmailAddress.objects.update(email="old@example.no")
    purse.earn(5, until=LAST)

    assert tick(30) == 0


def test_a_card_that_belongs_to_nobody_gets_nothing(in_shop, programme, tick):
    card = MembershipFactory(shop=in_shop)
    start_mail(card, Purpose.SERVICE, way=Consent.Way.CARD)
    Purse(card, programme).earn(5, until=LAST)

    assert tick(30) == 0


def test_each_reads_their_own_language(in_shop, programme, tick, mailoutbox):
    for language in ("en-gb", "nb", "da"):
        card = told_card(in_shop, f"{language}@example.no", language=language)
        Purse(card, programme).earn(5, until=LAST)

    assert tick(30) == 3
    said = ("30. november", "30 November")
    days = {mail.to[0]: tuple(day in mail.body for day in said) for mail in mailoutbox}
    assert days == {
        "en-gb@example.no": (False, True),
        "nb@example.no": (True, False),
        "da@example.no": (True, False),
    }


def test_the_language_is_the_one_of_the_day_it_is_sent(purse, maja, tick, mailoutbox):
    purse.earn(5, until=LAST)
    tick(30)
    speak(maja, "da")
    tick(7)

    assert "30. november" in mailoutbox[1].body


def test_a_stranger_next_door_hears_nothing_of_it(purse, next_door_card, tick, mailoutbox):
    with scope(shop=next_door_card.shop):
        told_card(next_door_card.shop, "nora@example.no")
    purse.earn(5, until=LAST)
    tick(30)

    assert [mail.to for mail in mailoutbox] == [["maja@example.no"]]


# --- The calendar ---


def test_each_shop_has_its_own_day(purse, tick, mailoutbox):
    tokyo = ShopFactory(time_zone="Asia/Tokyo")
    programme = ProgrammeFactory(shop=tokyo, rules__welcome=0)
    with scope(shop=tokyo):
        Purse(told_card(tokyo, "yuki@example.no"), programme).earn(1, until=LAST)
    purse.earn(5, until=LAST)

    ten_in_tokyo = datetime(2027, 10, 31, 1, tzinfo=UTC)  # and two at night in Oslo
    with clock.at(ten_in_tokyo):
        tell_in_time(ten_in_tokyo)

    assert [mail.to for mail in mailoutbox] == [["yuki@example.no"]]


@pytest.mark.parametrize(
    ("moment", "mails"),
    [
        (datetime(2027, 3, 27, 8, tzinfo=UTC), 0),  # nine in Oslo, winter time: two days before
        (datetime(2027, 3, 28, 6, 59, tzinfo=UTC), 0),  # a minute to nine, summer time by now
        (datetime(2027, 3, 28, 7, tzinfo=UTC), 1),
    ],
)
def test_the_day_the_clocks_go_forward_begins_at_nine_too(purse, maja, moment, mails):
    purse.earn(5, until=date(2027, 3, 29))
    for days_before in (30, 7):
        Notice.objects.create(
            shop=maja.shop,
            membership=maja,
            runs_out_on=date(2027, 3, 29),
            days_before=days_before,
            at=moment,
        )

    assert tell_in_time(moment) == mails


@pytest.mark.parametrize(
    ("last", "days", "day"),
    [
        (date(2028, 2, 29), 1, date(2028, 2, 28)),
        (date(2028, 3, 1), 1, date(2028, 2, 29)),
        (date(2028, 3, 30), 30, date(2028, 2, 29)),
        (date(2027, 3, 30), 30, date(2027, 2, 28)),
    ],
)
def test_29_february_is_a_day(purse, in_shop, last, days, day):
    purse.earn(5, until=last)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=in_shop.zone)

    assert tell_in_time(noon) == 1
    assert Notice.objects.get().days_before == days


# --- Two cards become one ---


def test_a_card_that_was_merged_gets_nothing_and_the_kept_one_is_not_told_again(
    purse, maja, in_shop, tick, counter
):
    purse.earn(5, until=LAST)
    tick(30)
    kept = MembershipFactory(shop=in_shop)
    merge(kept=kept, gone=maja, key=keys.new(), actor=Actor.of_counter(counter))

    assert [tick(29), tick(7)] == [0, 1]
    assert Notice.objects.get(days_before=7).membership == kept


# --- What the database says ---


def test_of_two_workers_at_the_same_moment_one_sends_it(purse, maja, mailoutbox):
    purse.earn(5, until=LAST)
    due, now = [(LAST, 7), (LAST, 30)], before(7, zone=maja.shop.zone)

    with clock.at(now):
        assert [tell(maja, due[1:], now), tell(maja, due, now)] == [True, False]
    assert len(mailoutbox) == 1
    assert Notice.objects.count() == 1  # of the second mail nothing was kept


def test_a_notice_goes_out_once_whoever_tries(purse, maja, tick):
    purse.earn(5, until=LAST)
    tick(30)
    [notice] = Notice.objects.all()
    notice.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


def test_no_notice_is_made_up(maja):
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            shop=maja.shop, membership=maja, runs_out_on=LAST, days_before=3, at=clock.now()
        )


# --- Costs ---


def test_finding_out_costs_as_much_for_many_cards_as_for_one(in_shop, programme, purse, tick):
    purse.earn(1, until=LAST)
    tick(30)
    one = cost(tick)
    for n in range(3):
        Purse(told_card(in_shop, f"{n}@example.no"), programme).earn(1, until=LAST)
    tick(30)

    assert cost(tick) == one


def cost(tick):
    with CaptureQueriesContext(connection) as queries:
        assert tick(30) == 0
    return len(queries)
