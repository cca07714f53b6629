"""Pictures, ready-made texts, and what members would see, while the owner types."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from loyalty import clock
from loyalty.pictures.models import Picture
from loyalty.pictures.operations import forget_unused
from rewards.catalogue.ideas import Idea
from rewards.catalogue.models import Reward
from tests.factories import PictureFactory
from tests.loyalty.pictures.drawn import drawn
from tests.support.pages import text

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


# --- Its picture ----------------------------------------------------------------------------------


def file(data=None):
    return SimpleUploadedFile("cup.png", data or drawn("PNG"), "image/png")


def test_a_picture_comes_along_stays_and_goes(ingrid, at, typed):
    ingrid.post(at("add_reward"), typed(picture=file()))
    made = Reward.objects.get()
    assert made.picture.url in text(ingrid.get(at("rewards")))

    kept = ingrid.get(at("reward", made.pk)).context["picture"]["kept"].value()
    ingrid.post(at("reward", made.pk), typed(kept=kept))
    assert Picture.objects.get() == made.picture

    ingrid.post(at("reward", made.pk), {**typed(kept=kept), "picture-clear": "on"})
    assert not Picture.objects.exists()


def test_a_picture_is_not_chosen_twice_because_something_else_was_wrong(ingrid, at, typed):
    refused = ingrid.post(at("add_reward"), typed(name="", picture=file()))
    kept = refused.context["picture"]["kept"].value()
    assert Picture.objects.get().url in text(refused)

    again = ingrid.post(at("add_reward"), typed(name="", kept=kept))
    assert again.context["picture"]["kept"].value() == kept

    ingrid.post(at("add_reward"), typed(kept=kept))
    assert Reward.objects.get().picture == Picture.objects.get()


def test_what_is_no_picture_is_refused_and_the_old_one_stays(ingrid, at, typed, lunch, in_shop):
    lunch.picture = PictureFactory(shop=in_shop)
    lunch.save()

    sent = typed(kept=lunch.picture.name, picture=file(b"GIF89a"))
    answer = ingrid.post(at("reward", lunch.pk), sent)

    assert answer.status_code == 422
    assert "Choose a picture (PNG, JPEG or WebP)." in text(answer)
    assert lunch.picture.url in text(answer)


def test_another_shops_picture_is_not_found(ingrid, at, typed, next_door):
    theirs = PictureFactory(shop=next_door)

    ingrid.post(at("add_reward"), typed(kept=theirs.name))

    assert Reward.objects.get().picture is None


def test_a_page_that_is_out_of_date_takes_no_picture_away(ingrid, at, typed, lunch, in_shop):
    lunch.picture = PictureFactory(shop=in_shop)
    lunch.save()

    for kept in ({"kept": "nevermind"}, {}):
        ingrid.post(at("reward", lunch.pk), typed(**kept))
        lunch.refresh_from_db()
        assert lunch.picture


def test_what_was_chosen_and_never_saved_is_forgotten(ingrid, at, typed, lunch, in_shop):
    lunch.picture = PictureFactory(shop=in_shop)
    lunch.save()
    ingrid.post(at("add_reward"), typed(name="", picture=file()))

    assert forget_unused(clock.now() - timedelta(days=2)) == 0
    assert forget_unused(clock.now() + timedelta(seconds=1)) == 1
    assert Picture.objects.get() == lunch.picture


# --- Ready-made texts, and the preview ------------------------------------------------------------


def test_an_idea_fills_in_what_it_says_and_leaves_the_rest(ingrid, at, typed):
    answer = ingrid.post(
        at("take_idea", "breakfast"), typed(name="", cost="250", behaviour="percent")
    )

    form = answer.context["form"]
    assert answer.status_code == 200
    with translation.override("nb"):
        assert form["name"].value() == translation.gettext("Free breakfast")
    assert (form["behaviour"].value(), form["cost"].value()) == ("thing", "250")
    assert not Reward.objects.exists()


def test_an_idea_speaks_the_shops_language():
    assert Idea("", "Any hot drink", "Loaf of the day").texts("nb")["name"] != "Any hot drink"


def test_an_idea_nobody_had_is_not_found(ingrid, at):
    assert ingrid.post(at("take_idea", "a-yacht")).status_code == 404
    assert ingrid.get(at("take_idea", "gift")).url == at("add_reward")


def test_the_preview_shows_what_members_see_and_keeps_nothing(ingrid, at, typed):
    part = ingrid.post(at("preview_new_reward"), typed(), headers=HTMX)

    assert "Free lunch" in text(part)
    assert "<html" not in text(part)
    assert "A typical member reaches it in about" in text(part)
    assert not Reward.objects.exists()


def test_half_typed_nothing_changes(ingrid, at, typed):
    part = ingrid.post(at("preview_new_reward"), typed(name=""), headers=HTMX)

    assert part.status_code == 204


def test_the_preview_says_what_is_missing(ingrid, at, typed):
    part = ingrid.post(at("preview_new_reward"), typed(behaviour="percent"), headers=HTMX)

    assert "Type a percentage from 1 to 100." in text(part)


def test_a_chosen_picture_comes_back_with_its_field(ingrid, at, typed):
    sent = typed(name="", picture=file())
    part = ingrid.post(at("preview_new_reward"), sent, headers=HTMX)

    assert part["HX-Reswap"] == "none"
    assert f'value="{Picture.objects.get().name}"' in text(part)


def test_without_a_script_the_preview_is_the_whole_page(ingrid, at, typed, lunch):
    page = text(ingrid.post(at("preview_reward", lunch.pk), typed(name="Half a lunch")))

    assert "<h3>Half a lunch</h3>" in page
    lunch.refresh_from_db()
    assert lunch.name == "Free lunch"


@pytest.mark.both_engines
def test_a_picture_name_nobody_could_have_been_given_names_none(ingrid, at, typed):
    answer = ingrid.post(at("add_reward"), typed(name="", kept="\0"))

    assert answer.status_code == 422
