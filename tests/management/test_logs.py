"""A log names no key: neither a card's private link nor a pairing link."""

import logging

import pytest

from loyalty.logs import Line

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("Not Found: /m/8fKx-secret/history/", "Not Found: /m/***/history/"),
        ("Forbidden: /c/pair/onlyOnce/", "Forbidden: /c/pair/***/"),
        ("Not Found: /o/kaffe-kardemomme/", "Not Found: /o/kaffe-kardemomme/"),
    ],
)
def test_it_works(message, line):
    record = logging.LogRecord("django.request", 30, "", 0, "%s", (message,), None)

    assert Line("%(message)s").format(record) == line
