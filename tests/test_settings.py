"""`.env.example` names every variable the settings read, and no other."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r"^([A-Z_]+)=", re.MULTILINE)


def variables_read(source):
    """First arguments of env("…") and env.something("…")."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        reader = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        name = node.args[0]
        if isinstance(reader, ast.Name) and reader.id == "env" and isinstance(name, ast.Constant):
            found.add(name.value)
    return found


def explained(text):
    return LINE.findall(text)


def test_the_example_names_exactly_what_the_settings_read():
    names = explained((ROOT / ".env.example").read_text())

    assert set(names) == variables_read((ROOT / "loyalty/settings.py").read_text())
    assert len(names) == len(set(names)), "each is explained once"


def test_every_variable_has_a_comment_above_it():
    paragraphs = (ROOT / ".env.example").read_text().split("\n\n")

    bare = [part for part in paragraphs if explained(part) and not part.startswith("#")]
    crowded = [part for part in paragraphs if len(explained(part)) > 1]
    assert not bare
    assert not crowded


def test_a_forgotten_variable_would_be_noticed():
    assert variables_read('A = env("A")\nB = env.bool("B", default=env("C"))\nd("D")') == set("ABC")
