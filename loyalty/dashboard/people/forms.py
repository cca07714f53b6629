"""What an owner may type about people and places. Which names are free is not a form's business."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from loyalty.forms import SHORTER
from loyalty.models import Counter, Location, StaffMember


class NameForm(forms.Form):
    """One name on one line with its button."""

    button: Any
    name: forms.CharField

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False  # the template owns the address
        button = Submit("", self.button, css_class="btn-quiet")
        self.helper.layout = Layout(Div("name", button, css_class="find"))


def name_field(label: Any, most: int | None, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={"required": _("Type a name."), "max_length": SHORTER},
        **options,
    )


class StaffForm(NameForm):
    """Somebody new at the counter."""

    button = _("Add")
    name = name_field(_("First name"), StaffMember._meta.get_field("name").max_length)


class PinForm(forms.Form):
    """The PIN of somebody on the staff. Shown as it is typed: nobody types it a second time."""

    pin = forms.CharField(
        label=_("PIN"),
        error_messages={"required": _("Type 4 to 6 digits.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": 6}),
    )

    def __init__(self, *args: Any, of: StaffMember, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": f"pin{of.pk}_%s", **options})
        self.of = of
        self.helper = FormHelper()
        self.helper.form_tag = False
        button = Submit("", _("Save PIN"), css_class="btn-quiet")
        self.helper.layout = Layout(Div("pin", button, css_class="find"))


class LocationForm(NameForm):
    """What customers call a place."""

    button = _("Save")
    name = name_field(_("Location"), Location._meta.get_field("name").max_length)


class CounterForm(NameForm):
    """A phone or tablet that shall become a counter."""

    button = _("Add a counter")
    location = forms.ModelChoiceField(Location.objects.none(), label=_("Location"))
    name = name_field(
        _("Name of the counter"),
        Counter._meta.get_field("name").max_length,
        help_text=_("So you know which device it is."),
    )

    def __init__(self, *args: Any, locations: QuerySet[Location], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["location"].queryset = locations  # type: ignore[attr-defined]
        if len(locations) == 1:
            self.fields["location"].widget = forms.HiddenInput()
            self.fields["location"].initial = locations[0]
        button = Submit("", self.button, css_class="btn-quiet")
        self.helper.layout = Layout("location", "name", button)
