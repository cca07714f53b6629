"""Files to take along. A spreadsheet opens them; it must never run what a customer typed."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import TextIO

from django.http import HttpResponse

# As they are typed, and in full width. A cell that starts with one is a formula to a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel takes æ, ø and å for something else

Cell = str | int | date


def csv_file(name: str, rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Rows as a CSV file: all cells quoted, ISO dates, plain integers (promises, 3.9)."""
    text = StringIO(BYTE_ORDER_MARK)
    text.seek(0, 2)
    write_csv(text, rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def write_csv(text: TextIO, rows: Iterable[Sequence[Cell]]) -> None:
    """Row by row, for files of any length."""
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
        [_written(cell) for cell in row] for row in rows
    )


def _written(cell: Cell) -> str:
    """Text that a spreadsheet would calculate gets a leading ', which shows it as it is.

    A number of ours is no text: -4 stays -4, or no column with a correction could be added up.
    Nobody typed it, and a sign with digits calculates to itself. A name "-4" is text, and gets it.
    """
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)
