"""Calm, storm, calm again; then the verdict."""

import random
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import IntegrityError, connection, connections

from loyalty.languages import compile_languages
from members.ledger import audit
from tests.storm import books, clients, faults, judging, night, shop
from tests.storm.cluster import stop_at_once
from tests.storm.site import Site
from tests.support.serving import WHOLE

KILLS = (0.25, 0.5, 0.75)  # of all operations were asked when the servers are killed
CRASH = 0.6  # … when the database is stopped, in the middle of everything
KILLED, STOPPED = "killed", "stopped"  # as they are counted
ROUNDS = 10  # of the last night, until nothing is left to do
MOST_LINES = 12  # of what was wrong, of each kind


@dataclass(frozen=True)
class Weather:
    seed: int
    operations: int
    clients: int
    control: str = ""  # a planted fault, of faults.ALL


def storm(weather: Weather, postmaster: int | None = None) -> judging.Verdict:
    """Blow over the database of this process, which must be empty.

    `postmaster`: the database server's process, if it is one; it is stopped at once, and whoever
    started it starts it again.
    """
    compile_languages()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    dice = random.Random(weather.seed)
    if weather.control == faults.NO_LOCK:
        faults.let_entries_share_a_place()
    town = shop.open_town(clients=weather.clients, operations=weather.operations, dice=dice)
    connections.close_all()
    with tempfile.TemporaryDirectory(prefix="stamkunde-storm-") as folder:
        crowd, took = _blow(weather, town, Path(folder), postmaster)
    sleepless = _last_night()
    verdict = judging.judge([*town.acts, *crowd.acts], books.read(), town.places)
    verdict.failed += [*crowd.troubles, *_errors(crowd)]
    verdict.books += [*sleepless, *audit.disagreements()]
    print("\n".join(report(weather, crowd, verdict, took)), flush=True)
    return verdict


def _last_night() -> list[str]:
    """The servers are gone; what was left for the night is done. Returns what stood in its way."""
    try:
        for _ in range(ROUNDS):
            night.one(shop.NIGHTS)
    except IntegrityError as broken:  # books that do not add up do not let points run out
        return [f"account in the night: {broken}"]
    return []


def _blow(
    weather: Weather, town: shop.Town, folder: Path, postmaster: int | None
) -> tuple[clients.Crowd, float]:
    """What was asked and answered, and how many seconds it took."""
    file = folder / "night"
    file.write_text("0")
    unlocked = weather.control == faults.NO_LOCK
    site = Site(file, folder / "site.log", faults.UNLOCKED if unlocked else WHOLE)
    crowd = clients.gather(
        town,
        site.host,
        operations=weather.operations,
        seed=weather.seed,
        control=weather.control,
    )
    try:
        site.start()
        began = time.monotonic()
        kills = () if weather.control else KILLS  # a planted fault shows in calm weather
        crowd.run(lambda crowd: _rage(crowd, site, file, kills, postmaster if kills else None))
        return crowd, time.monotonic() - began
    finally:
        site.kill()


def _rage(
    crowd: clients.Crowd,
    site: Site,
    file: Path,
    kills: Iterable[float],
    postmaster: int | None,
) -> None:
    """Everything that goes wrong from outside, each at its part of the storm."""
    happens: list[tuple[float, Callable[[], None]]] = [(part, _kill(site, crowd)) for part in kills]
    happens += [
        (number / (shop.NIGHTS + 1), _let_it_be(file, number))
        for number in range(1, shop.NIGHTS + 1)
    ]
    if postmaster:
        happens.append((CRASH, _crash(postmaster, crowd)))
    for part, happen in sorted(happens, key=lambda each: each[0]):
        crowd.wait_for(int(part * crowd.operations))
        happen()


def _kill(site: Site, crowd: clients.Crowd) -> Callable[[], None]:
    def kill() -> None:
        site.kill()
        site.start()
        crowd.tally.note(KILLED)

    return kill


def _crash(postmaster: int, crowd: clients.Crowd) -> Callable[[], None]:
    def crash() -> None:
        stop_at_once(postmaster)
        crowd.tally.note(STOPPED)

    return crash


def _let_it_be(file: Path, number: int) -> Callable[[], None]:
    def write() -> None:
        whole = file.with_suffix(".new")
        whole.write_text(str(number))
        whole.replace(file)  # never half of it

    return write


def _errors(crowd: clients.Crowd) -> list[str]:
    """Whoever asks too much of a machine is told to wait; an error is a mistake of ours."""
    return [f"{n} times {what}" for what, n in crowd.tally.counts.items() if what == "answer 500"]


def report(
    weather: Weather, crowd: clients.Crowd, verdict: judging.Verdict, took: float
) -> list[str]:
    kinds = clients.count(crowd.acts)
    tally = dict(crowd.tally.counts)
    lines = [
        f"{connection.vendor}, seed {weather.seed}: {len(crowd.acts)} operations by "
        f"{weather.clients} clients in {took:.0f} s",
        "  asked: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()),
        f"  {tally.pop(KILLED, 0)} times the servers were killed"
        + (", and the database was stopped" if tally.pop(STOPPED, 0) else ""),
        f"  by itself: {verdict.by_itself} run out or thanked",
        "  on the way: " + ", ".join(f"{n} {what}" for what, n in sorted(tally.items())),
        f"  done {sum(act.done for act in crowd.acts)}, refused {verdict.refused.total()}:",
        *(f"    {n:>5}  {reason}" for reason, n in verdict.refused.most_common()),
        f"  lost {len(verdict.lost)}, doubled {len(verdict.doubled)}, "
        f"mismatched {len(verdict.mismatched)}, failed {len(verdict.failed)}, "
        f"the books disagree {len(verdict.books)} times",
    ]
    for part in ("lost", "doubled", "mismatched", "failed", "books"):
        lines += [f"    {part}: {line}" for line in getattr(verdict, part)[:MOST_LINES]]
    return lines
