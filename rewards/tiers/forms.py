"""What staff send when they hand out something for a level."""

from typing import Any, Self, cast

from django import forms

from loyalty.forms import KeyedForm
from rewards.tiers.models import TierPerk


class PerkForm(KeyedForm):
    """A perk, handed over at once."""

    perk: "forms.ModelChoiceField[TierPerk]" = forms.ModelChoiceField(
        TierPerk.objects.none(), widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        things = TierPerk.objects.filter(kind=TierPerk.Kind.CLAIM)
        cast(forms.ModelChoiceField, self.fields["perk"]).queryset = things

    @classmethod
    def of(cls, perk: TierPerk) -> Self:
        """Empty, for one perk among several."""
        return cls(initial={"perk": perk.pk}, auto_id=f"perk{perk.pk}_%s")
