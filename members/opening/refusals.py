"""What is wrong with a file, and with a line of it, so that its owner can put it right."""

from django.utils.translation import gettext as _

from loyalty import phones
from loyalty.numbers import figure
from loyalty.refusals import Refused


class BadFile(Refused):
    """Nothing of it can be read."""

    code = "file_bad"


class EmptyFile(BadFile):
    code = "file_empty"

    def __str__(self) -> str:
        return _("The file is empty.")


class FileTooLarge(BadFile):
    """Larger than we read."""

    code = "file_too_large"

    def __str__(self) -> str:
        return _("The file is larger than 1 MB. Split it into smaller ones.")


class NotText(BadFile):
    """A workbook, a picture."""

    code = "file_not_text"

    def __str__(self) -> str:
        return _("This is no CSV file. In your spreadsheet, choose “Save as” and “CSV UTF-8”.")


class OtherLetters(BadFile):
    """Text, in an alphabet of long ago: nobody can tell which letters are meant."""

    code = "file_other_letters"

    def __str__(self) -> str:
        return _(
            "The letters æ, ø and å in this file can't be read. "
            "In your spreadsheet, choose “Save as” and “CSV UTF-8”."
        )


class OnlyAHeading(BadFile):
    code = "file_only_heading"

    def __str__(self) -> str:
        return _("The file has a heading and no line below it.")


class TooManyLines(BadFile):
    """`most`."""

    code = "file_too_many_lines"

    def __str__(self) -> str:
        told = {"most": figure(self.values["most"])}
        return _("The file has more than %(most)s lines. Split it into smaller ones.") % told


class ColumnTwice(BadFile):
    """`column`."""

    code = "file_column_twice"

    def __str__(self) -> str:
        return _("Two columns have the same heading: %(column)s.") % self.values


class NobodyNamed(BadFile):
    code = "file_nobody"

    def __str__(self) -> str:
        return _("No column says who: head one of them Name, Phone, E-mail or Code.")


class NoBalances(BadFile):
    """`programmes`: what a column could be called."""

    code = "file_no_balances"

    def __str__(self) -> str:
        return _("No column says how much. Head it as the card is called here: %(programmes)s.") % {
            "programmes": ", ".join(self.values["programmes"])
        }


# --- A line -----------------------------------------------------------------------------------


class Unreadable(Refused):
    code = "line_unreadable"

    def __str__(self) -> str:
        return _("This line can't be read. Check its quotation marks.")


class Formula(Refused):
    """In a `column`."""

    code = "line_formula"

    def __str__(self) -> str:
        return _("%(column)s: this would be a formula in a spreadsheet.") % self.values


class NotANumber(Refused):
    """What was `typed` in a `column`."""

    code = "line_not_a_number"

    def __str__(self) -> str:
        return _("%(column)s: “%(typed)s” is no whole number.") % self.values


class TooMuch(Refused):
    """More than `most` in a `column`."""

    code = "line_too_much"

    def __str__(self) -> str:
        told = {"column": self.values["column"], "most": figure(self.values["most"])}
        return _("%(column)s: at most %(most)s can be brought in.") % told


class NothingToBring(Refused):
    code = "line_nothing"

    def __str__(self) -> str:
        return _("There is no balance in this line.")


class NobodyHere(Refused):
    code = "line_nobody"

    def __str__(self) -> str:
        return _("This line names nobody: no name, phone, e-mail or code.")


class LongName(Refused):
    """More than `most` letters."""

    code = "line_long_name"

    def __str__(self) -> str:
        return _("The name is longer than %(most)d letters.") % self.values


class WrongPhone(Refused):
    """No number of the shop's `country`."""

    code = "line_phone"

    def __str__(self) -> str:
        told = {"example": phones.example(self.values["country"])}
        return _("The phone number looks wrong. It should look like %(example)s.") % told


class WrongEmail(Refused):
    code = "line_email"

    def __str__(self) -> str:
        return _("The e-mail looks wrong. It should look like name@example.com.")


class WrongCode(Refused):
    code = "line_code"

    def __str__(self) -> str:
        return _("The code has a typing mistake. It has six digits.")


class NoSuchCard(Refused):
    code = "line_no_card"

    def __str__(self) -> str:
        return _("No card here has this code.")


class SeveralCards(Refused):
    code = "line_several_cards"

    def __str__(self) -> str:
        return _("Several cards here have this phone number. Add the code of the right one.")


class SameLine(Refused):
    """As another one, by its `number`."""

    code = "line_twice"

    def __str__(self) -> str:
        return _("The same as line %(number)d.") % self.values


class SameMember(Refused):
    """As on another line, by its `number`."""

    code = "line_member_twice"

    def __str__(self) -> str:
        return _("Line %(number)d is about the same member.") % self.values


class OpenedBefore(Refused):
    """A balance was brought in here before, by another line."""

    code = "line_opened_before"

    def __str__(self) -> str:
        return _(
            "A balance was brought in for this member before. Correct it on the member's page."
        )


class BroughtInBefore(Refused):
    """By this very line, of whichever file."""

    code = "line_brought_in"

    def __str__(self) -> str:
        return _("This line was brought in before.")
