"""The manager's list: late actions with their cards, and counters with missing ones."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from loyalty.forms import KeyedForm
from loyalty.models import Counter
from loyalty.refusals import Refused, from_stored
from members.models import Membership
from stampcards.counter import deciding
from stampcards.counter.models import LateAction

MOST = 50  # lines on the page; the oldest first, so none is forgotten


@dataclass(frozen=True)
class Late:
    """A line to decide."""

    action: LateAction
    card: Membership | None
    what: deciding.Wish | None  # None: nobody can read what was asked
    happened: datetime
    why: Refused | None
    form: KeyedForm


def waiting(refused: dict[int, KeyedForm]) -> list[Late]:
    """What a manager decides, oldest first. `refused`: the form that was just said no to."""
    held = LateAction.objects.held().select_related("counter", "staff").order_by("pk")
    return [
        Late(
            action=action,
            card=deciding.card_of(action),
            what=deciding.wish_of(action),
            happened=deciding.happened(action),
            why=from_stored(action.refusal) if action.refusal else None,
            form=refused.get(action.pk) or KeyedForm(auto_id=f"late{action.pk}_%s"),
        )
        for action in held[:MOST]
    ]


def missing() -> list[Counter]:
    """Counters from which actions are missing: `lost` (how many), `wiped` (nobody knows), `at`."""
    notices = LateAction.objects.notices()
    states = LateAction.State
    counters = Counter.objects.filter(late_actions__in=notices).annotate(
        lost=Count("late_actions", filter=Q(late_actions__state=states.MISSING)),
        wiped=Count("late_actions", filter=Q(late_actions__state=states.WIPED)),
        noticed=Max("late_actions__received_at"),
    )
    return list(counters.order_by("name"))


def how_many() -> int:
    """How much waits for a manager: one line each, and one for each counter with a gap."""
    found = LateAction.objects.for_a_manager().aggregate(
        held=Count("pk", filter=Q(state=LateAction.State.HELD)),
        counters=Count("counter", filter=~Q(state=LateAction.State.HELD), distinct=True),
    )
    return found["held"] + found["counters"]
