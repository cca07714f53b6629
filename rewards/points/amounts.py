"""What was paid, typed at the counter, and what a script needs to say what it will give."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty import money
from loyalty.models import Shop
from loyalty.numbers import figure
from loyalty.refusals import Refused
from members.giving import GivingForm
from rewards.points import units
from rewards.points.refusals import HighAmount, NothingEarned
from rewards.points.rules import PointRules
from rewards.tiers.models import PLAIN


class PaidField(money.MoneyField):
    """An amount somebody paid: more than nothing, if it is typed at all (CTR-06)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.plain_label = True
        self.widget.attrs |= {"autocomplete": "off", "placeholder": "0"}

    def clean(self, value: Any) -> int | None:
        paid = super().clean(value)
        if paid == 0:
            raise ValidationError(gettext("Type the amount."), code="money")
        return paid


@dataclass(frozen=True)
class Figure:
    """The rules in whole numbers: points for one minor unit, and what comes beside them.

    A script reckons with them while somebody types, as `PointRules.points_for` does afterwards.
    """

    per_minor: Fraction
    minimum_minor: int
    per_visit: int
    per_item: int
    percent: int  # of all that, by the member's level: 150
    asks_amount: bool
    one: str  # "%n point"
    many: str
    thousands: str  # what stands between 1 and 250
    symbol: str  # of the currency …
    symbol_first: bool  # … and whether it stands before the number

    @classmethod
    def of(cls, rules: PointRules, shop: Shop, *, percent: int = PLAIN) -> Self:
        symbol = money.SYMBOLS[shop.currency]
        return cls(
            per_minor=Fraction(rules.rate) / rules.every_minor,
            minimum_minor=rules.minimum_minor,
            per_visit=rules.per_visit,
            per_item=rules.per_item,
            percent=percent,
            asks_amount=rules.asks_amount,
            one=_pattern(rules, 1),
            many=_pattern(rules, 2),
            thousands=figure(1000)[1:-3],
            symbol=symbol,
            symbol_first=money.shown(0, shop.currency).startswith(symbol),
        )

    @property
    def earns(self) -> bool:
        """Does a purchase earn anything at all?"""
        return bool(self.per_minor or self.per_visit or self.per_item)


def _pattern(rules: PointRules, n: int) -> str:
    return units.pattern(n, *rules.called) % {"n": "%n"}


class PaidForm(GivingForm):
    """Something given for a purchase, of which may be known what was paid."""

    amount = PaidField(label=_("Amount, for points"))
    # The amount staff were asked about, in minor units. Another one is asked about again.
    sure = forms.IntegerField(required=False, widget=forms.HiddenInput)
    figure: Figure | None = None  # None: nothing here earns points
    asks_sure = False  # was it just asked whether so much is right?

    @property
    def asks_amount(self) -> bool:
        return self.figure is not None and self.figure.asks_amount

    @property
    def is_sure(self) -> bool:
        paid = self.cleaned_data["amount"]
        return paid is not None and paid == self.cleaned_data["sure"]

    def refuse(self, refusal: Refused, field: str | None = None) -> None:
        paid = self.cleaned_data.get("amount")
        super().refuse(refusal, "amount" if isinstance(refusal, NothingEarned) else field)
        if isinstance(refusal, HighAmount):
            self.asks_sure = True
            cast(QueryDict, self.data)["sure"] = str(paid)

    def _stands_beside(self, field: str) -> bool:
        return field == "amount" and self.asks_amount
