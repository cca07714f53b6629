"""The owner sees what members were told, and whether it reached them; never a whole address."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock
from loyalty.dashboard.messages.deliveries import trouble
from loyalty.outbox import operations as outbox
from loyalty.outbox.models import OutboxMessage
from members.messages.operations import Purpose, take_off
from members.messages.wishes import stop_mail
from members.models import Consent
from members.notices.operations import tell_in_time
from tests.factories import MembershipFactory
from tests.members.messages.conftest import NOON, later, maja, noon, tell, wants
from tests.support.pages import text

pytestmark = pytest.mark.django_db
__all__ = ["later", "maja", "noon"]  # fixtures


@pytest.fixture
def english(shop):
    """A shop whose words a test can name."""
    shop.language = "en-gb"
    shop.save()


@pytest.fixture
def read(ingrid, shop, english):
    def read(by=ingrid, **asked):
        answer = by.get(reverse("owner:messages", args=[shop.slug]), asked)
        assert answer.status_code == 200
        html = text(answer)
        return html.partition("<main")[2].partition("</main>")[0]

    return read


def test_it_works(read, maja):
    wants(maja, Purpose.SERVICE)
    tell(maja)

    page = read()

    assert "1 March 12:00" in page
    assert ">Maja</a>" in page
    assert "Ready for you at Kaffe &amp; Kardemomme: Cinnamon bun" in page
    assert "Sent on 1 March at 12:00" in page


def test_an_address_is_never_shown_whole(read, maja):
    wants(maja, Purpose.SERVICE)
    tell(maja)

    page = read()

    assert "maja@…" in page
    assert "maja@example.no" not in page


def test_somebody_without_a_name_is_called_by_the_code(read, in_shop, card):
    nameless = MembershipFactory(shop=in_shop)
    tell(nameless)

    page = read()

    assert f"Member {nameless.spoken_code}" in page
    assert "On the card: no e-mail is saved" in page


def test_what_is_wanted_by_nobody_stands_on_the_card(read, maja):
    tell(maja)

    assert "On the card: they want no e-mail about it" in read()


def test_the_third_news_says_why(read, maja):
    wants(maja, Purpose.NEWS)
    for n in range(3):
        tell(maja, f"news-{n}", purpose=Purpose.NEWS)

    assert read().count("On the card: they had two e-mails with news this week") == 1


def test_what_waits_for_the_morning_says_so(read, maja, in_shop):
    wants(maja, Purpose.SERVICE)
    with clock.at(datetime(2027, 3, 1, 22, tzinfo=in_shop.zone)):
        tell(maja)
        page = read()

    assert "Waiting until 2 March at 09:00: no e-mail at night" in page


def test_on_its_way_it_says_so(read, maja, later):
    wants(maja, Purpose.SERVICE)
    tell(maja)

    assert "On its way" in read()


@pytest.fixture
def failing(maja, later, monkeypatch):
    """failing(error): a mail that the server does not take, whenever it is tried."""

    def failing(error, tries=1):
        def fail(self, *args, **kwargs):
            raise OSError(error)

        monkeypatch.setattr("django.core.mail.message.EmailMessage.send", fail)
        wants(maja, Purpose.SERVICE)
        tell(maja)
        for n in range(tries):
            with clock.at(NOON + timedelta(hours=n)):
                outbox.drain.func()

    return failing


def test_what_will_be_tried_again_says_why_and_when(read, failing):
    failing("Connection refused")

    page = read()

    assert "Not sent yet. The mail server could not be reached. The next try is at 12:00." in page


def test_what_was_given_up_says_why(read, failing):
    failing("(550, b'5.1.1 maja@example.no: no such user')", outbox.ATTEMPTS)

    page = read()

    assert "Given up. The address takes no e-mail." in page
    assert "maja@example.no" not in page


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("{'x@y.no': (550, b'No such user')}", "The address takes no e-mail."),
        ("[Errno 111] Connection refused", "The mail server could not be reached."),
        ("timed out", "The mail server could not be reached."),
        ("(451, b'4.7.1 Try again later')", "The mail server did not take it."),
        ("", "The mail server did not take it."),
    ],
)
def test_what_a_server_says_is_put_in_words(error, words):
    assert trouble(error) == words


def test_what_was_stopped_or_is_not_true_any_more_was_not_sent(read, maja, later):
    wants(maja, *Purpose)
    tell(maja, "untrue")
    tell(maja, "stopped", purpose=Purpose.NEWS)
    take_off(maja, "untrue")
    stop_mail(maja, Purpose.NEWS, way=Consent.Way.MAIL)

    page = read()

    assert page.count("Not sent: it was not true any more") == 1
    assert page.count("Not sent: they stopped these e-mails") == 1


def test_long_ago_only_that_there_was_a_mail_is_known(read, maja):
    wants(maja, Purpose.SERVICE)
    tell(maja)
    OutboxMessage.objects.all().delete()

    assert "By e-mail" in read()


def test_a_notice_of_what_runs_out_is_in_the_list(read, maja, counter):
    wants(maja, Purpose.SERVICE)
    [lot] = maja.accounts.get().lots.all()
    lot.expires_on = NOON.date() + timedelta(days=7)
    lot.save()

    assert tell_in_time(NOON) == 1
    assert "Your card at Kaffe &amp; Kardemomme: this runs out soon" in read()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("", {"Bun", "Tea"}), ("service", {"Bun"}), ("news", {"Tea"}), ("nonsense", {"Bun", "Tea"})],
)
def test_one_kind_alone(read, maja, kind, shown):
    tell(maja, "a", title="Bun")
    tell(maja, "b", title="Tea", purpose=Purpose.NEWS)

    page = read(kind=kind)

    assert {title for title in ("Bun", "Tea") if f": {title}" in page} == shown


def test_older_ones_are_on_the_next_page(read, maja):
    for n in range(51):
        with clock.at(NOON + timedelta(minutes=n)):
            tell(maja, f"bun-{n}", title=f"Bun-{n}.")

    first, second = read(), read(page=2)

    assert ("Bun-50." in first, "Bun-0." in first) == (True, False)
    assert "Bun-0." in second
    assert "page=2" in first


def test_nothing_was_told_yet(read):
    assert "Nothing yet" in read()


def test_the_list_of_members_leads_there(ingrid, shop, member):
    page = ingrid.get(reverse("owner:members", args=[shop.slug]))

    assert reverse("owner:messages", args=[shop.slug]) in page.content.decode()


# --- Who ---


def test_a_manager_sees_it_too(read, manager, maja):
    tell(maja)

    assert "Cinnamon bun" in read(by=manager)


@pytest.mark.parametrize(("who", "status"), [("staff_client", 403), ("stranger", 404)])
def test_nobody_else_does(request, shop, who, status):
    client = request.getfixturevalue(who)

    assert client.get(reverse("owner:messages", args=[shop.slug])).status_code == status


def test_what_members_next_door_were_told_is_theirs(stranger, next_door, maja):
    tell(maja)
    answer = stranger.get(reverse("owner:messages", args=[next_door.slug]))

    assert b"Cinnamon bun" not in answer.content


# --- Costs ---


def test_ten_rows_cost_what_one_costs(read, maja):
    wants(maja, Purpose.SERVICE)
    tell(maja)
    read()
    one = cost(read)
    for n in range(9):
        tell(maja, f"bun-{n}")

    assert cost(read) == one


def cost(read):
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


# --- What the clock says now ---


def test_what_a_counter_sent_late_waits_for_no_morning(read, maja, later):
    wants(maja, Purpose.SERVICE)
    tell(maja, at=NOON - timedelta(hours=14))

    assert "On its way" in read()


def test_in_the_morning_it_waits_no_longer(read, maja, in_shop, later):
    wants(maja, Purpose.SERVICE)
    with clock.at(datetime(2027, 3, 1, 22, tzinfo=in_shop.zone)):
        tell(maja)
    with clock.at(datetime(2027, 3, 2, 9, tzinfo=in_shop.zone)):
        page = read()

    assert "On its way" in page


def test_what_was_not_sent_by_nine_in_the_evening_waits(read, maja, in_shop, later):
    wants(maja, Purpose.SERVICE)
    with clock.at(datetime(2027, 3, 1, 20, 59, 59, tzinfo=in_shop.zone)):
        tell(maja)
    with clock.at(datetime(2027, 3, 1, 21, tzinfo=in_shop.zone)):
        outbox.drain.func()
        page = read()

    assert "Waiting until 2 March at 09:00: no e-mail at night" in page
