"""The shop's colour, chosen beside a card or on a page of its own."""

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty.models import Shop
from loyalty.templatetags.look import stamp
from stampcards import trades

OTHER = "other"
HEX = re.compile(r"^#[0-9a-f]{6}$")


class ColourForm(forms.Form):
    """One of eight colours, or one of the shop's own. Once it is valid, ask it for `accent`."""

    colour = forms.ChoiceField(label=_("Colour"), widget=forms.RadioSelect)
    colour_other = forms.CharField(
        label=_("Your own colour"),
        required=False,
        max_length=9,
        widget=forms.TextInput(attrs={"type": "color", "data-other": "colour"}),
        help_text=_("We keep the text readable for you."),
    )

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        kwargs.setdefault("initial", colour_of(shop))
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["colour"]).choices = _colours(shop.accent)
        # Not "(optional)": the choice above asks for it.
        self.fields["colour_other"].plain_label = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["accent"] = self._accent(cleaned)
        return cleaned

    @property
    def accent(self) -> str:
        """The colour as chosen, #rrggbb. What is shown may be a little darker."""
        return self.cleaned_data["accent"]

    def _accent(self, cleaned: dict[str, Any]) -> str | None:
        picked = cleaned.get("colour")
        if picked != OTHER:
            return picked
        typed = "#" + cleaned.get("colour_other", "").strip().lower().lstrip("#")
        if not HEX.match(typed):
            wrong = gettext("Type a colour as # and six letters or digits, like #7b3f2a.")
            self.add_error("colour_other", ValidationError(wrong, code="colour"))
        return typed


def colour_of(shop: Shop) -> dict[str, str]:
    """What the form shows of a shop as it is."""
    swatch = shop.accent in {card.colour for card in trades.CARDS.values()}
    return {"colour": shop.accent if swatch else OTHER, "colour_other": shop.accent}


def _colours(now: str) -> list[tuple[str, str]]:
    """The eight trades' colours, drawn; read aloud by the trade they come from."""
    offered = [
        (card.colour, _swatch(stamp(card.colour), f"{trade.label} {card.colour}"))
        for trade, card in trades.CARDS.items()
    ]
    return [*offered, (OTHER, _swatch(stamp(now, "palette"), gettext("Your own colour")))]


def _swatch(drawing: str, words: str) -> str:
    return format_html('{}<span class="visually-hidden">{}</span>', drawing, words)
