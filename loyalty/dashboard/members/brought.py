"""A file of balances as its owner reads it: what would come of each line, or what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from loyalty.downloads import Cell
from loyalty.refusals import from_stored
from members.models import Membership, Programme
from members.opening.models import OpeningFile, OpeningLine

LINES_A_PAGE = 50
REFUSED = "refused"
State = OpeningLine.State


@dataclass(frozen=True)
class Counts:
    """Of the lines of a file."""

    waiting: int
    brought_in: int
    refused: int
    cards: int  # that were made

    @property
    def good(self) -> int:
        return self.waiting + self.brought_in

    @property
    def lines(self) -> int:
        return self.good + self.refused


def counts_of(file: OpeningFile) -> Counts:
    by_state = {f"{state}": Count("pk", filter=Q(state=state)) for state in State.values}
    cards = Count("pk", filter=Q(state=State.BROUGHT_IN, made=True))
    return Counts(**file.lines.aggregate(**by_state, cards=cards))


@dataclass(frozen=True)
class Row:
    """A line. `what` came of it, or would; `why` not."""

    number: int
    name: str
    balances: str  # "Coffee card: 5, Points: 64"
    what: str
    why: str
    card: Membership | None


def page_of(file: OpeningFile, show: str, number: str) -> tuple["Page[Any]", list[Row]]:
    """A page of the lines that were refused, or of all others; in their order."""
    refused = Q(state=State.REFUSED)
    lines = file.lines.filter(refused if show == REFUSED else ~refused).order_by("number")
    page = Paginator(lines.select_related("membership"), LINES_A_PAGE).get_page(number)
    return page, list(_rows(file, list(page.object_list)))


def _rows(file: OpeningFile, lines: list[OpeningLine]) -> Iterator[Row]:
    names = {str(each.pk): each.name for each in Programme.objects.filter(shop=file.shop)}
    for line in lines:
        counted = [f"{names[pk]}: {n}" for pk, n in line.balances.items() if pk in names]
        yield Row(
            number=line.number,
            name=_name(line),
            balances=", ".join(counted),
            what=_what(file, line),
            why=str(from_stored(line.refusal)) if line.refusal else "",
            card=line.membership,
        )


def _name(line: OpeningLine) -> str:
    """As the file says; once it is brought in, as the card does."""
    card = line.membership
    own = card.name if card and line.state == State.BROUGHT_IN else ""
    return own or line.name or line.email or line.phone


def _what(file: OpeningFile, line: OpeningLine) -> str:
    if line.state == State.REFUSED:
        return _("Refused")
    if line.state == State.WAITING and file.asked_at:
        return _("Waiting")
    return _("New card") if line.made or line.membership is None else _("Card that is here")


def report(file: OpeningFile) -> Iterator[list[Cell]]:
    """Every line as a file for a spreadsheet: by its number, so that the two lie side by side."""
    yield [_("Line"), _("What came of it"), _("Why"), _("Balances"), _("Code of the card")]
    lines = file.lines.select_related("membership").order_by("number")
    for row in _rows(file, list(lines)):
        code = row.card.spoken_code if row.card else ""
        yield [row.number, row.what, row.why, row.balances, code]
