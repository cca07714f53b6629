"""What the owner of a card may type on its pages."""

from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from loyalty.forms import KeyedForm
from members.forms import OwnEmailField, fields_only
from members.models import Membership

LONGEST_NAME = Membership._meta.get_field("name").max_length
THEMES = [("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]


class FirstNameField(forms.CharField):
    """One line, shown as text wherever it is shown."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("First name"), max_length=LONGEST_NAME, required=False, **options)
        self.widget.attrs["autocomplete"] = "given-name"

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value).split())


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


class SettingsForm(forms.Form):
    name = FirstNameField()
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = ThemeField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()
        self.helper.layout = Layout("name", "language", Field("theme", wrapper_class="pills"))
