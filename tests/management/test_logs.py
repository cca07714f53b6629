"""A log names no key: no card's private link, no pairing link, no invitation."""

import logging

import pytest

from loyalty.logs import Line

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("Not Found: /m/8fKx-secret/history/", "Not Found: /m/***/history/"),
        ("Forbidden: /c/pair/onlyOnce/", "Forbidden: /c/pair/***/"),
        ("Gone: /invitation/8fKx-secret/accept/", "Gone: /invitation/***/accept/"),
        ("Not Found: /u/signed:1x/", "Not Found: /u/***/"),
        ("Not Found: /o/kaffe-kardemomme/", "Not Found: /o/kaffe-kardemomme/"),
    ],
)
def test_it_works(message, line):
    assert written(message) == line


def written(message):
    record = logging.LogRecord("django.request", 30, "", 0, "%s", (message,), None)
    return Line("%(message)s").format(record)


def test_it_names_nobody_by_their_address(settings):
    settings.ON_THIS_MACHINE = False
    refused = "Mail 7 was not sent (try 1): {'maja.h+x@example.no': (550, b'no <maja@mail.no>')}"

    line = written(refused)

    assert line == "Mail 7 was not sent (try 1): {'***@example.no': (550, b'no <***@mail.no>')}"
