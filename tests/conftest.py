"""Fixtures for every test; what they are made of is in tests/support."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from tests.support.browser import (  # noqa: F401  # fixtures
    browser_context_args,
    browser_type_launch_args,
    browser_with_camera,
    new_context,
    no_outside_requests,
)
from tests.support.databases import (  # noqa: F401  # fixtures
    django_db_modify_db_settings,
    django_db_setup,
)
from tests.support.film import film  # noqa: F401  # fixture

pytest_plugins = [
    "tests.people",  # Ingrid, Ola, Maja, and the stranger next door
    "tests.books",  # a Monday
]


@pytest.fixture(autouse=True)
def empty_cache():
    """Limits and codes of one test are none of the next one's business."""
    cache.clear()


@pytest.fixture(autouse=True)
def english():
    """A request leaves its language behind; every test begins with the house's."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
