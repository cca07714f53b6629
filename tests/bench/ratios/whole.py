"""One run: two databases on a PostgreSQL of our own that flushes to disk, one on SQLite, granian
with two workers before each, and rounds of load in an order that is shuffled every time."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from loyalty.languages import compile_languages
from loyalty.management.demo.serving import HOST, child, end_all, web_server
from tests.bench import machine as facts
from tests.bench.ratios import load, machine
from tests.bench.ratios.targets import Row, Sample, reckon
from tests.running import parts, postgres
from tests.support.serving import until_it_answers

DURABLE = ("fsync=on", "synchronous_commit=on", "max_connections=60", "shared_buffers=256MB")
DISTURBED = 0.15  # of the machine for others; a sample with more is taken again, at most twice
AGAIN = 2
SMALL = (20, 500, 10_000)  # shops, members, entries
PREPARE_SECONDS = 3600
COMMITS = SQL("ALTER DATABASE {} SET synchronous_commit = {}")


@dataclass(frozen=True)
class Size:
    shops: int
    members: int
    entries: int
    rounds: int
    seconds: int  # of each load
    patience: float  # seconds after which nothing is repeated, and no round begins


@dataclass(frozen=True)
class Load:
    """What is sent where."""

    server: str  # by the name of its database
    file: str
    connections: int = 8
    stamps: bool = False


LOADS = {
    "hello": Load("large", "hello"),
    "hello-1": Load("large", "hello", connections=1),
    "stamp": Load("large", "spread", stamps=True),
    "stamp-1": Load("large", "spread", connections=1, stamps=True),
    "hot": Load("large", "hot", stamps=True),
    "plain": Load("large", "plain"),
    "card": Load("large", "card"),
    "plain-card": Load("large", "plain-card"),
    "small": Load("small", "spread", stamps=True),
    "sqlite": Load("sqlite", "spread", stamps=True),
}


@dataclass
class Site:
    """A database with a sample, and the server before it."""

    database: str  # its address
    folder: Path
    address: str
    server: subprocess.Popen[bytes]
    answered: int = 0  # stamps, by what wrk was told
    in_flight: int = 0  # at most so many more were asked for when wrk hung up


class Bench:
    """The servers while they run, and what was measured with them."""

    def __init__(self, size: Size, postgres_server: str, binaries: Path, sites: dict[str, Site]):
        self.size, self.server, self.binaries, self.sites = size, postgres_server, binaries, sites
        self.limit = load.make_limit(postgres_server)
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            for name in ("large", "small"):
                connection.execute(COMMITS.format(Identifier(name), SQL("on")))
            file = connection.execute("SELECT pg_read_file('postmaster.pid', 0, 20)").fetchone()
        self.postmaster = int(str(file[0]).split("\n", 1)[0]) if file else 0
        self.until = time.monotonic() + size.patience
        self.repeated = 0
        self.bad = 0

    def rounds(self, random: Random) -> list[dict[str, Sample]]:
        done: list[dict[str, Sample]] = []
        while len(done) < self.size.rounds and (not done or time.monotonic() < self.until):
            names = [*LOADS, "limit"]
            random.shuffle(names)
            print(f"Round {len(done) + 1} of {self.size.rounds}.", flush=True)
            done.append({name: self.calmly(name, len(done)) for name in names})
        return done

    def calmly(self, name: str, seed: int) -> Sample:
        """The sample, or the calmest of several where others kept the machine busy."""
        taken = [self.sample(name, seed)]
        while (
            taken[-1].foreign > DISTURBED and len(taken) <= AGAIN and time.monotonic() < self.until
        ):
            self.repeated += 1
            taken.append(self.sample(name, seed + 1000 * len(taken)))
        return min(taken, key=lambda sample: sample.foreign)

    def sample(self, name: str, seed: int) -> Sample:
        servers = [site.server.pid for site in self.sites.values()]
        before, log = machine.spent([*servers, self.postmaster]), self.log()
        answers = self.limit_load() if name == "limit" else self.ask(LOADS[name], seed)
        spent, written = machine.spent([*servers, self.postmaster]) - before, self.log() - log
        self.bad += answers.bad + answers.broken
        # What pgbench itself needs is what a program of ours would: it belongs to LIMIT.
        ours = spent.servers + (spent.tools if name == "limit" else 0)
        return Sample(answers, ours, spent.foreign, written)

    def limit_load(self) -> load.Answers:
        return load.pgbench(self.binaries, self.limit, seconds=self.size.seconds)

    def ask(self, wish: Load, seed: int) -> load.Answers:
        site = self.sites[wish.server]
        answers = load.wrk(
            site.address,
            site.folder / wish.file,
            connections=wish.connections,
            seconds=self.size.seconds,
            seed=seed + 1,
        )
        if wish.stamps:
            site.answered += answers.answers - answers.bad
            site.in_flight += wish.connections
        return answers

    def log(self) -> int:
        with psycopg.connect(self.server) as connection:
            found = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
            return int(found.fetchone()[0])  # type: ignore[index]


def bench(size: Size, *, seed: int, file: Path | None) -> int:
    """Measure, tell, and return the exit code: 1 only if a stamp was lost or doubled, an answer
    was no answer, or the books disagree (T12)."""
    if absent := parts.missing([parts.WRK]):
        print(f"Nothing was measured: wrk is missing; cure: {absent[0].cure}")
        return 1
    signal.signal(signal.SIGTERM, _leave)  # so that every server below is ended
    began, ran_on = time.monotonic(), facts.told()
    compile_languages()
    with running(size) as run:
        rounds = run.rounds(Random(seed))
        inside = {name: look(site) for name, site in run.sites.items()}
        wrong = disagreements(run, inside)
    ran_on["load after"] = facts.load()
    rows = reckon(rounds, inside)
    print("\n".join(report(size, rows, rounds, wrong, ran_on)))
    print(f"{run.repeated} samples repeated. The whole took {time.monotonic() - began:.0f} s.")
    if file:
        file.write_text(json.dumps(plain(size, rows, rounds, wrong, ran_on), indent=2) + "\n")
    return 1 if wrong else 0


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


@contextlib.contextmanager
def running(size: Size) -> Iterator[Bench]:
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stamkunde-bench-")))
        server = stack.enter_context(postgres.running(DURABLE))
        binaries = postgres.find_binaries(home)
        large = (size.shops, size.members, size.entries)
        make_tables(made_on(server, "empty"))
        sites = {
            "large": stack.enter_context(
                served(made_on(server, "large", like="empty"), home / "large", large)
            ),
            "small": stack.enter_context(
                served(made_on(server, "small", like="empty"), home / "small", SMALL)
            ),
            "sqlite": stack.enter_context(
                served(f"sqlite:///{home}/bench.sqlite3", home / "sqlite", SMALL)
            ),
        }
        yield Bench(size, server, binaries, sites)


def made_on(server: str, name: str, *, like: str = "template1") -> str:
    """The address of a new database. Until it is filled, no commit waits for the disk."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(Identifier, (name, like)))
        )
        connection.execute(COMMITS.format(Identifier(name), SQL("off")))
    return f"{server.rpartition('/')[0]}/{name}"


def make_tables(database: str) -> None:
    with known(database):
        for words in (["migrate", "-v0"], ["createcachetable", "-v0"]):
            subprocess.run([sys.executable, "-m", "django", *words], check=True)


@contextlib.contextmanager
def served(database: str, folder: Path, size: tuple[int, int, int]) -> Iterator[Site]:
    """A sample in this database, and granian with two workers before it."""
    folder.mkdir()
    print(f"{folder.name}: {size[2]} entries, {size[1]} members, {size[0]} shops.", flush=True)
    began = time.monotonic()
    if database.startswith("sqlite"):
        make_tables(database)
    with known(database):
        inside("prepared.prepare", folder, *size)
        print(f"  filled in {time.monotonic() - began:.0f} s", flush=True)
        port = postgres.free_port()
        address = f"http://{HOST}:{port}"
        server = child("-m", *web_server(port, "tests.bench.wsgi:application", workers=2))
    try:
        until_it_answers(f"{address}/hello/", server)
        yield Site(database, folder, address, server)
    finally:
        end_all([server])


@contextlib.contextmanager
def known(database: str) -> Iterator[None]:
    """The database that processes started meanwhile work on."""
    before, os.environ["DATABASE_URL"] = os.environ["DATABASE_URL"], database
    try:
        yield
    finally:
        os.environ["DATABASE_URL"] = before


def inside(function: str, folder: Path, *sizes: int) -> str:
    """What a function says that needs Django on a database: in a process of its own."""
    module = function.partition(".")[0]
    asked = ", ".join([f"Path({str(folder)!r})", *map(str, sizes)])
    code = f"from pathlib import Path; from tests.bench.ratios import {module}; {function}({asked})"
    command = [sys.executable, "-m", "django", "shell", "--no-imports", "-c", code]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, timeout=PREPARE_SECONDS, check=True
    )
    return done.stdout


def look(site: Site) -> dict[str, Any]:
    with known(site.database):
        told: dict[str, Any] = json.loads(inside("inside.look", site.folder).splitlines()[-1])
    return told


def disagreements(run: Bench, told: dict[str, dict[str, Any]]) -> list[str]:
    """T12, in sentences; none is the promise."""
    wrong = [f"{run.bad} answers were none, or no 200"] if run.bad else []
    for name, site in run.sites.items():
        wrong += [f"{name}: {words}" for words in told[name]["wrong"]]
        wrong += [f"{name}: {words}" for words in told[name]["replays wrong"]]
        least, stamped = site.answered, told[name]["stamps"]
        if not least <= stamped["operations"] <= least + site.in_flight:
            wrong.append(f"{name}: {least} stamps answered, {stamped['operations']} operations")
        if stamped["operations"] != stamped["visits"]:
            wrong.append(f"{name}: {stamped['operations']} stamps, {stamped['visits']} visits")
    return wrong


def report(
    size: Size,
    rows: list[Row],
    rounds: list[dict[str, Sample]],
    wrong: list[str],
    ran_on: dict[str, str],
) -> list[str]:
    samples = [sample for each in rounds for sample in each.values()]
    disturbed = sum(sample.foreign > DISTURBED for sample in samples)
    return [
        "",
        *(f"  {name:<14}{value}" for name, value in ran_on.items()),
        f"  {'large':<14}{size.entries} entries; small and SQLite {SMALL[2]}",
        "",
        f"  {'':<54}{'median':>8}{'range':>20}  {'must':<8}{'ambition'}",
        *(row.told() for row in rows),
        "",
        *(f"  T12 WRONG: {sentence}" for sentence in wrong),
        "  T12 "
        + ("the books disagree." if wrong else "each stamp counted once; the books agree."),
        "",
        f"{len(rounds)} rounds of {size.seconds} s each; {disturbed} of {len(samples)} samples had"
        f" more than {DISTURBED:.0%} of the machine taken by others.",
    ]


def plain(
    size: Size,
    rows: list[Row],
    rounds: list[dict[str, Sample]],
    wrong: list[str],
    ran_on: dict[str, str],
) -> dict[str, Any]:
    """For a file."""
    loads = [
        {
            name: {
                **vars(sample.answers),
                "cpu_ms": round(sample.cost, 4),
                "foreign": round(sample.foreign, 3),
                "wal_bytes": round(sample.log),
            }
            for name, sample in each.items()
        }
        for each in rounds
    ]
    told = {"ran_on": ran_on, "size": vars(size), "targets": [row.plain() for row in rows]}
    return {**told, "rounds": loads, "wrong": wrong}
