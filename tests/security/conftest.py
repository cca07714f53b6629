"""Signing in, as the tests of the second step do it."""

from tests.loyalty.security.conftest import code  # noqa: F401  # a fixture
