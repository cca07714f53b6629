"""What a counter saved while it had no connection: booked when it comes, or kept for a manager.

A device numbers what it saves without a gap and lets go of it only when an answer repeats its
key. So everything may come twice, late or in another order, and still counts once. What can't be
booked as it stands is a row on the manager's list: nothing is ever dropped (promises O1–O5, F7).
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.http import Http404
from django.utils.translation import gettext as _

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.models import Counter, StaffMember
from loyalty.refusals import Refused
from members import kinds
from members.ledger import posting
from members.ledger.models import Operation
from members.ledger.refusals import KeyTaken
from members.refusals import AsksFirst
from stampcards.counter import finding
from stampcards.counter.models import LateAction

AHEAD = timedelta(minutes=2)  # a clock may be this much fast before we stop believing it
LONGEST_GAP = 1000  # numbers at once that may be missing: no device saves more, and a liar could

State = LateAction.State


@dataclass(frozen=True)
class Saved:
    """One action as a device saved it. `age`: how long ago, by the device's own clocks."""

    key: UUID
    seq: int
    store: str
    counter: int
    code: str
    asked: dict[str, str]
    staff: int | None
    age: timedelta
    clock_off: bool
    cancelled: bool


class NotOurs(Refused):
    """The action was saved at a counter of another shop."""

    code = "saved_elsewhere"

    def __str__(self) -> str:
        return _("This was saved at a counter of another shop.")


class TooOld(Refused):
    """Saved longer ago than a counter may back-date by itself: `hours`."""

    code = "saved_too_long_ago"

    def __str__(self) -> str:
        return _("It was saved more than %(hours)d hours ago.") % self.values


class AheadOfTime(Refused):
    """By its own clock the device saved it in the future."""

    code = "saved_ahead_of_time"

    def __str__(self) -> str:
        return _("The clock of the device was changed.")


class CounterSwitchedOff(Refused):
    """The counter was switched off before this arrived."""

    code = "counter_switched_off"

    def __str__(self) -> str:
        return _("The counter was switched off before this arrived.")


class Unreadable(Refused):
    """The form that was saved asks for something no form here asks for."""

    code = "saved_unreadable"

    def __str__(self) -> str:
        return _("It can't be read.")


class NobodyOnTheTill(Refused):
    """Nobody who works here was on the till."""

    code = "nobody_on_the_till"

    def __str__(self) -> str:
        return _("Nobody who works here was on the till.")


def take_in(device: Counter, saved: Saved) -> LateAction:
    """Book one action now, or keep it for a manager; the same one again changes nothing.

    Refused: NotOurs, TypingPaused (ask again later). Raises Busy like any operation.
    """
    if known := LateAction.objects.filter(key=saved.key).first():
        return known
    counter = Counter.objects.filter(shop=device.shop, pk=saved.counter).first()
    if counter is None:
        raise NotOurs
    counter.shop = device.shop
    action = _received(counter, saved)
    if saved.cancelled:
        action.state = State.DISMISSED
    elif (refusal := _must_wait(device, action) or _refused(action)) and not _was_booked(action):
        action.state, action.refusal = State.HELD, refusal.stored()
    return _numbered(action)


def note_missing(counter: Counter, *, given: int, waiting: list[int]) -> None:
    """Write down the numbers a device gave away that neither came nor wait there any more."""
    with transaction.atomic():
        Counter.objects.lock(counter)
        mine = LateAction.objects.filter(counter=counter)
        known = mine.aggregate(rows=Count("pk"), top=Max("device_seq"))
        if known["rows"] == (known["top"] or 0) and given <= known["rows"]:
            return  # no gap
        there = {*mine.values_list("device_seq", flat=True), *waiting}
        last = min(given, (known["top"] or 0) + LONGEST_GAP)
        lost = [seq for seq in range(1, last + 1) if seq not in there]
        LateAction.objects.bulk_create(_notice(counter, seq, State.MISSING) for seq in lost)


def note_wiped(counter: Counter, *, given: int, waiting: list[int], store: str) -> int:
    """The highest number of this counter; a memory that forgot its numbers is written down.

    A device whose memory was cleared counts anew, under a new name and from the beginning.
    """
    with transaction.atomic():
        Counter.objects.lock(counter)
        mine = LateAction.objects.filter(counter=counter)
        top = mine.aggregate(top=Max("device_seq"))["top"] or 0
        forgot = min([given + 1, *waiting]) <= top
        if forgot and not mine.filter(store=store).exists():
            top += 1
            _notice(counter, top, State.WIPED, store).save(force_insert=True)
        return top


def _received(counter: Counter, saved: Saved) -> LateAction:
    now = clock.now()
    return LateAction(
        shop=counter.shop,
        counter=counter,
        device_seq=saved.seq,
        store=saved.store,
        state=State.COUNTED,
        key=saved.key,
        code=saved.code,
        asked=saved.asked,
        staff=StaffMember.objects.filter(shop=counter.shop, pk=saved.staff or 0).first(),
        happened_at=now - saved.age,
        clock_off=saved.clock_off,
        received_at=now,
    )


def _must_wait(device: Counter, action: LateAction) -> Refused | None:
    """Why a manager decides, whatever the card's rules say."""
    happened = action.happened_at or action.received_at
    longest = timedelta(hours=settings.LATE_ACTIONS_HOURS)
    if device.revoked_at or action.counter_id != device.pk:
        return CounterSwitchedOff()
    if happened > action.received_at + AHEAD:
        return AheadOfTime()
    if happened < action.received_at - longest:
        return TooOld(hours=settings.LATE_ACTIONS_HOURS)
    if action.staff is None or not action.staff.active:
        return NobodyOnTheTill()
    return None


def _refused(action: LateAction) -> Refused | None:
    """Book it. Returns why the rules said no; None: it counts."""
    try:
        _book(action)
    except finding.TypingPaused:
        raise  # nothing was decided
    except Refused as refusal:
        return refusal
    return None


def _book(action: LateAction) -> None:
    """Give what staff meant to when there was no answer. Refused: whatever the kind refuses."""
    asked = action.asked or {}
    try:
        _give(action, {**asked, "key": str(action.key)})
    except AsksFirst:
        # The counter would have asked. But it happened, so it counts, and the entry says so.
        _give(action, {**asked, "key": str(_meant(action)), "again": "True"})


def _give(action: LateAction, asked: dict[str, str]) -> None:
    card = finding.find(action.counter, action.code)
    programme = asked.get("programme", "")
    try:
        account = finding.account_of(action.counter, card.counter_code, programme)
    except Http404 as nothing:  # or the device would ask for ever, and all behind it would wait
        raise Unreadable from nothing
    kind = kinds.kind(account.programme.kind)
    account.shop = action.counter.shop
    form = kind.counter_form(account, asked)
    if not form.is_valid():
        raise Unreadable
    happened = min(action.happened_at or action.received_at, action.received_at)
    kind.give(account, form, Actor.of_counter(action.counter, staff=action.staff, at=happened))


def _meant(action: LateAction) -> UUID:
    return keys.derived("meant", action.key)


def _was_booked(action: LateAction) -> bool:
    """Take the key, so that no belated copy of the tap can book it behind the manager's back.

    True: one had been booked already, and only its answer was lost.
    """
    try:
        set_aside(key=cast(UUID, action.key), actor=Actor(action.shop, Channel.JOB))
    except KeyTaken:
        booked = Operation.objects.filter(key__in=[action.key, _meant(action)])
        return booked.filter(answer__refused__isnull=True).exists()
    return False


def never_do(counter: Counter, key: str) -> None:
    """What was asked under this key was not done, and a belated copy of it books nothing."""
    with suppress(ValueError, KeyTaken):
        if not Operation.objects.filter(key=UUID(key)).exists():  # else it was decided
            set_aside(key=UUID(key), actor=Actor(counter.shop, Channel.JOB))


@posting.operation("set_aside")
def set_aside(op: Operation, *, key: UUID, actor: Actor) -> dict[str, str]:
    """Book nothing under this key, now or ever. Refused: KeyTaken, if something was decided."""
    return {}


def _numbered(action: LateAction) -> LateAction:
    """Store it under its number. A number that a cleared memory gave twice gets a new one."""
    try:
        with transaction.atomic():
            Counter.objects.lock(action.counter)
            mine = LateAction.objects.filter(counter=action.counter)
            top = mine.aggregate(top=Max("device_seq"))["top"] or 0
            same = mine.filter(device_seq=action.device_seq).first()
            if same and same.state == State.MISSING:
                action.pk = same.pk  # it came after all
            elif same or action.device_seq > top + LONGEST_GAP:
                action.device_seq = top + 1
            action.save()
    except IntegrityError:  # its twin was quicker
        return LateAction.objects.get(key=action.key)
    return action


def _notice(counter: Counter, seq: int, state: LateAction.State, store: str = "") -> LateAction:
    return LateAction(
        shop=counter.shop,
        counter=counter,
        device_seq=seq,
        state=state,
        store=store,
        received_at=clock.now(),
    )


def told(action: LateAction) -> dict[str, Any]:
    """The answer a device may let go of its copy for: it repeats the key."""
    return {"key": str(action.key), "state": "held" if action.state == State.HELD else "counted"}
