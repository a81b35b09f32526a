"""Whatever is written into the audit log, a person reads a sentence in their language."""

import ast
from collections.abc import Iterator
from pathlib import Path

from comptoir.organisation.audit_sentences import CODES, KINDS, SENTENCES, audit_sentence

ROOT = Path(__file__).parents[2] / "comptoir"
SOURCES = [
    path for path in ROOT.rglob("*.py") if not {"tests", "migrations"} & set(path.parts[len(ROOT.parts) :])
]


def _recorded() -> Iterator[tuple[str, str]]:
    """The codes that stand in calls of `record` and `record_each`, with their files."""
    for path in SOURCES:
        if "connectors" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in {"record", "record_each"}:
                yield from ((code, str(path.relative_to(ROOT))) for code in _codes(node.args[0]))


def _codes(said: ast.expr) -> Iterator[str]:
    """What an expression can come to, where it says so itself."""
    if isinstance(said, ast.IfExp):
        yield from _codes(said.body)
        yield from _codes(said.orelse)
    elif isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield said.value


def test_every_code_has_a_sentence() -> None:
    recorded = list(_recorded())
    assert len(recorded) > 20, "the search finds too few: has the way of recording changed?"
    assert not {(code, path) for code, path in recorded if code not in CODES}


def test_every_sentence_is_said_somewhere() -> None:
    sources = "".join(path.read_text() for path in SOURCES if not path.stem.startswith("audit_sentences"))
    assert [code for code in CODES if f'"{code}"' not in sources] == []


def test_codes_stand_under_one_kind_that_has_a_name() -> None:
    assert set(SENTENCES) == set(KINDS)
    assert sum(map(len, SENTENCES.values())) == len(CODES)


def test_a_sentence_is_whole_whatever_facts_it_was_given() -> None:
    for code in CODES:
        words = audit_sentence(code, "", None, {})
        assert words.endswith("."), code
        assert "%(" not in words
