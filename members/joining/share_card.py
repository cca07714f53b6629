"""A card as a picture: the shop's colour, its notches and perforation, and the promise on it."""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from loyalty import colours

WIDTH, HEIGHT = 1200, 630  # what sites that show links ask for
TWICE = 2  # drawn larger and made smaller, so that edges are smooth
MARGIN, PADDING, RADIUS, NOTCH = 40, 64, 44, 26
TEAR = 466  # how far down the card is perforated
LOGO = (300, 96)
HEADLINE = range(92, 40, -4)  # sizes to try, the largest first
MOST_LINES = 3
REGULAR, BOLD, BLACK = 500, 700, 800

# What our font has letters for, as static/css/tokens.css says.
LETTERS = [(0x20, 0xFF), (0x2013, 0x2014), (0x2018, 0x201D), (0x2026, 0x2026), (0x20AC, 0x20AC)]


@dataclass(frozen=True)
class Card:
    """`fill`, `ink`, `edge` as #rrggbb, or "transparent" for no edge. `logo`: a file, or b""."""

    fill: str
    ink: str
    edge: str
    shop: str
    headline: str
    lines: tuple[str, ...]
    logo: bytes


@lru_cache(maxsize=64)
def png(told: Card) -> bytes:
    """The card as a file, drawn once: it takes a fifth of a second, and anybody may ask for it."""
    file = BytesIO()
    card(told).save(file, "PNG")
    return file.getvalue()


def card(told: Card) -> Image.Image:
    """The card on paper, 1200 by 630 pixels."""
    image = Image.new("RGB", (WIDTH * TWICE, HEIGHT * TWICE), colours.PAPER)
    pen = ImageDraw.Draw(image)
    _shape(pen, told)
    top = _shop(image, pen, told)
    _headline(pen, told, top)
    _below(pen, told)
    return image.reduce(TWICE)


def written(text: str) -> str:
    """As far as our font can write it: without emoji. "": it lacks letters, and says nothing."""
    text = unicodedata.normalize("NFC", text)
    if any(letter.isalpha() and not _has(letter) for letter in text):
        return ""
    return " ".join("".join(letter for letter in text if _has(letter)).split())


def _has(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in LETTERS)


def _shape(pen: ImageDraw.ImageDraw, told: Card) -> None:
    box = (MARGIN, MARGIN, WIDTH - MARGIN, HEIGHT - MARGIN)
    edge = told.edge if told.edge != "transparent" else None
    pen.rounded_rectangle(_box(*box), RADIUS * TWICE, told.fill, edge, 3 * TWICE)
    for middle in (MARGIN, WIDTH - MARGIN):
        round_it = (middle - NOTCH, TEAR - NOTCH, middle + NOTCH, TEAR + NOTCH)
        pen.ellipse(_box(*round_it), colours.PAPER)
    for left in range(MARGIN + NOTCH + 14, WIDTH - MARGIN - NOTCH - 20, 24):
        pen.line(_box(left, TEAR, left + 12, TEAR), told.ink, 3 * TWICE)


def _shop(image: Image.Image, pen: ImageDraw.ImageDraw, told: Card) -> int:
    """The logo and the name beside or without it. Returns where the headline may begin."""
    left, top = MARGIN + PADDING, MARGIN + 48
    if told.logo:
        left += _logo(image, pen, told.logo, left, top) + 24
    name, size = written(told.shop), 38
    room = WIDTH - MARGIN - PADDING - left
    while size > 22 and _font(size, BOLD).getlength(name) > room * TWICE:
        size -= 2
    middle = top + (LOGO[1] // 2 if told.logo else 22)
    fitting = _shortened(name, _font(size, BOLD), room)
    pen.text(_at(left, middle), fitting, told.ink, _font(size, BOLD), anchor="lm")
    return top + (LOGO[1] if told.logo else 44) + 26


def _logo(image: Image.Image, pen: ImageDraw.ImageDraw, file: bytes, left: int, top: int) -> int:
    """On white, as everywhere. Returns how wide it is."""
    with Image.open(BytesIO(file)) as opened:
        logo = opened.convert("RGBA")
    most = LOGO[0] - 16, LOGO[1] - 16
    factor = min(most[0] / logo.width, most[1] / logo.height)
    width, height = (max(1, round(side * factor)) for side in logo.size)
    logo = logo.resize((width * TWICE, height * TWICE))
    pen.rounded_rectangle(
        _box(left, top, left + width + 16, top + LOGO[1]), 12 * TWICE, colours.WHITE
    )
    image.paste(logo, _at(left + 8, top + (LOGO[1] - height) // 2), logo)
    return width + 16


def _headline(pen: ImageDraw.ImageDraw, told: Card, top: int) -> None:
    """As large as it fits between the name and the perforation."""
    words = written(told.headline)
    room = WIDTH - 2 * (MARGIN + PADDING)
    for size in HEADLINE:
        lines = _wrapped(words, _font(size, BLACK), room)
        if len(lines) <= MOST_LINES and top + len(lines) * size * 1.08 <= TEAR - 24:
            break
    fitting = [_shortened(line, _font(size, BLACK), room) for line in lines[:MOST_LINES]]
    for n, line in enumerate(fitting):
        place = _at(MARGIN + PADDING, top + round(n * size * 1.08))
        pen.text(place, line, told.ink, _font(size, BLACK))


def _below(pen: ImageDraw.ImageDraw, told: Card) -> None:
    """What is said under the perforation: a line each."""
    lines = [line for line in map(written, told.lines) if line]
    size, step = 30, 42
    middle = (TEAR + HEIGHT - MARGIN) // 2 - step * (len(lines) - 1) // 2
    for n, line in enumerate(lines):
        fitting = _shortened(line, _font(size, BOLD), WIDTH - 2 * (MARGIN + PADDING))
        place = _at(MARGIN + PADDING, middle + n * step)
        pen.text(place, fitting, told.ink, _font(size, BOLD), anchor="lm")


def _wrapped(words: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= room * TWICE:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shortened(line: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    if font.getlength(line) <= room * TWICE:
        return line
    while line and font.getlength(f"{line}…") > room * TWICE:
        line = line[:-1]
    return f"{line.rstrip()}…"


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Our own font, which holds all weights in one file."""
    file = finders.find("fonts/schibsted-grotesk.woff2")
    font = ImageFont.truetype(str(file), size * TWICE)
    font.set_variation_by_axes([weight])
    return font


def _at(left: int, top: int) -> tuple[int, int]:
    return left * TWICE, top * TWICE


def _box(left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
    return (*_at(left, top), *_at(right, bottom))
