"""Reads the house's own sources for what must not be in them: a rule takes a text and complains.

They are as narrow as what they look for.
"""

import ast
from functools import cache

SQL = {"execute", "executemany", "raw", "extra", "RawSQL"}
CODE = {"eval", "exec", "compile", "__import__"}
PATTERNS = {"compile", "search", "match", "fullmatch", "sub", "findall", "finditer", "split"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "yaml", "xml", "lxml", "dill"}
FETCHING = {"requests", "httpx", "aiohttp", "urllib3", "http.client", "ftplib", "urllib.request"}
CIPHERS = {"Crypto", "cryptography", "hmac", "ssl", "nacl"}
WEAK_HASHES = {"md5", "sha1", "new", "blake2s"}


@cache
def nodes(source):
    return list(ast.walk(ast.parse(source)))


def calls(source):
    for node in nodes(source):
        if isinstance(node, ast.Call):
            yield node, name_of(node.func)


def name_of(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def owner_of(function):
    of = function.value if isinstance(function, ast.Attribute) else None
    return of.id if isinstance(of, ast.Name) else ""


def modules(source):
    for node in nodes(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def of(found, families):
    return [one for one in found if any(one == f or one.startswith(f"{f}.") for f in families)]


def made_up(node):
    """A text that is put together where it stands."""
    if isinstance(node, ast.BinOp):  # with + or %; long texts in lines need neither
        return True
    if isinstance(node, ast.Call):
        return name_of(node.func) in ("format", "join")
    if not isinstance(node, ast.JoinedStr):
        return False
    return not all(is_escaped(part.value) for part in node.values if hasattr(part, "conversion"))


def is_escaped(node):
    return isinstance(node, ast.Call) and owner_of(node.func) == "re" and node.func.attr == "escape"


def sql_put_together(source):
    return [n.lineno for n, name in calls(source) if name in SQL and n.args and made_up(n.args[0])]


def code_from_text(source):
    return [n.lineno for n, name in calls(source) if name in CODE and not owner_of(n.func)]


def shells(source):
    through = [n for n, _name in calls(source) for word in n.keywords if word.arg == "shell"]
    return [n.lineno for n in through] + [
        n.lineno
        for n, name in calls(source)
        if owner_of(n.func) == "os" and name in ("system", "popen")
    ]


def patterns_put_together(source):
    return [
        n.lineno
        for n, name in calls(source)
        if owner_of(n.func) == "re" and name in PATTERNS and n.args and made_up(n.args[0])
    ]


def templates_from_text(source):
    return [
        n.lineno
        for n, name in calls(source)
        if name == "Template" or (name == "from_string" and owner_of(n.func) == "engines")
    ]


def formats_from_outside(source):
    """`format` of a text that is not written where it is called or in a name of capitals."""
    return [
        n.lineno
        for n, name in calls(source)
        if name == "format"
        and isinstance(n.func, ast.Attribute)
        and "request" in ast.dump(n.func.value)
    ]


def weak_or_own_cryptography(source):
    hashes = [
        f"{name} in line {n.lineno}"
        for n, name in calls(source)
        if owner_of(n.func) == "hashlib" and name in WEAK_HASHES
    ]
    return hashes + of(modules(source), CIPHERS)


def forms_of_every_field(source):
    """A model's form that takes whatever the model has."""
    return [
        node.lineno
        for node in nodes(source)
        if isinstance(node, ast.Assign)
        and any(getattr(target, "id", "") == "fields" for target in node.targets)
        and isinstance(node.value, ast.Constant)
        and node.value.value == "__all__"
    ]


def deserialises(source):
    return of(modules(source), UNSAFE_MODULES)


def fetches(source):
    return of(modules(source), FETCHING)


def plain_chance(source):
    return of(modules(source), {"random"})
