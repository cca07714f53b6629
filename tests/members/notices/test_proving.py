"""What a suspicious reader tried: the last evening, and a card that became another in the night."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django_scopes import scope

from loyalty import clock, keys
from loyalty.outbox.operations import drain
from members.merging import merge
from members.messages.models import Message
from members.notices.models import Notice
from members.notices.operations import tell_in_time
from tests.factories import MembershipFactory, ProgrammeFactory, ShopFactory
from tests.members.ledger.purse import Purse
from tests.members.messages.conftest import later
from tests.members.notices.conftest import LAST, before, told_card

pytestmark = pytest.mark.django_db
__all__ = ["later"]  # a fixture


@pytest.mark.parametrize(("hour", "mails"), [(20, 1), (21, 0), (23, 0)])
def test_on_the_last_evening_nothing_is_promised_for_the_morning_after(
    purse, tick, mailoutbox, hour, mails
):
    """Somebody chooses such mail at ten: at nine the next day it has run out."""
    purse.earn(5, until=LAST)

    assert tick(0, hour=hour) == mails
    assert len(mailoutbox) == Message.objects.count() == Notice.objects.count() == mails


def test_what_becomes_due_in_the_evening_is_told_in_the_morning(purse, tick, mailoutbox):
    purse.earn(5, until=LAST)

    assert [tick(7, hour=22), tick(6, hour=8), tick(6, hour=9)] == [0, 0, 1]
    assert Notice.objects.get().days_before == 7


def test_a_card_that_became_another_before_the_mail_went_is_not_called_used_up(
    purse, maja, tick, till_actor, later
):
    purse.earn(5, until=LAST)
    tick(7)
    kept = MembershipFactory(shop=maja.shop)
    with clock.at(before(7, zone=maja.shop.zone) + timedelta(minutes=5)):
        merge(kept=kept, gone=maja, key=keys.new(), actor=till_actor)
        drain.func()

    [message] = mail.outbox
    assert "5 stamps on Coffee card run out on 30 November." in message.body


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "Pacific/Kiritimati"])
@pytest.mark.parametrize(("hour", "mails"), [(8, 0), (9, 1), (20, 1), (21, 0)])
def test_the_day_is_the_one_of_the_shop(zone, hour, mails, mailoutbox):
    shop = ShopFactory(time_zone=zone)
    programme = ProgrammeFactory(shop=shop, rules__welcome=0)
    last = date(2028, 2, 29)
    with scope(shop=shop):
        Purse(told_card(shop, "yuki@example.no"), programme).earn(1, until=last)
    now = datetime(2028, 2, 28, hour, tzinfo=shop.zone)
    with clock.at(now):
        assert tell_in_time(now) == mails
    assert len(mailoutbox) == mails
