"""Operation keys and secrets.

A key names one thing somebody asked for once. It is made by the page when it is rendered or by
the device before it sends, never inside the operation: a retry would be a new question.
"""

import hashlib
import os
import secrets
import time
from uuid import UUID, uuid5

OURS = UUID("5d2b8c2e-5f0a-4c6e-9d0e-3f5a7d1c9b42")


def new() -> UUID:
    """A time-ordered key (UUIDv7, RFC 9562): neighbours in time are neighbours in the index."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    number = (number & ~(0xF << 76)) | (0x7 << 76)  # version 7
    number = (number & ~(0x3 << 62)) | (0x2 << 62)  # variant of RFC 9562
    return UUID(int=number)


def derived(what: str, *things: object) -> UUID:
    """The key of something that happens by itself, the same however often a job tries."""
    return uuid5(OURS, ":".join([what, *(str(thing) for thing in things)]))


def secret(bits: int = 256) -> str:
    """A secret for a link or a cookie."""
    return secrets.token_urlsafe(bits // 8)


def hashed(value: str) -> str:
    """How a secret is stored. It has 128 random bits or more, so a fast hash is enough."""
    return hashlib.sha256(value.encode()).hexdigest()
