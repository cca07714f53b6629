"""What can happen next. Each step is one line of the story; the seed draws them by weight."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Max

from loyalty import codes
from loyalty.actors import Actor, Channel
from loyalty.operations import choose_staff, dismiss, revoke
from loyalty.refusals import Refused
from members import programmes
from members.access import holder_of
from members.ledger.models import LedgerEntry
from members.models import Membership
from members.operations import latest_at, replace_codes
from rewards.models import Claim
from stampcards.counter import deciding
from stampcards.counter.models import LateAction
from tests.factories import as_owner
from tests.simulation import staffing
from tests.simulation.staffing import Wipe, open_page

MINUTE, HOUR = 60, 3600
CLOCKS = [
    timedelta(0),
    timedelta(minutes=1),
    timedelta(minutes=-20),
    timedelta(hours=3),
    timedelta(hours=-3),
    timedelta(days=2),
    timedelta(days=-2),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2099, 7, 1, tzinfo=UTC),
]


def somebody(world):
    """A device on which staff can tap, or None."""
    ready = [device for device in world.devices if device.at_work]
    return world.rng.choice(ready) if ready else None


def a_device(world):
    return world.rng.choice([device for device in world.devices if not device.in_drawer])


# --- Staff -----------------------------------------------------------------------------------


def a_tap(world):
    rng, device = world.rng, somebody(world)
    if device is None:
        open_page(a_device(world))
        return
    online = device.page.online
    if online and device.air == "down" and rng.random() < 0.5:
        online = device.page.online = False  # the card could not even be looked up
    tap = world.tap(
        device,
        rng.choice(world.cards),
        count=rng.choice([1, 1, 1, 2, 3, 5]),
        again=rng.random() < 0.4,
        extra=world.extra and rng.random() < 0.2,
        old=rng.random() < 0.1,
        short=not online and rng.random() < 0.2,
    )
    world.note(f"{device}: tap {tap.key[:8]}, {tap.worth} for {tap.card}, {online=}")
    if online:
        staffing.stamp(device, tap, dies=rng.choices(["", "before", "after"], [20, 1, 1])[0])
    else:
        staffing.save(device, tap)
    if tap.told == "refused" and device.page.staff is None:
        somebody_else(world, device)  # the till asks who it is
    if tap.told == "refused" and device.at_work and rng.random() < 0.5:
        once_more(world, tap)


def once_more(world, refused):
    """Staff were asked, and mean it."""
    count = int(refused.form["count"])
    tap = world.tap(refused.device, refused.card, count=count, again=True)
    world.note(f"{tap.device}: and again {tap.key[:8]}")
    staffing.stamp(tap.device, tap)


def a_wrong_number(world):
    """Without a connection somebody types six digits that are nobody's."""
    device = somebody(world)
    if device is None or device.page.online:
        return
    tap = world.tap(device, world.cards[0])
    tap.card, tap.code = None, _nobodys_digits(world)
    world.note(f"{device}: tap {tap.key[:8]} for the wrong number {tap.code}")
    staffing.save(device, tap)


def _nobodys_digits(world):
    taken = {short for card in world.cards for _long, short in card.codes}
    while True:
        digits = f"{world.rng.randrange(10**6):06}"
        if codes.is_plausible(digits) and digits not in taken:
            return digits


def a_change_of_mind(world):
    """Undo: of what was saved and not sent yet, or from the last ten."""
    device = somebody(world)
    mine = [tap for tap in world.taps.values() if tap.device is device and tap.told == "saved"]
    if mine and world.rng.random() < 0.5:
        world.note(f"{device}: takes back {mine[-1].key[:8]}")
        staffing.take_back(device, mine[-1])
    elif device and device.page.online and device.air != "down":
        _undo_from_the_last_ten(world, device)


def _undo_from_the_last_ten(world, device):
    with world.in_shop():
        done = latest_at(Actor.of_counter(device.counter), world.now)
        undone = LedgerEntry.objects.filter(reverses__operation__in=done)
        gone = set(undone.values_list("reverses__operation", flat=True))
    stamps = [op for op in done if op.kind == "add_stamps" and op.pk not in gone]
    if stamps:
        booked = world.rng.choice(stamps[:3])
        tap = world.of_booked(booked.key)
        world.note(f"{device}: undoes {tap.key[:8]}")
        staffing.undo(device, tap, booked.key)


def a_reward(world):
    """The customer wants what the card earned. Asked again, the page asks with the same key."""
    device = somebody(world)
    if device is None or not device.page.online:
        return
    with world.in_shop():
        ready = Claim.objects.filter(state=Claim.State.READY).order_by("pk")
        claim = ready.select_related("membership").first()
    if claim is None:
        return
    world.note(f"{device}: hands out reward {claim.pk}")
    key, code = world.uuid(), claim.membership.counter_code
    said = any(staffing.hand_out(device, code, claim.pk, key) for _try in range(2))
    world.handed[claim.pk] = world.handed.get(claim.pk, False) or said


def a_change_of_staff(world):
    device = somebody(world)
    if device and device.page.online and device.air != "down":
        somebody_else(world, device)


def somebody_else(world, device):
    """Somebody who works here says who they are. A counter that is switched off asks nobody."""
    if world.who_is_on(device):
        staff = world.rng.choice(world.employed)
        world.note(f"{device}: {staff.name} is on")
        with world.in_shop():
            choose_staff(device.counter, staff)
        open_page(device, sends=False)


# --- The owner -------------------------------------------------------------------------------


def a_manager(world):
    """Somebody looks at the list, and counts one or leaves it out."""
    with world.in_shop():
        rows = LateAction.objects.filter(state=LateAction.State.HELD).select_related("counter")
        row = world.rng.choice(list(rows.order_by("pk")) or [None])
        if row is None:
            return
        tap, key = world.taps[str(row.key)], UUID(world.uuid())
        tap.decided = world.rng.choice(["counted", "left out"])
        world.note(f"a manager: {tap.key[:8]} is {tap.decided}")
        actor = Actor(world.shop, Channel.OWNER)
        try:
            if tap.decided == "left out":
                deciding.leave_out(row, actor=actor)
            else:
                tap.approved = key
                deciding.count_it(row, key=key, actor=actor)
        except Refused as refusal:
            world.note(f"  refused: {refusal.code}")
            tap.decided = tap.approved = None


def a_pause(world):
    world.note("the owner: pauses the card")
    world.paused = True
    with world.in_shop():
        programmes.pause(world.card, actor=as_owner(world.card.shop))


def the_pause_is_over(world):
    if world.paused:
        world.note("the owner: resumes the card")
        world.paused = False
        with world.in_shop():
            programmes.resume(world.card, actor=as_owner(world.card.shop))


def new_codes(world):
    card = world.rng.choice(world.cards)
    with world.in_shop():
        mine = Membership.objects.select_related("shop").filter(counter_code=card.codes[-1][0])
        if membership := mine.first():
            world.note(f"{card} gets new codes")
            key = world.uuid()
            actor = holder_of(membership)
            card.new_codes(replace_codes(membership=membership, key=key, actor=actor))


def a_dismissal(world):
    if len(world.employed) > 1:
        staff = world.rng.choice(world.employed)
        world.note(f"the owner: dismisses {staff.name}")
        with world.in_shop():
            dismiss(staff, actor=as_owner(staff.shop))


def a_switch(world):
    """A counter is switched off, or brought back, or its device becomes another counter."""
    device = a_device(world)
    with world.in_shop():
        device.counter.refresh_from_db()
    if device.counter.revoked_at is None:
        world.note(f"the owner: switches {device} off")
        with world.in_shop():
            revoke(device.counter, actor=as_owner(device.counter.shop))
        world.off.append([device.counter.pk, world.now, None])
    elif world.rng.random() < 0.5:
        world.note(f"the owner: brings {device} back")
        world.bring_back(device)
        open_page(device)
    else:
        world.note(f"the owner: pairs {device} anew")
        world.pair_anew(device)


# --- Devices and the air ---------------------------------------------------------------------


def a_ring(world):
    """Fifteen seconds are over: the script tries again, if there is a reason to."""
    device = a_device(world)
    if device.page is None:
        open_page(device)
    elif device.in_order() or not device.page.online:
        device.send()


def the_air(world):
    device = a_device(world)
    device.air = world.rng.choice(["good", "flaky", "flaky", "down"])
    world.note(f"{device}: the air is {device.air}")
    if device.air != "down" and device.page and world.rng.random() < 0.5:
        device.send()  # the browser noticed


def a_page_dies(world):
    device = a_device(world)
    world.note(f"{device}: the page dies")
    device.page = None
    if world.rng.random() < 0.6:
        open_page(device)


def a_clock(world):
    device, new = a_device(world), world.rng.choice(CLOCKS)
    device.offset = new if isinstance(new, timedelta) else new - world.now
    device.jumps.append(world.now)
    world.note(f"{device}: its clock says {world.now + device.offset:%Y-%m-%d %H:%M}")


def a_nap(world):
    """The device sleeps: its clock goes on, its page stands still. No page lives for days."""
    device, hours = a_device(world), world.rng.choice([1, 9, 9, 20, 40])
    device.asleep = True
    world.pass_time(hours * HOUR)
    if hours > 24:
        device.page = None
    device.asleep = False
    world.note(f"{device}: wakes up")


def a_wipe(world):
    """The browser clears the memory; the cookie with the numbers may survive."""
    device, whole = a_device(world), world.rng.random() < 0.5
    with world.in_shop():
        rows = LateAction.objects.order_by().values_list("counter")
        wipe = Wipe(device, world.now, whole, dict(rows.annotate(top=Max("device_seq"))))
    world.note(f"{device}: is wiped, cookies too: {whole}")
    for key in device.memory.actions:
        world.taps[key].lost = wipe
    world.wipes.append(wipe)
    device.wipe(with_cookies=whole)
    open_page(device)


def a_drawer(world):
    """The device is put away, with whatever waits on it."""
    if sum(not device.in_drawer for device in world.devices) > 1:
        device = a_device(world)
        world.note(f"{device}: is put into a drawer")
        device.page, device.in_drawer = None, True


def a_straggler(world):
    world.network.deliver_a_straggler()


WEIGHTS = {
    a_tap: 40,
    a_ring: 10,
    the_air: 16,
    a_straggler: 8,
    a_page_dies: 5,
    a_change_of_mind: 7,
    a_clock: 5,
    a_reward: 4,
    a_manager: 5,
    a_pause: 2,
    the_pause_is_over: 8,
    a_wipe: 4,
    a_switch: 3,
    a_nap: 3,
    new_codes: 2,
    a_change_of_staff: 2,
    a_dismissal: 1,
    a_drawer: 1,
    a_wrong_number: 1,
}
PAUSES = [5, 20, 90, 6 * MINUTE, 6 * MINUTE, 20 * MINUTE, 70 * MINUTE, 3 * HOUR]


def one(world, more):
    """Some time passes, and something happens; `more`: weights of a test's own."""
    weights = {**WEIGHTS, **more}
    world.pass_time(world.rng.choice(PAUSES))
    [step] = world.rng.choices(list(weights), weights.values())
    step(world)
