"""What an owner types about a reward. What the shop may promise is not a form's business."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty import money
from loyalty.forms import SHORTER, DayField
from loyalty.models import Shop
from loyalty.money import MoneyField
from loyalty.refusals import Refused
from members.models import Programme
from rewards.catalogue import for_whom
from rewards.catalogue.models import Reward
from rewards.catalogue.owning import (
    SAYS,
    AmountTooSmall,
    AtLeastOne,
    BonusTooSmall,
    GivesMoreThanItCosts,
    Left,
    NoPointsToGive,
    Offer,
    OfferEndsBeforeItStarts,
    PercentOutOfRange,
    WrongPrice,
)

Behaviour = Reward.Behaviour
MANY = 1_000_000
FIELD_OF: dict[type[Refused], str] = {
    WrongPrice: "cost",
    PercentOutOfRange: "percent",
    AmountTooSmall: "amount",
    BonusTooSmall: "bonus",
    GivesMoreThanItCosts: "bonus",
    NoPointsToGive: "behaviour",
    OfferEndsBeforeItStarts: "ends_on",
}
EXTRAS = {"percent": "percent", "amount_minor": "amount", "bonus": "bonus"}  # model to field


def number(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    """A whole number that may be left out. Whether it may be 0 is the operation's business."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def lines(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        help_text=help_text,
        error_messages={"max_length": SHORTER},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PriceChoice(forms.RadioSelect):
    """Each choice carries its kind of programme: points ask for a number, a full card does not."""

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        option["attrs"]["data-kind"] = value.instance.kind
        return option


class PriceField(forms.ModelChoiceField):
    """What members collect in, named as what it costs them."""

    widget = PriceChoice

    def label_from_instance(self, programme: Programme) -> str:
        return price_of(programme)


class RewardForm(forms.Form):
    """A reward on one page. Draw it with `owner/rewards/_fields.html`.

    Once it is valid, ask it for `offer()` and `left()`. The picture has a form of its own.
    """

    name = forms.CharField(
        label=_("Name"),
        max_length=50,
        error_messages={"required": _("Type a name."), "max_length": SHORTER},
    )
    text = lines(_("Text"), _("A line or two that make it tempting."))
    behaviour = forms.ChoiceField(
        label=_("What members get"), choices=Behaviour.choices, widget=forms.RadioSelect
    )
    percent = number(_("Percent off"), MANY, _("From 1 to 100."))
    amount = MoneyField(label=_("Amount off"), required=False)
    bonus = number(_("Bonus points"), MANY, _("They arrive at once."))
    programme: Any = PriceField(
        Programme.objects.none(),
        label=_("What it costs members"),
        empty_label=None,
        error_messages={"required": _("Choose what it costs.")},
    )
    cost = number(_("Price"), MANY)
    value = MoneyField(
        label=_("What it costs you"),
        required=False,
        help_text=_("At cost, not at the price on the shelf."),
    )
    terms = lines(_("Terms"), _("What members should know before they choose it."))
    stock = number(_("How many are left"), MANY, _("Leave it empty if you never run out."))
    stock_was = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    per_member = number(_("Most per member"), 1000, _("Leave it empty for no limit."))
    minimum = MoneyField(
        label=_("Minimum purchase"),
        required=False,
        help_text=_("Leave it empty, and it can be used without buying anything."),
    )
    use_within = number(_("Use within, in days"), 3650, _("Leave it empty, and it never runs out."))
    whom = forms.ChoiceField(label=_("For whom"), required=False)
    starts_on = DayField(
        label=_("First day"), required=False, help_text=_("Leave it empty to start at once.")
    )
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("Leave it empty for no end.")
    )

    more = (
        *("terms", "stock", "per_member", "whom", "minimum", "use_within"),
        *("starts_on", "ends_on"),
    )

    def __init__(self, *args: Any, shop: Shop, reward: Reward | None = None, **options: Any):
        super().__init__(*args, **options)
        self.shop = shop
        self.before, self.after = money.beside(shop.currency)
        self._offer_programmes(reward)
        cast(forms.ChoiceField, self.fields["whom"]).choices = for_whom.choices(reward)
        for name in ("percent", "amount", "bonus", "cost", "whom"):
            # Not "(optional)": the choice above asks for it, or one is made already.
            self.fields[name].plain_label = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What belongs to another choice is nobody's mistake: it is not even shown."""
        cleaned = super().clean() or {}
        chosen = SAYS.get(cast(Behaviour, cleaned.get("behaviour")))
        for says, name in EXTRAS.items():
            if says != chosen:
                self._forget(name, cleaned)
        if (programme := cleaned.get("programme")) and programme.kind != "points":
            self._forget("cost", cleaned)
        return cleaned

    def offer(self) -> Offer:
        data = self.cleaned_data
        return Offer(
            programme=data["programme"],
            cost=data["cost"],
            name=data["name"],
            text=data["text"],
            terms=data["terms"],
            behaviour=Behaviour(data["behaviour"]),
            percent=data["percent"],
            amount_minor=data["amount"],
            bonus=data["bonus"],
            value_minor=self._value(data),
            minimum_minor=data["minimum"] or 0,
            per_member=data["per_member"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            use_within_days=data["use_within"],
            **for_whom.read(data["whom"]),
        )

    def left(self) -> Left:
        return Left(self.cleaned_data["stock"], self.cleaned_data["stock_was"])

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal beside what it is about."""
        if isinstance(refusal, AtLeastOne):
            field = {"use_within_days": "use_within"}.get(refusal.values["what"])
            self.add_error(field or refusal.values["what"], str(refusal))
        else:
            self.add_error(FIELD_OF.get(type(refusal)), str(refusal))

    @property
    def opens_more(self) -> bool:
        """Is something wrong under "More choices", or said there?"""
        return any(
            name in self.errors or self[name].value() not in ("", None) for name in self.more
        )

    def _offer_programmes(self, reward: Reward | None) -> None:
        offered = Programme.objects.on()
        if reward:
            offered = offered | Programme.objects.filter(pk=reward.programme_id)
        field = cast(forms.ModelChoiceField, self.fields["programme"])
        field.queryset = offered.order_by("kind", "pk")  # points first
        self.initial.setdefault("programme", field.queryset.values_list("pk", flat=True).first())

    def _forget(self, name: str, cleaned: dict[str, Any]) -> None:
        cleaned[name] = None
        self.errors.pop(name, None)

    @staticmethod
    def _value(data: dict[str, Any]) -> int:
        """An amount off costs at most itself."""
        if data["value"] is None and data["behaviour"] == Behaviour.AMOUNT:
            return data["amount"] or 0
        return data["value"] or 0


def price_of(programme: Programme) -> str:
    if programme.kind == "points":
        return programme.name
    return gettext("A full card: %(card)s") % {"card": programme.name}


def initial_from(reward: Reward) -> dict[str, Any]:
    """What the form shows of a reward as it is."""
    return {
        "name": reward.name,
        "text": reward.text,
        "terms": reward.terms,
        "behaviour": reward.behaviour,
        "percent": reward.percent,
        "amount": reward.amount_minor,
        "bonus": reward.bonus,
        "programme": reward.programme_id,
        "cost": reward.cost,
        "value": reward.value_minor or None,
        "minimum": reward.minimum_minor or None,
        "stock": reward.stock,
        "stock_was": reward.stock,
        "per_member": reward.per_member,
        "use_within": reward.use_within_days,
        "whom": for_whom.value_of(reward),
        "starts_on": reward.starts_on,
        "ends_on": reward.ends_on,
    }
