"""From the bytes of a CSV file to its lines. Knows nothing of who is a member here."""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from loyalty import codes, phones
from loyalty.downloads import FORMULA_STARTS
from loyalty.models.people import tidy_email
from loyalty.refusals import Refused
from members.opening import refusals
from members.opening.models import FIRST_NAME

MOST_BYTES = 1_000_000
MOST_LINES = 5_000
MOST = 100_000  # stamps or points on one card
LONGEST_EMAIL = 254
SHOWN = 20  # letters of what was typed, where a line is refused for it
WHO = ("name", "phone", "email", "code")


@dataclass(frozen=True)
class Line:
    """What one line says: tidied up, or why it says nothing."""

    number: int
    name: str = ""
    phone: str = ""  # E.164
    email: str = ""
    code: str = ""  # six digits
    balances: Mapping[str, int] = field(default_factory=dict)  # by the pk of a programme
    refusal: Refused | None = None

    @property
    def mark(self) -> str:
        """The same for lines that say the same, and nobody may read from it what they say."""
        told = [self.name, self.phone, self.email, self.code, sorted(self.balances.items())]
        return salted_hmac("members.opening", json.dumps(told), algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Sheet:
    """A file. `unused`: the headings of columns that mean nothing here."""

    lines: list[Line]
    unused: list[str]


def read(upload: bytes, *, programmes: Mapping[str, str], country: str) -> Sheet:
    """The lines of a file. `programmes`: pk by name; `country`: of numbers without +.

    Commas, semicolons or tabs, whatever its heading has most of. Raises a BadFile.
    """
    rows = _rows(_text(upload))
    _number, heading = next(rows, (0, []))
    if heading == [""]:
        raise refusals.NotText
    if not heading:
        raise refusals.EmptyFile
    columns = _columns(heading, programmes)
    lines = [_line(number, row, columns, heading, country) for number, row in rows]
    if not lines:
        raise refusals.OnlyAHeading
    if len(lines) > MOST_LINES:
        raise refusals.TooManyLines(most=MOST_LINES)
    unused = [name for at, name in enumerate(heading) if name and at not in columns]
    return Sheet(lines, [name[:SHOWN] for name in unused])


def _text(upload: bytes) -> str:
    if len(upload) > MOST_BYTES:
        raise refusals.FileTooLarge
    if not upload.strip():
        raise refusals.EmptyFile
    if upload.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in upload:
        raise refusals.NotText
    try:
        return upload.decode("utf-8-sig")
    except UnicodeDecodeError as letters:
        raise refusals.NotText if _is_binary(upload) else refusals.OtherLetters from letters


def _is_binary(upload: bytes) -> bool:
    """Has it control characters that no text has?"""
    return any(byte < 32 and byte not in b"\t\r\n\f" for byte in upload[:1000])


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with something in it, tidied up, and on which line of the file it begins.

    A row that is no row is [""]: its line is refused.
    """
    told, _newline, rest = text.partition("\n")
    first = 1
    if told.strip().lower().startswith("sep="):  # Excel's own line above the heading
        text, first = rest, 2
    heading = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = first + reader.line_num
        try:
            row = [" ".join(cell.split()) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            yield number, [""]
            continue
        if any(row):
            yield number, row


def _columns(heading: Sequence[str], programmes: Mapping[str, str]) -> dict[int, str]:
    """What stands in which column: one of WHO, or the pk of a programme. Raises a BadFile."""
    # As it is called here; or as people write it, where that can mean one thing only.
    known = headings()
    alike = Counter(map(_plain, programmes))
    meant = {_plain(name): pk for name, pk in programmes.items() if alike[_plain(name)] == 1}
    columns: dict[int, str] = {}
    for at, name in enumerate(heading):
        plain = _plain(name)
        what = known.get(plain) or programmes.get(name) or (plain and meant.get(plain))
        if what and what in columns.values():
            raise refusals.ColumnTwice(column=name[:SHOWN])
        if what:
            columns[at] = what
    if not set(columns.values()) & {*WHO}:
        raise refusals.NobodyNamed
    if not set(columns.values()) - {*WHO}:
        raise refusals.NoBalances(programmes=list(programmes))
    return columns


def headings() -> dict[str, str]:
    """What says who somebody is, by the words people head it with, in every language of ours."""
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names = {
                "name": (_("Name"), _("First name")),
                "phone": (_("Phone"), _("Mobile number")),
                "email": (_("E-mail"), "Email"),
                "code": (_("Code"), _("Card code")),
            }
        known |= {_plain(each): what for what, several in names.items() for each in several}
    return known


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _line(
    number: int,
    row: Sequence[str],
    columns: Mapping[int, str],
    heading: Sequence[str],
    country: str,
) -> Line:
    if row == [""]:
        return Line(number, refusal=refusals.Unreadable())
    cells = {what: (heading[at], row[at]) for at, what in columns.items() if at < len(row)}
    try:
        who = {what: _who(what, *cells.get(what, ("", "")), country) for what in WHO}
        if not any(who.values()):
            raise refusals.NobodyHere
        said = Line(number, who["name"], who["phone"], who["email"], who["code"])
        return replace(said, balances=_balances(cells))
    except Refused as refusal:
        name = cells.get("name", ("", ""))[1][:FIRST_NAME]
        return Line(number, name=name, refusal=refusal)


def _who(what: str, column: str, cell: str, country: str) -> str:
    if not cell:
        return ""
    if what == "phone":
        return _phone(column, _as_we_wrote_it(cell), country)
    text = _as_we_wrote_it(cell)
    if text == cell and text.startswith(FORMULA_STARTS):
        raise refusals.Formula(column=column)
    return {"name": _name, "email": _email, "code": _code}[what](text)


def _as_we_wrote_it(cell: str) -> str:
    """Our own files put a ' before what a spreadsheet would calculate."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _phone(column: str, typed: str, country: str) -> str:
    if typed.startswith(FORMULA_STARTS) and not typed.startswith("+"):
        raise refusals.Formula(column=column)
    try:
        return phones.read(typed, country)
    except phones.NotAPhone as wrong:
        raise refusals.WrongPhone(country=country) from wrong


def _name(typed: str) -> str:
    if len(typed) > FIRST_NAME:
        raise refusals.LongName(most=FIRST_NAME)
    return typed


def _email(typed: str) -> str:
    address = tidy_email(typed) or ""
    try:
        validate_email(address if len(address) <= LONGEST_EMAIL else "")
    except ValidationError as wrong:
        raise refusals.WrongEmail from wrong
    return address


def _code(typed: str) -> str:
    """A spreadsheet takes 012345 for a number and leaves out the 0; the check digit minds."""
    digits = codes.tidy(typed).zfill(codes.SHORT_CODE_LENGTH)
    if not codes.is_plausible(digits):
        raise refusals.WrongCode
    return digits


def _balances(cells: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    counted = {what: _number(*cell) for what, cell in cells.items() if what not in WHO}
    balances = {programme: n for programme, n in counted.items() if n}
    if not balances:
        raise refusals.NothingToBring
    return balances


def _number(column: str, typed: str) -> int:
    digits = typed.replace(" ", "")
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdecimal()):
        formula = typed.startswith(FORMULA_STARTS) and not typed.startswith("-")
        if formula:
            raise refusals.Formula(column=column)
        raise refusals.NotANumber(column=column, typed=typed[:SHOWN])
    if len(digits) > len(str(MOST)) + 3 or int(digits) > MOST:
        raise refusals.TooMuch(column=column, most=MOST)
    return int(digits)
