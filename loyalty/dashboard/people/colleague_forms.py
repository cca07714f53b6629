"""What an owner types about colleagues. What they may give is the operation's business."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty import roles
from loyalty.dashboard.people.forms import NameForm, name_field
from loyalty.models import Location, Role, StaffMember

LEVELS = {
    Role.Level.STAFF: _("Staff: sees this week's visits and the posters"),
    Role.Level.MANAGER: _("Manager: looks after members, staff and counters"),
    Role.Level.OWNER: _("Owner: may do everything"),
}
LONGEST_NAME = StaffMember._meta.get_field("name").max_length


def level_of(typed: str) -> Role.Level:
    return Role.Level(int(typed))


class RoleForm(forms.Form):
    """A role and its places: what whoever gives it has to give."""

    level = forms.TypedChoiceField(
        label=_("Role"),
        coerce=level_of,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )
    locations = forms.ModelMultipleChoiceField(
        Location.objects.none(),
        label=_("Places"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    button: Any = _("Save")
    above: tuple[str, ...] = ()

    def __init__(self, *args: Any, giver: Role, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer_levels(roles.levels_of(giver))
        self._offer_places(giver)
        self.helper = FormHelper()
        self.helper.form_tag = False
        below = [Field(name) for name in ("level", "locations") if name in self.fields]
        self.helper.layout = Layout(*self.above, *below, Submit("", self.button))

    def _offer_levels(self, levels: list[Role.Level]) -> None:
        field: Any = self.fields["level"]
        field.choices = [(level.value, LEVELS[level]) for level in levels]
        field.initial = Role.Level.STAFF.value
        if len(levels) == 1:
            field.widget = forms.HiddenInput()

    def _offer_places(self, giver: Role) -> None:
        """One place leaves nothing to choose."""
        field: Any = self.fields["locations"]
        field.queryset = places = giver.places()
        own = roles.places_in(giver)
        if own is None and len(places) < 2:
            del self.fields["locations"]
        elif len(places) == 1:
            field.widget, field.initial = forms.MultipleHiddenInput(), list(places)
        elif own is None:
            field.help_text = _("Tick none, and the role holds everywhere. An owner's always does.")

    @property
    def given(self) -> dict[str, Any]:
        """What the operation is asked for."""
        return {**self.cleaned_data, "locations": list(self.cleaned_data.get("locations", []))}


class SignInForm(RoleForm):
    """An address to invite, for somebody who stands at the counter already."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Type an e-mail."),
            "invalid": _("Check the e-mail. It looks like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    button = _("Send the invitation")
    above: tuple[str, ...] = ("email",)


class InviteForm(SignInForm):
    """Somebody new."""

    name = name_field(
        _("First name"),
        LONGEST_NAME,
        help_text=_("As colleagues and customers know them, at the counter too."),
    )
    above = ("email", "name")


class ColleagueNameForm(NameForm):
    """What somebody is called at the counter."""

    button = _("Save name")
    name = name_field(_("First name"), LONGEST_NAME)


class HandOverForm(forms.Form):
    """Nobody gives a shop away by a slip of the thumb."""

    sure = forms.BooleanField(
        label=_("Yes, hand the shop over. I become a manager."),
        error_messages={"required": _("Tick this first.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False
        button = Submit("", _("Hand over"), css_class="btn-danger")
        self.helper.layout = Layout("sure", button)
