"""What a member asks of the catalogue."""

from django import forms

from loyalty.forms import KeyedForm


class ChooseForm(KeyedForm):
    """Another reward for a full card: which one (pk)."""

    offer = forms.IntegerField(widget=forms.HiddenInput)
