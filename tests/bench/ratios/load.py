"""Load from outside: wrk for requests, pgbench for what the database alone could do."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

HERE = Path(__file__).parent
SPARE = 20  # seconds a tool may need beside the ones it measures
LIMIT_TABLES = """
CREATE TABLE device (secret text PRIMARY KEY, shop int);
INSERT INTO device SELECT md5(n::text), n FROM generate_series(1, 200) n;
CREATE TABLE card (id int PRIMARY KEY, balance int NOT NULL) WITH (fillfactor = 70);
INSERT INTO card SELECT n, 0 FROM generate_series(1, 10000) n;
CREATE TABLE operation (id bigserial PRIMARY KEY, key uuid UNIQUE, card int NOT NULL);
"""


@dataclass(frozen=True)
class Answers:
    """What one load brought. Times in milliseconds."""

    answers: int
    seconds: float
    p50: float
    p95: float
    p99: float
    bad: int  # answers that are no 200
    broken: int  # connections refused or cut off, and answers that never came

    @property
    def rate(self) -> float:
        return self.answers / self.seconds


def wrk(address: str, file: Path, *, connections: int, seconds: int, seed: int) -> Answers:
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(HERE / "requests.lua")]
    words += [address, "--", str(file), str(seed)]
    told = subprocess.run(
        words, capture_output=True, text=True, timeout=seconds + SPARE, check=True
    ).stdout
    return Answers(**json.loads(told.rpartition("RESULT ")[2]))


def make_limit(server: str) -> str:
    """The tables of LIMIT in a database of their own; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench_limit")
    address = server.rpartition("/")[0] + "/bench_limit"
    with psycopg.connect(address) as connection:
        connection.execute(LIMIT_TABLES)
    return address


def pgbench(binaries: Path, address: str, *, seconds: int) -> Answers:
    """Seven prepared round trips, eight clients: the transaction of a stamp and nothing else."""
    words = [str(binaries / "pgbench"), "-n", "-M", "prepared", "-c", "8", "-j", "1"]
    words += ["-T", f"{seconds}", "-f", str(HERE / "limit.sql"), address]
    told = subprocess.run(
        words, capture_output=True, text=True, timeout=seconds + SPARE, check=True
    ).stdout
    done = int(_number(r"actually processed: (\d+)", told))
    latency = _number(r"latency average = ([\d.]+)", told)
    failed = int(_number(r"failed transactions: (\d+)", told))
    return Answers(done, seconds, latency, latency, latency, failed, 0)


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0
