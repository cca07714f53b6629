"""What the owner of a card may type on its pages."""

from calendar import monthrange
from typing import Any, cast

from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.html import conditional_escape
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from loyalty.forms import KeyedForm
from loyalty.models import Shop
from members.forms import FirstNameField, MobileField, OwnEmailField, fields_only
from members.messages import wishes

MAIL = ["service_mail", "news"]
LEAP_YEAR = 2000  # nobody is asked for the year, so 29 February is a day like any other
THEMES = [("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]


class NameForm(forms.Form):
    """What should we call you? Nothing is an answer too."""

    name = FirstNameField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


class SaveForm(KeyedForm):
    """The e-mail to tie a card to. The code that is mailed proves it."""

    email = OwnEmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


class ThemeField(forms.ChoiceField):
    plain_label = True  # not "(optional)": nothing chosen is a choice here

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Light or dark"),
            choices=THEMES,
            required=False,
            widget=forms.RadioSelect,
            **options,
        )


class DayField(forms.IntegerField):
    plain_label = True  # the heading of both says that they may be left out

    def __init__(self, **options: Any) -> None:
        wrong = _("Type the day as a number from 1 to 31.")
        super().__init__(
            label=_("Day"),
            min_value=1,
            max_value=31,
            required=False,
            widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "bday-day"}),
            error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], wrong),
            **options,
        )


class MonthField(forms.TypedChoiceField):
    plain_label = True

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Month"),
            choices=[("", ""), *MONTHS.items()],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.Select({"autocomplete": "bday-month"}),
            **options,
        )


class SettingsForm(forms.Form):
    """What the shop asks for is offered: a birthday, and mail to a card with an e-mail."""

    name = FirstNameField()
    phone = MobileField(help_text=_("So staff can find you without phone"))
    birth_day = DayField()
    birth_month = MonthField()
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = ThemeField()
    service_mail = forms.BooleanField(
        label=_("Send me e-mail about my card"),
        help_text=_("What runs out, rewards that are ready, levels and reservations. No offers."),
        required=False,
    )
    news = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        shop: Shop,
        birthday: bool,
        mail: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(MobileField, self.fields["phone"]).country = shop.country
        theme = Field("theme", wrapper_class="pills")
        layout = ["name", "phone", _birthday(), "language", theme, *MAIL]
        self.helper = fields_only()
        if not birthday:
            self._leave_out("birth_day", "birth_month")
            layout.pop(2)
        if mail:
            self.fields["news"].label = wishes.question_itself()
            self.fields["news"].help_text = conditional_escape(wishes.terms(shop))
        else:
            self._leave_out(*MAIL)
            del layout[-len(MAIL) :]
        self.helper.layout = Layout(*layout)

    def _leave_out(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "birth_day" in self.fields and not {"birth_day", "birth_month"} & {*self.errors}:
            cleaned["birthday"] = self._birthday(cleaned["birth_day"], cleaned["birth_month"])
        return cleaned

    def _birthday(self, day: int | None, month: int | None) -> tuple[int, int] | None:
        if day is None and month is None:
            return None
        if month is None:
            self.add_error("birth_month", _("Choose the month too."))
        elif day is None:
            self.add_error("birth_day", _("Type the day too."))
        elif day > monthrange(LEAP_YEAR, month)[1]:
            self.add_error("birth_day", _("That month has no day %(day)d.") % {"day": day})
        else:
            return day, month
        return None


def _birthday() -> Fieldset:
    told = _("Day and month only. For your treat.")
    return Fieldset(
        format_lazy('{} <span class="optional">{}</span>', _("Birthday"), _("(optional)")),
        HTML(format_lazy('<p id="birthday-help" class="form-text mt-0 mb-2">{}</p>', told)),
        Div("birth_day", "birth_month", css_class="inline-pair"),
        aria_describedby="birthday-help",
    )
