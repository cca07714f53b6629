"""Drawings of numbers: plain geometry, worked out here and printed as SVG attributes.

Across, everything is a share of the width; down, of the height. So a chart fits any screen while
its numbers keep their size. Few short bars stand side by side; many, or long words, lie in rows.
Every number is printed on its bar, and `owner/_chart.html` puts the same numbers in a table.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _

MOST_COLUMNS, LONGEST = 8, 5  # bars and characters that fit side by side at 320 px
FLOOR, CEILING = 84, 12  # columns stand on the first, and the highest ends at the second
LEFT, LONGEST_ROW = 34, 50  # where rows begin, and how long they are beside short numbers
CHARACTER = 3.2  # how wide the characters of a number are at 320 px, and the air before it
STANDING_REM, ROW_REM = 12, 2.25
FILLED = 0.64  # of a bar's room; the rest is air


@dataclass(frozen=True)
class Bar:
    """One number. `words` is how it is printed; `name` is what the table calls it, if longer."""

    label: str
    value: int | None  # None: not known yet, so no bar is drawn
    words: str
    name: str = ""
    before: str = ""  # what it is compared with, in the third column of the table

    @property
    def called(self) -> str:
        return self.name or self.label


@dataclass(frozen=True)
class Box:
    """A bar where it is drawn. All in per cent of the drawing, as SVG attributes are written."""

    bar: Bar
    x: str
    y: str
    width: str
    height: str
    label_x: str
    label_y: str
    words_x: str
    words_y: str


@dataclass(frozen=True)
class Chart:
    """What `owner/_chart.html` needs."""

    title: str
    about: str  # what a screen reader says of the drawing; the table has every number
    heads: tuple[str, ...]  # of the table
    boxes: tuple[Box, ...]
    lying: bool

    @property
    def key(self) -> str:
        """What the ids of its parts begin with: one chart of a title on a page."""
        return f"chart-{slugify(self.title, allow_unicode=True)}"

    @property
    def height(self) -> str:
        """As an SVG attribute: it grows with the reader's type, and with every row."""
        return f"{len(self.boxes) * ROW_REM:g}rem" if self.lying else f"{STANDING_REM}rem"

    @property
    def floor(self) -> str:
        return _share(FLOOR)


def bars(title: str, items: Iterable[Bar], heads: tuple[str, ...] | None = None) -> Chart:
    """A bar for each item, in their order. A value below zero is printed and draws nothing.

    `heads` are the columns of the table, the third for `Bar.before`; "Period" and the title, if
    none are named.
    """
    all_of_them = tuple(items)
    lying = not _fits_upright(all_of_them)
    most = max((bar.value or 0 for bar in all_of_them), default=0)
    parts = [_part(bar.value, most) for bar in all_of_them]
    length = _longest_row(all_of_them)
    return Chart(
        title=title,
        about=_about(all_of_them),
        heads=heads or (_("Period"), title),
        boxes=tuple(
            _row(bar, n, len(all_of_them), length * part)
            if lying
            else _column(bar, n, len(all_of_them), part)
            for n, (bar, part) in enumerate(zip(all_of_them, parts, strict=True))
        ),
        lying=lying,
    )


def _fits_upright(items: tuple[Bar, ...]) -> bool:
    longest = max((len(word) for bar in items for word in (bar.label, bar.words)), default=0)
    return len(items) <= MOST_COLUMNS and longest <= LONGEST


def _longest_row(items: tuple[Bar, ...]) -> float:
    """Where the number of the longest bar still fits beside it."""
    longest = max((len(bar.words) for bar in items), default=0)
    return max(min(100 - LEFT - CHARACTER * (longest + 1), LONGEST_ROW), 0)


def _part(value: int | None, most: int) -> float:
    """How much of the room the bar fills: 0 to 1."""
    return max(value or 0, 0) / most if most > 0 else 0.0


def _column(bar: Bar, n: int, among: int, part: float) -> Box:
    room = 100 / among
    height = (FLOOR - CEILING) * part
    top = FLOOR - height
    middle = _share(room * (n + 0.5))
    return Box(
        bar=bar,
        x=_share(room * (n + (1 - FILLED) / 2)),
        y=_share(top),
        width=_share(room * FILLED),
        height=_share(height),
        label_x=middle,
        label_y=_share(100),
        words_x=middle,
        words_y=_share(top),
    )


def _row(bar: Bar, n: int, among: int, width: float) -> Box:
    room = 100 / among
    middle = _share(room * (n + 0.5))
    return Box(
        bar=bar,
        x=_share(LEFT),
        y=_share(room * (n + (1 - FILLED) / 2)),
        width=_share(width),
        height=_share(room * FILLED),
        label_x=_share(0),
        label_y=middle,
        words_x=_share(LEFT + width),
        words_y=middle,
    )


def _share(of_hundred: float) -> str:
    """12.34%, with a point in every language."""
    return f"{round(of_hundred, 2):g}%"


def _about(items: tuple[Bar, ...]) -> str:
    """Where it is highest. Of several that are alike, the first."""
    known = [bar for bar in items if bar.value is not None]
    if not any(bar.value for bar in known):
        return _("Nothing to draw yet.")
    highest = max(known, key=lambda bar: bar.value or 0)
    lowest = min(known, key=lambda bar: bar.value or 0)
    return _("Highest: %(high)s, %(high_n)s. Lowest: %(low)s, %(low_n)s.") % {
        "high": highest.called,
        "high_n": highest.words,
        "low": lowest.called,
        "low_n": lowest.words,
    }
