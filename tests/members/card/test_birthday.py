"""A birthday: day and month, never the year; and the switch for notices. Both on W5."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor
from members import access, rooms
from members.merging import merge
from members.messages.operations import Purpose
from members.messages.wishes import start_mail
from members.models import Consent
from members.operations import undo
from tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db

TYPED = {"name": "Maja", "language": "en-gb", "theme": ""}


@pytest.fixture
def maja(in_shop, card):
    return MembershipFactory(shop=in_shop, person=PersonFactory(), name="Maja")


@pytest.fixture
def page(maja):
    return reverse("card:settings", args=[maja.private])


@pytest.fixture
def treat(settings):
    """The shop has something for birthdays."""
    settings.ROOMS = [*settings.ROOMS, "tests.members.card.treat"]
    rooms._rooms.cache_clear()
    yield
    rooms._rooms.cache_clear()


@pytest.fixture
def keep(visitor, page, maja, treat):
    def keep(**typed):
        answer = visitor.post(page, {**TYPED, **typed})
        maja.refresh_from_db()
        return answer

    return keep


def test_it_works(visitor, page, keep, maja):
    assert keep(birth_day="12", birth_month="5").status_code == 302

    assert maja.birthday == (12, 5)
    html = visitor.get(page).content.decode()
    assert "Day and month only. For your treat." in html
    assert 'value="12"' in html
    assert '<option value="5" selected>May</option>' in html


def test_29_february_is_a_birthday(keep, maja):
    keep(birth_day="29", birth_month="2")

    assert maja.birthday == (29, 2)


def test_nothing_typed_is_no_birthday(keep, maja):
    keep(birth_day="12", birth_month="5")
    keep(birth_day="", birth_month="")

    assert maja.birthday is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("31 2", "That month has no day 31."),
        ("30 2", "That month has no day 30."),
        ("31 4", "That month has no day 31."),
        ("32 1", "Type the day as a number from 1 to 31."),
        ("0 1", "Type the day as a number from 1 to 31."),
        ("-1 1", "Type the day as a number from 1 to 31."),
        ("twelve 1", "Type the day as a number from 1 to 31."),
        (f"{'9' * 30} 1", "Type the day as a number from 1 to 31."),
        (" 5", "Type the day too."),
    ],
)
def test_what_is_no_day_is_told_beside_its_field_and_kept(keep, maja, typed, told):
    day, month = typed.split(" ")
    answer = keep(name="Lise", birth_day=day, birth_month=month)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert told in html
    assert 'id="id_birth_day_error"' in html
    assert f'value="{day}"' in html or not day
    assert (maja.name, maja.birthday) == ("Maja", None)


@pytest.mark.parametrize(("month", "told"), [("", "Choose the month too."), ("13", "valid choice")])
def test_so_is_what_is_no_month(keep, maja, month, told):
    answer = keep(birth_day="12", birth_month=month)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert told in html
    assert 'id="id_birth_month_error"' in html
    assert maja.birthday is None


def test_a_shop_without_a_treat_does_not_ask_and_keeps_what_it_has(visitor, page, maja):
    maja.birthday = (12, 5)
    maja.save()
    visitor.post(page, {**TYPED, "birth_day": "1", "birth_month": "1"})

    maja.refresh_from_db()
    assert maja.birthday == (12, 5)
    assert "Birthday" not in visitor.get(page).content.decode()


def test_a_card_next_door_is_another_card(keep, next_door_card, stranger, maja):
    theirs = MembershipFactory(shop=next_door_card.shop)
    stranger.post(
        reverse("card:settings", args=[theirs.private]),
        {**TYPED, "birth_day": "1", "birth_month": "1"},
    )

    maja.refresh_from_db()
    assert maja.birthday is None


def test_from_another_site_nothing_is_changed(visitor, page, maja, treat):
    typed = {**TYPED, "birth_day": "1", "birth_month": "1", "service_mail": "on"}
    answer = visitor.post(page, typed, headers={"sec-fetch-site": "cross-site"})

    maja.refresh_from_db()
    assert answer.status_code == 403
    assert (maja.birthday, maja.service_mail) == (None, False)


# --- E-mail about the card ---


def test_notices_are_off_until_somebody_wants_them(visitor, page, maja):
    assert b'name="service_mail"' in visitor.get(page).content
    assert not maja.service_mail
    visitor.post(page, {**TYPED, "service_mail": "on"})

    maja.refresh_from_db()
    assert maja.service_mail
    assert b'id="id_service_mail" checked' in visitor.get(page).content


def test_no_tick_switches_them_off(visitor, page, maja):
    start_mail(maja, Purpose.SERVICE, way=Consent.Way.CARD)
    visitor.post(page, TYPED)

    maja.refresh_from_db()
    assert not maja.service_mail


def test_without_an_e_mail_they_are_not_offered(visitor, in_shop, card):
    unsaved = MembershipFactory(shop=in_shop)
    page = reverse("card:settings", args=[unsaved.private])
    html = visitor.get(page).content.decode()
    visitor.post(page, {**TYPED, "service_mail": "on"})

    unsaved.refresh_from_db()
    assert 'name="service_mail"' not in html
    assert "Save your card with your e-mail first, then you can choose here." in html
    assert not unsaved.service_mail


# --- Two cards become one ---


def test_the_switch_and_the_birthday_come_along_and_go_back(maja, in_shop, counter):
    maja.birthday, maja.service_mail = (29, 2), True
    maja.save()
    kept = MembershipFactory(shop=in_shop)
    actor, key = Actor.of_counter(counter), keys.new()
    merge(kept=kept, gone=maja, key=key, actor=actor)
    kept.refresh_from_db()
    assert (kept.birthday, kept.service_mail) == ((29, 2), True)

    undo(membership=kept, undone=kept.operations.get(key=key), key=keys.new(), actor=actor)

    kept.refresh_from_db()
    assert (kept.birthday, kept.service_mail) == (None, False)


def test_a_birthday_that_was_changed_since_stays(maja, in_shop, counter):
    """Day and month are one thing: half of it can't go back."""
    maja.birthday = (12, 5)
    maja.save()
    kept = MembershipFactory(shop=in_shop)
    actor, key = Actor.of_counter(counter), keys.new()
    merge(kept=kept, gone=maja, key=key, actor=actor)
    kept.refresh_from_db()
    kept.birthday = (13, 5)
    kept.save()

    undo(membership=kept, undone=kept.operations.get(key=key), key=keys.new(), actor=actor)

    kept.refresh_from_db()
    assert kept.birthday == (13, 5)


def test_the_kept_card_keeps_its_own_birthday(maja, in_shop):
    kept = MembershipFactory(shop=in_shop)
    for card, birthday in ((maja, (12, 5)), (kept, (1, 1))):
        card.birthday = birthday
        card.save()
    merge(kept=kept, gone=maja, key=keys.new(), actor=access.holder_of(maja))

    kept.refresh_from_db()
    assert kept.birthday == (1, 1)


# --- What the database says ---


@pytest.mark.parametrize("birthday", [(31, 2), (30, 2), (31, 4), (0, 1), (32, 1), (1, 13)])
def test_a_day_there_is_not_is_no_birthday(maja, birthday):
    maja.birthday = birthday
    with pytest.raises(IntegrityError), transaction.atomic():
        maja.save()


@pytest.mark.parametrize("half", [{"birth_day": 5}, {"birth_month": 5}])
def test_half_a_birthday_is_none(maja, half):
    with pytest.raises(IntegrityError), transaction.atomic():
        type(maja).objects.filter(pk=maja.pk).update(**half)
