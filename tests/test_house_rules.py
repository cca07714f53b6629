"""The house keeps its rules, and each rule is broken once to see that it would be noticed."""

import types

import pytest
from django.apps import apps

from tests.support import house

pytestmark = pytest.mark.once

FACTORIES = sorted(house.ROOT.glob("tests/**/*factories*.py"))
ON_CODE = [house.imports_upstairs, house.hidden_imports, house.ledger_writes]


@pytest.mark.parametrize("path", house.code_files() + house.other_files(), ids=house.name)
def test_a_file_is_short_enough_to_read(path):
    assert not house.too_long(house.name(path), path.read_text())


@pytest.mark.parametrize("rule", ON_CODE, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", house.code_files(), ids=house.name)
def test_code_keeps_the_rules(path, rule):
    assert not rule(house.name(path), path.read_text())


@pytest.mark.parametrize("path", house.migrations(), ids=house.name)
def test_a_migration_has_a_name(path):
    assert not house.nameless_migration(house.name(path))


@pytest.mark.parametrize("path", FACTORIES, ids=house.name)
def test_no_factory_makes_a_row_of_the_ledger(path):
    assert not house.ledger_factories(house.name(path), path.read_text())


def test_foreign_keys_go_down_too():
    assert not [wrong for model in apps.get_models() for wrong in house.points_up(model)]


# The controls: what must be noticed, and its neighbour that must not.


@pytest.mark.parametrize(
    ("rule", "filename", "source"),
    [
        (house.too_long, "members/views.py", "x\n" * 401),
        (house.too_long, "members/utils.py", ""),
        (house.imports_upstairs, "members/views.py", "from stampcards.models import Stamp"),
        (house.imports_upstairs, "members/views.py", "import rewards"),
        (house.imports_upstairs, "stampcards/views.py", "from loyalty.dashboard import views"),
        (house.imports_upstairs, "loyalty/__init__.py", "import members.models"),
        (house.hidden_imports, "members/views.py", "def f():\n    import members.models"),
        (house.hidden_imports, "members/views.py", "async def f():\n    from os import path"),
        (house.ledger_writes, "members/views.py", "LedgerEntry(amount=1)"),
        (house.ledger_writes, "members/views.py", "models.Lot.objects.bulk_create([])"),
        (house.ledger_writes, "members/views.py", "Operation.objects.get_or_create()"),
        (house.ledger_factories, "tests/factories.py", "class M:\n    model = LedgerEntry"),
        (house.ledger_factories, "tests/factories.py", "class M:\n    model = 'members.Lot'"),
    ],
)
def test_a_broken_rule_is_noticed(rule, filename, source):
    assert rule(filename, source)


@pytest.mark.parametrize(
    ("rule", "filename", "source"),
    [
        (house.too_long, "members/views.py", "x\n" * 400),
        (house.imports_upstairs, "stampcards/views.py", "from members.models import Account"),
        (house.imports_upstairs, "loyalty/urls.py", "from stampcards import views"),
        (house.hidden_imports, "members/posters.py", "def f():\n    import weasyprint"),
        (house.hidden_imports, "members/apps.py", "def f():\n    from members import checks"),
        (house.ledger_writes, "members/ledger/posting.py", "LedgerEntry(amount=1)"),
        (house.ledger_writes, "members/views.py", "LedgerEntry.objects.filter(amount=1)"),
        (house.ledger_factories, "tests/factories.py", "class M:\n    model = Account"),
    ],
)
def test_what_is_allowed_passes(rule, filename, source):
    assert not rule(filename, source)


@pytest.mark.parametrize("stem", ["0002_auto_20260101_1200", "0003_alter_shop_name_and_more"])
def test_an_automatic_name_is_noticed(stem):
    assert house.nameless_migration(f"members/migrations/{stem}.py")


@pytest.mark.parametrize("stem", ["0001_initial", "0002_shortfall_is_kept_beside_the_balance"])
def test_a_chosen_name_passes(stem):
    assert not house.nameless_migration(f"members/migrations/{stem}.py")


def test_a_foreign_key_upstairs_is_noticed():
    assert house.points_up(model_pointing_to("stampcards.models", from_module="members.models"))
    assert not house.points_up(model_pointing_to("members.models", from_module="rewards.models"))


def model_pointing_to(module, *, from_module):
    target = types.SimpleNamespace(__module__=module)
    field = types.SimpleNamespace(concrete=True, related_model=target)
    meta = types.SimpleNamespace(get_fields=lambda: [field])
    return types.SimpleNamespace(__module__=from_module, _meta=meta)
