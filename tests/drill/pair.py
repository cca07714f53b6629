"""Two PostgreSQL servers on loopback: one takes writes, the other follows.

Both are cold copies of one prepared cluster. Unlike the server of the suites they flush to disk as
an installation does. A kill is no loss of power: what that costs is counted elsewhere.
"""

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.drill import processes
from tests.drill.processes import until
from tests.running import postgres

USER = "stamkunde"
FOLLOWER = "standby"  # its application_name, by which synchronous_standby_names knows it
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_log_hints = on  # pg_rewind asks for it
"""
WAITING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND backend_type = 'client backend'"


@dataclass
class Server:
    """One of the two. It keeps its port, as a machine keeps its address."""

    binaries: Path
    data: Path
    port: int = field(default_factory=postgres.free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"postgres://{USER}@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def start(self) -> None:
        words = ("-D", self.data, "-p", str(self.port))
        log = self.data.with_suffix(".log")
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                postgres.as_account(self.binaries / "postgres", *words),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        postgres.wait_until_up(self.process, self.address, log)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            processes.kill(self.pid)
            self.process.wait()

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.address, autocommit=True, connect_timeout=5) as wire:
            cursor = wire.execute(statement)
            return list(cursor) if cursor.description else []

    def set(self, name: str, value: str) -> None:
        self.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.ask("SELECT pg_reload_conf()")

    def waiting(self) -> int:
        """How many commits wait for the other server."""
        return len(self.ask(f"SELECT pid {WAITING}"))

    def cancel_waits(self) -> None:
        """What nobody should do to a commit, and what an impatient tool does."""
        self.ask(f"SELECT pg_cancel_backend(pid) {WAITING}")

    def followers(self) -> list[str]:
        """How it counts each server that follows: sync, async."""
        rows = self.ask("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'")
        return [str(state) for (state,) in rows]

    def follows(self) -> bool:
        return self.ask("SELECT pg_is_in_recovery()") == [(True,)]


@dataclass
class Pair:
    primary: Server
    standby: Server

    @property
    def address(self) -> str:
        """For DATABASE_URL: both, and whichever takes writes is used."""
        hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        return f"postgres://{USER}@{hosts}/postgres?target_session_attrs=read-write"

    def start(self, *, synchronous: bool) -> None:
        self.primary.start()
        _follow(self.standby, self.primary)
        self.standby.start()
        self.primary.set("synchronous_standby_names", FOLLOWER if synchronous else "")
        state = "sync" if synchronous else "async"
        until(lambda: self.primary.followers() == [state], f"a standby that is {state}")

    def cut(self) -> None:
        """Pull the cable between the two: the standby hears nothing any more, and waits."""
        self.standby.set("primary_conninfo", "")
        until(lambda: not self.primary.followers(), "the standby to be cut off")

    def promote(self) -> float:
        """Let the standby take writes; the seconds that took."""
        began = time.monotonic()
        self.standby.ask("SELECT pg_promote()")
        return time.monotonic() - began

    def bring_back(self) -> None:
        """The old primary returns as a follower of the new one, and never takes a write before."""
        old, new = self.primary, self.standby
        rewind = postgres.as_account(old.binaries / "pg_rewind", "--target-pgdata", old.data)
        new.ask("CHECKPOINT")  # before its first one, it does not say that its history is another
        source = f"host=127.0.0.1 port={new.port} user={USER} dbname=postgres"
        done = subprocess.run(
            [*rewind, "--source-server", source], cwd="/", capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"pg_rewind: {done.stderr}")
        _follow(old, new)
        old.start()
        until(lambda: len(new.followers()) == 1, "the old primary to follow the new one")

    def end(self) -> None:
        for each in (self.primary, self.standby):
            each.kill()


def copied(binaries: Path, cold: Path, folder: Path) -> Pair:
    """Two copies of a cluster that is not running."""
    folder.mkdir()
    folder.chmod(0o755)  # the other user must get through
    both = [folder / name for name in ("primary", "standby")]
    for data in both:
        subprocess.run(["cp", "-a", cold, data], check=True)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
    return Pair(*(Server(binaries, data) for data in both))


def _follow(server: Server, primary: Server) -> None:
    """Say in its files whom it follows, so that it can't start any other way."""
    wish = f"host=127.0.0.1 port={primary.port} user={USER} application_name={FOLLOWER}"
    with (server.data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"primary_conninfo = '{wish}'\nsynchronous_standby_names = ''\n")
    (server.data / "standby.signal").touch()
