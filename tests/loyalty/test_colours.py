import itertools

import pytest

from loyalty import colours
from loyalty.colours import DARK_PAPER, DARK_SURFACE, PAPER, WHITE, contrast

STEPS = (0, 51, 102, 153, 204, 255)
GRID = [colours.hexadecimal(rgb) for rgb in itertools.product(STEPS, repeat=3)]


def test_black_on_white_is_the_greatest_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_it_works():
    assert colours.css("#7b3f2a") == (
        ":root,[data-bs-theme=light],[data-bs-theme=dark]"
        "{--accent:#7b3f2a;--on-accent:#ffffff;--accent-hover:#6a3624;--accent-rgb:123,63,42}\n"
        ":root,[data-bs-theme=light]"
        "{--accent-soft:#f2ecea;--accent-text:#7b3f2a;--accent-edge:#7b3f2a;--card-edge:transparent}\n"
        "[data-bs-theme=dark]"
        "{--accent-soft:#2f2821;--accent-text:#b08c7f;--accent-edge:#b08c7f;--card-edge:transparent}\n"
    )


@pytest.mark.parametrize("accent", GRID)
def test_every_colour_ends_readable(accent):
    t = colours.tokens(accent)
    assert contrast(t["on"], t["fill"]) >= 4.5
    assert contrast(t["on"], t["hover"]) >= 4.5
    assert min(contrast(t["text"], ground) for ground in (PAPER, WHITE, t["soft"])) >= 4.6
    dark = (DARK_PAPER, DARK_SURFACE, t["soft_dark"])
    assert min(contrast(t["text_dark"], ground) for ground in dark) >= 4.6
    assert contrast(t["edge"], PAPER) >= 3
    assert contrast(t["edge_dark"], DARK_SURFACE) >= 3


@pytest.mark.parametrize(("chosen", "fill"), [("#c2571a", "#be5519"), ("#7b3f2a", "#7b3f2a")])
def test_a_colour_moves_only_when_it_must(chosen, fill):
    assert colours.tokens(chosen)["fill"] == fill


def test_a_near_white_card_gets_an_outline_in_light_only():
    t = colours.tokens("#ffffff")
    assert t["card_edge"] != "transparent"
    assert t["card_edge_dark"] == "transparent"


def test_a_near_black_card_gets_an_outline_in_dark_only():
    t = colours.tokens("#000000")
    assert t["card_edge"] == "transparent"
    assert t["card_edge_dark"] != "transparent"


def test_a_preview_colours_only_its_part_of_the_page():
    assert ":root" not in colours.css("#7b3f2a", scope=".preview")
    assert "[data-bs-theme=dark] .preview{" in colours.css("#7b3f2a", scope=".preview")
