"""What a member may change before it is sent, and what an owner types about bringing a friend."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty.models import Shop
from loyalty.money import MoneyField, beside
from loyalty.refusals import Refused
from rewards.friends.models import Inviting, Thanks
from rewards.friends.owning import NothingForAnybody, NothingToPutItOn, Scheme
from rewards.friends.thanking import can_give

Behaviour, Side = Thanks.Behaviour, Thanks.Side
NOTHING = ""
NUMBERS = {
    "required": _("Type a number."),
    "invalid": _("Type a whole number."),
    "min_value": _("Type %(limit_value)s or more."),
    "max_value": _("Type %(limit_value)s or less."),
}
TOO_LONG = {"max_length": _("That is too long. Use %(limit_value)d letters at most.")}
# What each choice asks for: behaviour, field, column.
ASKS = {
    Behaviour.STAMPS: ("n", "n"),
    Behaviour.BONUS: ("n", "n"),
    Behaviour.PERCENT: ("percent", "percent"),
    Behaviour.AMOUNT: ("amount", "amount_minor"),
    Behaviour.THING: ("title", "title"),
}
COSTS = (Behaviour.PERCENT, Behaviour.THING)  # where the owner says what it costs
MOST_STAMPS = 30  # a longer card does not exist, and every card it fills brings a reward
NAMES = {Side.MEMBER: _("Who brings a friend gets"), Side.FRIEND: _("The friend gets")}


class ShareForm(forms.Form):
    """The words that go with the link. They go from the member's own phone, not from here."""

    text = forms.CharField(label=_("Your message"), widget=forms.Textarea({"rows": 5}))


def whole(label: Any, most: int, *, required: bool = False, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=1,
        max_value=most,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=NUMBERS,
        **options,
    )


def fields_of(side: Thanks.Side) -> dict[str, forms.Field]:
    """What one side gets: the choice, and what each choice asks for."""
    return {
        f"{side}_behaviour": forms.ChoiceField(
            label=NAMES[side],
            required=False,
            widget=forms.RadioSelect,
        ),
        f"{side}_n": whole(_("How many"), 1_000_000),
        f"{side}_percent": whole(_("Percent off"), 100),
        f"{side}_amount": MoneyField(label=_("Amount off"), required=False),
        f"{side}_title": forms.CharField(
            label=_("What it is"), max_length=50, required=False, error_messages=TOO_LONG
        ),
        f"{side}_value": MoneyField(label=_("What it costs you"), required=False),
    }


class InvitingForm(forms.Form):
    """Bringing a friend on one page: what you get, what they get, limit per month.

    Draw it with `owner/friends.html`. Once it is valid, ask it for `scheme()`.
    """

    most_a_month = whole(
        _("Limit per month"),
        1000,
        required=True,
        help_text=_("How many friends may pay for one member in a month."),
    )
    pays = forms.ChoiceField(
        label=_("When it pays"), choices=Inviting.Pays.choices, widget=forms.RadioSelect
    )
    minimum = MoneyField(
        label=_("Least first purchase"),
        required=False,
        help_text=_(
            "Leave it empty for any purchase. Otherwise only a purchase whose amount is typed at "
            "the counter counts."
        ),
    )
    use_within = whole(
        _("Use within, in days"), 3650, help_text=_("Leave it empty, and it never runs out.")
    )
    terms = forms.CharField(
        label=_("Terms"),
        max_length=150,
        required=False,
        help_text=_("What must be said beside it."),
        error_messages=TOO_LONG,
    )

    def __init__(self, *args: Any, shop: Shop, scheme: Scheme, **kwargs: Any) -> None:
        kwargs.setdefault("initial", initial_from(scheme))
        super().__init__(*args, **kwargs)
        self.shop = shop
        for side in Side:
            self.fields.update(fields_of(side))
            self._offer(side, scheme)
        self.order_fields([*(name for side in Side for name in fields_of(side)), "most_a_month"])
        self.before, self.after = beside(shop.currency)

    def _offer(self, side: Thanks.Side, scheme: Scheme) -> None:
        """Only what can be given here, or is now. What one choice asks for is not optional."""
        given = {thanks.behaviour for thanks in scheme.thanks}
        choice = cast(forms.ChoiceField, self.fields[f"{side}_behaviour"])
        choice.choices = [
            (NOTHING, _("Nothing")),
            *(
                (key, name)
                for key, name in Behaviour.choices
                if key in given or can_give(self.shop, key)
            ),
        ]
        for name in ("behaviour", "n", "percent", "amount", "title", "value"):
            self.fields[f"{side}_{name}"].plain_label = True  # type: ignore[attr-defined]

    def sides(self) -> Iterator[dict[str, Any]]:
        """The fields of each side, for the template."""
        for side in Side:
            names = ("behaviour", "n", "percent", "amount", "title", "value")
            yield {"name": side.value, **{name: self[f"{side}_{name}"] for name in names}}

    def clean(self) -> dict[str, Any]:
        """What belongs to another choice is nobody's mistake: it is not even shown."""
        data = super().clean() or {}
        for side in Side:
            self._clean_side(side, data)
        return data

    def _clean_side(self, side: Thanks.Side, data: dict[str, Any]) -> None:
        chosen = data.get(f"{side}_behaviour") or NOTHING
        asked = ASKS[Behaviour(chosen)][0] if chosen else NOTHING
        shown = {asked, "value"} if chosen in COSTS else {asked}
        for name in {"value", *(name for name, _column in ASKS.values())} - shown:
            self.errors.pop(f"{side}_{name}", None)
            data[f"{side}_{name}"] = None
        field = f"{side}_{asked}"
        if asked and not data.get(field) and field not in self.errors:
            self.add_error(field, _missing(asked))
        if chosen == Behaviour.STAMPS and (data.get(field) or 0) > MOST_STAMPS:
            self.add_error(field, NUMBERS["max_value"] % {"limit_value": MOST_STAMPS})

    def scheme(self) -> Scheme:
        """What was typed. Not stored."""
        data = self.cleaned_data
        inviting = Inviting(
            shop=self.shop,
            pays=data["pays"],
            minimum_minor=data["minimum"] or 0,
            most_a_month=data["most_a_month"],
        )
        return Scheme(inviting, [each for side in Side if (each := self._thanks(side))])

    def _thanks(self, side: Thanks.Side) -> Thanks | None:
        data = self.cleaned_data
        chosen = data[f"{side}_behaviour"]
        if not chosen:
            return None
        name, column = ASKS[Behaviour(chosen)]
        typed = data[f"{side}_{name}"]
        costs = typed if chosen == Behaviour.AMOUNT else data[f"{side}_value"]
        return Thanks(
            shop=self.shop,
            side=side,
            behaviour=chosen,
            value_minor=costs or 0,
            terms=data["terms"],
            use_within_days=data["use_within"],
            **{column: typed},
        )

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal beside what it is about."""
        if isinstance(refusal, NothingToPutItOn):
            self.add_error(f"{refusal.values['side']}_behaviour", str(refusal))
        elif isinstance(refusal, NothingForAnybody):
            self.add_error(f"{Side.MEMBER}_behaviour", str(refusal))
        else:
            self.add_error(None, str(refusal))

    @property
    def opens_more(self) -> bool:
        """Is something wrong under "More choices", or said there?"""
        names = ("minimum", "use_within", "terms")
        return any(name in self.errors or self[name].value() for name in names) or (
            self["pays"].value() != Inviting.Pays.PURCHASE
        )


def _missing(asked: str) -> str:
    if asked == "amount":
        return gettext("Type an amount, like 25 or 39,50.")
    return gettext("Type what they get.") if asked == "title" else gettext("Type a number.")


def initial_from(scheme: Scheme) -> dict[str, Any]:
    """What the form shows of a scheme as it is."""
    told: dict[str, Any] = {
        "most_a_month": scheme.inviting.most_a_month,
        "pays": scheme.inviting.pays,
        "minimum": scheme.inviting.minimum_minor or None,
    }
    told |= {f"{side}_behaviour": NOTHING for side in Side}
    for thanks in scheme.thanks:
        own = {
            "behaviour": thanks.behaviour,
            "n": thanks.n,
            "percent": thanks.percent,
            "amount": thanks.amount_minor,
            "title": thanks.title,
            "value": thanks.value_minor or None,
        }
        told |= {f"{thanks.side}_{name}": value for name, value in own.items()}
        told |= {"use_within": thanks.use_within_days, "terms": thanks.terms}
    return told
