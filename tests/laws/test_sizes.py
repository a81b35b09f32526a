"""Law 6: a function fits a screen, a file fits a head, and nothing is named like a drawer for everything."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FUNCTION = 45
FILE = 400
DRAWERS = {"utils", "helpers", "manager", "service", "engine", "common"}
SOURCES = sorted(
    path
    for folder in ("comptoir", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts and "node_modules" not in path.parts
)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= FILE, f"{path.name} is longer than {FILE} lines"
    long = [
        f"{f.name} ({f.end_lineno - f.lineno + 1})"
        for f in _functions(ast.parse(text))
        if f.end_lineno and f.end_lineno - f.lineno + 1 > FUNCTION
    ]
    assert not long, f"longer than {FUNCTION} lines in {path.name}: {long}"


def test_no_drawer_for_everything() -> None:
    names = {part for path in SOURCES for part in (path.stem, *path.relative_to(ROOT).parts[:-1])}
    assert not names & DRAWERS
    classes = {
        node.name.lower()
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    }
    assert not classes & DRAWERS
