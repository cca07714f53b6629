"""One tap in a mail stops such mail: no sign-in, and nothing happens by merely looking."""

import pytest
from django.core import signing
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor
from loyalty.outbox.models import OutboxMessage
from loyalty.outbox.operations import drain
from members.merging import merge
from members.messages.links import signed
from members.messages.mailing import wants as is_wanted
from members.messages.models import Message
from members.messages.operations import Purpose
from members.models import Consent
from tests.factories import MembershipFactory
from tests.members.messages.conftest import tell, wants
from tests.people import browser_of
from tests.support.pages import text

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def at(card, purpose):
    return reverse("messages:stop", args=[signed(card, purpose)])


def still_wants(card, purpose):
    card.refresh_from_db()
    return is_wanted(card, purpose)


@pytest.fixture(params=Purpose)
def purpose(request, maja):
    wants(maja, request.param)
    return request.param


def test_it_works(visitor, maja, purpose):
    answer = visitor.post(at(maja, purpose), follow=True)

    assert "Stopped" in text(answer)
    assert not still_wants(maja, purpose)
    assert tell(maja, purpose=purpose).mail == Message.Mail.NOT_WANTED


def test_merely_looking_changes_nothing(visitor, maja, purpose):
    """Mail scanners follow every link."""
    page = text(visitor.get(at(maja, purpose)))
    visitor.head(at(maja, purpose))

    assert page.partition("<main")[2].partition("</main>")[0].count("<button") == 1
    assert "Stop these e-mails" in page
    assert still_wants(maja, purpose)


def test_a_mail_program_does_it_with_one_click(maja, purpose, mailoutbox):
    """As RFC 8058 says: it posts to the address in the header, from elsewhere and without cookies,
    and follows no redirect.
    """
    tell(maja, purpose=purpose)
    link = mailoutbox[0].message()["List-Unsubscribe"].strip("<>")
    program = browser_of(enforce_csrf_checks=True)
    answer = program.post(
        link.partition("8000")[2] or "/" + link.split("/", 3)[3],
        ONE_CLICK,
        headers={"origin": "https://mail.example", "sec-fetch-site": "cross-site"},
    )

    assert answer.status_code == 204
    assert not still_wants(maja, purpose)


def test_what_waits_for_the_morning_does_not_go_out(visitor, maja, purpose, later, mailoutbox):
    tell(maja, purpose=purpose)
    visitor.post(at(maja, purpose))

    assert drain.func() == 0
    assert mailoutbox == []
    assert OutboxMessage.objects.get().state == OutboxMessage.State.CALLED_OFF


def test_mail_that_could_not_be_sent_is_not_tried_again(visitor, maja, purpose, later, monkeypatch):
    """It fails at the very moment it is stopped."""
    tell(maja, purpose=purpose)

    def fail(self, *args, **kwargs):
        visitor.post(at(maja, purpose))
        raise OSError("no server")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", fail)

    assert drain.func() == 0
    assert OutboxMessage.objects.get().state == OutboxMessage.State.CALLED_OFF


def test_the_other_kind_still_comes_and_the_page_says_so(visitor, maja):
    wants(maja, *Purpose)
    page = text(visitor.post(at(maja, Purpose.NEWS), follow=True))

    assert "E-mail about your card: what runs out" in page
    assert at(maja, Purpose.SERVICE) in page
    assert still_wants(maja, Purpose.SERVICE)


def test_it_can_be_undone(visitor, maja, purpose):
    page = at(maja, purpose)
    visitor.post(page)
    visitor.post(page, {"again": "yes"})

    assert still_wants(maja, purpose)


def test_a_yes_that_was_undone_and_done_again_keeps_its_words_and_says_how(visitor, maja):
    wants(maja, Purpose.NEWS)
    for posted in ({}, {"again": "yes"}):
        visitor.post(at(maja, Purpose.NEWS), posted)

    first, second = Consent.objects.order_by("pk")
    assert (first.given_by, first.withdrawn_by) == ("card", "mail")
    assert (second.given_by, second.withdrawn_by) == ("mail", "")
    assert first.words == second.words


def test_twice_is_once(visitor, maja, purpose):
    for _time in range(2):
        assert visitor.post(at(maja, purpose)).status_code == 302

    assert not still_wants(maja, purpose)


def test_the_page_says_nothing_about_anybody(visitor, maja, purpose):
    page = text(visitor.get(at(maja, purpose)))

    for secret in ("Maja", "maja@", maja.private, maja.counter_code, maja.spoken_code):
        assert secret not in page


def test_it_is_kept_nowhere(visitor, maja, purpose):
    headers = visitor.get(at(maja, purpose)).headers

    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


# --- Whose link it is ---


def test_of_a_merged_card_it_stops_mail_of_the_card_it_became(visitor, maja, in_shop, counter):
    wants(maja, Purpose.NEWS)
    link = at(maja, Purpose.NEWS)
    kept = MembershipFactory(shop=in_shop)
    merge(kept=kept, gone=maja, key=keys.new(), actor=Actor.of_counter(counter))
    assert still_wants(kept, Purpose.NEWS)
    visitor.post(link)

    assert not still_wants(kept, Purpose.NEWS)


def test_a_strangers_mail_is_not_stopped(stranger, maja, next_door_member):
    wants(maja, Purpose.NEWS)
    stranger.post(at(next_door_member, Purpose.NEWS))

    assert still_wants(maja, Purpose.NEWS)


@pytest.mark.parametrize(
    "forged",
    [
        lambda link: link.partition(":")[0],
        lambda link: link[:-1],
        lambda link: link.replace("news", "service"),
        lambda link: signing.Signer(salt="another").sign(link.partition(":")[0]),
        lambda link: "x",
        lambda link: "\U0001f370",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_not_whole_says_what_to_do(visitor, maja, forged, method):
    wants(maja, *Purpose)
    page = reverse("messages:stop", args=[forged(signed(maja, Purpose.NEWS))])
    answer = getattr(visitor, method)(page)

    assert answer.status_code == 404
    assert "This link does not work" in text(answer)
    assert still_wants(maja, Purpose.NEWS)
    assert still_wants(maja, Purpose.SERVICE)


def test_a_card_that_is_no_more_is_a_link_that_does_not_work(visitor, maja):
    maja.pk = 10**6

    assert visitor.get(at(maja, Purpose.NEWS)).status_code == 404
