"""A mutant: the code with one fault in it, and the tests that must not let it pass."""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Engine = Literal["sqlite", "postgres"]


@dataclass(frozen=True)
class Edit:
    """In this file, this text, which stands there once, becomes another one."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """`name` says what the mutant does wrong, `killed_by` names every test that must fail.

    `also`: what else changes, where one fault alone is stopped by the guard behind it. `quick`:
    is it tried with every run of the suite?
    """

    name: str
    file: str
    old: str
    new: str
    killed_by: tuple[str, ...]
    engine: Engine = "sqlite"
    also: tuple[Edit, ...] = ()
    quick: bool = False

    @property
    def edits(self) -> tuple[Edit, ...]:
        return (Edit(self.file, self.old, self.new), *self.also)

    @property
    def makes_other_tables(self) -> bool:
        """Must the database be made anew to have the fault?"""
        return any(
            "/migrations/" in edit.file or edit.file.endswith("triggers.py") for edit in self.edits
        )


def misfits(mutant: Mutant, tree: Path) -> list[str]:
    """Why a mutant can't be planted in this tree: the code has moved on, and it must follow."""
    wrong = [
        f"{edit.file} has the old text {count} times"
        for edit in mutant.edits
        if (count := _text(tree / edit.file).count(edit.old)) != 1
    ]
    wrong += [f"{edit.file} would not change" for edit in mutant.edits if edit.old == edit.new]
    wrong += [f"there is no {test}" for test in mutant.killed_by if not _exists(test, tree)]
    return wrong if mutant.killed_by else [*wrong, "no test is named"]


def plant(mutant: Mutant, tree: Path) -> None:
    for edit in mutant.edits:
        (tree / edit.file).write_text(planted(edit, tree))


def planted(edit: Edit, tree: Path) -> str:
    """A file of this tree with the fault in it."""
    return _text(tree / edit.file).replace(edit.old, edit.new)


def _text(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def _exists(test: str, tree: Path) -> bool:
    file, _, name = test.partition("::")
    functions = {
        node.name
        for node in ast.walk(ast.parse(_text(tree / file)))
        if isinstance(node, ast.FunctionDef)
    }
    return name.partition("[")[0] in functions
