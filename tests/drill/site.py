"""The site as an installation runs it: its commands, in processes of their own."""

import json
import os
import subprocess
import sys
from typing import Any

MAKE_SHOP = "from tests.drill import shop; print(shop.opened())"
COMMAND_SECONDS = 300  # on a machine that has much else to do


class Failed(Exception):
    """A command of the site ended badly; the message is what it said."""


def manage(told: dict[str, str], *words: str) -> str:
    """A command of manage.py with these settings, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "django", *words],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
    )
    if done.returncode:
        raise Failed(f"{words[0]}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def with_a_shop(told: dict[str, str]) -> dict[str, Any]:
    """A shop where there was nothing: what its counter must know."""
    found = json.loads(manage(told, "shell", "--no-imports", "-c", MAKE_SHOP))
    return dict(found)
