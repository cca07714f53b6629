"""News by e-mail: asked apart from everything, never ticked beforehand, and kept with its words."""

import pytest
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.merging import merge
from members.messages.mailing import wants as is_wanted
from members.messages.operations import Purpose
from members.messages.wishes import start_mail, stop_mail
from members.models import Consent
from members.operations import undo
from tests.factories import MembershipFactory
from tests.members.messages.conftest import NOON, wants
from tests.members.notices.conftest import proved_person
from tests.support.pages import text

pytestmark = pytest.mark.django_db

NEWS = Purpose.NEWS
TYPED = {"name": "Maja", "phone": "", "language": "en-gb", "theme": ""}


@pytest.fixture
def page(maja):
    return reverse("card:settings", args=[maja.private])


def test_it_works(visitor, page, maja):
    visitor.post(page, {**TYPED, "news": "on"})

    consent = Consent.objects.get()
    assert consent.words == (
        "Send me news and early access by e-mail. Kaffe & Kardemomme sends them, at most two "
        "e-mails a week, and may choose by your visits what you get. I am 15 or older. You can "
        "withdraw this at any time, here or with one tap in each e-mail."
    )
    assert (consent.membership, consent.given_at, consent.given_by) == (maja, NOON, "card")
    assert consent.withdrawn_at is None


def test_what_is_kept_is_what_was_read(visitor, page):
    html = text(visitor.get(page))
    visitor.post(page, {**TYPED, "news": "on"})

    [words] = Consent.objects.values_list("words", flat=True)
    asked, terms = words.split(". ", 1)
    assert asked in html
    assert terms.replace("&", "&amp;") in html


def test_nothing_is_ticked_beforehand(visitor, page, maja):
    html = text(visitor.get(page))

    assert 'name="news"' in html
    assert 'name="service_mail"' in html
    assert "checked" not in html.partition('name="service_mail"')[2].partition("</form>")[0]


def test_one_box_is_not_the_other(visitor, page, maja):
    visitor.post(page, {**TYPED, "service_mail": "on"})

    maja.refresh_from_db()
    assert maja.service_mail
    assert not Consent.objects.exists()


def test_the_box_shows_what_was_chosen(visitor, page):
    visitor.post(page, {**TYPED, "news": "on"})

    assert 'id="id_news" checked' in text(visitor.get(page))


def test_saved_again_it_is_no_second_yes(visitor, page):
    for _time in range(2):
        visitor.post(page, {**TYPED, "news": "on"})

    assert Consent.objects.count() == 1


def test_no_tick_takes_it_back(visitor, page, maja):
    visitor.post(page, {**TYPED, "news": "on"})
    visitor.post(page, TYPED)

    consent = Consent.objects.get()
    assert (consent.withdrawn_at, consent.withdrawn_by) == (NOON, "card")
    assert not is_wanted(maja, NEWS)


def test_a_new_yes_is_a_new_row(visitor, page):
    for typed in ({"news": "on"}, {}, {"news": "on"}):
        visitor.post(page, {**TYPED, **typed})

    assert Consent.objects.count() == 2
    assert Consent.objects.stands().count() == 1


def test_a_form_with_a_mistake_changes_nothing_and_keeps_what_was_ticked(visitor, page):
    answer = visitor.post(page, {**TYPED, "news": "on", "phone": "1"})

    assert answer.status_code == 422
    assert 'id="id_news" checked' in text(answer)
    assert not Consent.objects.exists()


def test_without_an_e_mail_it_is_not_offered(visitor, in_shop, card):
    unsaved = MembershipFactory(shop=in_shop)
    page = reverse("card:settings", args=[unsaved.private])
    html = text(visitor.get(page))
    visitor.post(page, {**TYPED, "news": "on"})

    assert 'name="news"' not in html
    assert "Save your card with your e-mail first" in html
    assert not Consent.objects.exists()


@pytest.mark.parametrize("name", ["join:join"])
def test_joining_asks_for_nothing(visitor, card, name):
    page = reverse(name, args=[card.shop.slug])
    html = text(visitor.get(page))

    assert "checkbox" not in html
    assert "news" not in html.lower()


def test_a_strangers_card_is_another_one(stranger, maja, next_door_member):
    wants(maja, NEWS)
    stranger.post(reverse("card:settings", args=[next_door_member.private]), TYPED)

    assert is_wanted(maja, NEWS)


# --- Two cards become one ---

YES, NO, NOTHING = "yes", "no", "nothing"


def say(card, what):
    if what in {YES, NO}:
        start_mail(card, NEWS, way=Consent.Way.CARD)
    if what == NO:
        stop_mail(card, NEWS, way=Consent.Way.CARD)


@pytest.fixture
def joined(maja, in_shop, counter):
    """joined(kept, gone): what each said; returns the card, and a function that parts them."""

    def joined(own, theirs):
        kept = MembershipFactory(shop=in_shop)
        say(kept, own)
        say(maja, theirs)
        key, actor = keys.new(), Actor.of_counter(counter)
        merge(kept=kept, gone=maja, key=key, actor=actor)

        def part():
            done = kept.operations.get(key=key)
            undo(membership=kept, undone=done, key=keys.new(), actor=actor)
            maja.refresh_from_db()
            kept.refresh_from_db()

        kept.refresh_from_db()
        return kept, part

    return joined


@pytest.mark.parametrize(
    ("own", "theirs", "wanted"),
    [
        (NOTHING, YES, True),
        (NOTHING, NO, False),
        (YES, NOTHING, True),
        (YES, NO, False),  # who took it back on either card gets nothing
        (NO, YES, False),
        (YES, YES, True),
    ],
)
def test_of_two_cards_the_no_wins_and_both_get_their_own_back(joined, maja, own, theirs, wanted):
    kept, part = joined(own, theirs)
    assert is_wanted(kept, NEWS) == wanted

    part()

    assert is_wanted(kept, NEWS) == (own == YES)
    assert is_wanted(maja, NEWS) == (theirs == YES)


@pytest.mark.parametrize(("own", "theirs"), [(NOTHING, YES), (YES, YES)])
def test_who_stopped_in_between_has_stopped_on_both(joined, maja, own, theirs):
    kept, part = joined(own, theirs)
    stop_mail(kept, NEWS, way=Consent.Way.MAIL)

    part()

    assert not is_wanted(kept, NEWS)
    assert not is_wanted(maja, NEWS)


def test_mail_about_the_card_that_was_stopped_in_between_is_stopped_on_both(joined, maja):
    wants(maja, Purpose.SERVICE)
    kept, part = joined(NOTHING, NOTHING)
    assert kept.service_mail
    stop_mail(kept, Purpose.SERVICE, way=Consent.Way.MAIL)

    part()

    assert not kept.service_mail
    assert not maja.service_mail


def test_a_yes_on_the_other_card_does_not_switch_mail_on_for_who_wants_none(maja, in_shop, counter):
    """Each has an e-mail of their own, and was asked: the card that is kept keeps its answer."""
    kept = MembershipFactory(shop=in_shop, person=proved_person("other@example.no"))
    wants(maja, Purpose.SERVICE)
    merge(
        kept=kept, gone=maja, key=keys.new(), actor=Actor(in_shop, Channel.CARD, person=maja.person)
    )

    kept.refresh_from_db()
    assert not kept.service_mail
