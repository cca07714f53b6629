"""The whole run, in the order in which a mistake is cheapest to find."""

import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from loyalty.languages import compile_languages
from tests.running import parts, postgres, report, stages
from tests.running.parts import Part
from tests.running.stages import Outcome


@dataclass
class Run:
    """What was asked for, and what came of it."""

    scratch: Path
    fast: bool
    words: tuple[str, ...]
    checks: list[Outcome] = field(default_factory=list)
    suites: list[Outcome] = field(default_factory=list)
    junits: list[Path] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def suite(self, name: str, database: str, *more: str) -> None:
        junit = self.scratch / f"{name}.xml"
        stage = stages.suite(name, database, junit, (*more, *self.words))
        self.junits.append(junit)
        self.suites.append(stages.perform(stage, limit=stages.SUITE_SECONDS, aloud=True))


def whole(*, fast: bool, long: bool, ha: bool, words: tuple[str, ...]) -> int:
    """Run everything and return the exit code; words go to pytest as they are."""
    # Being told to stop must still stop the server and the browsers we started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with stages.scratch_folder() as scratch:
        more = [word for word, wanted in (("--long", long), ("--ha", ha)) if wanted]
        run = Run(scratch, fast, (*more, *words))
        compile_languages()
        if fast:
            run.suite("SQLite", sqlite(scratch), "--units")
        else:
            more_parts = (*(parts.LONG if long else ()), *(parts.SEVERAL_MACHINES if ha else ()))
            everything(run, (*parts.PARTS, *more_parts))
        return conclude(run)


def everything(run: Run, wanted: tuple[Part, ...]) -> None:
    for part in parts.missing(wanted):
        run.skipped.append(f"{part.needed_for} ({part.name} is missing); cure: {part.cure}")
    run.checks += [stages.perform(stage) for stage in stages.checks(run.scratch)]
    run.suite("SQLite", sqlite(run.scratch))
    try:
        with postgres.running() as address:
            run.suite("PostgreSQL", address)
    except postgres.Unavailable as why:
        run.skipped.append(f"all suites on PostgreSQL; cure: {why}")


def sqlite(scratch: Path) -> str:
    return f"sqlite:///{scratch / 'unused.sqlite3'}"


def conclude(run: Run) -> int:
    outcomes = (*run.checks, *run.suites)
    print("\nThe ten slowest parts:")
    print("\n".join(report.slowest(outcomes, run.junits)))
    for suite in run.suites:
        print(f"{suite.name}: {report.closing_line(suite.output) or 'did not come to its end'}")
    for what in run.skipped:
        print(f"SKIPPED: {what}")
    failed = [outcome.name for outcome in outcomes if not outcome.good]
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    forbidden = len(run.skipped) if parts.require_all() else 0
    print(report.combined(run.suites, run.checks, forbidden), flush=True)
    return 1 if failed or forbidden else 0
