"""Law 9: the docs name what there is, and what they name is there."""

import argparse
import ast
import re
import tomllib
from abc import ABC
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from comptoir.command import main
from comptoir.networks import connector as contract

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONNECTORS = PROJECT["project"]["entry-points"]["comptoir.connectors"]
SOURCES = [
    path
    for path in sorted((ROOT / "comptoir").rglob("*.py"))
    if not {"tests", "migrations"} & set(path.parts[len(ROOT.parts) :])
]
ROOMS = ("kernel", "reading", "organisation", "networks")
FENCE = re.compile(r"^(    .*|```.*)$", re.MULTILINE)


def sections(page: Path) -> dict[str, str]:
    """The text below each second-level heading of a page."""
    _, *parts = re.split(r"^## (.+)\n", page.read_text(), flags=re.MULTILINE)
    return {title.strip(): text for title, text in zip(parts[::2], parts[1::2], strict=True)}


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page make."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


# Settings


def _is_environment(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "environ"


def _asked(node: ast.AST) -> ast.expr | None:
    """What is asked of the environment by `environ[x]`, `environ.get(x)`, `getenv(x)`."""
    if isinstance(node, ast.Subscript) and _is_environment(node.value) and isinstance(node.ctx, ast.Load):
        return node.slice
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        asks = node.func.attr == "get" and _is_environment(node.func.value)
        return node.args[0] if asks or node.func.attr == "getenv" else None
    return None


def _readers(trees: list[ast.Module]) -> set[str]:
    """The functions that read a setting whose name they are given."""
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {
        function.name
        for function in functions
        for node in ast.walk(function)
        if isinstance(name := _asked(node), ast.Name) and name.id == function.args.args[0].arg
    }


def settings_read() -> dict[str, set[str]]:
    """Every setting that the code reads, with the defaults that stand beside it."""
    trees = [ast.parse(path.read_text()) for path in SOURCES]
    readers = _readers(trees)
    found: dict[str, set[str]] = {}
    for node in chain.from_iterable(map(ast.walk, trees)):
        name, rest = _asked(node), list[ast.expr]()
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            name, rest = _asked(node.values[0]), node.values[1:]
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            name = node.args[0] if name is None and called in readers and node.args else name
            rest = node.args[1:]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            defaults = {
                str(each.value) for each in rest if isinstance(each, ast.Constant) and each.value != ""
            }
            found.setdefault(name.value, set()).update(defaults)
    return found


def settings_named() -> dict[str, str]:
    """Every setting that docs/settings.md has a row for, with that row."""
    rows = re.findall(r"^\| `([A-Z_]+)` \|.*$", (DOCS / "settings.md").read_text(), flags=re.MULTILINE)
    lines = (DOCS / "settings.md").read_text().splitlines()
    return {name: next(line for line in lines if line.startswith(f"| `{name}` |")) for name in rows}


def test_every_setting_is_described_with_its_default() -> None:
    read, named = settings_read(), settings_named()
    assert len(read) > 20, "the search for settings finds too few: has the way of reading them changed?"
    assert not set(read) - set(named), "settings that docs/settings.md does not name"
    wrong = {
        f"{name}: {default}"
        for name, defaults in read.items()
        for default in defaults
        if f"`{default}`" not in named[name]
    }
    assert not wrong, "defaults that docs/settings.md gives otherwise"


def test_every_setting_described_is_read_somewhere() -> None:
    scripts = [*(ROOT / "bin").iterdir(), ROOT / "Makefile", *(ROOT / "tests").rglob("*.py"), *SOURCES]
    text = "\n".join(path.read_text() for path in scripts if path != Path(__file__))
    assert not {name for name in settings_named() if not re.search(rf"\b{name}\b", text)}


# Commands


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every sub-command with its own parser."""
    actions: list[Any] = main._parser()._actions
    return next(action.choices for action in actions if isinstance(action, argparse._SubParsersAction))


@pytest.mark.parametrize("name", commands())
def test_every_command_is_described_with_its_options(name: str) -> None:
    described = sections(DOCS / "commands.md")
    assert f"comptoir {name}" in described
    text = described[f"comptoir {name}"]
    for action in commands()[name]._actions:
        for word in [*action.option_strings, *map(str, action.choices or ())]:
            assert word in ("-h", "--help") or word in text, f"comptoir {name} does not describe {word}"


def test_every_command_described_exists() -> None:
    assert set(sections(DOCS / "commands.md")) == {f"comptoir {name}" for name in commands()}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_shown_can_be_typed(page: Path) -> None:
    text = page.read_text()
    shown = [*re.findall(r"`([^`\n]+)`", text), *(line.strip() for line in FENCE.findall(text))]
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for line in shown:
        if found := re.match(r"(?:\w+=\S+ )*(?:\.venv/bin/)?comptoir ([a-z][a-z-]*)", line):
            assert found[1] in commands(), line
        if found := re.match(r"(?:\w+=\S+ )*make ([a-z]+)\b", line):
            assert found[1] in targets, line


# Connectors


@pytest.mark.parametrize("name", CONNECTORS)
def test_every_connector_is_described_with_its_form(name: str) -> None:
    described = sections(DOCS / "connect.md")
    assert name in described
    module, _, kind = CONNECTORS[name].partition(":")
    connector = getattr(import_module(module), kind)
    for word in [*(field.name for field in connector.form), *getattr(connector, "scenarios", ())]:
        assert f"`{word}`" in described[name], f"docs/connect.md does not describe {word} of {name}"


def test_every_ability_and_error_is_explained() -> None:
    kinds = [each for name in contract.__all__ if isinstance(each := getattr(contract, name), type)]
    explained = (DOCS / "connector.md").read_text()
    roots = (ABC, contract.Keyed, contract.ConnectorError)
    names = {kind.__name__ for kind in kinds if issubclass(kind, roots)} - {"ConnectorError"}
    assert len(names) > 10
    assert not {name for name in names if f"`{name}`" not in explained}


def test_code_shown_is_the_code() -> None:
    """A block that follows `<!-- from PATH -->` stands in that file, line by line."""
    text = (DOCS / "connector.md").read_text()
    blocks = re.findall(r"<!-- from (\S+) -->\n+```python\n(.*?)```", text, flags=re.DOTALL)
    assert blocks
    for path, block in blocks:
        source = {line.strip() for line in (ROOT / path).read_text().splitlines()}
        strange = [line for line in block.splitlines() if line.strip() not in {*source, "...", ""}]
        assert not strange, f"{path} has no such lines"


# Pages


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_is_linked_and_named_exists(page: Path) -> None:
    text = page.read_text()
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if not link.startswith(("https://", "mailto:")):
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page.name} links {link}"
            assert not anchor or anchor in anchors(target), f"{page.name} links {link}"
    for name in re.findall(r"`((?:comptoir|tests|bin|docs|\.ci)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), f"{page.name} names {name}"


def test_every_page_can_be_found() -> None:
    listed = (DOCS / "README.md").read_text()
    missing = {page.name for page in DOCS.glob("*.md") if f"({page.name})" not in listed} - {"README.md"}
    assert not missing, "pages that docs/README.md does not list"


def test_every_decision_is_listed_and_whole() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text()
    pages = sorted(page for page in (DOCS / "decisions").glob("*.md") if page.name != "README.md")
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        title = page.read_text().splitlines()[0]
        number, _, words = title.removeprefix("# ").partition(". ")
        assert int(number) == int(page.name[:4]), title
        assert f"[{words}]({page.name})" in listed, f"docs/decisions/README.md does not list {page.name}"
        assert all(f"**{part}.**" in page.read_text() for part in ("Decided", "Why", "Price")), page.name


def test_the_version_is_in_the_changes() -> None:
    assert f"## {PROJECT['project']['version']}" in (ROOT / "CHANGELOG.md").read_text()
    assert "Apache License" in (ROOT / "LICENSE").read_text()


# Docstrings


def _silent(path: Path) -> Iterator[str]:
    """What is public in a file and says nothing of itself."""
    tree = ast.parse(path.read_text())
    if tree.body and not ast.get_docstring(tree):
        yield path.name
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
            bases = ast.unparse(ast.Tuple(node.bases))
            # A model's own queryset and manager only name the model: the base class says what they are for.
            if not re.search(r"Brand(QuerySet|Manager)", bases):
                yield f"{path.name}: {node.name}"


@pytest.mark.parametrize("room", ROOMS)
def test_modules_and_classes_say_what_they_are_for(room: str) -> None:
    files = [
        path for path in SOURCES if path.is_relative_to(ROOT / "comptoir" / room) and path.name != "apps.py"
    ]
    assert not [silent for path in files for silent in _silent(path)]
