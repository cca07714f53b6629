"""What the owner of a card may type on its pages."""

from typing import Any, cast

from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from loyalty.forms import KeyedForm
from loyalty.models import Shop
from members.forms import FirstNameField, MobileField, OwnEmailField, fields_only

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


class SettingsForm(forms.Form):
    name = FirstNameField()
    phone = MobileField(help_text=_("So staff can find you without phone"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = ThemeField()

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(MobileField, self.fields["phone"]).country = shop.country
        self.helper = fields_only()
        self.helper.layout = Layout(
            "name", "phone", "language", Field("theme", wrapper_class="pills")
        )
