"""The end of a run: what was slow, what was skipped, and one honest last line."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.running.stages import Outcome

CLOSING = re.compile(r"^=* ?(?P<counts>(?:\d+ [a-z ]+(?:, )?)+|no tests ran) in (?P<s>[\d.]+)s\b.*")
COUNT = re.compile(r"(\d+) ([a-z]+)")
ORDER = ("failed", "errors", "passed", "skipped", "deselected", "xfailed", "xpassed", "warnings")
WIDTH = 80


def closing_line(output: str) -> str | None:
    """Pytest's own last line, if it came that far."""
    lines = [line for line in output.splitlines() if CLOSING.match(line)]
    return lines[-1] if lines else None


def combined(suites: Iterable[Outcome], checks: Iterable[Outcome], skips: int) -> str:
    """One closing line in pytest's form for everything that ran.

    A single suite that ran alone keeps its own words. Otherwise counts are added up, and every
    check that failed, every suite that never came to its end and every part that may not be missing
    counts as failed: whoever reads only this line is not deceived.
    """
    suites, checks = list(suites), list(checks)
    lines = [closing_line(suite.output) for suite in suites]
    broken = sum(not check.good for check in checks) + lines.count(None) + skips
    if len(lines) == 1 and lines[0] and not broken:
        return lines[0]
    total: Counter[str] = Counter(failed=broken)
    for line in filter(None, lines):
        total.update({plural(word): int(number) for number, word in COUNT.findall(counts(line))})
    words = ", ".join(f"{total[word]} {singular(word, total)}" for word in ORDER if total[word])
    seconds = sum(outcome.seconds for outcome in (*suites, *checks))
    return f" {words or 'no tests ran'} in {seconds:.1f}s ".center(WIDTH, "=")


def counts(line: str) -> str:
    found = CLOSING.match(line)
    return found["counts"] if found else ""


def plural(word: str) -> str:
    return f"{word}s" if word in ("error", "warning") else word


def singular(word: str, total: Counter[str]) -> str:
    return word.removesuffix("s") if word in ("errors", "warnings") and total[word] == 1 else word


def slowest(outcomes: Iterable[Outcome], junits: Iterable[Path], count: int = 10) -> list[str]:
    """The parts that cost most: stages and single tests in one list."""
    found = [(outcome.seconds, outcome.name) for outcome in outcomes]
    for junit in junits:
        if junit.exists():
            found += durations(junit)
    return [f"{seconds:7.1f} s  {name}" for seconds, name in sorted(found, reverse=True)[:count]]


def durations(junit: Path) -> list[tuple[float, str]]:
    # Our own pytest wrote the file a moment ago, so a plain parser is safe.
    cases = ET.parse(junit).iter("testcase")
    return [
        (float(case.get("time", 0)), f"{case.get('name')}  ({junit.stem}, {case.get('classname')})")
        for case in cases
    ]
