"""Test databases: with a file name on SQLite, and emptied although the past refuses deletion."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations

from loyalty.journal.triggers import guard as guard_of_journal
from members.ledger.triggers import guard as guard_of_ledger

GUARDS = (guard_of_journal, guard_of_ledger)
flush = BaseDatabaseOperations.execute_sql_flush


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request, django_db_modify_db_settings_parallel_suffix, tmp_path_factory
):
    """SQLite gets a file for each worker: threads and the live server cannot share memory."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        kept_in = request.config.getoption("database_in")
        folder = Path(kept_in).resolve() if kept_in else tmp_path_factory.mktemp("database")
        folder.mkdir(exist_ok=True)
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_without_triggers)
        yield


def flush_without_triggers(operations, statements):
    """Empty the tables after a transactional test; only a test database may lose its triggers."""
    connection = connections[operations.connection.alias]
    name, test_name = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    if not (name == test_name or str(name).startswith("test_")):
        raise RuntimeError(f"{name} is no test database, so nothing is emptied")
    for guard in GUARDS:
        guard.disarm(connection)
    try:
        flush(operations, statements)
    finally:
        for guard in GUARDS:
            guard.arm(connection)
