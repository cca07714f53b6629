"""One colour in, a readable card out.

A shop chooses any colour. This module moves it as little as needed until everything set in it or
on it can be read, in light and in dark, and writes the shop's brand file. There is no way to save
an unreadable card.

Source of the arithmetic: WCAG 2.2, definitions of "relative luminance" and "contrast ratio";
the limits are success criteria 1.4.3 (text, 4.5:1) and 1.4.11 (controls, 3:1).
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256

WHITE, BLACK = "#ffffff", "#000000"
INK_ON = "#0c1411"  # dark text on a light accent
PAPER, SURFACE = "#f3f5f3", WHITE  # as in tokens.css, light
DARK_PAPER, DARK_SURFACE = "#101614", "#19211e"  # as in tokens.css, dark

TEXT = 4.5  # WCAG 1.4.3
TEXT_ON_PAGE = 4.6  # a little more, since tints round
CONTROL = 3.0  # WCAG 1.4.11
VISIBLE = 1.5  # below this a card melts into the page and gets an outline

Rgb = tuple[float, float, float]


def rgb(colour: str) -> Rgb:
    """#7b3f2a as (123, 63, 42)."""
    red, green, blue = bytes.fromhex(colour.lstrip("#"))
    return red, green, blue


def hexadecimal(channels: Rgb) -> str:
    return "#" + bytes(max(0, min(255, round(c))) for c in channels).hex()


def luminance(colour: str) -> float:
    """Relative luminance, 0 black to 1 white. Source: WCAG 2.2."""
    red, green, blue = (_linear(channel / 255) for channel in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    # WCAG 2.2 says 0.04045 since its erratum of 2021; 0.03928 before. No 8-bit colour lies between.
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21. Source: WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(start: str, towards: str, share: float) -> str:
    """`share` of the way from one colour to another, 0 to 1."""
    pairs = zip(rgb(start), rgb(towards), strict=True)
    red, green, blue = (a + (b - a) * share for a, b in pairs)
    return hexadecimal((red, green, blue))


def on(fill: str) -> str | None:
    """The text colour for a fill: white where it can be read, else ink, else none."""
    for text in (WHITE, INK_ON):
        if contrast(fill, text) >= TEXT:
            return text
    return None


def tokens(accent: str) -> dict[str, str]:
    """The eleven colours a brand file is made of."""
    fill = _nearest(accent, BLACK, lambda c: on(c) is not None)
    on_fill = on(fill) or WHITE
    hover = mix(fill, BLACK, 0.14) if on_fill == WHITE else mix(fill, WHITE, 0.22)
    soft, soft_dark = mix(WHITE, accent, 0.10), mix(DARK_SURFACE, accent, 0.22)
    text = _nearest(accent, BLACK, _readable_on(PAPER, SURFACE, soft))
    text_dark = _nearest(accent, WHITE, _readable_on(DARK_PAPER, DARK_SURFACE, soft_dark))
    return {
        "fill": fill,
        "on": on_fill,
        "hover": hover,
        "soft": soft,
        "text": text,
        "edge": fill if contrast(fill, PAPER) >= CONTROL else text,
        "card_edge": text if contrast(fill, PAPER) < VISIBLE else "transparent",
        "soft_dark": soft_dark,
        "text_dark": text_dark,
        "edge_dark": fill if contrast(fill, DARK_SURFACE) >= CONTROL else text_dark,
        "card_edge_dark": text_dark if contrast(fill, DARK_PAPER) < VISIBLE else "transparent",
    }


def _nearest(start: str, towards: str, passes: Callable[[str], bool]) -> str:
    """The smallest step from one colour towards another that passes."""
    steps = 50
    on_the_way = (mix(start, towards, step / steps) for step in range(steps + 1))
    return next((colour for colour in on_the_way if passes(colour)), towards)


def _readable_on(*grounds: str) -> Callable[[str], bool]:
    return lambda colour: min(contrast(colour, ground) for ground in grounds) >= TEXT_ON_PAGE


def css(accent: str, *, scope: str = "") -> str:
    """The brand file of a colour. With a scope (".preview") it colours that part of a page only."""
    t = tokens(accent)
    red, green, blue = (int(channel) for channel in rgb(t["fill"]))
    inside = f" {scope}" if scope else ""
    light = f"[data-bs-theme=light]{inside}"
    dark = f"[data-bs-theme=dark]{inside}"
    return (
        f"{scope or ':root'},{light},{dark}{{--accent:{t['fill']};--on-accent:{t['on']};"
        f"--accent-hover:{t['hover']};--accent-rgb:{red},{green},{blue}}}\n"
        f"{scope or ':root'},{light}{{--accent-soft:{t['soft']};--accent-text:{t['text']};"
        f"--accent-edge:{t['edge']};--card-edge:{t['card_edge']}}}\n"
        f"{dark}{{--accent-soft:{t['soft_dark']};--accent-text:{t['text_dark']};"
        f"--accent-edge:{t['edge_dark']};--card-edge:{t['card_edge_dark']}}}\n"
    )


class Shown:
    """A colour somebody chose, and what of it is shown."""

    accent: str

    @property
    def fill(self) -> str:
        return tokens(self.accent)["fill"]

    @property
    def nudged(self) -> bool:
        """Did we have to move the colour, so that the card can be read?"""
        return self.fill != self.accent


@lru_cache(maxsize=1000)
def version(accent: str) -> str:
    """Names a brand file, so that it can be cached for ever: another look, another address.

    Every page of a shop asks.
    """
    return sha256(css(accent).encode()).hexdigest()[:12]
