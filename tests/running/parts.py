"""The system parts some tests need, and how they come onto a machine.

Fetched when we are root and apt is there. Otherwise the tests that need them are skipped, which is
said loudly at the end together with the command that cures it; REQUIRE_ALL=1 makes it a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

APT_SECONDS = 600


def require_all() -> bool:
    return os.environ.get("REQUIRE_ALL") == "1"


@dataclass(frozen=True)
class Part:
    name: str
    needed_for: str
    packages: tuple[str, ...]
    found: Callable[[], bool]

    @property
    def cure(self) -> str:
        return f"sudo apt-get install -y --no-install-recommends {' '.join(self.packages)}"


def chromium() -> str | None:
    return shutil.which("chromium")


def has_gettext() -> bool:
    return all(shutil.which(tool) for tool in ("xgettext", "msguniq", "msgmerge"))


def has_pango() -> bool:
    """Asked in another process: a failed import would stay half done in this one."""
    probe = subprocess.run([sys.executable, "-c", "import weasyprint"], capture_output=True)
    return probe.returncode == 0


def has_tool(name: str) -> bool:
    return shutil.which(name) is not None


CHROMIUM = Part(
    "Chromium",
    "the browser tests",
    ("chromium", "fonts-dejavu-core"),
    lambda: chromium() is not None,
)
GETTEXT = Part("gettext", "the check for untranslated sentences", ("gettext",), has_gettext)
PANGO = Part("Pango", "the PDF tests", ("libpango-1.0-0", "libpangoft2-1.0-0"), has_pango)
POPPLER = Part(
    "poppler-utils",
    "reading the posters' codes back",
    ("poppler-utils",),
    lambda: shutil.which("pdftoppm") is not None,
)
POSTGRES = Part(
    "PostgreSQL",
    "the several machines",
    ("postgresql",),
    lambda: any(Path("/usr/lib/postgresql").glob("*/bin/postgres")),
)
STRACE = Part(
    "strace", "seeing a stamp on its way to the disk", ("strace",), partial(has_tool, "strace")
)
WRK = Part("wrk", "the table of ratios", ("wrk",), lambda: shutil.which("wrk") is not None)
PARTS = (CHROMIUM, GETTEXT, PANGO, POPPLER)
LONG = (STRACE,)  # with --long only
# With --ha only: what several machines need beside it.
SEVERAL_MACHINES = (
    POSTGRES,
    *(
        Part(tool, "the several machines", packages, partial(has_tool, tool))
        for tool, packages in (
            ("etcd", ("etcd-server",)),
            ("patroni", ("patroni", "python3-etcd")),
            ("redis-server", ("redis-server",)),
            ("nginx", ("nginx",)),
        )
    ),
)


def missing(parts: Iterable[Part] = PARTS) -> list[Part]:
    """Fetch what is not there, and return what still is not."""
    absent = [part for part in parts if not part.found()]
    apt = shutil.which("apt-get")
    if absent and apt and os.geteuid() == 0:
        print(f"Fetching {', '.join(part.name for part in absent)} with apt.", flush=True)
        fetch(apt, [package for part in absent for package in part.packages])
    return [part for part in absent if not part.found()]


def fetch(apt: str, packages: list[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        try:
            subprocess.run(
                [apt, *words],
                env=quiet,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=APT_SECONDS,
            )
        except subprocess.TimeoutExpired:
            print(f"apt-get {words[0]} took too long and was stopped.", flush=True)
