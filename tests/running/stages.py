"""One stage = one command, timed, with a limit; quiet when all is well."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ("loyalty", "members", "rewards", "stampcards")
CHECK_SECONDS = 300
SUITE_SECONDS = 2400


@dataclass(frozen=True)
class Stage:
    name: str
    words: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    good_codes: tuple[int, ...] = (0,)
    where: Path = ROOT


@dataclass(frozen=True)
class Outcome:
    name: str
    good: bool
    seconds: float
    output: str = ""


def checks(scratch: Path) -> list[Stage]:
    """Everything that looks at the code without running the suites."""
    nowhere = {"DATABASE_URL": f"sqlite:///{scratch / 'empty.sqlite3'}"}
    return [
        Stage("ruff check", ("-m", "ruff", "check", ".")),
        Stage("ruff format", ("-m", "ruff", "format", "--check", ".")),
        Stage("djlint", ("-m", "djlint", "--lint", "--quiet", "templates")),
        Stage("mypy", ("-m", "mypy", *(floor for floor in FLOORS if (ROOT / floor).is_dir()))),
        Stage("migrations", ("manage.py", "makemigrations", "--check", "--dry-run"), nowhere),
        Stage(
            "check --deploy",
            ("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            production(scratch),
        ),
    ]


def production(scratch: Path) -> dict[str, str]:
    """An environment as on a café's own server."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SECRET_KEY_FALLBACKS": "",
        "DEBUG": "false",
        "DEMO": "false",
        "ALLOWED_HOSTS": "stamkunde.example",
        "PUBLIC_URL": "https://stamkunde.example",
        "DATABASE_URL": f"sqlite:///{scratch / 'production.sqlite3'}",
        "CACHE_URL": "dbcache://cache",
        "EMAIL_URL": "smtp+tls://shop:secret@mail.stamkunde.example:587",
        "DEFAULT_FROM_EMAIL": "Stamkunde <post@stamkunde.example>",
        "PROXY_COUNT": "1",
        "TIME_ZONE": "UTC",
    }


def suite(name: str, database: str, junit: Path, words: tuple[str, ...]) -> Stage:
    command = ("-m", "pytest", f"--junitxml={junit}", *words)
    # 5 is "no tests": what somebody asked for by name may all belong to the other engine.
    return Stage(name, command, {"DATABASE_URL": database}, (0, 5) if words else (0,))


def perform(stage: Stage, *, limit: int = CHECK_SECONDS, aloud: bool = False) -> Outcome:
    """Run one stage; aloud shows its output as it comes, otherwise only after a failure."""
    print(f"· {stage.name}" + ("" if aloud else " … "), end="\n" if aloud else "", flush=True)
    began = time.monotonic()
    with started(stage, limit) as process:
        lines = list(follow(process, aloud))
        code = process.wait()
    outcome = Outcome(
        stage.name, code in stage.good_codes, time.monotonic() - began, "".join(lines)
    )
    if not aloud:
        print(f"{'ok' if outcome.good else 'FAILED'}, {outcome.seconds:.1f} s", flush=True)
        if not outcome.good:
            print(outcome.output, flush=True)
    return outcome


@contextlib.contextmanager
def started(stage: Stage, limit: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *stage.words],
        cwd=stage.where,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **stage.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,  # so that workers and browsers end together with it
    )
    clock = threading.Timer(limit, give_up, (process, stage, limit))
    clock.start()
    try:
        yield process
    finally:
        clock.cancel()
        end(process)
        if process.stdout:
            process.stdout.close()


def follow(process: subprocess.Popen[str], aloud: bool) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        if aloud:
            print(line, end="", flush=True)
        yield line


def give_up(process: subprocess.Popen[str], stage: Stage, limit: int) -> None:
    print(f"\n{stage.name} was stopped after {limit} s.", flush=True)
    end(process)


def end(process: subprocess.Popen[str]) -> None:
    """End the stage and everything it started: the group bears the id of its first process."""
    for way in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, way)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="stamkunde-test-") as folder:
        yield Path(folder)
