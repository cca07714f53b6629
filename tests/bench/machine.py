"""What it ran on: without this no figure means anything."""

import os
import platform
import sqlite3
import subprocess
from pathlib import Path

import django

from tests.running.parts import chromium


def told() -> dict[str, str]:
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "system": platform.platform(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "sqlite": sqlite3.sqlite_version,
        "browser": browser(),
        "load before": load(),
    }


def load() -> str:
    """How busy the machine was of late, with us and everybody else: cores' worth of work."""
    return f"{os.getloadavg()[0]:.2f}"


def processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def browser() -> str:
    asked = subprocess.run([chromium() or "false", "--version"], capture_output=True, text=True)
    return asked.stdout.strip()
