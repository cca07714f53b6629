"""What a manager types about a member. What the rules allow is not a form's business."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from loyalty.forms import SHORTER, KeyedForm
from members.ledger.models import Operation
from members.models import Membership, Programme

LONGEST_NOTE = cast(int, Membership._meta.get_field("note").max_length)
WHY_TAKEN_BACK = {
    "refund": _("Refund"),
    "mistake": _("Mistake"),
    "other": _("Something else"),
}
WHY_CORRECTED = {
    "forgotten": _("Forgotten at the till"),
    "goodwill": _("Goodwill"),
    "mistake": _("Mistake"),
    "other": _("Something else"),
}


def reason_field(reasons: dict[str, Any], error: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Why"),
        choices=list(reasons.items()),
        widget=forms.RadioSelect,
        error_messages={"required": error, "invalid_choice": error},
    )


class TakeBackForm(KeyedForm):
    """Why something is taken back."""

    reason = reason_field(WHY_TAKEN_BACK, _("Choose why it is taken back."))

    def __init__(self, *args: Any, of: Operation, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": f"op{of.pk}_%s", **options})
        self.of = of
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "key",
            Field("reason", wrapper_class="pills"),
            Submit("", _("Take back"), css_class="btn-danger"),
        )


class ChangeField(forms.IntegerField):
    """A whole number with + or −, as people type it."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        signs = str.maketrans({"−": "-", "–": "-", " ": None, "\N{NO-BREAK SPACE}": None})
        return super().to_python(value.translate(signs) if isinstance(value, str) else value)


class CorrectForm(KeyedForm):
    """How much a balance is off."""

    programme: "forms.ModelChoiceField[Programme]" = forms.ModelChoiceField(
        Programme.objects.none(),
        label=_("What"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is corrected."),
            "invalid_choice": _("Choose what is corrected."),
        },
    )
    amount = ChangeField(
        label=_("Plus or minus"),
        help_text=_("+5 adds five, −5 takes five away."),
        error_messages={
            "required": _("Type a number, like +5 or −5."),
            "invalid": _("Type a number, like +5 or −5."),
        },
    )
    reason = reason_field(WHY_CORRECTED, _("Choose why it is corrected."))

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "correct_%s", **options})
        self.has_something = bool(programmes)
        what = self.fields["programme"]
        what.queryset = programmes  # type: ignore[attr-defined]
        if len(programmes) == 1:
            what.widget, what.initial = forms.HiddenInput(), programmes[0]
        self.fields["amount"].widget.attrs["autocomplete"] = "off"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "key",
            Field("programme", wrapper_class="pills"),
            "amount",
            Field("reason", wrapper_class="pills"),
            Submit("", _("Correct balance"), css_class="btn-primary"),
        )


class NoteForm(forms.Form):
    """What the shop wants to remember."""

    note = forms.CharField(
        label=_("What you want to remember"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The member can read it, with everything else kept about them."),
        error_messages={"max_length": SHORTER},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "note_%s", **options})
        self.fields["note"].plain_label = True  # type: ignore[attr-defined]  # left empty: none
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("note", Submit("", _("Save note"), css_class="btn-primary"))
