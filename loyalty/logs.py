"""Log lines without keys and without addresses: whoever has the link of a card holds the card, and
an e-mail address is somebody."""

import logging
import re
import time

from django.conf import settings

ADDRESSES = re.compile(r"[^\s@<>\"'(),:;/]+@(?=[\w-]+\.\w)")
KEYS = re.compile(r"(/(?:m|c/pair|demo|invitation|u)/)[^/\s\"']+")


CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class Line(logging.Formatter):
    """One line each, in UTC: what a visitor sent begins no line of its own.

    Hides the part of a link that is a key, and whose an e-mail address is, in messages and
    tracebacks alike. On this machine the codes for made-up people are read here."""

    converter = time.gmtime  # type: ignore[assignment]  # typeshed has it take no seconds
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        record.message = CONTROL.sub(lambda found: repr(found[0])[1:-1], record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        line = KEYS.sub(r"\1***", super().format(record))
        return line if settings.ON_THIS_MACHINE else ADDRESSES.sub("***@", line)
