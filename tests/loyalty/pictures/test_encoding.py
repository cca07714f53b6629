"""What is kept of a picture: a small WebP, upright, and nothing that came with it."""

import pytest
from PIL import Image, ImageChops, ImageStat

from loyalty.pictures.encoding import LONGEST_SIDE, MOST_KEPT, encode
from tests.loyalty.pictures import drawn

pytestmark = pytest.mark.once

GOOD = {
    "PNG": lambda: drawn.drawn("PNG"),
    "PNG with a palette": lambda: drawn.drawn("PNG", mode="P"),
    "PNG of black and white": lambda: drawn.white_png(64, 48),
    "PNG of greys": lambda: drawn.drawn("PNG", mode="L"),
    "PNG of 65,536 greys": lambda: drawn.saved(Image.new("I;16", (64, 48), 32768), "PNG"),
    "PNG one can see through": lambda: drawn.drawn("PNG", mode="RGBA"),
    "moving PNG": lambda: drawn.film("PNG"),
    "JPEG": lambda: drawn.drawn("JPEG"),
    "JPEG scan by scan": lambda: drawn.noise("JPEG", progressive=True),
    "JPEG of printing inks": lambda: drawn.drawn("JPEG", mode="CMYK"),
    "photograph": drawn.photograph,
    "two photographs in one": lambda: drawn.film("MPO"),
    "WebP": lambda: drawn.drawn("WEBP"),
    "WebP without loss": lambda: drawn.drawn("WEBP", mode="RGBA", lossless=True),
    "moving WebP": lambda: drawn.film("WEBP"),
    "one pixel": lambda: drawn.drawn("PNG", (1, 1)),
    "a line": lambda: drawn.drawn("PNG", (20_000, 1)),
    "wide": lambda: drawn.noise("JPEG", (3000, 900)),
    "25 megapixels": lambda: drawn.white_png(5000, 5000),
}


@pytest.mark.parametrize("name", GOOD)
def test_it_works(name):
    kept = encode(GOOD[name]())

    picture = drawn.opened(kept)
    assert kept.data[:4] == b"RIFF"
    assert kept.data[8:12] == b"WEBP"
    assert picture.size == (kept.width, kept.height)
    assert max(picture.size) <= LONGEST_SIDE
    assert len(kept.data) <= MOST_KEPT
    assert not picture.is_animated


@pytest.mark.parametrize("name", GOOD)
def test_nothing_that_came_with_it_is_kept(name):
    kept = encode(GOOD[name]())

    assert not {"exif", "xmp", "icc_profile"} & set(drawn.opened(kept).info)
    assert not [part for part in (b"EXIF", b"XMP ", b"ICCP", b"Canary") if part in kept.data]


def test_the_photograph_has_something_to_lose():
    original = drawn.photograph()

    assert original.count(b"Canary") == 4


@pytest.mark.parametrize(
    ("orientation", "red", "size"),
    [
        (1, (2, 24), (64, 48)),
        (2, (61, 24), (64, 48)),
        (3, (61, 24), (64, 48)),
        (4, (2, 24), (64, 48)),
        (5, (24, 2), (48, 64)),
        (6, (24, 2), (48, 64)),
        (7, (24, 61), (48, 64)),
        (8, (24, 61), (48, 64)),
    ],
)
def test_a_photograph_is_turned_upright(orientation, red, size):
    kept = encode(drawn.photograph(orientation))

    assert (kept.width, kept.height) == size
    assert drawn.colour_at(kept, *red) == "red"


def test_a_turned_photograph_keeps_its_shape():
    kept = encode(drawn.photograph(6, size=(3000, 1500)))

    assert (kept.width, kept.height) == (512, 1024)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "MPO"])
def test_of_a_film_the_first_picture_is_kept(kind):
    assert drawn.colour_at(encode(drawn.film(kind)), 30, 20) == "red"


def test_what_one_sees_through_stays_so():
    glass = drawn.saved(Image.new("RGBA", (2000, 2000), (255, 0, 0, 0)), "PNG")

    assert drawn.opened(encode(glass)).getpixel((5, 5))[3] == 0


def test_a_palette_is_mixed_not_picked_from():
    stripes = Image.linear_gradient("L").resize((2048, 2048)).convert("1")
    kept = drawn.opened(encode(drawn.saved(stripes, "PNG"))).convert("L")

    assert len(kept.getcolors()) > 10


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_a_large_one_looks_like_itself(mode):
    """It is made small in strips, and the seams are not seen."""
    slope = Image.linear_gradient("L").resize((4099, 2051))
    large = Image.merge("RGB", (slope, slope.transpose(Image.Transpose.ROTATE_180), slope))
    kept = drawn.opened(encode(drawn.saved(large.convert(mode), "PNG"))).convert("RGB")

    plain = large.convert(mode).resize(kept.size).convert("RGB")
    assert max(ImageStat.Stat(ImageChops.difference(plain, kept)).rms) < 3


def test_sixteen_bits_of_grey_are_not_all_white():
    assert drawn.colour_at(encode(GOOD["PNG of 65,536 greys"]()), 5, 5) == "grey"


def test_what_compresses_worst_becomes_small_enough():
    see_through = Image.effect_noise((1024, 1024), 100).convert("RGB")
    see_through.putalpha(Image.effect_noise((1024, 1024), 100))

    assert len(encode(drawn.saved(see_through, "WEBP", lossless=True)).data) <= MOST_KEPT


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_hides_behind_a_picture_is_left_behind(kind):
    """Telephones put films there, others put worse."""
    kept = encode(drawn.drawn(kind) + b"<script>alert(1)</script>PK\x03\x04")

    assert b"script" not in kept.data
    assert b"PK" not in kept.data
