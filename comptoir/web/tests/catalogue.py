"""Every text that a page may show, found in our own sources: Python, templates, and the forms of connectors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

import comptoir
from comptoir.networks.found import connector_class, networks

ROOT = Path(comptoir.__file__).parent
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}
_DECLARED = {"block_means", "MEANS"}
"""What connectors declare in words, besides their forms and the grounds of reports."""
_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(n?gettext|pgettext)\(({_STRING}(?:,\s*{_STRING})*)", re.DOTALL)


def texts() -> set[str]:
    """All of them, in English as the sources have them."""
    found: set[str] = set()
    for path in ROOT.rglob("*.py"):
        if "tests" not in path.parts and "migrations" not in path.parts:
            found |= set(_of_python(path.read_text()))
    for path in ROOT.rglob("templates/**/*.*"):
        found |= set(_of_template(path.read_text()))
    for network in networks():
        found |= set(_of_connector(network))
    return found - {""}


def _of_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in _DECLARED:
            yield from (str(each.value) for each in ast.walk(node.value) if isinstance(each, ast.Constant))
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "Ground":
            yield from (each.value for each in node.args[1:] if isinstance(each, ast.Constant))  # type: ignore[misc]
        if name in _CALLS:
            count = 1 if name not in ("ngettext", "ngettext_lazy", "pgettext") else 2
            said = [
                a.value for a in node.args[:count] if isinstance(a, ast.Constant) and isinstance(a.value, str)
            ]
            yield from ["\x04".join(said)] if name == "pgettext" else said


def _of_template(source: str) -> Iterator[str]:
    if "{%" not in source:
        return
    for name, arguments, *_ in _CALL.findall(templatize(source)):
        strings = [ast.literal_eval(text) for text in re.findall(_STRING, arguments)]
        yield from ["\x04".join(strings)] if name == "pgettext" else strings[: 2 if name == "ngettext" else 1]


def _of_connector(network: str) -> Iterator[str]:
    kind = connector_class(network)
    yield kind.label
    for field in (*kind.form, *kind.options, *getattr(kind, "public_form", ())):
        yield from (
            text for text in (field.label, field.help, *(word for _value, word in field.choices)) if text
        )
