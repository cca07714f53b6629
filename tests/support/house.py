"""The architecture as far as a machine can see it: each rule takes a source text and complains.

The rules stand apart from the test so that its controls can break each of them once.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ["loyalty", "members", "rewards", "stampcards"]  # imports go down only
ROOF = ("loyalty.urls", "loyalty.dashboard", "loyalty.setup", "loyalty.management")  # above all
LEDGER_ROWS = ("Operation", "LedgerEntry", "Lot", "Allocation")
WRITING = re.compile(rf"\b({'|'.join(LEDGER_ROWS)})(\.objects\.\w*create)?$")
THE_WRITER = "members/ledger/posting.py"
# Apps are not ready when these are imported; WeasyPrint costs half a second and needs Pango.
MAY_IMPORT_LATE = ("apps.py", "checks.py")
LATE_MODULES = ("weasyprint",)
# Names makemigrations gives when nobody gave one; 0001_initial is a name one can read.
AUTOMATIC = re.compile(r"^\d{4}_(auto_\d|alter_|remove_\w+_and_more|.*_and_more$|rename_\w+_\d)")


def name(path):
    return path.relative_to(ROOT).as_posix()


def code_files():
    found = (path for top in FLOORS for path in ROOT.glob(f"{top}/**/*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def migrations():
    found = (path for top in FLOORS for path in ROOT.glob(f"{top}/**/migrations/0*.py"))
    return sorted(found)


def other_files():
    """What else people read: templates, styles, scripts, tests."""
    found = (path for top in ("templates", "static", "tests") for path in ROOT.glob(f"{top}/**/*"))
    ours = (path for path in found if path.suffix in (".html", ".css", ".js", ".py"))
    return sorted(path for path in ours if "vendor" not in path.parts)


def module_of(filename):
    return filename.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def floor(module):
    """The floor of a module, or None when it is not ours."""
    if any(module == up or module.startswith(f"{up}.") for up in ROOF):
        return len(FLOORS)
    top = module.split(".")[0]
    return FLOORS.index(top) if top in FLOORS else None


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def too_long(filename, source):
    wrong = []
    if len(source.splitlines()) > 400:
        wrong.append("over 400 lines: split it by noun")
    if Path(filename).stem == "utils":
        wrong.append("name it after its noun")
    return wrong


def imports_upstairs(filename, source):
    here = floor(module_of(filename))
    above = [module for module in imported(ast.parse(source)) if (floor(module) or 0) > here]
    return [f"{module} lives upstairs: move the rule down or the page up" for module in above]


def hidden_imports(filename, source):
    if Path(filename).name in MAY_IMPORT_LATE:
        return []
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    hidden = {module for function in functions for module in imported(function)}
    late = {module for module in hidden if module.split(".")[0] in LATE_MODULES}
    return [f"{module} is hidden: two modules want to be three" for module in sorted(hidden - late)]


def ledger_writes(filename, source):
    if filename == THE_WRITER:
        return []
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    writes = [ast.unparse(call) for call in calls if WRITING.search(ast.unparse(call))]
    return [f"{call}(): only {THE_WRITER} writes the ledger" for call in writes]


def ledger_factories(_filename, source):
    """Factories book through operations, so none may make a row of the ledger."""
    metas = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "model" for target in node.targets)
    ]
    made = [ast.unparse(node.value).rsplit(".", 1)[-1].strip("'\"") for node in metas]
    return [f"no factory for {row}: call an operation" for row in made if row in LEDGER_ROWS]


def nameless_migration(filename):
    if AUTOMATIC.match(Path(filename).stem):
        return ["name it by what it does: makemigrations --name"]
    return []


def points_up(model):
    """Foreign keys of this model that reach into a floor above its own."""
    here = floor(model.__module__)
    if here is None:
        return []
    links = [field for field in model._meta.get_fields() if field.concrete and field.related_model]
    above = [link for link in links if (floor(link.related_model.__module__) or 0) > here]
    return [f"{link} points up" for link in above]
