"""The rows of the table: each a ratio within one run, what it must be and what it may become."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.ratios.load import Answers

Value = float | None


@dataclass(frozen=True)
class Sample:
    """One load in one round."""

    answers: Answers
    processor: float  # seconds of the servers
    foreign: float  # share of the machine that others had
    wal: int = 0  # bytes the database wrote to its log

    @property
    def cost(self) -> float:
        """Milliseconds of the servers' processor for each answer."""
        return 1000 * self.processor / max(1, self.answers.answers)

    @property
    def log(self) -> float:
        return self.wal / max(1, self.answers.answers)


Round = Mapping[str, Sample]  # by the name of the load
Inside = Mapping[str, Mapping[str, dict[str, float]]]  # by database, by what was asked


@dataclass(frozen=True)
class Target:
    """`at_most`: lower is better; otherwise higher."""

    number: str
    words: str
    must: float
    ambition: float
    each: Callable[[Round], Value] | None = None  # of one round
    once: Callable[[Inside], Value] | None = None  # of the whole run
    at_most: bool = False

    def keeps(self, value: float, goal: float) -> bool:
        return value <= goal if self.at_most else value >= goal


def rate(one: str, other: str) -> Callable[[Round], Value]:
    return lambda r: r[one].answers.rate / r[other].answers.rate if r[other].answers.rate else None


def cost(one: str, other: str) -> Callable[[Round], Value]:
    return lambda r: r[one].cost / r[other].cost if r[other].cost else None


def inside(database: str, what: str, unit: str) -> Callable[[Inside], Value]:
    return lambda told: told[database][what][unit]


TARGETS = (
    Target("T1", "stamp req/s ÷ LIMIT", 0.12, 0.18, rate("stamp", "limit")),
    Target("T2", "stamp CPU ÷ LIMIT's CPU", 8, 5, cost("stamp", "limit"), at_most=True),
    Target("T3", "stamp req/s ÷ the plain view's", 4, 6, rate("hot", "plain")),
    Target(
        "T4",
        "statements of a stamp, PostgreSQL",
        6,
        5,
        once=inside("large", "stamp", "statements"),
        at_most=True,
    ),
    Target(
        "T4",
        "statements of a stamp, SQLite",
        9,
        8,
        once=inside("sqlite", "stamp", "statements"),
        at_most=True,
    ),
    Target(
        "T4",
        "statements of a repeat",
        2,
        1,
        once=inside("large", "replay", "statements"),
        at_most=True,
    ),
    Target(
        "T5",
        "stamp p95 ÷ hello p95, 1 connection",
        4,
        3,
        lambda r: r["stamp-1"].answers.p95 / r["hello-1"].answers.p95,
        at_most=True,
    ),
    Target(
        "T5",
        "stamp p99 ÷ p50, 8 connections",
        3,
        2,
        lambda r: r["stamp"].answers.p99 / r["stamp"].answers.p50,
        at_most=True,
    ),
    Target(
        "T6",
        "card page: statements",
        3,
        1,
        once=inside("large", "card", "statements"),
        at_most=True,
    ),
    Target("T6", "card page CPU ÷ hello CPU", 6, 4.5, cost("card", "hello"), at_most=True),
    Target("T6", "card page req/s ÷ the plain page's", 4, 7, rate("card", "plain-card")),
    Target(
        "T7",
        "owner's week, largest shop: database ms",
        50,
        10,
        once=inside("large", "week", "ms"),
        at_most=True,
    ),
    Target(
        "T8",
        "figures: large ÷ small database ms",
        3,
        2,
        once=lambda told: told["large"]["insights"]["ms"] / told["small"]["insights"]["ms"],
        at_most=True,
    ),
    Target(
        "T8",
        "figures straight from the ledger ÷ as kept, ms",
        20,
        100,
        once=lambda told: told["large"]["from the ledger"]["ms"] / told["large"]["insights"]["ms"],
    ),
    Target("T9", "stamp req/s, large ÷ small", 0.75, 0.90, rate("stamp", "small")),
    Target(
        "T9",
        "WAL of a stamp, large ÷ small",
        10,
        2,
        lambda r: r["stamp"].log / r["small"].log if r["small"].log else None,
        at_most=True,
    ),
    Target("T10", "one hot shop ÷ spread shops", 0.85, 0.95, rate("hot", "stamp")),
    Target("T11", "SQLite ÷ PostgreSQL stamp req/s", 0.7, 1.0, rate("sqlite", "small")),
)


@dataclass(frozen=True)
class Row:
    """A target and what it came to in this run; no value: it could not be measured."""

    target: Target
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def verdict(self) -> str:
        if not self.values:
            return "not measured"
        if self.target.keeps(self.median, self.target.ambition):
            return "ambition"
        return "must" if self.target.keeps(self.median, self.target.must) else "MISSED"

    def told(self) -> str:
        target, sign = self.target, "≤" if self.target.at_most else "≥"
        goals = f"{sign} {target.must:<6g}{sign} {target.ambition:<6g}"
        if not self.values:
            return f"  {target.number:<4}{target.words:<50}{'':>28}  {goals}{self.verdict}"
        span = f"{min(self.values):.3g}–{max(self.values):.3g}, {len(self.values)}×"
        value = f"{self.median:>8.3g}{span:>20}"
        return f"  {target.number:<4}{target.words:<50}{value}  {goals}{self.verdict}"

    def plain(self) -> dict[str, object]:
        told = {"target": self.target.number, "what": self.target.words, "verdict": self.verdict}
        return {
            **told,
            "values": [round(value, 4) for value in self.values],
            "must": self.target.must,
            "ambition": self.target.ambition,
        }


def reckon(rounds: Sequence[Round], told: Inside) -> list[Row]:
    return [Row(target, tuple(_values(target, rounds, told))) for target in TARGETS]


def _values(target: Target, rounds: Sequence[Round], told: Inside) -> list[float]:
    if target.once:
        found = [target.once(told)]
    else:
        found = [target.each(each) for each in rounds if target.each]
    return [value for value in found if value is not None]
