"""Does every kind of programme answer what it will be asked? Told at `manage.py check`."""

from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from inspect import Parameter, signature
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from members.kinds import Kind


def kinds_answer(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Each module of PROGRAMME_KINDS answers all of `Kind`, asked as `Kind` asks."""
    errors: list[CheckMessage] = []
    for path in settings.PROGRAMME_KINDS.values():
        with suppress(ImportError):  # which loyalty.E001 tells
            kind = import_module(path)
            errors += [_error(path, missing) for missing in _missing(kind)]
    return errors


def _error(path: str, missing: str) -> CheckMessage:
    return Error(f"{path}: {missing}", hint="See members/kinds.py.", id="members.E001")


def _missing(kind: ModuleType) -> Iterator[str]:
    for name in Kind.__annotations__:
        if not hasattr(kind, name):
            yield f"{name} is missing"
    for name, wanted in vars(Kind).items():
        if name.startswith("_") or not callable(wanted):
            continue
        answer = getattr(kind, name, None)
        if answer is None:
            yield f"{name}() is missing"
        elif _asked(answer) != _asked(wanted)[1:]:  # without self
            yield f"{name}{signature(answer)} should be asked as {name}{signature(wanted)}"


def _asked(function: Any) -> list[tuple[str, Any]]:
    """The names of what it takes, and whether by place or by name only."""
    taken = signature(function).parameters.values()
    return [(each.name, each.kind is Parameter.KEYWORD_ONLY) for each in taken]
