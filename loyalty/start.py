"""The first second on a bare machine: a Python, the packages, a secret.

Runs before anything else may be imported, so: standard library only, and only what an old
Python can still read, because somebody with Python 3.9 deserves a sentence and no traceback.

    pinned packages importable?  go on, in whatever environment this is
    otherwise                    make .venv, install, start again inside it

A stamp in .venv remembers the sha256 of what was installed: the next start takes a second, and a
changed pin installs again.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.sha256"
OLDEST = (3, 11)
TRYING = ("bench", "drill", "storm")  # what is tried on a site of its own
TESTING = ("test", *TRYING)  # need the test tools as well
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;#]+)")
NO_NETWORK = re.compile(
    r"connection|resol|unreachable|timed out|No matching distribution", re.IGNORECASE
)


def prepare(argv: list[str]) -> None:
    """Make this start possible, or end with one sentence that says what to do."""
    command = argv[1] if len(argv) > 1 else "help"
    refuse_old_python()
    wanted = ROOT / ("tests/requirements.txt" if command in TESTING else "requirements.txt")
    if not (importable(wanted) or (inside_venv() and stamped(wanted))):
        go_inside(wanted, argv)
    if command == "demo":
        if "SECRET_KEY" not in os.environ:
            write_env(ROOT / ".env")
    elif command == "test":
        set_test_environment()
    elif command in TRYING:
        set_bench_environment()
    elif command not in ("help", "--help", "version", "--version"):
        refuse_without_secret(ROOT / ".env")


def refuse_old_python() -> None:
    if sys.version_info[:2] < OLDEST:
        sys.exit(
            f"Python 3.11 or newer is needed and this is {sys.version.split()[0]}; on Debian 12 "
            "and later: sudo apt-get install -y python3 && /usr/bin/python3 manage.py demo"
        )


# Packages


def pins(file: Path) -> dict[str, str]:
    """Name and version of every direct pin, those of an included file too."""
    found: dict[str, str] = {}
    for line in file.read_text().splitlines():
        if line.startswith("-r "):
            found.update(pins(file.parent / line[3:].strip()))
        elif pin := PIN.match(line):
            found[pin[1]] = pin[2]
    return found


def importable(file: Path) -> bool:
    try:
        return all(importlib.metadata.version(n) == v for n, v in pins(file).items())
    except importlib.metadata.PackageNotFoundError:
        return False


def digest(file: Path) -> str:
    content = "\n".join(f"{name}=={version}" for name, version in sorted(pins(file).items()))
    return hashlib.sha256(content.encode()).hexdigest()


def stamped(file: Path) -> bool:
    return STAMP.exists() and digest(file) in STAMP.read_text()


def inside_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def go_inside(wanted: Path, argv: list[str]) -> None:
    """Start again inside .venv, which is made and filled first where needed."""
    if not (stamped(wanted) and healthy()):
        install(wanted)
    os.execv(PYTHON, [str(PYTHON), *argv])  # noqa: S606  # our own interpreter, no shell


def healthy() -> bool:
    """False too for a .venv whose system Python was upgraded or whose making was cut short."""
    if not PYTHON.exists():
        return False
    question = f"import pip, sys; sys.exit(sys.version_info[:2] < {OLDEST})"
    return subprocess.run([PYTHON, "-c", question], capture_output=True).returncode == 0


def install(wanted: Path) -> None:
    count = len(pins(wanted))
    print(f"Installing {count} pinned packages into {VENV}; the first time takes about a minute.")
    sys.stdout.flush()
    if not healthy():
        make_venv()
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--retries", "2"]
    pip += ["--disable-pip-version-check", "--progress-bar", "off", "-r", str(wanted)]
    done = subprocess.run(pip, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(why_not(done.stdout + done.stderr))
    # The test tools bring the runtime with them, so both are there now.
    files = {wanted, ROOT / "requirements.txt"}
    lines = [f"{digest(file)}  {file.relative_to(ROOT)}\n" for file in sorted(files)]
    STAMP.write_text("".join(lines))


def why_not(output: str) -> str:
    errors = [line for line in output.splitlines() if line.startswith("ERROR")]
    last_words = (errors or output.splitlines() or ["nothing"])[-1]
    cause = "pip refused."
    if NO_NETWORK.search(output):
        cause = "there seems to be no network. Connect this machine and start again."
    return f"The packages could not be installed: {cause} What pip said: {last_words}"


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        get_ensurepip()
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
    )
    if made.returncode:
        words = (made.stdout + made.stderr).strip().splitlines()
        sys.exit(f"{VENV} could not be made: {words[-1] if words else 'no reason given'}")


def get_ensurepip() -> None:
    """Debian keeps it in a package of its own."""
    cure = "apt-get update && apt-get install -y python3-venv"
    apt = shutil.which("apt-get")
    if os.geteuid() or not apt:
        sys.exit(f"This Python cannot make environments; run: sudo sh -c '{cure}'")
    print("Installing python3-venv, which this Python lacks.", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "python3-venv"]):
        done = subprocess.run([apt, *words], env=quiet, capture_output=True)
    if done.returncode:
        sys.exit(f"python3-venv could not be installed; run: {cure}")


# Environment


def write_env(path: Path) -> None:
    """The demo's settings with a fresh secret, readable by their owner only."""
    if path.exists():
        return
    lines = [
        "# Made by `manage.py demo`; .env.example explains every line.",
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        "DEMO=true",
    ]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines) + "\n")
    print(f"Wrote {path} with a fresh secret.", flush=True)


def refuse_without_secret(path: Path) -> None:
    if "SECRET_KEY" not in os.environ and not path.exists():
        sys.exit(
            "There are no settings yet: `python3 manage.py demo` makes them for a try, and for "
            "running it for real copy .env.example to .env and fill it in."
        )


def set_test_environment() -> None:
    """What the suites run under, whatever stands in the developer's own .env.

    Only DATABASE_URL may come from outside: it chooses the engine, and tests make a database of
    their own beside the one it names. Settings are read as for the demo, since tests speak plain
    http; tests/support/plugin.py then turns the demo's own short cuts off.
    """
    scratch = Path(tempfile.gettempdir()) / f"stamkunde-{os.getpid()}.sqlite3"
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{scratch}")
    os.environ.update(
        SECRET_KEY=secrets.token_urlsafe(50),
        SECRET_KEY_FALLBACKS="",
        DEBUG="false",
        DEMO="true",
        ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
        PUBLIC_URL="http://testserver",
        CACHE_URL="locmemcache://",
        EMAIL_URL="memorymail://",
        DEFAULT_FROM_EMAIL="Stamkunde <post@stamkunde.example>",
        PROXY_COUNT="0",
        TIME_ZONE="UTC",
    )


def set_bench_environment() -> None:
    """As for the suites, but with the cache of an installation, and never on anybody's database."""
    os.environ.pop("DATABASE_URL", None)
    set_test_environment()
    os.environ["CACHE_URL"] = "dbcache://shared_cache"
