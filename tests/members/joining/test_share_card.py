"""The card as a picture: whatever the shop is called, it can be drawn."""

import pytest
from PIL import Image

from members.joining.share_card import HEIGHT, TEAR, WIDTH, Card, card, png, written
from tests.loyalty.pictures.drawn import drawn

PLAIN = {
    "fill": "#7b3f2a",
    "ink": "#ffffff",
    "edge": "transparent",
    "shop": "Kaffe & Kardemomme",
    "headline": "Every 10th coffee is on us",
    "lines": ("Free to join.",),
    "logo": b"",
}
LOGO = drawn("WEBP", (600, 200), colour="red")


def picture(**told):
    return card(Card(**(PLAIN | told)))


def inked(image, box):
    """How many dots of a part are white: letters, on this card."""
    part = image.crop(box)
    return dict(map(reversed, part.getcolors(part.width * part.height))).get((255, 255, 255), 0)


def test_it_works():
    image = picture()

    assert image.size == (WIDTH, HEIGHT)
    assert image.getpixel((600, 60)) == (0x7B, 0x3F, 0x2A)
    assert image.getpixel((5, 5)) == (0xF3, 0xF5, 0xF3)
    assert image.getpixel((42, TEAR)) == (0xF3, 0xF5, 0xF3)  # the notch
    assert inked(image, (100, 150, 1100, 440)) > 10_000


def test_it_is_drawn_once_however_often_it_is_asked_for():
    assert png(Card(**PLAIN)) is png(Card(**PLAIN))
    assert png(Card(**PLAIN)) != png(Card(**(PLAIN | {"headline": "Every 11th"})))


@pytest.mark.parametrize(
    "headline", ["W" * 62, "Hver tiende smørrebrød med æg og rejer på surdej giver vi dig", "Å", ""]
)
def test_any_headline_stays_between_name_and_perforation(headline):
    image = picture(headline=headline, lines=())

    margin = inked(image, (1100, 100, 1150, TEAR - 10))
    assert (margin, inked(image, (100, TEAR + 10, 1100, 580))) == (0, 0)
    assert inked(image, (100, TEAR - 20, 1100, TEAR - 8)) == 0


@pytest.mark.parametrize("name", ["Æ" * 80, "Kaffe 😀 og te", "Кофе", "x", "🍰"])
def test_any_name_can_be_drawn(name):
    image = picture(shop=name, headline="", lines=())

    assert inked(image, (1100, 50, 1150, 200)) == 0


def test_the_logo_stands_on_white():
    image = picture(logo=LOGO)

    assert image.getpixel((110, 136))[:3] == (255, 255, 255)
    assert image.getpixel((240, 136))[0] > 200
    assert image.getpixel((240, 136))[1] < 60


@pytest.mark.parametrize("size", [(1, 1), (1024, 3), (3, 1024)])
def test_a_logo_of_any_shape_fits(size):
    assert isinstance(picture(logo=drawn("WEBP", size)), Image.Image)


def test_emoji_are_left_out_and_what_lacks_letters_is_not_written():
    assert written("Kaffe 😀 og te") == "Kaffe og te"
    assert written("Smørrebrød & Ål – «på» 10 €") == "Smørrebrød & Ål – «på» 10 €"
    assert written("Кофе 24") == ""
    assert written("o\u0308l") == "öl"
