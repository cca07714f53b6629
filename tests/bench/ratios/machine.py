"""Processor time: of the servers we measure, and of everybody else on the machine meanwhile."""

import os
import resource
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")  # per second
PROC = Path("/proc")


@dataclass(frozen=True)
class Spent:
    """Processor seconds until now."""

    servers: float
    tools: float  # this process, and those it started and that have ended
    machine: float  # everybody
    all_there_is: float  # idle time as well

    def __sub__(self, earlier: "Spent") -> "Spent":
        return Spent(
            self.servers - earlier.servers,
            self.tools - earlier.tools,
            self.machine - earlier.machine,
            self.all_there_is - earlier.all_there_is,
        )

    @property
    def foreign(self) -> float:
        """The share of the whole machine that others had."""
        others = self.machine - self.servers - self.tools
        return max(0.0, others / self.all_there_is) if self.all_there_is else 0.0


def spent(servers: list[int]) -> Spent:
    """`servers`: process ids; their children count with them."""
    words = (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, idle, waiting, irq, soft, stolen = (int(word) / TICK for word in words)
    busy = user + nice + system + irq + soft + stolen
    own = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Spent(
        servers=sum(family(servers).values()),
        tools=sum(each.ru_utime + each.ru_stime for each in own),
        machine=busy,
        all_there_is=busy + idle + waiting,
    )


def family(roots: list[int]) -> dict[int, float]:
    """Processor seconds of these processes and all below them, and of their ended children."""
    parents, seconds = {}, {}
    for folder in PROC.glob("[0-9]*"):
        try:
            # The name of a process may hold spaces and brackets, so read from behind it.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended just now
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        seconds[pid] = sum(int(field) for field in fields[11:15]) / TICK
    ours = {pid for pid in roots if pid in seconds}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return {pid: seconds[pid] for pid in ours}
