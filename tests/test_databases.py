"""Transactional tests start empty and with an armed ledger, on both engines."""

import uuid

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django_scopes import scopes_disabled

from loyalty import clock
from loyalty.models import Shop
from members.ledger.models import Operation
from members.ledger.triggers import guard
from tests.support import databases
from tests.support.together import together


@pytest.fixture
def operation(transactional_db):
    shop = Shop.objects.create(name="Kaffe", slug="kaffe", trade="cafe", country="NO")
    now = clock.now()
    with scopes_disabled():
        yield Operation.objects.create(
            shop=shop, key=uuid.uuid4(), kind="test", occurred_at=now, recorded_at=now
        )


@pytest.mark.parametrize("time", ["first", "second"])
def test_every_test_finds_an_armed_ledger_with_nothing_of_the_test_before(operation, time):
    assert Operation.objects.count() == 1
    assert guard.missing(connection) == []

    with pytest.raises(DatabaseError, match="immutable"):
        operation.delete()


def test_a_real_database_is_never_emptied(transactional_db, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", "customers")
        with pytest.raises(RuntimeError, match="no test database"):
            databases.flush_without_triggers(connection.ops, [])


def test_threads_see_what_was_committed(operation):
    def count():
        with scopes_disabled():
            return Operation.objects.count()

    assert together([count] * 4) == [1] * 4


@pytest.mark.postgres_only
@pytest.mark.django_db
def test_the_second_suite_really_runs_on_postgres():
    assert connection.vendor == "postgresql"


def test_sqlite_has_a_file_so_that_threads_can_share_it(db):
    if connection.vendor == "sqlite":
        assert settings.DATABASES["default"]["TEST"]["NAME"] == connection.settings_dict["NAME"]
    assert "memory" not in str(connections["default"].settings_dict["NAME"])
