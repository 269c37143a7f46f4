"""The house style, as far as a program can check it."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

LONGEST_FUNCTION = 50  # lines
LONGEST_MODULE = 400
PASSED_OVER = {".venv", "var", "build", "tests", "bench", "migrations", "node_modules"}
EMPTY_NAMES = re.compile(r"(^|/)(utils|helpers|common|misc|managers?|services?|base)\.py$")
LOCKING = re.compile(r"\bfor (update|share|no key update|key share)\b", re.IGNORECASE)
FOREIGN_CLOCK = re.compile(r"(?<!market_)\b(now\(\)|current_timestamp|clock_timestamp)", re.IGNORECASE)
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
OVERRIDDEN = {"connect"}  # of a library's class
QUEUES = {
    "outbox.py",
    "uncertain.py",
    "reports.py",
    "inbox.py",
    "records.py",
    "received.py",
}  # their claims skip what is locked


def faults(root: Path) -> list[str]:
    """Every breach in the product's modules, as `file:line what`."""
    return [fault for path in modules(root) for fault in _of_module(path.relative_to(root), path.read_text())]


def modules(root: Path) -> list[Path]:
    """The product's Python files."""
    found: list[Path] = []
    for folder, folders, names in os.walk(root):
        folders[:] = set(folders) - PASSED_OVER  # what is passed over comes and goes while tests run
        found += [Path(folder, name) for name in names if name.endswith(".py")]
    return sorted(found)


def _of_module(path: Path, text: str) -> Iterator[str]:
    lines = text.count("\n")
    if lines > LONGEST_MODULE:
        yield f"{path}: {lines} lines; {LONGEST_MODULE} are the most"
    if EMPTY_NAMES.search(str(path)):
        yield f"{path}: named for nothing"
    tree = ast.parse(text)
    if text.strip() and not ast.get_docstring(tree):
        yield f"{path}:1 no sentence at the top"
    docstrings = {id(getattr(node.body[0], "value", None)) for node in ast.walk(tree) if _is_told(node)}
    for node in ast.walk(tree):
        if id(node) not in docstrings:
            yield from _of_node(path, node)


def _of_node(path: Path, node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Module(body=body) | ast.ClassDef(body=body):
            for one in body:
                if isinstance(one, ast.FunctionDef) and _is_public(one) and not ast.get_docstring(one):
                    yield f"{path}:{one.lineno} {one.name} has no docstring"
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _of_function(path, node)
        case ast.ImportFrom(level=level) if level:
            yield f"{path}:{node.lineno} relative import"
        case ast.Constant(value=str(words)):
            yield from _of_sql(path, node.lineno, words)


def _of_function(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    size = (node.end_lineno or node.lineno) - node.lineno + 1
    if size > LONGEST_FUNCTION:
        yield f"{path}:{node.lineno} {node.name} has {size} lines; {LONGEST_FUNCTION} are the most"


def _is_public(node: ast.FunctionDef) -> bool:
    """What others call; a library's own method names and overloads need no second explanation."""
    return not node.name.startswith("_") and node.name not in OVERRIDDEN


def _is_told(node: ast.AST) -> TypeGuard[Documented]:
    return isinstance(node, Documented) and ast.get_docstring(node) is not None


def _of_sql(path: Path, line: int, words: str) -> Iterator[str]:
    if not re.search(r"\b(select|insert|update|delete)\b", words, re.IGNORECASE):
        return
    if FOREIGN_CLOCK.search(words) and path.name != "clock.py":
        yield f"{path}:{line} SQL asks another clock than market_now()"
    for found in LOCKING.finditer(words):
        kind = found[1].lower()
        if kind != "no key update":
            yield f"{path}:{line} `for {kind}` blocks foreign keys; see locks.py"
        elif path.name not in {"locks.py", *QUEUES}:
            yield f"{path}:{line} a row lock outside locks.py"
