"""How the pieces of the print kit shall look."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from loyalty.dashboard.printkit.posters import LONGEST, Wish
from loyalty.forms import SHORTER


class PosterForm(forms.Form):
    """Part of their address, so a GET: whatever it does not say is as the shop usually has it.

    `promises` are our own headlines, by language. One of them, sent back, is no wish: so another
    language has its own, and so have other rules.
    """

    lang = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    headline = forms.CharField(
        label=_("Headline"),
        required=False,
        help_text=_("Your own words, at most 62 letters. Empty: what the card promises."),
    )
    ink = forms.BooleanField(
        label=_("Save ink: white, with a coloured edge"),
        required=False,
        widget=forms.CheckboxInput(attrs={"value": "save"}),
    )

    def __init__(self, asked: QueryDict, *, language: str, promises: Mapping[str, str]) -> None:
        self.language, self.promises = language, set(promises.values())
        wish: dict[str, Any] = {"lang": language, **asked.dict()}
        if self._is_ours(wish.get("headline", "")):
            wish["headline"] = promises.get(wish["lang"], promises[language])
        super().__init__(wish)
        self.fields["headline"].plain_label = True  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        show = Submit("", _("Show"), css_class="btn-quiet mb-3")
        self.helper.layout = Layout(Div("lang", "headline", css_class="top"), Div("ink", show))

    def clean_headline(self) -> str:
        typed = " ".join(self.cleaned_data["headline"].split())
        if self._is_ours(typed):
            return ""
        if len(typed) > LONGEST:
            raise ValidationError(SHORTER, code="max_length", params={"limit_value": LONGEST})
        return typed

    def wish(self) -> Wish:
        """What was asked for, as far as it can be had."""
        self.is_valid()
        wished: dict[str, Any] = self.cleaned_data
        return Wish(
            language=wished.get("lang", self.language),
            save_ink=wished.get("ink", False),
            headline=wished.get("headline", ""),
        )

    def _is_ours(self, headline: str) -> bool:
        return not headline.strip() or headline.strip() in self.promises
