"""What an owner types about a stamp card: in set-up, and ever after on the programme page."""

from dataclasses import replace
from typing import Any, cast

from django import forms
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from loyalty.models import Shop
from loyalty.money import SYMBOLS, MoneyField
from loyalty.refusals import Refused
from stampcards.colour_form import OTHER, ColourForm, colour_of
from stampcards.faces import LARGEST, SMALLEST
from stampcards.owning import CardOutOfRange, CardTooSmall, EndsBeforeItStarts, SameName
from stampcards.rules import FULL_GRIDS, Counts, StampRules

WELCOMES = (0, 1, 2)
Choices = list[tuple[Any, Any]]
NEVER = ""  # how a select says None
ISO_DAY = "%Y-%m-%d"  # what a browser's date field speaks

COUNTS = [
    (Counts.PURCHASE, _("A purchase")),
    (Counts.VISIT, _("A visit")),
    (Counts.WASH, _("A wash")),
    (Counts.MAIN_COURSE, _("A main course")),
    (Counts.CHECK_IN, _("A check-in, no purchase needed")),
]
FIELD_OF: dict[type[Refused], str] = {
    CardOutOfRange: "need",
    CardTooSmall: "welcome",
    EndsBeforeItStarts: "ends_on",
    SameName: "title",
}
HOURS = (0, 1, 2, 4, 6, 12, 24)
MONTHS = (6, 12, 18, 24)
REWARD_MONTHS = (1, 3, 6, 12)


class CardForm(ColourForm):
    """The whole card on one page. What the shop may promise is the operation's business.

    Draw it with `setup/_card_fields.html`. Once it is valid, ask it for `name`, `accent` and
    `rules()`.
    """

    title = forms.CharField(
        label=_("Name of the card"),
        max_length=40,
        error_messages={"required": _("Type the name of the card.")},
    )
    need = forms.ChoiceField(label=_("Stamps needed"), widget=forms.RadioSelect)
    need_other = forms.IntegerField(
        label=_("Other number"),
        required=False,
        help_text=_("From 2 to 30."),
        widget=forms.NumberInput(
            attrs={"min": SMALLEST, "max": LARGEST, "inputmode": "numeric", "data-other": "need"}
        ),
    )
    reward = forms.CharField(
        label=_("Reward"),
        max_length=50,
        error_messages={"required": _("Type what a full card gives.")},
    )
    worth = MoneyField(
        label=_("Worth about"), error_messages={"required": _("Type what it is worth.")}
    )
    average = MoneyField(
        label=_("Average purchase"),
        error_messages={"required": _("Type what customers usually spend.")},
    )
    welcome = forms.ChoiceField(
        label=_("Welcome stamps"),
        widget=forms.RadioSelect,
        help_text=_("Say why: “From us, for joining.”"),
    )
    welcome_other = forms.IntegerField(
        label=_("Other number"),
        required=False,
        min_value=0,
        help_text=_("Fewer than the card has places."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-other": "welcome"}),
    )
    counts = forms.ChoiceField(label=_("What gives a stamp"), choices=COUNTS)
    minimum = MoneyField(
        label=_("Minimum purchase"),
        required=False,
        help_text=_("Leave it empty, and every purchase counts."),
    )
    wait = forms.TypedChoiceField(label=_("Time between two stamps"), coerce=int)
    expires = forms.TypedChoiceField(
        label=_("Stamps last"), coerce=int, empty_value=None, required=False
    )
    extra_for = forms.CharField(
        label=_("Extra stamp for"),
        required=False,
        max_length=60,
        help_text=_("Something you like to see, such as an own cup. Staff tap it."),
    )
    most = forms.IntegerField(
        label=_("Most stamps per purchase"),
        min_value=1,
        max_value=20,
        help_text=_("Never more at once. Above 5, staff say why."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    most_a_day = forms.IntegerField(
        label=_("Most stamps a day"),
        min_value=1,
        max_value=50,
        help_text=_("On one card. Over it, the counter asks first."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reward_lasts = forms.TypedChoiceField(
        label=_("A reward lasts"), coerce=int, empty_value=None, required=False
    )
    starts_on = forms.DateField(
        label=_("First day"),
        required=False,
        help_text=_("Leave it empty to start at once."),
        widget=forms.DateInput(attrs={"type": "date"}, format=ISO_DAY),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it empty for no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format=ISO_DAY),
    )

    more = (
        *("counts", "minimum", "wait", "most", "most_a_day", "extra_for"),
        *("expires", "reward_lasts", "starts_on", "ends_on"),
    )

    # The colour, which comes from below, stands after these.
    field_order = (
        *("title", "need", "need_other", "reward", "worth", "average"),
        *("welcome", "welcome_other"),
    )

    def __init__(self, *args: Any, shop: Shop, name: str, rules: StampRules, **kwargs: Any):
        kwargs.setdefault("initial", initial_from(shop, name, rules))
        super().__init__(*args, shop=shop, **kwargs)
        self.was = rules
        self._name_currency(SYMBOLS[shop.currency])
        self._offer("need", _or_other(FULL_GRIDS))
        self._offer("welcome", _or_other(WELCOMES))
        self._offer("wait", _waits(rules.wait_minutes))
        self._offer("expires", _months(MONTHS, rules.expires_months))
        self._offer("reward_lasts", _months(REWARD_MONTHS, rules.reward_months))
        for field in ("need_other", "welcome_other", "expires", "reward_lasts"):
            # Not "(optional)": empty says something here, or the choice above asks for it.
            self.fields[field].plain_label = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["need"] = self._chosen("need", cleaned)
        cleaned["welcome"] = self._chosen("welcome", cleaned)
        return cleaned

    @property
    def name(self) -> str:
        return self.cleaned_data["title"]

    def rules(self) -> StampRules:
        data = self.cleaned_data
        return replace(
            self.was,
            need=data["need"],
            reward=data["reward"],
            reward_value_minor=data["worth"],
            average_purchase_minor=data["average"],
            counts=Counts(data["counts"]),
            minimum_minor=data["minimum"] or 0,
            wait_minutes=data["wait"],
            expires_months=data["expires"],
            welcome=data["welcome"],
            extra_for=data["extra_for"],
            most_per_purchase=data["most"],
            most_per_day=data["most_a_day"],
            reward_months=data["reward_lasts"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal beside what it is about."""
        self.add_error(_field_of(refusal, self.data), str(refusal))

    @property
    def opens_more(self) -> bool:
        """Is something wrong under "More choices"?"""
        return any(name in self.errors for name in self.more)

    def _name_currency(self, symbol: str) -> None:
        """£ stands before an amount, kr after it."""
        self.before, self.after = (symbol, "") if symbol in "£€" else ("", symbol)

    def _offer(self, field: str, choices: Choices) -> None:
        cast(forms.ChoiceField, self.fields[field]).choices = choices

    def _chosen(self, field: str, cleaned: dict[str, Any]) -> int | None:
        """The number behind a pill, or the other number beside it."""
        pill = cleaned.get(field)
        if pill != OTHER:
            return int(pill) if pill else None
        other = cleaned.get(f"{field}_other")
        if other is None and f"{field}_other" not in self.errors:
            self.add_error(f"{field}_other", gettext("Type a number, or choose one above."))
        return other


def initial_from(shop: Shop, name: str, rules: StampRules) -> dict[str, Any]:
    """What the form shows of a card as it is."""
    grid, usual = rules.need in FULL_GRIDS, rules.welcome in WELCOMES
    return {
        "title": name,
        "need": str(rules.need) if grid else OTHER,
        "need_other": None if grid else rules.need,
        "reward": rules.reward,
        "worth": rules.reward_value_minor,
        "average": rules.average_purchase_minor,
        "welcome": str(rules.welcome) if usual else OTHER,
        "welcome_other": None if usual else rules.welcome,
        **colour_of(shop),
        "counts": rules.counts,
        "minimum": rules.minimum_minor or None,
        "wait": rules.wait_minutes,
        "expires": rules.expires_months or NEVER,
        "extra_for": rules.extra_for,
        "most": rules.most_per_purchase,
        "most_a_day": rules.most_per_day,
        "reward_lasts": rules.reward_months or NEVER,
        "starts_on": rules.starts_on,
        "ends_on": rules.ends_on,
    }


def _field_of(refusal: Refused, data: Any) -> str | None:
    field = FIELD_OF.get(type(refusal))
    return f"{field}_other" if field and data.get(field) == OTHER else field


def _or_other(numbers: tuple[int, ...]) -> Choices:
    return [*((str(number), str(number)) for number in numbers), (OTHER, _("Other number"))]


def _waits(now: int) -> Choices:
    hours = ngettext_lazy("%(n)d hour", "%(n)d hours", "n")
    minutes = ngettext_lazy("%(n)d minute", "%(n)d minutes", "n")
    offered = sorted({now, *(hour * 60 for hour in HOURS)})
    return [
        (wait, hours % {"n": wait // 60} if wait % 60 == 0 else minutes % {"n": wait})
        if wait
        else (0, _("No waiting"))
        for wait in offered
    ]


def _months(usual: tuple[int, ...], now: int | None) -> Choices:
    months = ngettext_lazy("%(n)d month", "%(n)d months", "n")
    offered = sorted({*usual, *([now] if now else [])})
    return [*((n, months % {"n": n}) for n in offered), (NEVER, _("They do not run out"))]
