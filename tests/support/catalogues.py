"""Looks at .po files: what is missing, unsure, or says something else than its source."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "loyalty" / "locale"
LANGUAGES = ("nb", "da")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}")
NOT_OURS = shutil.ignore_patterns(
    ".*", "__pycache__", "*.mo", "vendor", "staticfiles", "media", "db.sqlite3*", "node_modules"
)


def catalogue(language):
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    assert path.exists(), f"no catalogue for {language}: run makemessages"
    return polib.pofile(str(path))


def living(po):
    return [entry for entry in po if not entry.obsolete]


def key(entry):
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


def incomplete(po):
    """Entries that are untranslated, unsure, or lack a plural form."""
    return [entry.msgid for entry in living(po) if entry.fuzzy or not all(forms(entry))]


def forms(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text):
    return sorted(found for found in PLACEHOLDER.findall(text) if found != "%%")


def changed_placeholders(po):
    """Entries whose translation would break or drop a name, a number or an amount.

    A plural form may follow either source: "one stamp" needs no number.
    """
    wrong = []
    for entry in living(po):
        sources = [placeholders(text) for text in (entry.msgid, entry.msgid_plural) if text]
        wrong += [entry.msgid for text in forms(entry) if placeholders(text) not in sources]
    return wrong


def extracted(folder):
    """What `makemessages` finds today, in a copy so that the catalogues stay untouched."""
    copy = folder / "source"
    copy.mkdir()
    for top in ("loyalty", "members", "rewards", "stampcards", "templates"):
        if (ROOT / top).is_dir():
            shutil.copytree(ROOT / top, copy / top, ignore=NOT_OURS)
    program = "import django, sys; from django.core.management import call_command;"
    program += "django.setup(); call_command(*sys.argv[1:])"
    words = ["makemessages", "--no-location", "--verbosity=0", *(f"-l{lang}" for lang in LANGUAGES)]
    command = [sys.executable, "-c", program, *words]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    found = polib.pofile(str(copy / "loyalty/locale" / LANGUAGES[0] / "LC_MESSAGES/django.po"))
    return {key(entry) for entry in living(found)}
