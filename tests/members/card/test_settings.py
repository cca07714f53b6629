"""W5, and the one question on the card page."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from members import programmes
from members.card.operations import keep_phone
from members.models import Membership, RetiredCode
from tests.factories import (
    MembershipFactory,
    PersonFactory,
    PointsFactory,
    ProgrammeFactory,
    as_owner,
)
from tests.people import browser_of
from tests.support.pages import text

pytestmark = pytest.mark.django_db

KEY = re.compile(r'value="[\w-]{30,}"')  # of the page's forms, new on every page
TYPED = {"name": "Maja", "language": "da", "theme": "dark"}


@pytest.fixture
def settings_page(member):
    return reverse("card:settings", args=[member.private])


def test_it_works(visitor, settings_page, member, in_shop):
    answer = visitor.post(settings_page, {**TYPED, "name": "Maja Lise"}, follow=True)

    member.refresh_from_db()
    assert (member.name, member.language) == ("Maja Lise", "da")
    assert visitor.cookies[settings.LANGUAGE_COOKIE_NAME].value == "da"
    assert b'data-bs-theme="dark"' in answer.content


def test_as_the_device_forgets_the_theme(visitor, settings_page):
    visitor.post(settings_page, TYPED)
    visitor.post(settings_page, {**TYPED, "theme": ""})

    assert b"data-follows-device" in visitor.get(settings_page).content


@pytest.mark.parametrize(
    ("field", "value"), [("name", "x" * 300), ("language", "xx"), ("theme", "pink")]
)
def test_what_does_not_fit_is_told_beside_its_field_and_kept(
    visitor, settings_page, member, field, value
):
    answer = visitor.post(settings_page, {**TYPED, "name": "Lise", field: value})

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    member.refresh_from_db()
    assert member.name == "Maja"


@pytest.mark.parametrize("name", ["🍰 Bun", "<b>Maja</b>", "O'Hara & Søn", "x" * 60])
def test_any_name_is_shown_as_text(visitor, settings_page, member, in_shop, name):
    visitor.post(settings_page, {**TYPED, "name": name})
    html = visitor.get(reverse("card:code", args=[member.private])).content.decode()

    member.refresh_from_db()
    assert member.name == name
    assert "<b>Maja" not in html


def test_line_breaks_and_spaces_in_a_name_are_one_space(visitor, settings_page, member, in_shop):
    visitor.post(settings_page, {**TYPED, "name": "  Maja \n\t Lise "})

    member.refresh_from_db()
    assert member.name == "Maja Lise"


def test_the_saved_e_mail_is_told_apart_but_not_told(card):
    saved = MembershipFactory(shop=card.shop, person=PersonFactory(email="maja@example.no"))
    html = browser_of().get(reverse("card:settings", args=[saved.private])).content.decode()

    assert "Saved with maja@…" in html
    assert "maja@example.no" not in html


def test_an_unsaved_card_is_told_so(visitor, settings_page):
    assert b"Not saved yet." in visitor.get(settings_page).content


def test_signing_out_is_offered_to_whoever_is_signed_in(visitor, settings_page, stranger):
    assert b"Sign out" in stranger.get(settings_page).content
    assert b"Sign out" not in visitor.get(settings_page).content


def test_signing_out_leads_back_to_the_card(settings_page, stranger):
    answer = stranger.post(reverse("account_logout"), {"next": settings_page})

    assert answer.url == settings_page
    assert b"Sign out" not in stranger.get(settings_page).content


# --- The number ---


def test_the_number_is_kept_and_shown_as_people_write_it(visitor, settings_page, member, in_shop):
    visitor.post(settings_page, {**TYPED, "phone": "+47 406 12 345"})

    member.refresh_from_db()
    assert member.phone == "+4740612345"
    assert b'value="40 61 23 45"' in visitor.get(settings_page).content


def test_no_number_is_an_answer_too(visitor, settings_page, member, in_shop):
    visitor.post(settings_page, {**TYPED, "phone": "40612345"})
    visitor.post(settings_page, {**TYPED, "phone": ""})

    member.refresh_from_db()
    assert member.phone == ""


@pytest.mark.parametrize("typed", ["12", "hello", "1" * 50])
def test_a_wrong_number_is_told_beside_its_field_and_kept(visitor, settings_page, member, typed):
    answer = visitor.post(settings_page, {**TYPED, "name": "Lise", "phone": typed})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_phone_error"' in html
    assert f'value="{typed}"' in html
    member.refresh_from_db()
    assert (member.name, member.phone) == ("Maja", "")


def test_nobody_learns_that_another_card_has_the_number(visitor, settings_page, member, in_shop):
    typed = {**TYPED, "phone": "40612345"}
    alone = visitor.post(settings_page, typed, follow=True)
    keep_phone(MembershipFactory(shop=in_shop), "+4740612345")
    beside = visitor.post(settings_page, typed, follow=True)

    assert alone.redirect_chain == beside.redirect_chain
    assert KEY.sub("", alone.content.decode()) == KEY.sub("", beside.content.decode())


# --- A new code ---


def test_a_new_code_takes_the_old_ones_place(visitor, member, in_shop):
    path = reverse("card:new_code", args=[member.private])
    answer = visitor.post(path, {"key": keys.new()}, follow=True)

    before = member.short_code
    member.refresh_from_db()
    assert b"You have a new code. The old one no longer works." in answer.content
    assert member.short_code != before
    assert RetiredCode.objects.filter(short_code=before).exists()


def test_a_double_tap_gives_one_new_code(visitor, member, in_shop):
    path, form = reverse("card:new_code", args=[member.private]), {"key": keys.new()}
    visitor.post(path, form)
    visitor.post(path, form)

    assert RetiredCode.objects.count() == 1


def test_without_a_key_there_is_no_new_code(visitor, member, in_shop):
    visitor.post(reverse("card:new_code", args=[member.private]))

    assert not RetiredCode.objects.exists()


# --- What should we call you? ---


@pytest.fixture
def nameless(card):
    return MembershipFactory(shop=card.shop)


def asks(client, card):
    html = client.get(reverse("card:card", args=[card.private])).content.decode()
    return "What should we call you?" in html


def test_a_name_is_asked_for_once(visitor, nameless, in_shop):
    assert asks(visitor, nameless)
    visitor.post(reverse("card:name", args=[nameless.private]), {"name": "Nora"})

    assert not asks(visitor, nameless)
    assert Membership.objects.get(pk=nameless.pk).name == "Nora"


def test_not_now_is_an_answer(visitor, nameless, in_shop):
    visitor.post(reverse("card:name", args=[nameless.private]))

    assert not asks(visitor, nameless)
    assert Membership.objects.get(pk=nameless.pk).name == ""


def test_too_long_a_name_is_told_beside_its_field_and_kept(visitor, nameless):
    long = "x" * 300
    answer = visitor.post(reverse("card:name", args=[nameless.private]), {"name": long})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_name_error"' in html
    assert long in html


# --- Nobody from elsewhere ---


@pytest.mark.parametrize("name", ["settings", "name", "new_code", "save"])
def test_a_post_from_another_site_is_refused(visitor, member, in_shop, name):
    answer = visitor.post(
        reverse(f"card:{name}", args=[member.private]),
        {**TYPED, "name": "Evil", "key": keys.new()},
        headers={"sec-fetch-site": "cross-site"},
    )

    member.refresh_from_db()
    assert answer.status_code == 403
    assert member.name == "Maja"
    assert not RetiredCode.objects.exists()


@pytest.mark.parametrize("name", ["settings", "name", "new_code", "save"])
def test_an_unknown_link_changes_nothing(visitor, card, name):
    answer = visitor.post(reverse(f"card:{name}", args=["x" * 32]), {**TYPED, "key": keys.new()})

    assert answer.status_code == 404


def test_it_all_works_without_cookies(member, settings_page, in_shop):
    strict = browser_of(enforce_csrf_checks=True)

    assert strict.post(settings_page, {**TYPED, "name": "Nora"}).status_code == 302
    member.refresh_from_db()
    assert member.name == "Nora"


# --- What is on the card ---


def words_of(visitor, member):
    page = visitor.get(reverse("card:settings", args=[member.private]))
    return text(page)


def test_a_shop_with_stamp_cards_alone_speaks_of_stamps(visitor, shop, card):
    saved = MembershipFactory(shop=shop, person=PersonFactory())

    assert "Your stamps stay." in words_of(visitor, saved)


@pytest.mark.parametrize("beside_a_card", [True, False])
def test_where_there_are_points_nothing_is_called_stamps(visitor, shop, beside_a_card):
    if beside_a_card:
        ProgrammeFactory(shop=shop)
    PointsFactory(shop=shop)
    unsaved = words_of(visitor, MembershipFactory(shop=shop))
    saved = words_of(visitor, MembershipFactory(shop=shop, person=PersonFactory()))

    assert "Everything on your card stays." in saved
    assert "stamps" not in unsaved + saved


def test_what_is_switched_off_may_still_be_on_a_card(visitor, shop, card):
    with scope(shop=shop):
        programmes.switch_off(PointsFactory(shop=shop), actor=as_owner(shop))

    assert "Everything on your card stays." in words_of(visitor, MembershipFactory(shop=shop))


def test_points_next_door_change_no_word(visitor, shop, card, next_door_member):
    PointsFactory(shop=next_door_member.shop)

    assert "Your stamps stay." in words_of(visitor, MembershipFactory(shop=shop))
