"""Database triggers that refuse to change the past of the ledger; see `loyalty/triggers.py`.

One kind of row may change, once: an operation gets its answer at the end of its transaction.
"""

from loyalty.triggers import Guard, Trigger, abort, never_truncated, on_postgres, on_sqlite
from members.ledger.models import Allocation, LedgerEntry, Operation

OPERATIONS = Operation._meta.db_table
ANSWERED_ONCE = f"{OPERATIONS}_answer_once"
_SAME = [f.column for f in Operation._meta.concrete_fields if f.name != "answer"]
_CHANGED = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _SAME)

guard = Guard(
    "ledger",
    never_changed=(LedgerEntry._meta.db_table, Allocation._meta.db_table),
    sqlite=(
        on_sqlite("ledger", OPERATIONS, "DELETE"),
        Trigger(
            ANSWERED_ONCE,
            OPERATIONS,
            f"BEFORE UPDATE ON {OPERATIONS} "
            f"WHEN OLD.answer IS NOT NULL OR NEW.answer IS NULL OR {_CHANGED} "
            f"BEGIN SELECT {abort('ledger')}; END",
        ),
    ),
    postgres=(
        never_truncated("ledger", OPERATIONS),
        on_postgres("ledger", OPERATIONS, "delete", "DELETE"),
        Trigger(
            ANSWERED_ONCE,
            OPERATIONS,
            f"BEFORE UPDATE ON {OPERATIONS} FOR EACH ROW EXECUTE FUNCTION operation_answer_once()",
        ),
    ),
    functions=(
        """
        CREATE OR REPLACE FUNCTION operation_answer_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.answer IS NULL AND NEW.answer IS NOT NULL
             AND to_jsonb(NEW) - 'answer' = to_jsonb(OLD) - 'answer' THEN RETURN NEW; END IF;
          RAISE EXCEPTION 'ledger rows are immutable' USING ERRCODE = '23514';
        END $$
        """,
    ),
)
