"""Numbers of one run, and the words for them. All times in milliseconds."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Series:
    """The same thing measured several times."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> "Series":
        return cls(tuple(values))

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def p95(self) -> float:
        """The smallest value that 95 of 100 do not exceed; nothing is interpolated."""
        return sorted(self.values)[math.ceil(len(self.values) * 0.95) - 1]

    def plain(self) -> dict[str, float | int]:
        """For a file."""
        return {
            "count": len(self.values),
            "median": round(self.median, 1),
            "p95": round(self.p95, 1),
            "least": round(min(self.values), 1),
            "most": round(max(self.values), 1),
        }


def sums(*series: Series) -> Series:
    """What belongs together, added up one by one."""
    return Series.of(map(sum, zip(*(each.values for each in series), strict=True)))


def row(words: str, series: Series, note: str = "") -> str:
    return f"  {words:<44}{series.median:>8.1f}{series.p95:>8.1f}  {note}".rstrip()


def against(budget: float, measured: float) -> str:
    """A budget, and whether this run kept it."""
    return f"budget {budget:g} ms, {'kept' if measured <= budget else 'MISSED'}"


def times(measured: Series, unit: Series) -> str:
    return f"{measured.median / unit.median:.1f} × hello"
