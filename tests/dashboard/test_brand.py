"""Logo and colour: chosen on one page, seen wherever the shop is."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from loyalty.journal.models import Change
from loyalty.pictures.models import Picture
from tests.factories import MembershipFactory, PictureFactory
from tests.loyalty.pictures.drawn import drawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card", "in_shop")]

TEAL = "#0e7c7b"


def upload(kind="PNG", size=(300, 100)):
    return SimpleUploadedFile("logo.png", drawn(kind, size))


@pytest.fixture
def save(ingrid, at):
    """save(picture=…): the button, on a page that shows no logo unless `kept` names it."""

    def post(client=ingrid, name="brand", **sent):
        typed = {"colour": "other", "colour_other": TEAL, "kept": "", **sent}
        return client.post(at(name), typed)

    return post


@pytest.fixture
def logo(shop):
    shop.logo = PictureFactory(shop=shop)
    shop.save(update_fields=["logo"])
    return shop.logo


def text(answer):
    return " ".join(answer.content.decode().split())


def test_it_works(ingrid, save, at, shop):
    assert save(picture=upload()).url == at("brand")

    shop.refresh_from_db()
    assert (shop.logo.width, shop.logo.height) == (300, 100)
    assert shop.accent == TEAL
    assert shop.logo.url in text(ingrid.get(at("brand")))


def test_customers_see_it(save, visitor, shop):
    save(picture=upload())
    shop.refresh_from_db()
    maja = MembershipFactory(shop=shop)

    for page in (f"/j/{shop.slug}/", f"/j/{shop.slug}/rules/", f"/m/{maja.private}/"):
        assert f'src="{shop.logo.url}"' in text(visitor.get(page))
    assert visitor.get(shop.logo.url)["Content-Type"] == "image/webp"


def test_nothing_breaks_without(visitor, shop):
    maja = MembershipFactory(shop=shop)

    for page in (f"/j/{shop.slug}/", f"/j/{shop.slug}/rules/", f"/m/{maja.private}/"):
        assert 'class="logo"' not in text(visitor.get(page))


def test_the_colour_alone_changes_nothing_else(save, shop, logo):
    save(kept=logo.name)

    shop.refresh_from_db()
    assert (shop.logo, shop.accent) == (logo, TEAL)


def test_a_new_logo_takes_the_place_of_the_old_one(save, shop, logo):
    save(kept=logo.name, picture=upload("JPEG"))

    shop.refresh_from_db()
    assert shop.logo != logo
    assert list(Picture.objects.all()) == [shop.logo]


def test_it_can_be_removed(save, shop, logo):
    save(**{"kept": logo.name, "picture-clear": "on"})

    shop.refresh_from_db()
    assert shop.logo is None
    assert not Picture.objects.exists()


def test_no_picture_is_refused_beside_its_field(save, shop):
    answer = save(picture=SimpleUploadedFile("logo.png", b"<svg/>"))

    assert answer.status_code == 422
    assert "Choose a picture (PNG, JPEG or WebP)." in text(answer)
    shop.refresh_from_db()
    assert shop.logo is None


def test_no_colour_is_refused_and_the_logo_is_not_chosen_twice(save, shop):
    answer = save(colour_other="reddish", picture=upload())

    assert answer.status_code == 422
    assert "Type a colour as # and six letters or digits, like #7b3f2a." in text(answer)
    [kept] = Picture.objects.all()
    assert f'value="{kept.name}"' in text(answer)
    shop.refresh_from_db()
    assert shop.accent != "reddish"


def test_a_colour_nobody_can_read_is_shown_as_it_will_be(save, shop):
    page = text(save(name="brand_preview", colour_other="#797979"))

    assert "We made your colour a little darker so everyone can read it." in page
    shop.refresh_from_db()
    assert shop.accent != "#797979"


def test_the_preview_follows_what_is_typed(ingrid, at, shop):
    sent = {"colour": "other", "colour_other": TEAL, "kept": "", "picture": upload()}
    answer = ingrid.post(at("brand_preview"), sent, headers={"hx-request": "true"})

    assert f"/start/colour/{TEAL[1:]}" in text(answer)
    assert 'class="logo"' in text(answer)
    assert 'hx-swap-oob="true"' in text(answer)
    shop.refresh_from_db()
    assert shop.logo is None


def test_half_a_colour_changes_nothing(ingrid, at):
    sent = {"colour": "other", "colour_other": "#0e", "kept": ""}

    assert ingrid.post(at("brand_preview"), sent, headers={"hx-request": "true"}).status_code == 204


def test_the_log_says_so(save, ingrid_person, shop):
    save(picture=upload())
    save(picture=upload(), kept="")

    changes = Change.objects.filter(what__in=["logo", "colour"])
    assert sorted(changes.values_list("what", flat=True)) == ["colour", "logo", "logo"]
    assert {change.actor for change in changes} == {ingrid_person}


def test_a_shop_that_has_not_started_has_a_look_too(ingrid, at, shop):
    shop.live_since = None
    shop.save(update_fields=["live_since"])

    assert ingrid.get(at("brand")).status_code == 200


def test_the_settings_lead_there(ingrid, at):
    assert at("brand") in text(ingrid.get(at("settings")))


def test_another_shops_picture_is_not_taken(save, shop, next_door):
    theirs = PictureFactory(shop=next_door)
    save(kept=theirs.name)

    shop.refresh_from_db()
    assert shop.logo is None


def test_a_stranger_changes_nothing(save, stranger, shop):
    assert save(stranger, picture=upload()).status_code == 404

    shop.refresh_from_db()
    assert (shop.logo, shop.accent == TEAL) == (None, False)
