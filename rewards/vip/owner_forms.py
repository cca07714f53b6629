"""What an owner types about early access. What a shop may promise is not a form's business.

A moment is asked for as a day and a time, each with the browser's own field: `first_on` and
`first_at` become `first`.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty import clock
from loyalty.forms import NUMBERS, SHORTER, DayField, KeyedForm
from loyalty.models import Shop
from loyalty.refusals import Refused
from rewards.catalogue.owner_forms import lines, number
from rewards.vip import choices, refusals
from rewards.vip.models import Drop, Opening
from rewards.vip.moments import NoSuchHour, moment
from rewards.vip.plans import OpensTo, Plan

Kind = Drop.Kind
OPENINGS = ("first", "second", "everyone")
MOMENTS = (*OPENINGS, "collect", "starts", "ends", "reply")
THINGS, EVENTS = {Kind.PRODUCT, Kind.LIMITED}, {Kind.SHOWING, Kind.EVENT}
# What is not asked of every kind.
ASKS: dict[str, set[Kind]] = {
    "quantity": THINGS | EVENTS,
    **dict.fromkeys(("per_member", "hold_hours", "collect"), THINGS),
    **dict.fromkeys(("place", "starts", "reply"), EVENTS),
    "ends": EVENTS | {Kind.SALE},
}
FIELD_OF: dict[type[Refused], str] = {
    refusals.NoOpening: "first_to",
    refusals.TwiceAtOnce: "second_to",
    refusals.GeneralTooEarly: "everyone_on",
    refusals.CollectTooEarly: "collect_on",
    refusals.EndsTooEarly: "ends_on",
    refusals.ReplyAfterStart: "reply_on",
    refusals.NumberMissing: "quantity",
    refusals.BelowReserved: "quantity",
    refusals.MoreThanThereAre: "per_member",
    refusals.OtherKind: "kind",
}
STAGES = ("first", "second")
NEEDED = {"per_member", *(f"{stage}_{what}" for stage in STAGES for what in ("top", "top_days"))}
TOLD_WHAT = (refusals.EventNeeds, refusals.TooFew)
NINE, FIVE = time(9), time(17)
WHICH_DAY, WHICH_TIME = _("Choose a day."), _("Type a time, like 09:00.")
SPENT_IN = _("By what they spent in so many days")


class TimeField(forms.TimeField):
    """A time of day, asked for with the browser's own field."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(**{"widget": widget, **options})


def day(label: Any) -> DayField:
    return DayField(label=label, required=False, error_messages={"invalid": WHICH_DAY})


def hour(label: Any) -> TimeField:
    wrong = {"invalid": WHICH_TIME}
    return TimeField(label=label, required=False, error_messages=wrong)


def how_many(label: Any, most: int) -> forms.IntegerField:
    """A whole number that one of the other answers asks for."""
    inputs = forms.NumberInput({"inputmode": "numeric"})
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=most,
        widget=inputs,
        error_messages=NUMBERS,
    )


def line(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        help_text=help_text,
        error_messages={"max_length": SHORTER},
    )


def whom(label: Any, **options: Any) -> forms.ChoiceField:
    """To whom it opens. The choices are those of the shop."""
    again = _("Choose to whom it opens.")
    wrong = {"required": again, "invalid_choice": again}
    return forms.ChoiceField(label=label, error_messages=wrong, **options)


def pills(label: Any, offered: Any) -> forms.ChoiceField:
    again = _("Choose one.")
    wrong = {"required": again, "invalid_choice": again}
    radios = forms.RadioSelect
    return forms.ChoiceField(label=label, choices=offered, widget=radios, error_messages=wrong)


class DropForm(KeyedForm):
    """Early access on one page. Draw it with `owner/early/_fields.html`.

    Once it is valid, ask it for `plan()`. The picture has a form of its own.
    """

    kind = pills(_("What is it?"), Kind.choices)
    name = forms.CharField(
        label=_("Item"),
        max_length=50,
        error_messages={"required": _("Type a name."), "max_length": SHORTER},
    )
    text = lines(_("Text"), _("A line or two that make it tempting."))
    price = line(_("Price"), 50, _("As you would say it, such as “49 kr each”."))
    quantity = number(_("How many"), 100_000, _("Leave it empty if there is no limit."))
    one_each = forms.BooleanField(label=_("One each"), required=False)
    per_member = how_many(_("Most per member"), 1000)
    first_to = whom(_("Opens to"))
    first_top, first_top_days = how_many(_("How many members"), 10_000), how_many(SPENT_IN, 3650)
    first_on, first_at = day(_("On")), hour(_("At"))
    second_to = whom(_("Then to"), required=False)
    second_top, second_top_days = how_many(_("How many members"), 10_000), how_many(SPENT_IN, 3650)
    second_on, second_at = day(_("On")), hour(_("At"))
    general = pills(_("To everyone"), [("later", _("At a set time")), ("never", _("Never"))])
    everyone_on, everyone_at = day(_("On")), hour(_("At"))
    others = pills(_("What others see until then"), Drop.Others.choices)
    collect_on, collect_at = day(_("Collect by")), hour(_("At"))
    hold_hours = number(
        _("Kept for so many hours"),
        24 * 365,
        _("What is not collected by then goes to the next one."),
    )
    place = line(_("Place"), 80)
    starts_on, starts_at = day(_("Starts")), hour(_("At"))
    ends_on, ends_at = day(_("Ends")), hour(_("At"))
    reply_on, reply_at = day(_("Answer by")), hour(_("At"))

    more = tuple(f"second_{name}" for name in ("to", "on", "at", "top", "top_days"))

    def __init__(self, *args: Any, shop: Shop, plan: Plan | None = None, **options: Any) -> None:
        """`plan`: what stands now, or what a new page begins with; None: our proposal."""
        offered = choices.audiences(plan.openings if plan else ())
        begun = initial_from(plan, shop) if plan else proposal(shop, choices.first_of(offered))
        super().__init__(*args, **{"initial": begun, **options})
        self.shop, self.stood = shop, moments_of(plan) if plan else {}
        cast(forms.ChoiceField, self.fields["first_to"]).choices = offered
        nobody = ("", _("Nobody else"))
        cast(forms.ChoiceField, self.fields["second_to"]).choices = [nobody, *offered]
        for name in self.fields:
            if name.endswith(("_at", "_on", "_top", "_days")) or name in ("one_each", "place"):
                # Not "(optional)": what stands beside it asks for it.
                self.fields[name].plain_label = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is not asked of this kind is nobody's mistake: it is not even shown."""
        cleaned = super().clean() or {}
        unasked = set(self._unasked(cleaned))
        for name in unasked:
            self._forget(cleaned, name)
        for name in NEEDED - unasked:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, NUMBERS["required"])
        for name in MOMENTS:
            cleaned[name] = None if name in unasked else self._moment(cleaned, name)
        return cleaned

    def plan(self) -> Plan:
        """What was typed. The rules have not seen it."""
        data = self.cleaned_data
        asked = ("kind", "name", "text", "price", "quantity", "hold_hours", "place")
        return Plan(
            **{name: data[name] for name in asked},
            per_member=data["per_member"] or 1,
            others=data["others"] or Drop.Others.NOTHING,
            openings=tuple(self._openings(data)),
            collect_by=data["collect"],
            starts_at=data["starts"],
            ends_at=data["ends"],
            reply_by=data["reply"],
        )

    def refuse(self, refusal: Refused, field: str | None = None) -> None:
        """Show the refusal beside what it is about."""
        super().refuse(refusal, field or self._field_of(refusal))

    @property
    def opens_more(self) -> bool:
        """Is something wrong with a second stage, or said there?"""
        return bool(self["second_to"].value()) or any(name in self.errors for name in self.more)

    def _openings(self, data: dict[str, Any]) -> Iterator[OpensTo]:
        for name in ("first", "second"):
            if data[name]:
                top = {"top": data[f"{name}_top"], "top_days": data[f"{name}_top_days"]}
                yield choices.opens_to(data[f"{name}_to"], data[name], **top)
        if data["everyone"]:
            yield OpensTo(data["everyone"])

    def _unasked(self, cleaned: dict[str, Any]) -> Iterator[str]:
        """What other answers make pointless."""
        yield from (name for name, kinds in ASKS.items() if cleaned.get("kind") not in kinds)
        if cleaned.get("one_each"):
            yield "per_member"
        if cleaned.get("general") == "never":
            yield from ("everyone", "others")
        if not cleaned.get("second_to"):
            yield "second"
        for stage in STAGES:
            if cleaned.get(f"{stage}_to") != choices.TOP:
                yield from (f"{stage}_top", f"{stage}_top_days")

    def _forget(self, cleaned: dict[str, Any], name: str) -> None:
        for field in {name, f"{name}_on", f"{name}_at"} & set(self.fields):
            cleaned[field] = "" if field == "place" else None
            self.errors.pop(field, None)

    def _moment(self, cleaned: dict[str, Any], name: str) -> datetime | None:
        """The moment that was typed. An hour that does not exist is said beside its field."""
        on, at = f"{name}_on", f"{name}_at"
        if on in self.errors or at in self.errors:
            return None
        typed_day, typed_time = cleaned[on], cleaned[at]
        if typed_day is None and (typed_time is not None or name in OPENINGS):
            self.add_error(on, WHICH_DAY)
        if typed_time is None and (typed_day is not None or name in OPENINGS):
            self.add_error(at, WHICH_TIME)
        if typed_day is None or typed_time is None:
            return None
        stood = self.stood.get(name)
        if stood and local(self.shop, stood) == datetime.combine(typed_day, typed_time):
            return stood  # to the second; and of an hour that comes twice, the one it was
        try:
            return moment(self.shop, typed_day, typed_time)
        except NoSuchHour as refusal:
            self.add_error(at, str(refusal))
            return None

    def _field_of(self, refusal: Refused) -> str | None:
        if isinstance(refusal, TOLD_WHAT):
            what = str(refusal.values["what"])
            return f"{what.removesuffix('_at')}_on" if what.endswith("_at") else what
        if isinstance(refusal, refusals.OpensInThePast):
            return f"{self._first_in_the_past()}_on"
        if isinstance(refusal, refusals.OpensTooLate):
            return "everyone_on" if self.cleaned_data["everyone"] else "first_on"
        return FIELD_OF.get(type(refusal))

    def _first_in_the_past(self) -> str:
        """Which of the openings has gone by and was not there before."""
        data, now = self.cleaned_data, clock.now()
        past = (name for name in OPENINGS if data[name] and data[name] <= now)
        return next((name for name in past if data[name] != self.stood.get(name)), "first")


def proposal(shop: Shop, first_to: str) -> dict[str, Any]:
    """What a new page begins with: tomorrow morning for some, two days later for everyone."""
    tomorrow = clock.today(shop.zone) + timedelta(days=1)
    general = tomorrow + timedelta(days=2)
    return {
        "kind": Kind.PRODUCT,
        "one_each": True,
        "first_to": first_to,
        "first_on": tomorrow,
        "first_at": NINE,
        "general": "later",
        "everyone_on": general,
        "everyone_at": NINE,
        "others": Drop.Others.TEASER,
        "collect_on": general + timedelta(days=1),
        "collect_at": FIVE,
    }


def initial_from(plan: Plan, shop: Shop) -> dict[str, Any]:
    """What the form shows of early access as it is."""
    same = ("kind", "name", "text", "price", "quantity", "others", "hold_hours", "place")
    begun: dict[str, Any] = {name: getattr(plan, name) for name in same}
    begun |= {"one_each": plan.per_member == 1, "general": "never"}
    begun["per_member"] = None if plan.per_member == 1 else plan.per_member
    for stage, opening in _staged(plan):
        if stage == "everyone":
            begun["general"] = "later"
            continue
        begun |= {f"{stage}_to": choices.value_of(opening)}
        begun |= {f"{stage}_top": opening.top, f"{stage}_top_days": opening.top_days}
    for name, at in moments_of(plan).items():
        here = local(shop, at)
        begun |= {f"{name}_on": here.date(), f"{name}_at": here.time()}
    return begun


def moments_of(plan: Plan) -> dict[str, datetime]:
    """Every moment of a plan that is set, as the form calls it."""
    moments = {
        **{stage: opening.at for stage, opening in _staged(plan)},
        "collect": plan.collect_by,
        "starts": plan.starts_at,
        "ends": plan.ends_at,
        "reply": plan.reply_by,
    }
    return {name: at for name, at in moments.items() if at}


def local(shop: Shop, at: datetime) -> datetime:
    """A moment as it is typed in the shop: to the minute, and without a zone."""
    return at.astimezone(shop.zone).replace(second=0, microsecond=0, tzinfo=None, fold=0)


def _staged(plan: Plan) -> Iterator[tuple[str, OpensTo]]:
    """The openings, each as the form calls it; it has no room for a third before everyone."""
    early = [each for each in plan.openings if each.audience != Opening.Audience.EVERYBODY]
    yield from zip(STAGES, early, strict=False)
    yield from (("everyone", each) for each in plan.openings if each not in early)
