"""What a file says, however a spreadsheet wrote it, and what is wrong with it."""

import pytest

from loyalty.refusals import Refused
from members.opening import reading

PROGRAMMES = {"Coffee card": "1", "Poeng": "2"}


def read(*rows, country="NO"):
    upload = rows[0] if isinstance(rows[0], bytes) else "\n".join(rows).encode()
    return reading.read(upload, programmes=PROGRAMMES, country=country)


def the_line(row, heading="Name,Phone,E-mail,Code,Coffee card,Poeng"):
    [line] = read(heading, row).lines
    return line


def refused(row, **more):
    return str(the_line(row, **more).refusal or "")


def test_it_works():
    line = the_line("Maja,406 12 345,Maja@Example.no ,482 918,5,64")

    assert (line.number, line.refusal) == (2, None)
    assert (line.name, line.phone, line.email) == ("Maja", "+4740612345", "maja@example.no")
    assert line.balances == {"1": 5, "2": 64}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_whatever_stands_between_the_cells(delimiter):
    [line] = read(delimiter.join(["Name", "Coffee card"]), delimiter.join(["Maja", "5"])).lines

    assert line.balances == {"1": 5}


def test_as_excel_saves_it():
    upload = 'sep=;\r\nNavn;Telefon;"Coffee card"\r\n"Åse; Marie";40612345;"1 250"\r\n'
    [line] = read(b"\xef\xbb\xbf" + upload.encode()).lines

    assert (line.number, line.name, line.balances) == (3, "Åse; Marie", {"1": 1250})


@pytest.mark.parametrize(
    "heading", ["Navn,Poeng", "NAME,poeng", "First name,POENG", "Fornavn,Poeng"]
)
def test_headings_in_the_words_of_all_languages(heading):
    assert the_line("Maja,5", heading=heading).name == "Maja"


def test_columns_in_any_order_and_columns_that_mean_nothing():
    sheet = read("Poeng,Shoe size,Name", "5,39,Maja", "6,40,Kari,too,many,cells", "7")

    assert sheet.unused == ["Shoe size"]
    assert [line.name for line in sheet.lines] == ["Maja", "Kari", ""]
    assert str(sheet.lines[2].refusal) == "This line names nobody: no name, phone, e-mail or code."


def test_empty_lines_count_as_lines_and_say_nothing():
    assert [line.number for line in read("Name,Poeng", "", "Maja,5", ",", "Kari,6").lines] == [3, 5]


def test_a_line_that_says_the_same_has_the_same_mark_wherever_it_stands():
    one = the_line("Maja,40612345,,,5,")
    other = the_line('5;"  Maja ";+47 406 12 345', heading="Coffee card;Name;Phone")

    assert one.mark == other.mark
    assert one.mark != the_line("Maja,40612345,,,6,").mark
    assert "Maja" not in one.mark


def test_our_own_files_can_be_read():
    line = the_line("'-Maja,'+4740612345,,,5,")

    assert (line.name, line.phone) == ("-Maja", "+4740612345")


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n", "The file is empty."),
        (b"Name,Poeng\n", "The file has a heading and no line below it."),
        (b"x" * 1_000_001, "The file is larger than 1 MB."),
        (b"PK\x03\x04\x14\x00\x06\x00", "This is no CSV file."),
        (b"\x89PNG\r\n\x1a\n\xff\xff", "This is no CSV file."),
        ("Name,Poeng\nÅse,5".encode("utf-16"), "This is no CSV file."),
        ("Name,Poeng\nÅse,5".encode("latin-1"), "The letters æ, ø and å in this file"),
        (b"Shoe size,Poeng\n39,5", "No column says who"),
        (b"Name,Points\nMaja,5", "Head it as the card is called here: Coffee card, Poeng."),
        (b"Name,Poeng,poeng\nMaja,5,6", "Two columns have the same heading: poeng."),
        (b"Name,Poeng\n" + b"Maja,5\n" * 5_001, "The file has more than 5,000 lines."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(upload, says):
    with pytest.raises(Refused) as refusal:
        read(upload)

    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("=1+1,,,,5,", "Name: this would be a formula in a spreadsheet."),
        ("Maja,=40612345,,,5,", "Phone: this would be a formula in a spreadsheet."),
        ("Maja,,@maja,,5,", "E-mail: this would be a formula in a spreadsheet."),
        ("Maja,,,,=5,", "Coffee card: this would be a formula in a spreadsheet."),
        ("Maja,,,,-5,", "Coffee card: “-5” is no whole number."),
        ("Maja,,,,4.5,", "Coffee card: “4.5” is no whole number."),
        ("Maja,,,,five,", "Coffee card: “five” is no whole number."),
        ("Maja,,,,٥,", "Coffee card: “٥” is no whole number."),
        ("Maja,,,,100001,", "Coffee card: at most 100,000 can be brought in."),
        (f"Maja,,,,{'9' * 400},", "Coffee card: at most 100,000 can be brought in."),
        ("Maja,,,,0,", "There is no balance in this line."),
        ("Maja,,,,,", "There is no balance in this line."),
        (",,,,5,", "This line names nobody"),
        (f"{'M' * 61},,,,5,", "The name is longer than 60 letters."),
        ("Maja,123,,,5,", "The phone number looks wrong."),
        ("Maja,,maja,,5,", "The e-mail looks wrong."),
        ("Maja,,,482914,5,", "The code has a typing mistake."),
        ('"Maja"x,,,,5,', "This line can't be read."),
    ],
)
def test_a_line_that_cannot_be_brought_in_says_why(row, says):
    assert says in refused(row)


def test_a_code_whose_first_digit_the_spreadsheet_left_out():
    assert the_line(",,,12340,5,").code == "012340"


def test_programmes_whose_names_look_alike_are_told_apart():
    programmes = {"Kaffe": "1", "Kaffe!": "2", "☕": "3", "🍦": "4"}
    upload = "Name;Kaffe!;☕;🍦;\nMaja;5;6;7;".encode()

    [line] = reading.read(upload, programmes=programmes, country="NO").lines

    assert line.balances == {"2": 5, "3": 6, "4": 7}


def test_a_heading_that_could_mean_two_programmes_means_none():
    with pytest.raises(Refused, match="No column says how much"):
        reading.read(b"Name,KAFFE\nMaja,5", programmes={"Kaffe": "1", "Kaffe!": "2"}, country="NO")


def test_a_heading_without_a_name_means_nothing():
    with pytest.raises(Refused, match="No column says how much"):
        reading.read(b"Name,\nMaja,5", programmes={"\u2615": "1"}, country="NO")


def test_a_programme_called_as_what_says_who():
    programmes = {"Code": "1", "Coffee": "2"}

    [line] = reading.read(b"Code,Coffee\n482918,5", programmes=programmes, country="NO").lines

    assert (line.code, line.balances) == ("482918", {"2": 5})


def test_a_heading_that_is_broken_is_no_empty_file():
    with pytest.raises(Refused, match="This is no CSV file"):
        read('"Name"x,Poeng', "Maja,5")
