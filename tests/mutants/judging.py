"""Tries mutants: each in a copy of the tree of its own, against the tests that must fail.

First those tests run without any fault, so that a copy in which everything fails kills nobody. That
run leaves its SQLite database behind, which the mutants use again: making one takes longer than
most tests.
"""

import contextlib
import shutil
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.planting import Engine, Mutant, misfits, plant
from tests.running import postgres, stages
from tests.running.stages import ROOT, Stage

SECONDS = 300  # for the tests of one mutant; a fault may make them wait for ever
FIRST_SECONDS = 1800  # for all of them without a fault
NOT_COPIED = shutil.ignore_patterns(
    *(".git", ".venv", ".env", "*.sqlite3*", "__pycache__", ".*_cache", "backups", "staticfiles")
)
# The database of the first run lies in the copy, and so goes along into the copies of it.
WORDS = ("-p", "no:cacheprovider", "--reuse-db", "--database-in=database")


@dataclass(frozen=True)
class Verdict:
    """`how` is "killed", "survived" or "invalid", `why` says more of the other two."""

    mutant: Mutant
    how: str
    why: str = ""

    @property
    def is_good(self) -> bool:
        return self.how == "killed"


@dataclass(frozen=True)
class Ground:
    """Where mutants are tried. `words`: more for pytest; `server`: a PostgreSQL, if one is up."""

    copy: Path  # without a fault
    words: tuple[str, ...] = ()
    server: str = ""
    red: dict[str, str] = field(default_factory=dict)  # tests that are no killers, and why


@contextlib.contextmanager
def our_ground(mutants: Iterable[Mutant]) -> Iterator[Ground]:
    """A copy of this tree, its databases, and the killers tried in it."""
    mutants = list(mutants)
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(stages.scratch_folder())
        copy = scratch / "copy"
        shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
        wanted = any(mutant.engine == "postgres" for mutant in mutants)
        server = stack.enter_context(postgres.running()) if wanted else ""
        ground = Ground(copy, WORDS, server.removesuffix("/postgres"))
        ground.red.update(red_without_a_fault(ground, mutants))
        yield ground


def judge_all(mutants: Sequence[Mutant], ground: Ground, *, at_once: int = 1) -> Iterator[Verdict]:
    with ThreadPoolExecutor(at_once) as lanes:
        yield from lanes.map(lambda mutant: judge(mutant, ground), mutants)


def judge(mutant: Mutant, ground: Ground) -> Verdict:
    """Plant one mutant in a copy of the ground and run its killers there."""
    if wrong := misfits(mutant, ground.copy):
        return Verdict(mutant, "invalid", "; ".join(wrong))
    if red := [ground.red[test] for test in mutant.killed_by if test in ground.red]:
        return Verdict(mutant, "invalid", f"also without it: {'; '.join(red)}")
    with tempfile.TemporaryDirectory(dir=ground.copy.parent) as folder:
        tree = Path(folder)
        shutil.copytree(ground.copy, tree, dirs_exist_ok=True)
        plant(mutant, tree)
        return _verdict(mutant, _tried(mutant, tree, ground))


def red_without_a_fault(ground: Ground, mutants: Iterable[Mutant]) -> dict[str, str]:
    """The killers that don't pass in the copy as it is, and why: they would prove nothing."""
    red: dict[str, str] = {}
    mutants = list(mutants)
    engines: tuple[Engine, ...] = ("sqlite", "postgres")
    for engine in engines:
        killers = {test: None for m in mutants if m.engine == engine for test in m.killed_by}
        if killers:
            found = _run(list(killers), ground.copy, ground, engine, limit=FIRST_SECONDS)
            red |= {test: f"{test} {how}" for test, how in found.items() if how != "passed"}
    return red


def _tried(mutant: Mutant, tree: Path, ground: Ground) -> dict[str, str]:
    return _run(mutant.killed_by, tree, ground, mutant.engine, anew=mutant.makes_other_tables)


def _verdict(mutant: Mutant, found: dict[str, str]) -> Verdict:
    """Killed only by tests that ran and failed: a file that can't be imported shows nothing."""
    if passed := [test for test, how in found.items() if how == "passed"]:
        return Verdict(mutant, "survived", f"{', '.join(passed)} passed")
    if strange := [f"{test} {how}" for test, how in found.items() if how != "failed"]:
        return Verdict(mutant, "invalid", "; ".join(strange))
    return Verdict(mutant, "killed")


def _run(
    tests: Sequence[str],
    tree: Path,
    ground: Ground,
    engine: Engine,
    *,
    anew: bool = False,
    limit: int = SECONDS,
) -> dict[str, str]:
    """What became of each test: "passed", "failed", "did not run", or something else it did."""
    junit = tree / "junit.xml"
    junit.unlink(missing_ok=True)
    words = ["-m", "pytest", "-n0", "-q", f"--junitxml={junit}", *ground.words]
    words += ["--create-db"] if anew else []
    address = f"{ground.server}/{tree.name}" if engine == "postgres" else "sqlite:///unused.sqlite3"
    stage = Stage("mutant", (*words, *tests), {"DATABASE_URL": address}, where=tree)
    with stages.started(stage, limit) as process:
        said = "".join(stages.follow(process, aloud=False))
        process.wait()
    if not junit.exists():
        return dict.fromkeys(tests, f"did not run: {said[-400:]}")
    cases = [(_id_of(case), _how(case)) for case in ET.parse(junit).iter("testcase")]
    return {test: _summed_up({how for name, how in cases if _is(name, test)}) for test in tests}


def _id_of(case: ET.Element) -> str:
    return f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"


def _is(name: str, test: str) -> bool:
    """A test without brackets stands for all its parameters."""
    return name == test or name.partition("[")[0] == test


def _how(case: ET.Element) -> str:
    """A test that is right and leaves the books wrong fails as it is cleared away."""
    for child in case:
        if child.tag == "failure" or child.get("message", "").startswith("failed on teardown"):
            return "failed"
        if child.tag in ("error", "skipped"):
            return {"error": "broke", "skipped": "was skipped"}[child.tag]
    return "passed"


def _summed_up(hows: set[str]) -> str:
    """One failure is enough; but whoever only broke, or was skipped, says nothing."""
    order = ("failed", "broke", "passed", "was skipped")
    return next((how for how in order if how in hows), "did not run")
