"""What is not in the sources cannot be attacked. Each rule is broken once, to see it notice."""

import re

import pytest

from tests.security import reading
from tests.support.house import ROOT, code_files, name

pytestmark = pytest.mark.once

CODE = {name(path): path.read_text() for path in code_files()}
TEMPLATES = {
    name(path): path.read_text()
    for path in sorted((ROOT / "templates").rglob("*"))
    if path.suffix in (".html", ".txt")
}
SCRIPTS = {name(path): path.read_text() for path in sorted((ROOT / "static/js").glob("*.js"))}

# The names of tables, triggers and transactions are ours, written in the same file.
OWN_SQL = {
    "loyalty/triggers.py",
    "loyalty/checks.py",
    "loyalty/dashboard/settings/takeout_file.py",
    "loyalty/management/sample/loading.py",
    "members/ledger/at_once.py",
}
# Made-up customers, and how long to wait before a busy database is asked again.
CHANCE = (
    "loyalty/management/demo/",
    "loyalty/management/sample/",
    "members/ledger/posting.py",
)
# Drawn from the modules of a QR: no text is in it.
DRAWINGS = {"loyalty/qr.py"}
# Plain text: a mail has no markup, so nothing is to be escaped.
MAILS = ("mail/", "news/", "email/")
# The answer of our own server, which has escaped it.
OWN_MARKUP = {"static/js/card-live.js"}


def complaints(rule, sources=CODE, without=()):
    return {
        file: found
        for file, text in sources.items()
        if file not in without
        if (found := rule(text))
    }


def test_no_statement_is_made_of_what_was_typed():
    assert complaints(reading.sql_put_together, without=OWN_SQL) == {}


def test_no_command_goes_through_a_shell():
    assert complaints(reading.shells) == {}


def test_nothing_runs_text_as_code():
    assert complaints(reading.code_from_text) == {}


def test_no_pattern_is_made_of_what_was_typed():
    assert complaints(reading.patterns_put_together) == {}


def test_no_template_is_made_of_what_was_typed():
    assert complaints(reading.templates_from_text) == {}


def test_no_format_is_made_of_what_was_typed():
    assert complaints(reading.formats_from_outside) == {}


def test_nothing_is_unpickled():
    assert complaints(reading.deserialises) == {}


def test_the_site_fetches_no_address():
    assert complaints(reading.fetches) == {}


def test_nobody_here_invents_cryptography():
    assert complaints(reading.weak_or_own_cryptography) == {}


def test_what_nobody_may_guess_comes_from_the_system():
    found = complaints(reading.plain_chance)

    assert {file for file in found if not file.startswith(CHANCE)} == set()


def test_every_form_names_its_fields():
    assert complaints(reading.forms_of_every_field) == {}


def test_no_template_says_that_text_is_safe():
    def unescaped(text):
        return re.findall(r"\|safe\b|autoescape off|\|safeseq", text)

    pages = {file: text for file, text in TEMPLATES.items() if not any(m in file for m in MAILS)}
    assert complaints(unescaped, pages) == {}
    assert complaints(lambda text: re.findall(r"mark_safe\(", text), without=DRAWINGS) == {}
    assert unescaped("{{ name|safe }}")


def test_scripts_run_no_text():
    assert complaints(runs_text, SCRIPTS) == {}
    assert (
        complaints(lambda text: re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=\"", text), TEMPLATES)
        == {}
    )


def runs_text(script):
    return re.findall(
        r"\beval\(|new Function|setTimeout\([\"'`]|document\.write|javascript:", script
    )


def test_scripts_write_text_as_text():
    assert complaints(writes_markup, SCRIPTS, without=OWN_MARKUP) == {}


def writes_markup(script):
    return re.findall(r"\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|DOMParser", script)


def test_scripts_hear_no_messages_of_other_pages():
    """Only a service worker listens: its own pages alone can speak to it."""
    listens = re.compile(r"addEventListener\(\"message\"|onmessage")

    assert set(complaints(listens.findall, SCRIPTS)) == {"static/js/counter-sw.js"}


def test_scripts_take_no_names_of_fields_from_outside():
    assert (
        complaints(re.compile(r"__proto__|Object\.assign\(\w+\.prototype").findall, SCRIPTS) == {}
    )


BROKEN = [
    (reading.sql_put_together, 'cursor.execute(f"SELECT {name}")'),
    (reading.sql_put_together, 'cursor.execute("SELECT " + name)'),
    (reading.sql_put_together, 'Person.objects.raw("SELECT %s" % name)'),
    (reading.shells, 'subprocess.run("ls", shell=True)'),
    (reading.shells, 'os.system("ls")'),
    (reading.code_from_text, "eval(text)"),
    (reading.patterns_put_together, 're.search(f"^{text}", line)'),
    (reading.templates_from_text, "Template(text)"),
    (reading.formats_from_outside, 'request.POST["text"].format(shop=shop)'),
    (reading.deserialises, "import pickle"),
    (reading.deserialises, "from xml.etree import ElementTree"),
    (reading.fetches, "from urllib.request import urlopen"),
    (reading.weak_or_own_cryptography, "hashlib.md5(b'')"),
    (reading.weak_or_own_cryptography, "from cryptography.fernet import Fernet"),
    (reading.plain_chance, "import random"),
    (reading.forms_of_every_field, "class Meta:\n    fields = '__all__'"),
    (runs_text, "eval(text)"),
    (writes_markup, "page.innerHTML = text"),
]


@pytest.mark.parametrize(("rule", "text"), BROKEN)
def test_a_broken_rule_is_noticed(rule, text):
    assert rule(text)
