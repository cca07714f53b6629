"""What somebody may send to get a card: nothing, or the e-mail they saved one with."""

from typing import Any

from django import forms

from loyalty.forms import KeyedForm
from members.forms import OwnEmailField, fields_only
from members.joining.sources import LONGEST


class JoinForm(KeyedForm):
    """One tap. `p` says which poster it was, as the address did."""

    p = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()

    def clean_p(self) -> str:
        return self.cleaned_data["p"][: LONGEST + 1]


class HaveCardForm(forms.Form):
    email = OwnEmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()
