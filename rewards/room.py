"""What rewards answer when the house asks."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from loyalty.prepared import Given
from members.ledger.models import Operation
from members.models import Membership
from members.rooms import HistoryLine, Panel, RunsOut
from members.templatetags.days import day as in_words
from rewards import operations
from rewards.catalogue.operations import CANCELLING, CHOOSING, LAPSING
from rewards.models import HONOURED, Claim, HandOver
from rewards.tickets import Look, look_of, over_at


def may_undo(op: Operation, undone: Operation) -> None:
    operations.take_back_rewards(op, undone)


def undone(op: Operation, undone: Operation) -> bool:
    return operations.make_ready_again(op, undone)


def merged(op: Operation, gone: Membership, kept: Membership) -> dict[str, list[int]]:
    return {"claims": operations.move_claims(op, gone, kept)}


def unmerged(op: Operation, undone: Operation, gone: Membership, kept: Membership) -> None:
    answer = undone.answer or {}
    operations.move_claims_back(undone, gone, answer["moved"]["claims"])


def on_card(card: Given, now: Given) -> "QuerySet[Claim]":
    return Claim.objects.earned().filter(membership=card, state=Claim.State.READY)


def card_panel(membership: Membership, today: date) -> Panel | None:
    """What is ready stands first on the card page. What is reserved, early access tells."""
    ready = Claim.objects.earned().filter(membership=membership).ready(today)
    claims = list(ready.select_related("account__programme"))
    if not claims:
        return None
    save_first = operations.must_be_saved(membership)
    needs = {"claims": claims, "membership": membership, "save_first": save_first}
    return Panel("rewards/_ready.html", needs)


def history(
    membership: Membership, *, since: datetime | None, until: datetime | None
) -> Iterator[HistoryLine]:
    """What happened to rewards and is no entry, from `since` to before `until`."""
    yield from _handed_out(membership, since, until)
    yield from _chosen_for_cards(membership, since, until)
    yield from _ran_out(membership, since, until)


def _handed_out(
    membership: Membership, since: datetime | None, until: datetime | None
) -> Iterator[HistoryLine]:
    handed = HandOver.objects.filter(claim__membership=membership)
    used, corrected = _within("at", since, until), _within("undone_by__occurred_at", since, until)
    for given in handed.filter(used).select_related("claim__reservation__drop"):
        yield HistoryLine(given.at, words_of_hand_over(given.claim))
    back = handed.filter(corrected, undone_by__isnull=False)
    for title, at in back.values_list("claim__title", "undone_by__occurred_at"):
        yield HistoryLine(at, _("Corrected by the shop: %(reward)s is back") % {"reward": title})


def words_of_hand_over(claim: Claim) -> str:
    """Reward used: Free lunch. Costs nothing if the claim's reservation and drop are at hand."""
    if claim.source == Claim.Source.EARLY:
        seat = claim.reservation.drop.is_event
        words = _("Checked in: %(item)s") if seat else _("Handed out: %(item)s")
        return words % {"item": claim.title}
    return _("Reward used: %(reward)s") % {"reward": claim.title}


def _chosen_for_cards(
    membership: Membership, since: datetime | None, until: datetime | None
) -> Iterator[HistoryLine]:
    """Another reward for a full card, or its own again: nothing is booked for that."""
    done = Operation.objects.filter(membership=membership, answer__refused__isnull=True)
    choices = done.filter(Q(kind=CHOOSING) | Q(kind=CANCELLING, entries=None))
    for op in choices.filter(_within("occurred_at", since, until)).distinct():
        title = (op.answer or {}).get("title", "")
        words = _("Reward chosen: %(reward)s") % {"reward": title}
        yield HistoryLine(op.occurred_at, words if title else _("Changed your mind"))


def _ran_out(
    membership: Membership, since: datetime | None, until: datetime | None
) -> Iterator[HistoryLine]:
    """Rewards nobody used in time. Where points came back, their entry tells it."""
    over = Claim.objects.earned().filter(membership=membership, state=Claim.State.EXPIRED)
    back = Q(cost__gt=0, operation__entries__reversed_by__operation__kind=LAPSING)
    dated = over.exclude(back).exclude(**{"expires_on": None, HONOURED: None})
    for claim in dated.select_related("shop", "account__programme"):
        at = over_at(claim)
        if (since is None or at >= since) and (until is None or at < until):
            yield HistoryLine(at, _("Ran out unused: %(reward)s") % {"reward": claim.title})


def _within(field: str, since: datetime | None, until: datetime | None) -> Q:
    after = Q(**{f"{field}__gte": since}) if since else Q()
    return after & Q(**{f"{field}__lt": until}) if until else after


def running_out(
    memberships: "QuerySet[Membership]", since: date, until: date | None
) -> Iterator[RunsOut]:
    """Rewards that are ready, and their last good day. What is reserved, early access tells."""
    claims = Claim.objects.earned().filter(membership__in=memberships).ready(since)
    for claim in claims.last_days(since, until).select_related("account__programme"):
        day = cast(date, claim.last_day)
        told = {"reward": claim.title, "day": in_words(day)}
        words = _("Your reward runs out on %(day)s: %(reward)s.") % told
        yield RunsOut(claim.membership_id, day, words)


def rewards_ready(memberships: "QuerySet[Membership]", now: datetime) -> Iterator[tuple[int, str]]:
    """Whose rewards can be used now, by each shop's own day."""
    earned = Claim.objects.earned().filter(state=Claim.State.READY)
    waiting = earned.filter(membership__in=memberships)
    for claim in waiting.select_related("shop", "account__programme").order_by("pk"):
        if look_of(claim, now) == Look.READY:
            yield claim.membership_id, claim.title


def still_usable(membership: Membership, today: date) -> list[str]:
    """Rewards that are ready, and what is reserved."""
    ready = Claim.objects.filter(membership=membership).ready(today)
    return list(ready.values_list("title", flat=True))


def personal_data(membership: Membership) -> dict[str, Any] | None:
    own = Claim.objects.filter(membership=membership).order_by("-pk")
    told = [
        {
            _("When"): claim.issued_at,
            _("Reward"): claim.title,
            _("For"): claim.get_source_display(),
            _("What became of it"): claim.get_state_display(),
            _("Last day"): claim.last_day,
        }
        for claim in own.select_related("account__programme")
    ]
    return {_("Rewards and reservations"): told} if told else None


def forget(op: Operation, membership: Membership, now: datetime) -> None:
    operations.let_run_out(membership)


def tick(now: datetime) -> None:
    operations.expire_claims(now)


def audit() -> Iterator[str]:
    """A reward handed over has one hand-over that stands; no other has any."""
    standing = Count("hand_overs", filter=Q(hand_overs__undone_by=None))
    claims = Claim.objects.annotate(standing=standing)
    used = Q(state=Claim.State.HANDED_OVER)
    for claim in claims.exclude(used & Q(standing=1) | ~used & Q(standing=0)):
        yield f"claim {claim.pk} is {claim.state} with {claim.standing} hand-overs"
    for hand_over in HandOver.objects.exclude(claim__shop=F("shop")):
        yield f"hand-over {hand_over.pk} reaches into another shop"
