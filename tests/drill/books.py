"""What the tills were told, held against what the surviving ledger says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.drill.load import Acknowledged

STAMPS = """
SELECT o.key, o.answer, count(e.id), coalesce(sum(e.amount), 0)
  FROM ledger_operation o
  LEFT JOIN ledger_ledgerentry e ON e.operation_id = o.id AND e.kind = 'earn'
 WHERE o.kind = 'add_stamps'
 GROUP BY o.id
"""


@dataclass(frozen=True)
class Compared:
    """How many acknowledged stamps are not there, there more than once, or there otherwise."""

    lost: int
    doubled: int
    mismatched: int


def compare(done: Sequence[Acknowledged], stamps: Iterable[tuple[Any, ...]]) -> Compared:
    """`stamps`: the rows of STAMPS."""
    booked = {key: told for key, *told in stamps}
    found = [(each.after, *booked[each.key]) for each in done if each.key in booked]
    return Compared(
        lost=len(done) - len(found),
        doubled=sum(max(entries, amount) > 1 for _after, _answer, entries, amount in found),
        mismatched=sum(
            answer["after"] != after or not entries for after, answer, entries, _amount in found
        ),
    )
