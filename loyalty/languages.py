"""Turns the translators' .po files into the .mo files Django reads.

With Babel, so that a shop's machine needs no gettext. `pybabel compile` would skip a catalogue
whose header is marked fuzzy without a word; reading and writing it ourselves skips nothing but
the messages a translator has not confirmed.
"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent / "locale"


def compile_languages(locale: Path = LOCALE) -> list[Path]:
    """Write every .mo that is missing or older than its .po, and return those written."""
    sources = sorted(locale.glob("*/LC_MESSAGES/*.po"))
    stale = [source for source in sources if not is_fresh(source)]
    return [compile_one(source) for source in stale]


def is_fresh(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


def compile_one(source: Path) -> Path:
    compiled = source.with_suffix(".mo")
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
    # Replaced in one step: another process may be reading the old file right now.
    beside = compiled.with_suffix(f".{os.getpid()}")
    with beside.open("wb") as file:
        write_mo(file, catalogue)
    beside.replace(compiled)
    return compiled
