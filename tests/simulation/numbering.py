"""The numbers of the devices: without a gap, each once, and they tell what was lost (O3)."""

from stampcards.counter.models import LateAction

State = LateAction.State
NOTICES = (State.MISSING, State.WIPED)


def of(world, books, *, delivered):
    """A sentence for every wrong number, and for every loss that nobody is told of."""
    yield from _false_alarms(world, books)
    if delivered:
        yield from _gaps(world, books)
        yield from _silent_losses(world, books)


def _false_alarms(world, books):
    """Nothing is reported as lost where nothing was, and no number that nobody gave."""
    lost = _lost_numbers(world)
    for row in books.late:
        if row.state not in NOTICES:
            continue
        wipes = [wipe for wipe in world.wipes if wipe.device is world.homes[row.counter_id]]
        # Where the cookie went as well, numbers were given twice: then nobody knows whose it was.
        unsure = row.state == State.WIPED or any(wipe.with_cookies for wipe in wipes)
        if not wipes or not (unsure or (row.counter_id, row.device_seq) in lost):
            yield f"false alarm: {row}"


def _gaps(world, books):
    """A device that became another counter tells no more of the numbers it lost before."""
    for counter, device in world.homes.items():
        there = [row.device_seq for row in books.late if row.counter_id == counter]
        gaps = {(counter, seq) for seq in range(1, max(there, default=0) + 1)}
        gaps -= {(counter, seq) for seq in there}
        if device.counter.pk != counter:
            gaps -= _lost_numbers(world)
        if gaps:
            yield f"numbers of counter {counter} have gaps: {sorted(gaps)}"


def _silent_losses(world, books):
    for tap in world.taps.values():
        came = books.of(tap) or tap.key in books.rows
        if not tap.lost or came or not tap.numbers:
            continue  # without a number it was on its way, and staff were told nothing yet
        if tap.device.counter.pk == tap.counter and not _noticed(world, books, tap):
            yield f"{tap}: lost with the memory of its device, and nobody is told"


def _noticed(world, books, tap):
    """Its number is missing, or the wiping itself was noticed.

    Where the cookie went as well and nothing had ever come from that counter, nobody can know.
    """
    since = [wipe for wipe in world.wipes if wipe.device is tap.device and wipe.at >= tap.lost.at]
    if not tap.lost.tops.get(tap.counter) and any(wipe.with_cookies for wipe in since):
        return True
    return any(
        (row.counter_id, row.device_seq) in tap.numbers
        if row.state == State.MISSING
        else row.counter_id == tap.counter and row.received_at >= tap.lost.at
        for row in books.late
        if row.state in NOTICES
    )


def _lost_numbers(world):
    return {number for tap in world.taps.values() if tap.lost for number in tap.numbers}
