"""The till: how long staff wait for us between two customers, and in a shop of ten thousand."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from members.ledger import audit
from tests.bench import asking, machine, shop, site, till
from tests.bench.figures import Series, against, row, sums, times
from tests.running import parts
from tests.support.serving import served

OURS = 300  # milliseconds of a stamp that may be ours on this machine
PERSON = 3000  # milliseconds a stamp may take the person at the till
DRAWER = 2000  # milliseconds for an answer with ten thousand members
# What people need is not measured here: bring the code into view, then read the name and tap.
AIMING, TAPPING = (600, 1200), (700, 900)  # milliseconds, from the journeys


@dataclass(frozen=True)
class Measured:
    ran_on: dict[str, str]
    members: int
    seen: till.Seen
    answered: asking.Answered
    statements: dict[str, int]
    wrong: list[str]  # what does not add up; nothing is the promise

    @property
    def ours(self) -> Series:
        return sums(self.seen.sheet, self.seen.line)

    @property
    def server(self) -> Series:
        return sums(self.answered.find, self.answered.stamp)


def bench(*, stamps: int, members: int, file: Path | None) -> int:
    """Measure, tell, and return the exit code: 1 if a stamp was lost or the books disagree."""
    if absent := parts.missing([parts.CHROMIUM]):
        print(f"Nothing was measured: Chromium is missing; cure: {absent[0].cure}")
        return 1
    measured = run(stamps=stamps, members=members)
    print("\n".join(report(measured)))
    if file:
        file.write_text(json.dumps(plain(measured), indent=2) + "\n")
    return 1 if measured.wrong else 0


def run(*, stamps: int, members: int) -> Measured:
    ran_on = machine.told()
    with site.fresh_database(), tempfile.TemporaryDirectory(prefix="stamkunde-bench-") as folder:
        print(f"Making a shop with {members} members.", flush=True)
        made = shop.open_shop(cards=stamps, crowd=members - stamps)
        with served("tests.bench.wsgi:application", workers=1) as address:
            print(f"Stamping {stamps} cards by camera, then {stamps} by code.", flush=True)
            film = Path(folder) / "till.mjpeg"
            seen = till.measure(address, made, stamps=stamps, film=film)
            answered = asking.measure(address, made, times=stamps)
        statements = asking.statements(made)
        wrong = disagreements(made, given=2 * stamps + 1)
    ran_on["load after"] = machine.load()
    return Measured(ran_on, members, seen, answered, statements, wrong)


def disagreements(made: shop.BenchShop, *, given: int) -> list[str]:
    operations, entries = made.stamps()
    wrong = list(audit.disagreements())
    if not given == operations == entries:
        wrong.append(f"{given} stamps given, {operations} operations, {entries} entries")
    return wrong


def report(measured: Measured) -> list[str]:
    """What a person reads. `measured` in milliseconds throughout."""
    seen, answered, ours = measured.seen, measured.answered, measured.ours
    aims, taps = (f"{low}–{high} ms" for low, high in (AIMING, TAPPING))
    person = ours.median + AIMING[1] + TAPPING[1]
    count = len(ours.values)
    return [
        "",
        *(f"  {name:<14}{value}" for name, value in measured.ran_on.items()),
        "",
        f"By camera, {count} stamps; browser and server share this machine",
        f"  {'':<44}{'median':>8}{'p95':>8}  ms",
        row("code read → sheet on screen", seen.sheet, times(seen.sheet, seen.hello)),
        row("tap → green line, camera ready", seen.line, times(seen.line, seen.hello)),
        row("ours: both", ours, against(OURS, ours.median)),
        row("hello request from the same page", seen.hello),
        row("one look of the camera", seen.look, "and 90 ms between two looks"),
        f"  For the person: {person:.0f} ms at most, {against(PERSON, person)}. Assumed, not",
        f"  measured: {aims} to bring the code into view, {taps} to read and tap.",
        "",
        f"By typed code, {measured.members} members, {count} stamps; the server alone",
        row("6 digits → sheet", answered.find, times(answered.find, answered.hello)),
        row("tap → green line", answered.stamp, times(answered.stamp, answered.hello)),
        row("both", measured.server, against(DRAWER, measured.server.p95) + " at p95"),
        row("hello request", answered.hello),
        "  statements: {find} to find, {stamp} to stamp".format(**measured.statements),
        "  Members beside the scanned ones were written in one go, without accounts: their first",
        "  stamp opens the account. All stamps were given by the till.",
        "",
        *(f"WRONG: {sentence}" for sentence in measured.wrong),
        f"{2 * count + 1} stamps given; the books {'disagree' if measured.wrong else 'agree'}.",
    ]


def plain(measured: Measured) -> dict[str, Any]:
    """For a file: milliseconds."""
    seen, answered = measured.seen, measured.answered
    series = {
        "read_to_sheet": seen.sheet,
        "tap_to_line": seen.line,
        "ours": measured.ours,
        "page_hello": seen.hello,
        "look": seen.look,
        "code_to_sheet": answered.find,
        "stamp": answered.stamp,
        "server": measured.server,
        "hello": answered.hello,
    }
    return {
        "ran_on": measured.ran_on,
        "members": measured.members,
        "counter": {name: each.plain() for name, each in series.items()},
        "statements": measured.statements,
        "wrong": measured.wrong,
    }
