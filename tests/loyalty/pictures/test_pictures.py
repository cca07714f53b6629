"""A thing gets a picture, another one, and none; and whoever has the address sees it."""

from types import SimpleNamespace

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_scopes import scope

from loyalty.pictures.encoding import encode
from loyalty.pictures.forms import PictureField
from loyalty.pictures.models import Picture
from loyalty.pictures.operations import change_picture, keep_picture
from tests.factories import PictureFactory
from tests.loyalty.pictures.drawn import drawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(shop):
    return PictureFactory(shop=shop)


class ThingForm(forms.Form):
    name = forms.CharField(error_messages={"required": "Type a name."})
    picture = PictureField(required=False)


def sent(thing=None, file=None, **typed):
    """The form as a browser sends it, for a thing that has a picture or not."""
    files = {"picture": SimpleUploadedFile("x.png", file)} if file is not None else {}
    request = RequestFactory().post("/", {"name": "Cup", **typed, **files})
    return ThingForm(request.POST, request.FILES, initial={"picture": thing})


# --- The field ------------------------------------------------------------------------------


def test_it_works():
    form = sent(file=drawn("PNG"))

    assert form.is_valid()
    assert form.cleaned_data["picture"] == encode(drawn("PNG"))


def test_no_file_leaves_what_there_is(picture):
    assert sent(picture).is_valid()
    assert sent(picture).changed_data == ["name"]

    form = sent(picture)
    form.full_clean()
    assert form.cleaned_data["picture"] == picture


def test_no_file_and_no_picture_is_none():
    form = sent()

    assert form.is_valid()
    assert form.cleaned_data["picture"] is None


def test_the_box_removes_it(picture):
    form = sent(picture, **{"picture-clear": "on"})

    assert form.is_valid()
    assert form.cleaned_data["picture"] is None


def test_both_at_once_is_asked_about(picture):
    form = sent(picture, file=drawn("PNG"), **{"picture-clear": "on"})

    assert form.errors["picture"] == ["Choose a new picture or remove the old one, not both."]


def test_a_required_one_is_asked_for():
    assert PictureField().widget.is_required
    with pytest.raises(forms.ValidationError, match="Choose a picture"):
        PictureField().clean(None)


def test_a_form_that_forgot_to_send_the_file_says_the_same():
    with pytest.raises(forms.ValidationError, match="Choose a picture"):
        PictureField(required=False).clean("x.png")


def test_the_page_shows_an_input_for_pictures():
    html = render_crispy_form(ThingForm())

    assert 'type="file"' in html
    assert 'accept="image/png,image/jpeg,image/webp"' in html
    assert "PNG, JPEG or WebP, at most 2 MB." in html
    assert 'type="checkbox"' not in html


def test_the_page_shows_the_picture_there_is_and_how_to_remove_it(picture):
    html = render_crispy_form(ThingForm(initial={"picture": picture}))

    assert f'src="{picture.url}"' in html
    assert 'name="picture-clear"' in html
    assert "Remove picture" in html


def test_a_refused_file_leaves_the_picture_and_its_message_on_the_page(picture):
    html = render_crispy_form(sent(picture, file=b"no picture"))

    assert f'src="{picture.url}"' in html
    assert "Choose a picture (PNG, JPEG or WebP)." in html
    assert 'aria-invalid="true"' in html


def test_a_ticked_box_stays_ticked(picture):
    html = render_crispy_form(sent(picture, name="", **{"picture-clear": "on"}))

    assert html.count(" checked") == 1


# --- Keeping --------------------------------------------------------------------------------


class Thing(SimpleNamespace):
    """Something with a picture. What is really stored of it is its own tests' business."""

    def save(self, update_fields):
        assert update_fields == ["picture"]
        self.saved = self.picture


@pytest.fixture
def thing(shop, picture):
    return Thing(shop=shop, picture=picture, saved=picture)


def test_a_kept_picture_is_the_encoded_one(in_shop):
    encoded = encode(drawn("JPEG", (80, 60)))
    kept = keep_picture(shop=in_shop, encoded=encoded)
    kept.refresh_from_db()

    assert bytes(kept.data) == encoded.data
    assert (kept.width, kept.height) == (80, 60)


def test_names_are_long_and_never_the_same(shop):
    names = {PictureFactory(shop=shop).name for _ in range(5)}

    assert len(names) == 5
    assert {len(name) for name in names} == {24}


def test_a_new_picture_takes_the_place_of_the_old(in_shop, thing):
    change_picture(thing, encode(drawn("PNG")))

    assert list(Picture.objects.all()) == [thing.saved]


def test_the_same_picture_changes_nothing(in_shop, thing):
    before = thing.picture
    change_picture(thing, before)

    assert thing.saved == before
    assert Picture.objects.get() == before


def test_a_removed_picture_is_gone(in_shop, thing):
    change_picture(thing, None)

    assert thing.saved is None
    assert not Picture.objects.exists()


def test_a_first_picture_needs_no_old_one(in_shop):
    thing = Thing(shop=in_shop, picture=None)
    change_picture(thing, encode(drawn("PNG")))

    assert thing.saved == Picture.objects.get()


def test_what_something_else_shows_too_stays(in_shop, thing, monkeypatch):
    def protected(picture):
        raise models.ProtectedError("a reward shows it", set())

    monkeypatch.setattr(Picture, "delete", protected)
    change_picture(thing, None)

    assert thing.saved is None
    assert Picture.objects.exists()


def test_one_that_was_deleted_meanwhile_changes_nothing(in_shop, thing, shop):
    chosen = PictureFactory(shop=shop)
    Picture.objects.get(pk=chosen.pk).delete()
    before = thing.picture

    change_picture(thing, chosen)

    assert thing.saved == before
    assert Picture.objects.get() == before


def test_the_database_knows_how_large_one_may_be(in_shop, picture):
    with pytest.raises(IntegrityError, match="a_picture_is_small"):
        Picture.objects.filter(pk=picture.pk).update(width=1025)


# --- The address ----------------------------------------------------------------------------


def test_anybody_sees_it(visitor, picture):
    response = visitor.get(picture.url)

    assert response.status_code == 200
    assert response.content == bytes(picture.data)


def test_its_headers_keep_it_harmless_and_cached(visitor, picture):
    headers = visitor.get(picture.url).headers

    assert headers["Content-Type"] == "image/webp"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert (
        headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_no_session_is_touched(ingrid, picture, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = ingrid.get(picture.url)

    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize("name", ["a" * 24, "0", "x" * 500, "-", "A_B"])
def test_an_unknown_one_is_not_there(visitor, name):
    response = visitor.get(f"/p/{name}.webp")

    assert response.status_code == 404
    assert "immutable" not in response.get("Cache-Control", "")


def test_a_removed_one_is_not_there(visitor, thing, shop):
    with scope(shop=shop):
        url = thing.picture.url
        change_picture(thing, None)

    assert visitor.get(url).status_code == 404


def test_it_is_only_looked_at(visitor, picture):
    assert visitor.post(picture.url).status_code == 405


def test_a_stranger_sees_it_as_anybody_does_and_finds_it_nowhere(stranger, picture, next_door):
    assert stranger.get(picture.url).status_code == 200

    with scope(shop=next_door):
        assert not Picture.objects.exists()


def test_a_page_keeps_its_place_and_needs_no_bytes(in_shop, picture, django_assert_num_queries):
    light = Picture.objects.defer("data").get()
    with django_assert_num_queries(0):
        html = render_to_string("pictures/_picture.html", {"picture": light, "alt": "A <cup>"})

    assert f'src="{picture.url}" width="40" height="30" alt="A &lt;cup&gt;"' in html
    assert 'loading="lazy"' in html


def test_a_large_upload_is_counted_not_kept():
    file = SimpleUploadedFile("x.png", bytes(5_000_000))
    request = RequestFactory().post("/", {"picture": file})

    received = request.FILES["picture"]
    assert received.size == 5_000_000
    assert len(received.read()) <= 2 * 1024 * 1024
