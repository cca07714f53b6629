"""The file of balances somebody chooses. What it says is not a form's business."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.opening.reading import MOST_BYTES
from members.opening.refusals import EmptyFile, FileTooLarge

CHOOSE = _("Choose a CSV file.")


class OpeningForm(forms.Form):
    """One file, of at most 1 MB."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("At most 1 MB and 5,000 lines."),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        error_messages={"required": CHOOSE, "invalid": CHOOSE, "missing": CHOOSE},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].error_messages["empty"] = str(EmptyFile())
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_file(self) -> bytes:
        """The bytes, never the upload itself."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(str(FileTooLarge()))
        return bytes(upload.read())
