"""Django's own backend, which hears what PostgreSQL says beside "committed".

A commit that waits for the synchronous standby can be cancelled. PostgreSQL then reports success,
with a warning that the standby may not have it: a failover would lose it. So that commit is as
unknown as one whose connection broke, and is reported the same way.
"""

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.errors import Diagnostic

WARNING = "01000"  # SQLSTATE; no other warning comes with a COMMIT of ours


class DatabaseWrapper(base.DatabaseWrapper):
    def _commit(self) -> None:
        """Raises OperationalError where the commit may not be on the standby."""
        heard: list[str | None] = []

        def hear(notice: Diagnostic) -> None:
            heard.append(notice.sqlstate)

        wire = self.connection
        if wire is None:
            return
        wire.add_notice_handler(hear)
        try:
            super()._commit()  # type: ignore[misc]  # no public hook
        finally:
            wire.remove_notice_handler(hear)
        if WARNING in heard:
            raise OperationalError("The commit may not have reached the standby.")
