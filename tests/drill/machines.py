"""The machines of deploy/several-machines.md on one: each is an address of loopback.

The files in deploy/ha and deploy/nginx are used as they are, with other addresses, folders and
passwords. Everything is started here, bears no name but ours, and is killed at the end.
"""

import contextlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.drill import processes
from tests.drill.load import PATIENCE
from tests.drill.processes import until
from tests.running import postgres
from tests.running.stages import ROOT
from tests.support import serving

NAME = "stamps.example.com"
DATABASES = {"db1": "127.0.0.11", "db2": "127.0.0.12", "db3": "127.0.0.13"}
WEBS = {"web1": "127.0.0.21", "web2": "127.0.0.22"}
FRONT = "127.0.0.31"
START_SECONDS = 180  # for a database under Patroni, which looks every ten seconds
DOOR = 8443  # of nginx; 443 is root's
PASSWORDS = ("SUPERUSER", "REPLICATION", "REWIND", "APP", "REDIS")


def rendered(file: str, **instead: str) -> str:
    """A file of deploy/ for this loopback."""
    text = (ROOT / "deploy" / file).read_text().replace("10.0.0.", "127.0.0.")
    for password in PASSWORDS:
        text = text.replace(f"{password}_PASSWORD", f"{password.lower()}-secret")
    for old, new in instead.items():
        text = text.replace(old, new)
    return text


def variables(text: str) -> dict[str, str]:
    """A file of NAME=value lines."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {name: value for name, _is, value in (line.partition("=") for line in lines)}


def settings() -> dict[str, str]:
    """What both web machines are told. DEMO stays on: static files are served where they lie."""
    told = variables(rendered("ha/web.env"))
    return {**told, "PUBLIC_URL": f"https://{NAME}", "ALLOWED_HOSTS": NAME}


@dataclass
class Machines:
    home: Path
    running: dict[str, list[subprocess.Popen[bytes]]] = field(default_factory=dict)

    def start(self, machine: str, *words: str | Path, **more: str) -> None:
        with (self.home / f"{machine}.log").open("ab") as log:
            process = subprocess.Popen(
                words,
                cwd=ROOT,
                env={**os.environ, **more},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.setdefault(machine, []).append(process)

    def lose(self, machine: str) -> None:
        """All that runs there is gone at once."""
        for process in self.running.pop(machine, []):
            if process.poll() is None:
                processes.kill(process.pid)
                process.wait()
        # Patroni lets the database go its own way, so it is nobody's child.
        with contextlib.suppress(FileNotFoundError):
            [pid, *_more] = (self.data(machine) / "postmaster.pid").read_text().split()
            if processes.is_named(int(pid), "postgres"):
                processes.kill(int(pid))

    def end(self) -> None:
        for machine in (*self.running,):
            self.lose(machine)

    def folder(self, machine: str) -> Path:
        return self.home / machine

    def data(self, machine: str) -> Path:
        return self.folder(machine) / "stamkunde"

    # --- Databases ---------------------------------------------------------------------------

    def start_etcd(self, machine: str) -> None:
        told = {"THIS_NAME": machine, "THIS_ADDRESS": DATABASES[machine]}
        told["/var/lib/etcd"] = str(self.folder(f"{machine}-etcd"))
        self.start(machine, "etcd", **variables(rendered("ha/etcd.env", **told)))

    def start_database(self, machine: str) -> None:
        folder = self.folder(machine)
        folder.mkdir(mode=0o700, exist_ok=True)
        config = folder / "patroni.yml"
        told = {"THIS_NAME": machine, "THIS_ADDRESS": DATABASES[machine]}
        told["/usr/lib/postgresql/15/bin"] = str(postgres.find_binaries(self.home))
        told["/var/lib/postgresql/15"] = str(folder)
        config.write_text(rendered("ha/patroni.yml", **told))
        if name := postgres.account():
            shutil.chown(folder, name)
        self.start(machine, *postgres.as_account("patroni", config))

    def plays(self, role: str, machine: str) -> bool:
        """What Patroni says of its database: primary, replica, synchronous."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            asked = urllib.request.urlopen(f"http://{DATABASES[machine]}:8008/{role}", timeout=2)
            return bool(asked.status == 200)
        return False

    def until_it_plays(self, role: str, machine: str, *, seconds: float = START_SECONDS) -> None:
        until(lambda: self.plays(role, machine), f"{machine} to be {role}", seconds=seconds)

    def make_database(self, machine: str) -> None:
        """As deploy/several-machines.md has it done by hand, once."""
        boss = f"postgres://postgres:superuser-secret@{DATABASES[machine]}/postgres"
        with psycopg.connect(boss, autocommit=True) as wire:
            wire.execute("CREATE ROLE stamkunde LOGIN PASSWORD 'app-secret'")
            wire.execute("CREATE DATABASE stamkunde OWNER stamkunde")

    def ask(self, machine: str, question: str) -> list[tuple[object, ...]]:
        address = f"postgres://stamkunde:app-secret@{DATABASES[machine]}/stamkunde"
        with psycopg.connect(address) as wire:
            return list(wire.execute(question))

    # --- The others --------------------------------------------------------------------------

    def start_redis(self) -> None:
        config = self.home / "redis.conf"
        config.write_text(rendered("ha/redis.conf", **{"dir /var/lib/redis": f"dir {self.home}"}))
        self.start("redis", "redis-server", config)

    def start_web(self, machine: str) -> None:
        unit = rendered("ha/systemd/stamkunde-web.conf", THIS_ADDRESS=WEBS[machine])
        [*_reset, words] = re.findall(r"^ExecStart=(.*)", unit, re.MULTILINE)
        self.start(machine, sys.executable, "-m", "granian", *words.split()[1:], **settings())
        self.start(machine, sys.executable, "-m", "django", "worker", **settings())
        serving.until_it_answers(f"http://{WEBS[machine]}:8000/")

    def start_front(self) -> None:
        write_nginx(self.home)
        self.start("front", "nginx", "-p", self.home, "-c", self.home / "nginx.conf")
        until(lambda: listens(FRONT, DOOR), "nginx")


def write_nginx(home: Path) -> None:
    """The site as in deploy/, with a certificate of our own."""
    key, certificate = home / "key.pem", home / "certificate.pem"
    words = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME}".split()
    subprocess.run([*words, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = rendered("nginx/stamkunde.conf")
    text = re.sub(r"^upstream .*?^}\n", rendered("ha/upstream.conf"), text, flags=re.M | re.S)
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.M)
    text = text.replace("listen 443", f"listen {FRONT}:{DOOR}")
    text = text.replace("listen 80", f"listen {FRONT}:8080")
    text = text.replace(f"/etc/letsencrypt/live/{NAME}/fullchain.pem", str(certificate))
    text = text.replace(f"/etc/letsencrypt/live/{NAME}/privkey.pem", str(key))
    text = text.replace("/var/log/nginx/stamkunde.log", str(home / "access.log"))
    paths = "".join(
        f"{name}_temp_path {home}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (home / "nginx.conf").write_text(
        f"daemon off; pid {home}/nginx.pid; error_log stderr;\nevents {{}}\n"
        f"http {{\n{paths}{text}}}\n"
    )


class Door(http.client.HTTPSConnection):
    """To the site by its name, which no name server knows."""

    def connect(self) -> None:
        anybody = ssl._create_unverified_context()
        wire = socket.create_connection((FRONT, DOOR), timeout=self.timeout)
        self.sock = anybody.wrap_socket(wire, server_hostname=NAME)


def dial() -> http.client.HTTPConnection:
    return Door(NAME, timeout=PATIENCE)


@contextlib.contextmanager
def databases() -> Iterator[Machines]:
    """Three that agree who is the primary, two that can be it: db1 is, db2 has all it has."""
    home = Path(tempfile.mkdtemp(prefix="stamkunde-machines-"))
    home.chmod(0o755)  # the databases run as somebody else
    them = Machines(home)
    try:
        for machine in DATABASES:
            them.start_etcd(machine)
        them.start_database("db1")
        them.until_it_plays("primary", "db1")
        them.start_database("db2")
        until(
            lambda: them.plays("synchronous", "db2"), "db2 to be the standby", seconds=START_SECONDS
        )
        them.make_database("db1")
        yield them
    finally:
        them.end()
        shutil.rmtree(home, ignore_errors=True)


def listens(address: str, port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((address, port)) == 0
