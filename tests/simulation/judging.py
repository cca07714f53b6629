"""What staff tapped, against what stands in the books. It knows the taps, and none of our code's
reasons: each tap has met one fate, and each entry has a tap."""

from collections import Counter as Tally
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from uuid import UUID

from loyalty import keys
from loyalty.calendar import months_after
from members.ledger.models import Account, LedgerEntry, Lot, Operation
from rewards.models import Claim, HandOver
from stampcards.counter.models import LateAction
from tests.simulation import numbering
from tests.simulation.device import HERE

DAY = timedelta(hours=24)
MOMENT = timedelta(seconds=1)
CLOCK_OFF = timedelta(minutes=2)
State = LateAction.State


@dataclass
class Books:
    """What the database holds of this shop, read once."""

    world: object

    def __post_init__(self):
        kinds = ["add_stamps", "count_late"]
        stamps = Operation.objects.filter(kind__in=kinds, answer__refused__isnull=True)
        self.stamps = {op.key: op for op in stamps.order_by("pk")}
        self.late = list(LateAction.objects.order_by("counter", "device_seq"))
        self.rows = {str(row.key): row for row in self.late if row.key}
        undone = LedgerEntry.objects.filter(reverses__isnull=False, reverses__kind="earn")
        self.undone = set(undone.values_list("reverses__operation", flat=True))

    def of(self, tap):
        """What was booked for a tap: under its own key, the one for "meant", or a manager's."""
        three = [UUID(tap.key), keys.derived("meant", tap.key), tap.approved]
        return [self.stamps[key] for key in three if key in self.stamps]

    @cached_property
    def owners(self):
        """The tap of each stamping operation, as far as there is one."""
        return {op.pk: tap for tap in self.world.taps.values() for op in self.of(tap)}


def verdict(world, *, delivered=False):
    """A sentence for everything that must not be. `delivered`: nothing waits anywhere now."""
    with world.in_shop():
        books = Books(world)
        world.seen.update(_seen(world, books))
        wrong = [*world.network.trouble]
        for tap in world.taps.values():
            wrong += [f"{tap}: {what}" for what in _of_tap(world, books, tap)]
        wrong += _entries_without_a_tap(world, books)
        wrong += _cards(world, books)
        wrong += _rewards(world)
        wrong += _after_switching_off(world)
        wrong += numbering.of(world, books, delivered=delivered)
    if delivered:
        stuck = [device for device in world.devices if device.memory.actions]
        wrong += [f"{device} still keeps {len(device.memory.actions)}" for device in stuck]
    return wrong


# What must have happened among many seeds, or they have shown nothing (pitfall 30). That the rest
# happens is shown by the planted mistakes.
EVERYTHING = {
    *("done", "saved", "refused", "died"),
    *("counted", "held", "was meant", "came both ways", "clock off"),
}


def _seen(world, books):
    """Names of what happened here, as far as a test may want to know it."""
    yield from (tap.told or "died" for tap in world.taps.values())
    yield from (row.state for row in books.late)
    for tap in world.taps.values():
        ways = {arrival.late for arrival in _arrivals(world, tap)}
        yield from ["came both ways"] * (len(ways) > 1)
        yield from ["was meant"] * (keys.derived("meant", tap.key) in books.stamps)
    yield from ["clock off"] * any(row.clock_off for row in books.late)


# --- Each tap --------------------------------------------------------------------------------


def _of_tap(world, books, tap):
    booked, row = books.of(tap), books.rows.get(tap.key)
    fates = _fates(books, tap, booked, row)
    kept = tap.device.memory.actions.get(tap.key)
    waits = kept is not None and not kept["cancelled"]
    if len(booked) > 1:
        yield "counted twice"
    if len(fates) > 1:
        yield f"{' and '.join(fates)} at once"
    if not fates and not waits and not tap.lost and tap.told:
        yield "gone without a trace"
    if tap.told in ("refused", "taken back") and waits:
        yield "still waits, although staff were told that it does not count"
    if tap.told == "done" and not booked:
        yield "staff were told that it is done, and it is not"
    if tap.undo == "done" and "counted" in fates:
        yield "undone, and it still counts"
    for op in booked:
        if (op.kind == "count_late") != (tap.decided == "counted"):
            yield f"booked by {op.kind}, and the manager's word was: {tap.decided}"
        yield from _of_entry(world, books, tap, op, row)
    if row:
        yield from _of_row(world, tap, row)


def _fates(books, tap, booked, row):
    fates = []
    if any(op.pk not in books.undone for op in booked):
        fates.append("counted")
    if any(op.pk in books.undone for op in booked):
        fates.append("undone")
        if not tap.undo:
            fates.append("nobody undid it")
    if row and row.state == State.HELD:
        fates.append("on the manager's list")
    if row and row.state == State.DISMISSED and tap.told != "taken back":
        fates.append("left out")
    if tap.told == "refused":
        fates.append("refused to their face")
    if tap.told == "taken back":
        fates.append("taken back before it was sent")
    return fates


def _of_entry(world, books, tap, op, row):
    """Who, whose, how many, and when: as tapped, whatever the device's clock says."""
    if op.answer is None:
        yield "begun, and never decided"
        return
    if (op.counter_id, op.answer["given"]) != (tap.counter, tap.worth):
        yield f"booked {op.answer['given']} at counter {op.counter_id}"
    if tap.card is None:
        yield "booked on somebody's card"
    back = timedelta(days=31) if op.kind == "count_late" else DAY
    if not op.recorded_at - back <= op.occurred_at <= op.recorded_at:
        yield f"happened {op.occurred_at}, written down {op.recorded_at}"
    if op.kind == "count_late":
        return
    came = [a for a in _arrivals(world, tap) if a.when == op.recorded_at]
    if not came:
        yield f"booked at {op.recorded_at}, when nothing of it arrived"
    else:
        yield from min((list(_misdated(tap, op, arrival)) for arrival in came), key=len)


def _misdated(tap, op, arrival):
    """What this arrival does not explain. A clock that was changed since may be hours off."""
    if not arrival.late:
        if op.occurred_at != op.recorded_at:
            yield f"stamped at {op.recorded_at}, dated {op.occurred_at}"
        return
    if op.staff_id != tap.staff:
        yield f"by staff {op.staff_id} instead of {tap.staff}"
    happened = min(tap.at + (arrival.when - arrival.sent), op.recorded_at)
    clock_stood = not any(tap.at < jump <= arrival.sent for jump in tap.device.jumps)
    if clock_stood and abs(op.occurred_at - happened) > MOMENT:
        yield f"happened {happened}, dated {op.occurred_at}"


def _of_row(world, tap, row):
    if (row.counter_id, row.staff_id) != (tap.counter, tap.staff):
        yield f"listed for counter {row.counter_id} and staff {row.staff_id}"
    wanted = tap.decided == "left out" or tap.told == "taken back"
    if (row.state == State.DISMISSED) != wanted:
        yield f"{row.state}, and the manager's word was: {tap.decided}"
    offs = {a.off for a in _arrivals(world, tap) if a.late and a.when == row.received_at}
    if row.clock_off not in offs:
        yield f"clock off: {row.clock_off}, its clock was {offs}"


@dataclass
class Arrival:
    """A tap reached the server; `late` by the queue. `off`: was the device's clock wrong?"""

    when: object
    sent: object
    late: bool
    off: bool


def _arrivals(world, tap):
    for when, request in world.network.arrivals:
        if request.key == tap.key:
            late = request.path == HERE
            now = request.data["item"]["now"] / 1000 if late else when.timestamp()
            off = abs(when.timestamp() - now) > CLOCK_OFF.total_seconds()
            yield Arrival(when, request.sent, late, off)


# --- The books -------------------------------------------------------------------------------


def _entries_without_a_tap(world, books):
    for op in books.stamps.values():
        if op.pk not in books.owners:
            yield f"operation {op.pk} stamps a card, and nobody tapped"
    for key in books.rows.keys() - world.taps.keys():
        yield f"{key} is on the list, and nobody tapped"
    times = [op.recorded_at for op in books.stamps.values()]
    if times != sorted(times):
        yield "entries stand in another order than they were written"


def _cards(world, books):
    """Each card holds its welcome and what counted; what made it full became rewards."""
    counted = Tally()
    for op in books.stamps.values():
        if op.pk in books.owners and op.pk not in books.undone:
            counted[op.membership_id] += books.owners[op.pk].worth
    rewards = Tally(Claim.objects.exclude(state="cancelled").values_list("account", flat=True))
    for account in Account.objects.select_related("membership"):
        whole = 1 + counted[account.membership_id]
        want = (whole % world.need, whole // world.need, whole // world.need, 0)
        has = (account.balance, account.cycle, rewards[account.pk], account.shortfall)
        if has != want:
            yield f"card {account.membership.counter_code}: {has} instead of {want}"
    yield from _owners_of_cards(world, books)
    yield from _dates(world)


def _owners_of_cards(world, books):
    whose = {code: card for card in world.cards for code, _short in card.codes}
    for op in Operation.objects.filter(pk__in=books.owners).select_related("membership"):
        if whose.get(op.membership.counter_code) is not books.owners[op.pk].card:
            yield f"{books.owners[op.pk]}: booked on another card"


def _dates(world):
    """A stamp lasts a year from the day it was given in the shop's time."""
    lots = Lot.objects.filter(entry__kind="earn").select_related("entry__operation")
    for lot in lots:
        given = lot.entry.operation.occurred_at.astimezone(world.shop.zone).date()
        if lot.expires_on != months_after(given, 12):
            yield f"lot {lot.pk}: given {given}, until {lot.expires_on}"


def _rewards(world):
    out = Tally(HandOver.objects.filter(undone_by=None).values_list("claim", flat=True))
    for claim, times in out.items():
        if times > 1:
            yield f"reward {claim} was handed out {times} times"
        if claim not in world.handed:
            yield f"reward {claim} was handed out, and nobody did"
    for claim, said in world.handed.items():
        if said and not out[claim]:
            yield f"reward {claim}: staff were told that it is handed out, and it is not"


def _after_switching_off(world):
    """A counter that is switched off books nothing, whatever it hands in (S8). A manager may."""
    by_counters = Operation.objects.filter(kind__in=["add_stamps", "hand_over", "undo"])
    for counter, since, until in world.off:
        after = by_counters.filter(counter=counter, recorded_at__gt=since)
        if until:
            after = after.filter(recorded_at__lt=until)
        for op in after:
            yield f"{op.kind} {op.pk} was booked by counter {counter}, which is switched off"


def screens(world):
    """Every open page says how many stamps wait on its device, and not how many taps."""
    for device in world.devices:
        if device.page is None:
            continue
        said, kept = device.page.waiting + device.page.attention, device.in_order()
        waits = sum(world.taps[action["key"]].worth for action in kept if not action["cancelled"])
        if said != waits:
            yield f"{device} says that {said} wait, and {waits} do"
