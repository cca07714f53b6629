"""What pytest must know before it collects: the environment, the switches, which test runs where.

Loaded by `-p` in pyproject.toml, so that it comes before Django's settings are read.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings

from loyalty.languages import compile_languages
from loyalty.start import set_test_environment

set_test_environment()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loyalty.settings")
# Playwright's sync interface keeps an event loop in our thread, which Django takes for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# What a service worker asks for must be seen by the guard as well.
os.environ["PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS"] = "1"


TESTS = Path(__file__).parent.parent
# The owner's pages lie over operations that are tested on both engines where they are at home.
PAGES = TESTS / "dashboard"


def pytest_addoption(parser):
    group = parser.getgroup("stamkunde")
    group.addoption("--long", action="store_true", help="also the tests marked long")
    group.addoption("--ha", action="store_true", help="also several machines, on loopback")
    group.addoption("--units", action="store_true", help="leave out the browser tests")
    group.addoption("--database-in", help="keep SQLite's test database in this folder")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    """Before any conftest, since importing our code is enough for a task to choose its backend."""
    adapt_settings()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # once, not in every worker
        compile_languages()
        config.pluginmanager.register(AtOnce(config), "at_once")


class AtOnce:
    """Names a test as soon as it fails: the whole run goes on for a long while."""

    def __init__(self, config):
        self.plugins = config.pluginmanager

    def pytest_runtest_logreport(self, report):
        terminal = self.plugins.get_plugin("terminalreporter")
        if report.failed and terminal:
            terminal.write_line(f"\n{report.when} of {report.nodeid} failed", red=True)


def adapt_settings():
    """The few settings that differ from an installation, each for a reason."""
    settings.DEMO = False  # a test that is about the demo turns it on
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.path.is_relative_to(PAGES) and not item.get_closest_marker("both_engines"):
            item.add_marker("once")
    away = left_out(config)
    gone = [item for item in items if any(item.get_closest_marker(name) for name in away)]
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in set(gone)]
    for item in items:
        if item.get_closest_marker("browser"):
            # One browser at a time: two would starve each other on a small machine.
            item.add_marker(pytest.mark.xdist_group("browser"))


def left_out(config):
    """Markers of tests that do not run this time."""
    away = {name for name in ("long", "ha") if not config.getoption(name)}
    if config.getoption("units"):
        away.add("browser")
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        away.add("postgres_only")
    else:
        away |= {"browser", "once", "sqlite_only"}
    return away
