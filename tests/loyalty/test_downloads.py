import csv
from datetime import date
from io import StringIO

import pytest

from loyalty.downloads import csv_file


def cells(*row):
    """What somebody reads who opens the file."""
    text = csv_file("x.csv", [row]).content.decode("utf-8-sig")
    return next(csv.reader(StringIO(text, newline="")))


def test_it_works():
    answer = csv_file("month.csv", [["Kaffe", 12, date(2028, 2, 29)]])

    assert answer.content.decode("utf-8-sig") == '"Kaffe","12","2028-02-29"\r\n'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="month.csv"'


def test_a_spreadsheet_is_told_the_alphabet():
    assert csv_file("x.csv", [["Bjørn"]]).content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_text_that_would_be_a_formula_is_shown_as_text(start):
    typed = f"{start}1+1"

    assert cells(typed) == [f"'{typed}"]


@pytest.mark.parametrize("text", ["1+1", "Kaffe = te", "a@b.no", "", "'=1", " =1"])
def test_other_text_stays_as_it_is(text):
    assert cells(text) == [text]


def test_a_number_below_zero_is_a_number():
    assert cells(-4) == ["-4"]


def test_and_the_same_typed_as_a_name_is_text():
    assert cells("-4") == ["'-4"]


def test_quotes_and_lines_stay_within_their_cell():
    assert cells('She said "hi"', "two\r\nlines") == ['She said "hi"', "two\r\nlines"]
