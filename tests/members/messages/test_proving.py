"""What a suspicious reader tried: mail nobody wants any more, and sentences that must not lie."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.models import Shop
from loyalty.outbox.models import OutboxMessage
from loyalty.outbox.operations import drain
from members.ledger.models import Operation
from members.merging import merge
from members.messages.links import signed
from members.messages.mailing import wants as is_wanted
from members.messages.models import Message
from members.messages.operations import Purpose, take_off
from members.messages.wishes import start_mail, stop_mail
from members.models import Consent, Membership
from members.operations import undo
from tests.factories import MembershipFactory
from tests.members.messages.conftest import NOON, tell, wants
from tests.members.notices.conftest import proved_person

pytestmark = pytest.mark.django_db

Mail = Message.Mail
NEWS, SERVICE = Purpose.NEWS, Purpose.SERVICE
NIGHT = NOON + timedelta(hours=10)  # 22:00 in Oslo
MORNING = NOON + timedelta(hours=22)


def sent_in_the_morning():
    with clock.at(MORNING):
        return drain.func()


# --- Two cards, one of which wants none ---


def become_one(kept, gone):
    actor = Actor(kept.shop, Channel.CARD, person=gone.person)
    merge(kept=kept, gone=gone, key=keys.new(), actor=actor)


@pytest.fixture
def other(in_shop, maja):
    """Maja's other card, with another e-mail of hers."""
    return MembershipFactory(shop=in_shop, person=proved_person("maja@other.example"))


@pytest.fixture
def at_night():
    with clock.at(NIGHT):
        yield


@pytest.mark.parametrize("which", ["kept", "gone"])
def test_news_taken_back_on_one_of_two_cards_does_not_go_out_in_the_morning(
    maja, other, at_night, mailoutbox, which
):
    kept, gone = other, maja
    wants(kept, NEWS)
    wants(gone, NEWS)
    stopped, told = (kept, gone) if which == "kept" else (gone, kept)
    stop_mail(stopped, NEWS, way=Consent.Way.CARD)
    tell(told, purpose=NEWS)
    become_one(kept, gone)

    assert sent_in_the_morning() == 0


def test_nor_mail_about_a_card_whose_owner_wants_none(maja, other, at_night, mailoutbox):
    wants(maja, SERVICE)
    tell(maja)
    become_one(other, maja)

    assert sent_in_the_morning() == 0


@pytest.mark.parametrize("purpose", Purpose)
def test_what_both_want_goes_out(maja, other, at_night, mailoutbox, purpose):
    for n, card in enumerate((maja, other)):
        wants(card, purpose)
        tell(card, f"thing-{n}", purpose=purpose)
    become_one(other, maja)

    assert sent_in_the_morning() == 2


@pytest.mark.parametrize("purpose", Purpose)
def test_and_to_a_card_that_was_never_asked(maja, in_shop, at_night, mailoutbox, purpose):
    wants(maja, purpose)
    tell(maja, purpose=purpose)
    become_one(MembershipFactory(shop=in_shop), maja)

    assert sent_in_the_morning() == 1


# --- Two a week ---


def test_mail_that_was_called_off_is_none_of_the_two_a_week(maja, at_night):
    wants(maja, NEWS)
    for n in range(2):
        tell(maja, f"news-{n}", purpose=NEWS)
        take_off(maja, f"news-{n}")

    assert tell(maja, "third", purpose=NEWS).mail == Mail.POSTED


def test_what_went_out_and_is_not_true_any_more_is_one_of_them(maja):
    wants(maja, NEWS)
    for n in range(2):
        tell(maja, f"news-{n}", purpose=NEWS)
        take_off(maja, f"news-{n}")
    OutboxMessage.objects.all().delete()  # long ago, as far as the outbox knows

    assert tell(maja, "third", purpose=NEWS).mail == Mail.ENOUGH


def test_stopped_and_wanted_again_what_was_called_off_does_not_count(maja, at_night):
    wants(maja, NEWS)
    for n in range(2):
        tell(maja, f"news-{n}", purpose=NEWS)
    stop_mail(maja, NEWS, way=Consent.Way.MAIL)
    start_mail(maja, NEWS, way=Consent.Way.MAIL)

    assert tell(maja, "third", purpose=NEWS).mail == Mail.POSTED


# --- Two cards that become two again ---


@pytest.mark.parametrize("purpose", Purpose)
def test_who_stopped_by_the_link_of_the_other_card_has_stopped_when_they_are_two_again(
    visitor, maja, other, purpose
):
    """The card that is kept wants none already: what the link says is about the other one."""
    wants(maja, purpose)
    wants(other, NEWS)
    stop_mail(other, NEWS, way=Consent.Way.CARD)
    link = reverse("messages:stop", args=[signed(maja, purpose)])
    become_one(other, maja)
    visitor.post(link)
    become_two(other)

    assert not is_wanted(Membership.objects.get(pk=maja.pk), purpose)


def become_two(kept):
    merged = Operation.objects.get(kind="merge")
    undo(membership=kept, undone=merged, key=keys.new(), actor=Actor(kept.shop, Channel.OWNER))


def test_got_it_on_a_page_of_the_card_that_became_another(visitor, maja, other):
    message = tell(maja)
    page = reverse("messages:got_it", args=[maja.private, message.pk])
    become_one(other, maja)
    visitor.post(page, follow=True)

    assert not Message.objects.on_card(NOON).exists()


@pytest.mark.parametrize("language", ["nb", "da", "en-gb"])
def test_the_longest_name_fits_in_what_was_asked(maja, language):
    Shop.objects.filter(pk=maja.shop_id).update(name="Å" * 80)
    typed = {"name": "Maja", "phone": "", "language": language, "theme": "", "news": "on"}
    Client(headers={"accept-language": language}).post(
        reverse("card:settings", args=[maja.private]), typed
    )

    [words] = Consent.objects.values_list("words", flat=True)
    assert len(words) <= Consent._meta.get_field("words").max_length
