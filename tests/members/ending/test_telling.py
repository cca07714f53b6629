"""Members are told of an end, once, some minutes later; and that it goes on after all."""

from datetime import timedelta

import pytest
from django.core import mail

from loyalty import clock
from loyalty.outbox.operations import drain
from members.messages.models import Message
from members.notices.operations import tell_in_time
from tests.members.ending.conftest import TENTH, USE
from tests.members.notices.conftest import told_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja(in_shop, card, on):
    with on(TENTH, 8):
        return told_card(in_shop, "maja@example.no", name="Maja")


@pytest.fixture
def worker(tick, on):
    """The worker comes on 10 January, some minutes past noon, and the mail goes out."""

    def worker(minute, day=TENTH):
        with on(day, 12, minute):
            told = tick()
            drain.call()
        return told

    return worker


def subjects():
    return [each.subject for each in mail.outbox]


@pytest.mark.usefixtures("maja", "ending")
def test_it_works(worker):
    assert worker(10) == 1

    [sent] = mail.outbox
    assert sent.to == ["maja@example.no"]
    assert "ends: use what you have until 31 March" in sent.subject
    assert "You collect on it until 31 January." in " ".join(sent.body.split())


@pytest.mark.usefixtures("maja", "ending")
def test_once_is_enough(worker):
    worker(10)

    assert worker(40) == 0
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("maja")
def test_for_five_minutes_nobody_is_told(on, worker, ending, call_off):
    assert worker(4) == 0
    with on(TENTH, 12, 4):
        call_off(ending)

    assert worker(30) == 0
    assert mail.outbox == []


@pytest.mark.usefixtures("maja")
def test_whoever_read_of_an_end_reads_that_it_goes_on(on, worker, ending, call_off):
    worker(10)
    with on(TENTH, 13):
        call_off(ending)

    worker(59, day=TENTH + timedelta(days=1))

    assert len(mail.outbox) == 2
    assert subjects()[1].endswith("goes on after all")
    assert not Message.objects.true().filter(template__endswith="/ends").exists()


@pytest.mark.usefixtures("maja")
def test_put_off_the_new_days_are_told(on, worker, ending, announce):
    worker(10)
    with on(TENTH, 13):
        announce(ending, honoured_until=USE + timedelta(days=30))

    worker(10, day=TENTH + timedelta(days=1))

    assert len(mail.outbox) == 2
    assert "until 30 April" in subjects()[1]


@pytest.mark.usefixtures("ending")
def test_without_an_e_mail_the_card_says_it(worker, member):
    assert worker(10) == 1

    assert mail.outbox == []
    assert Message.objects.get().membership == member


def test_who_never_had_anything_in_it_is_not_written_to(in_shop, points, on, announce, worker):
    told_card(in_shop, "maja@example.no")
    with on(TENTH):
        announce(points)

    assert worker(10) == 0


@pytest.mark.usefixtures("maja", "ending")
def test_thirty_days_before_its_last_day_they_are_reminded(worker, on):
    worker(10)
    with on(USE - timedelta(days=30)):
        assert tell_in_time(clock.now()) == 1
        drain.call()

    assert "runs out on 31 March." in mail.outbox[-1].body


@pytest.mark.usefixtures("ending")
def test_who_left_hears_nothing(worker, member, on):
    member.leaving_since = clock.now()
    member.save()

    assert worker(10) == 0
