"""What an owner asks the list of members for. All of it is part of the address, so a GET."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from loyalty.dashboard.members.groups import GROUPS
from loyalty.dashboard.members.narrowing import IMPORTED, PAPER, PHONE, SAVED, Wanted
from loyalty.forms import NUMBERS, SHORTER, DayField
from members.models import Membership, Programme
from rewards.tiers.models import Tier

CHOOSE = _("Choose one from the list.")
BY_NAME = "name"
LARGEST = 2**31 - 1  # that a balance can be
Source = Membership.Source


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=LARGEST, error_messages=NUMBERS
    )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", _("Any")), *choices],
        error_messages={"invalid_choice": CHOOSE},
    )


def _one_of(label: Any, things: Any, empty: Any) -> "forms.ModelChoiceField[Any]":
    return forms.ModelChoiceField(
        things,
        label=label,
        required=False,
        empty_label=empty,
        error_messages={"invalid_choice": CHOOSE},
    )


class MemberFilter(forms.Form):
    """Whom one looks for, and what is asked about them. Left empty: everybody."""

    q = forms.CharField(
        label=_("Name, code or phone"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    group = _choice(_("Group"), [(key, group.name) for key, group in GROUPS.items()])
    first = DayField(label=_("Last visit from"), required=False)
    last = DayField(label=_("Last visit until"), required=False)
    source = _choice(_("Joined by"), [*Source.choices, (IMPORTED, _("A file of yours"))])
    held = _choice(
        _("The card is"),
        [
            (SAVED, _("saved with an e-mail")),
            (PHONE, _("on a phone, not saved")),
            (PAPER, _("on paper, or on no phone yet")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("The latest visit first")), (BY_NAME, _("By name"))],
        error_messages={"invalid_choice": CHOOSE},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._about_programmes()
        self._about_levels()
        for field in self.fields.values():
            field.plain_label = True  # type: ignore[attr-defined]  # left empty: any
        self.helper = FormHelper()
        self.helper.form_tag = False
        shown = [name for name in self.fields if name != "q"]
        self.helper.layout = Layout(Div(*shown, css_class="log-fields"))

    @classmethod
    def of(cls, request: HttpRequest, group: str = "") -> "MemberFilter":
        """As it was sent; on the page of a group, within that group."""
        data = request.GET.copy()
        if group:
            data["group"] = group
        return cls(data)

    def _about_programmes(self) -> None:
        programmes = Programme.objects.on().in_order()
        self.only = programmes[0] if len(programmes) == 1 else None
        if not self.only:
            self.fields["on"] = _one_of(_("Balance on"), programmes, _("Choose a card"))
        self.fields["least"] = _number(_("Balance from"))
        self.fields["most"] = _number(_("Balance up to"))

    def _about_levels(self) -> None:
        levels = Tier.objects.standing().filter(ladder__off_since=None).order_by("threshold")
        if levels:
            self.fields["level"] = _one_of(_("Level"), levels, _("Any"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if _apart(data.get("first"), data.get("last")):
            self.add_error("last", _("Choose a last day after the first."))
        if _apart(data.get("least"), data.get("most")):
            self.add_error("most", _("Type a number that is not below the first one."))
        asks = data.get("least") is not None or data.get("most") is not None
        if asks and not self.only and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Choose which balance."))
        return data

    @property
    def asks(self) -> bool:
        """Was anything asked for, beside whom one looks for?"""
        return bool(self.data.get("group")) or self.asks_more

    @property
    def asks_more(self) -> bool:
        """And beside the group, which has a link of its own?"""
        return any(self.data.get(name) for name in self.fields if name not in ("q", "group"))

    def wanted(self) -> Wanted:
        """Of a valid form."""
        data = self.cleaned_data
        return Wanted(
            typed=data["q"],
            group=data["group"],
            first=data["first"],
            last=data["last"],
            programme=self.only or data.get("on"),
            least=data["least"],
            most=data["most"],
            level=data.get("level"),
            source=data["source"],
            held=data["held"],
            by_name=data["sort"] == BY_NAME,
        )

    @property
    def query(self) -> str:
        """All of it as the end of another address: what was filled in, without the page."""
        kept = QueryDict(mutable=True)
        for name in self.fields:
            if value := self.data.get(name):
                kept[name] = value
        return kept.urlencode()


def _apart(least: Any, most: Any) -> bool:
    return least is not None and most is not None and most < least


class ExportForm(forms.Form):
    """What the file is for: it stands in the log."""

    why = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        help_text=_("It stands in the log. Name nobody."),
        error_messages={
            "required": _("Say in a few words what the file is for."),
            "max_length": SHORTER,
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["why"].widget.attrs["autocomplete"] = "off"
        self.helper = FormHelper()
        self.helper.form_tag = False


class OtherCardForm(forms.Form):
    """The other of two cards: part of the address, so a GET."""

    q = forms.CharField(
        label=_("Name, code or phone"),
        max_length=60,
        error_messages={"required": _("Type a code, a phone number or a name.")},
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
