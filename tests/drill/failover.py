"""Does anything that was called done get lost when the database machine dies?

    stamp            tills stamp through the site, over HTTP, and repeat a key until it is answered
    freeze           the standby hangs: a synchronous primary acknowledges nothing meanwhile,
                     not even when somebody cancels the commits that wait
    thaw             the waiting stamps are answered
    cut              in the rounds that do it: the standby hears nothing of what happens next
    kill, promote    the primary dies; the standby takes writes; the site follows by itself
    compare          every stamp that was acknowledged, with the ledger that is left

The same with an asynchronous standby must lose something. If it does not, the drill is too tame to
prove anything, and fails.
"""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.drill import books, load, pair, site
from tests.drill.books import Compared
from tests.drill.load import CLIENTS, Load, plainly
from tests.drill.pair import Pair
from tests.drill.processes import freeze, thaw, until
from tests.running import postgres
from tests.support import serving

SHARED = "dbcache://shared_cache"  # as .env.example has it
FEW = 25  # stamps that show that things go on
STILL = 2  # seconds in which nothing may be acknowledged
GAP = 10  # seconds without a stamp that a scripted promote may cost (promise R3)
HONEST = {"200", "503"}  # done, or ask again


@dataclass(frozen=True)
class Round:
    name: str
    synchronous: bool
    cut: bool


FULL_FLOW = Round("synchronous, killed in full flow", synchronous=True, cut=False)
CUT_OFF = Round("synchronous, cut off first", synchronous=True, cut=True)
CONTROL = Round("asynchronous, cut off first", synchronous=False, cut=True)
ROUNDS = (FULL_FLOW, CUT_OFF, CONTROL)


@dataclass
class Outcome:
    """What a round came to; times in seconds."""

    of: Round
    while_frozen: int = 0  # acknowledged while the standby hung
    acknowledged: int = 0
    again: int = 0  # of these, only by a repeat of the key
    gap: float = 0  # the longest pause between acknowledgements since the kill
    answers: dict[str, int] = field(default_factory=dict)
    compared: Compared = field(default_factory=lambda: Compared(0, 0, 0))
    audit: str = ""  # what check_ledger found wrong

    def __str__(self) -> str:
        found = self.compared
        return (
            f"{self.of.name}: {self.acknowledged} acknowledged, {self.again} of them when asked "
            f"again; {found.lost} lost, {found.doubled} doubled, {found.mismatched} answered "
            f"otherwise; {self.while_frozen} while the standby hung; {self.gap:.1f} s without a "
            f"stamp; the books {'disagree' if self.audit else 'agree'}"
        )

    def wrong(self) -> Iterator[str]:
        """Each promise that was not kept, and what makes the drill prove nothing."""
        found = self.compared
        if self.of.synchronous:
            if found.lost:
                yield f"{found.lost} acknowledged stamps are lost"
            if self.while_frozen:
                yield f"{self.while_frozen} stamps were acknowledged before the standby had them"
        else:
            if not found.lost:
                yield "nothing was lost without a synchronous standby, so this drill proves nothing"
            if not self.while_frozen:
                yield "an asynchronous primary waited, so something else held it up"
        if found.doubled or found.mismatched:
            yield f"{found.doubled} stamps doubled, {found.mismatched} booked otherwise than told"
        if not 0 < self.gap <= GAP:
            yield f"{self.gap:.1f} s without a stamp, {GAP} are allowed"
        if dishonest := {code: n for code, n in self.answers.items() if code not in HONEST}:
            yield f"answers that are neither done nor ask again: {dishonest}"
        if self.audit:
            yield self.audit


def drill() -> int:
    """Every round, told as it goes; the exit code."""
    print("A shop on two databases. Each round takes about ten seconds.", flush=True)
    verdicts = []
    for outcome in outcomes(*ROUNDS):
        print(outcome, flush=True)
        verdicts += [f"{outcome.of.name}: {sentence}" for sentence in outcome.wrong()]
    for sentence in verdicts:
        print(f"WRONG: {sentence}")
    print("The drill failed." if verdicts else "Nothing that was acknowledged is lost.")
    return 1 if verdicts else 0


def outcomes(*rounds: Round) -> Iterator[Outcome]:
    """Raises postgres.Unavailable where there is none, TookTooLong, site.Failed."""
    with tempfile.TemporaryDirectory(prefix="stamkunde-drill-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # the database runs as somebody else
        binaries = postgres.find_binaries(home)
        cold = postgres.make_cluster(binaries, home)
        with postgres.serving(binaries, cold, home / "making.log") as address:
            shop = site.with_a_shop({"DATABASE_URL": address, "CACHE_URL": SHARED})
        for number, each in enumerate(rounds):
            here = home / str(number)
            yield held(each, pair.copied(binaries, cold, here), shop, here / "web.log")
            shutil.rmtree(here)


def held(of: Round, two: Pair, shop: dict[str, Any], log: Path) -> Outcome:
    told = {"DATABASE_URL": two.address, "CACHE_URL": SHARED}
    outcome = Outcome(of)
    try:
        two.start(synchronous=of.synchronous)
        with (
            serving.served(told=told, log=log) as address,
            load.running(plainly(address), shop) as tills,
        ):
            goes_on(tills)
            outcome.while_frozen = standby_hangs(two, tills, of)
            if of.cut:
                standby_is_cut_off(two, tills, of)
            outcome.gap = primary_dies(two, tills)
            if of is FULL_FLOW:
                two.bring_back()
                goes_on(tills)
        outcome.acknowledged = len(tills.done)
        outcome.again = sum(each.tries > 1 for each in tills.done)
        outcome.answers = dict(tills.answers)
        outcome.compared = books.compare(tills.done, two.standby.ask(books.STAMPS))
        outcome.audit = audited(told)
    finally:
        two.end()
    return outcome


def audited(told: dict[str, str]) -> str:
    """What check_ledger has to say against the books. It follows to the new primary as well."""
    try:
        site.manage(told, "check_ledger")
    except site.Failed as trouble:
        return str(trouble)
    return ""


def goes_on(tills: Load, stamps: int = FEW) -> None:
    enough = len(tills.done) + stamps
    until(lambda: len(tills.done) >= enough, f"{stamps} more stamps")


def standby_hangs(two: Pair, tills: Load, of: Round) -> int:
    """How many stamps are acknowledged while nothing can have reached the standby.

    A wait that is cancelled ends with success and a warning; then too nothing may be called done.
    """
    freeze(two.standby.pid)
    try:
        if of.synchronous:
            all_wait(two)
            two.primary.cancel_waits()
        before = len(tills.done)
        time.sleep(STILL)
        acknowledged = len(tills.done) - before
    finally:
        thaw(two.standby.pid)
    goes_on(tills)
    return acknowledged


def standby_is_cut_off(two: Pair, tills: Load, of: Round) -> None:
    two.cut()
    all_wait(two) if of.synchronous else goes_on(tills)


def all_wait(two: Pair) -> None:
    until(lambda: two.primary.waiting() == CLIENTS, "every till to wait for the standby")


def primary_dies(two: Pair, tills: Load) -> float:
    """The longest pause in seconds, until the other one acknowledges stamps."""
    two.primary.kill()
    killed = time.monotonic()
    two.promote()
    goes_on(tills)
    return longest_pause([each.moment for each in tills.done], since=killed)


def longest_pause(moments: Iterable[float], *, since: float) -> float:
    """Between two stamps. The first answers after a kill may be to what was done before it."""
    later = [since, *sorted(moment for moment in moments if moment > since)]
    return max(then - before for before, then in pairwise(later))
