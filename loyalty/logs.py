"""Log lines without keys and without addresses: whoever has the link of a card holds the card, and
an e-mail address is somebody."""

import logging
import re

from django.conf import settings

ADDRESSES = re.compile(r"[^\s@<>\"'(),:;/]+@(?=[\w-]+\.\w)")
KEYS = re.compile(r"(/(?:m|c/pair|demo|invitation|u)/)[^/\s\"']+")


class Line(logging.Formatter):
    """Hides the part of a link that is a key, and whose an e-mail address is, in messages and
    tracebacks alike. On this machine the codes for made-up people are read here."""

    def format(self, record: logging.LogRecord) -> str:
        line = KEYS.sub(r"\1***", super().format(record))
        return line if settings.ON_THIS_MACHINE else ADDRESSES.sub("***@", line)
