"""`manage.py check_ledger` says that the books agree, or where they do not."""

import io

import pytest
from django.core.management import CommandError, call_command

from loyalty.management.commands import check_ledger

pytestmark = pytest.mark.django_db


def test_it_works():
    said = io.StringIO()
    call_command("check_ledger", stdout=said)

    assert said.getvalue() == "Every balance agrees with its entries.\n"


def test_what_disagrees_is_named(monkeypatch):
    monkeypatch.setattr(
        check_ledger.audit, "disagreements", lambda: iter(["account 7: balance 3, entries 2"])
    )

    with pytest.raises(CommandError, match="account 7: balance 3, entries 2"):
        call_command("check_ledger")
