"""Two cards side by side, as staff compare them before they become one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django import forms
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from loyalty.forms import KeyedForm
from loyalty.models import Counter
from members.ledger.models import Operation, local_day
from members.merging import UNDOABLE_FOR
from members.models import Membership
from members.refusals import NotMergeable
from rewards.models import Claim
from stampcards.counter import finding, searching, sheets, telling
from stampcards.counter.forms import UndoForm


class SameCard(finding.Trouble):
    """Both are one and the same."""

    code = "same_card"

    def __str__(self) -> str:
        return str(_("This is the same card. Scan the other one."))


@dataclass(frozen=True)
class Side:
    """One of the two."""

    membership: Membership
    name: str
    standings: list[str]
    rewards: list[Claim]
    reserved: list[Claim]  # with its reservation and drop
    last_visit: str
    since: str  # the day of joining, with its year if that is not this one
    on_paper: bool

    @classmethod
    def of(cls, membership: Membership, now: datetime) -> Self:
        ready = Claim.objects.ready(local_day(membership.shop, now)).filter(membership=membership)
        claims = list(ready.select_related("reservation__drop"))
        reserved = [each for each in claims if each.source == Claim.Source.EARLY]
        return cls(
            membership=membership,
            name=telling.name_of(membership),
            standings=telling.standings(membership),
            rewards=[each for each in claims if each not in reserved],
            reserved=[each for each in reserved if each.can_be_used(now)],
            last_visit=sheets.last_visit(membership, now),
            since=_day(membership.joined_at, now),
            on_paper=membership.unclaimed and membership.source == Membership.Source.PAPER,
        )


def _day(at: datetime, now: datetime) -> str:
    day = timezone.localdate(at)
    this_year = day.year == timezone.localdate(now).year
    return formats.date_format(day, "SHORT_DATE_FORMAT" if this_year else "DATE_FORMAT")


class TwoCards(forms.widgets.ChoiceWidget):
    """The two beside each other; the chosen one stays."""

    input_type = "radio"
    use_fieldset = True
    sides: list[Side]

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = self.options(name, [str(value)], {**self.attrs, **(attrs or {})})
        pairs = list(zip(options, self.sides, strict=True))
        return render_to_string("counter/_merge_cards.html", {"pairs": pairs})


class MergeForm(KeyedForm):
    """Which of two cards is kept."""

    keep = forms.ChoiceField(
        label=_("Which card is kept?"),
        widget=TwoCards,
        error_messages={"required": _("Choose the card that is kept.")},
    )

    def __init__(self, *args: Any, sides: list[Side], **options: Any) -> None:
        super().__init__(*args, **options)
        self.sides = sides
        keep = self.fields["keep"]
        keep.choices = [(side.membership.counter_code, side.name) for side in sides]  # type: ignore[attr-defined]
        keep.widget.sides = sides
        keep.initial = the_better_known(*sides).membership.counter_code


def the_better_known(one: Side, other: Side) -> Side:
    """The card with an e-mail, or else the one on a phone, or else the first."""
    return max(one, other, key=_how_known)


def _how_known(side: Side) -> tuple[bool, bool]:
    return side.membership.person_id is not None, not side.membership.unclaimed


def others_of(counter: Counter, card: Membership, typed: str) -> list[Membership]:
    """The cards that what was scanned or typed may mean, without `card` itself. Raises a Trouble.

    A phone number may stand on several.
    """
    if searching.is_phone(typed):
        found = searching.cards_of_phone(counter, typed)
    else:
        found = [_find(counter, card, typed)]
    if others := [other for other in found if other.pk != card.pk]:
        return others
    raise SameCard


def _find(counter: Counter, card: Membership, typed: str) -> Membership:
    try:
        found = finding.find(counter, typed)
    except finding.CardMoved as moved:
        if moved.opens == card.counter_code:
            raise AlreadyOne from moved
        raise
    if found.pk is None:
        raise finding.BlankCard
    return found


class AlreadyOne(finding.Trouble):
    """The other card became part of this one before."""

    code = "already_one"

    def __str__(self) -> str:
        return str(NotMergeable())


@dataclass(frozen=True)
class Recent:
    """A card that became part of this one, and can still be had back."""

    key: UUID
    at: datetime
    name: str
    form: UndoForm


def recent(card: Membership, now: datetime) -> list[Recent]:
    """What was merged into a card at a counter within the last day, latest first."""
    done = Operation.objects.filter(membership=card, answer__refused__isnull=True)
    undos = done.filter(kind="undo").values_list("answer", flat=True)
    undone = {answer.get("undone") for answer in undos if answer}
    merges = done.filter(kind="merge", counter__isnull=False, occurred_at__gte=now - UNDOABLE_FOR)
    standing = [m for m in merges.order_by("-pk") if m.answer and str(m.key) not in undone]
    gone = Membership.objects.in_bulk([(m.answer or {})["gone"] for m in standing])
    return [
        Recent(
            key=merge.key,
            at=merge.occurred_at,
            name=telling.name_of(gone[(merge.answer or {})["gone"]]),
            form=UndoForm(auto_id=f"undo{merge.pk}_%s"),
        )
        for merge in standing
    ]
