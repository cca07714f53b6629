"""What an owner types about the birthday treat."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty import money
from loyalty.forms import NUMBERS
from loyalty.models import Shop
from loyalty.money import MoneyField
from loyalty.refusals import Refused
from rewards.birthday.models import MOST_DAYS, BirthdayTreat
from rewards.birthday.owning import FIELDS, NoPoints

FIELD_OF: dict[type[Refused], str] = {NoPoints: "bonus"}


def whole(label: Any, **options: Any) -> forms.IntegerField:
    number = forms.NumberInput({"inputmode": "numeric"})
    return forms.IntegerField(label=label, widget=number, error_messages=NUMBERS, **options)


class TreatForm(forms.Form):
    """Draw it with `owner/birthday.html`. Once it is valid, ask it for `treat()`."""

    title = forms.CharField(
        label=_("Treat"),
        max_length=50,
        # A percentage, no placeholder: xgettext:no-python-format
        help_text=_("As it stands on the card, such as “A bun” or “10 % off”."),
        error_messages={"required": _("Type what they get.")},
    )
    terms = forms.CharField(
        label=_("Terms"),
        max_length=200,
        required=False,
        help_text=_("What must be said beside it, such as “With any coffee”."),
    )
    value_minor = MoneyField(
        label=_("What it costs you"), error_messages={"required": _("Type what it costs you.")}
    )
    bonus = whole(
        _("Points instead"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("They arrive by themselves on the first day. Empty: staff hand the treat out."),
    )
    days_before = whole(_("Days before the birthday"), min_value=0, max_value=MOST_DAYS)
    days_after = whole(_("Days after the birthday"), min_value=0, max_value=MOST_DAYS)

    def __init__(
        self, *args: Any, shop: Shop, treat: BirthdayTreat, points: bool, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {name: getattr(treat, name) for name in FIELDS})
        super().__init__(*args, **kwargs)
        self.shop = shop
        self.before, self.after = money.beside(shop.currency)
        if not points and treat.bonus is None:
            del self.fields["bonus"]

    def treat(self) -> BirthdayTreat:
        """What was typed. Not stored."""
        return BirthdayTreat(shop=self.shop, **self.cleaned_data)

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal beside what it is about."""
        self.add_error(FIELD_OF.get(type(refusal)), str(refusal))
