"""A larger model of one's own for tone, as commands use it and look at it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.command import doctor
from comptoir.command.findings import Mark
from comptoir.command.main import main
from comptoir.reading import larger
from comptoir.reading.tests.classifier import made


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    at = made(tmp_path / "model")
    monkeypatch.setenv("TONE_MODEL", str(at))
    yield at
    larger.opened.cache_clear()


def test_evaluate_reads_with_it(model: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"text": "mal", "lang": "fr"}\n{"text": "so"}\n')
    assert main(["evaluate", "sentiment", str(source), str(target)]) == 0
    assert [json.loads(line)["predicted"] for line in target.read_text().splitlines()] == [
        "negative",
        "neutral",
    ]
    assert main(["evaluate", "sentiment", str(source), str(target), "--tier", "fast"]) == 0
    assert json.loads(target.read_text().splitlines()[0])["predicted"] == "negative"


def test_evaluate_says_what_is_wrong_and_writes_nothing(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (model / "tokenizer.json").unlink()
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"text": "mal", "lang": "fr"}\n')
    assert main(["evaluate", "sentiment", str(source), str(target)]) == 1
    assert f"TONE_MODEL={model}: {model}/tokenizer.json is not there" in capsys.readouterr().err
    assert not target.exists()
    assert main(["evaluate", "spam", str(source), str(target)]) == 0


def test_the_doctor_says_how_it_is(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [(each.mark, each.name) for each in doctor.reads()] == [(Mark.FINE, "tone")]
    monkeypatch.setenv("TONE_MODEL", str(model / "elsewhere"))
    (found,) = doctor.reads()
    assert found.mark is Mark.WRONG
    assert "config.json is not there" in found.text
    monkeypatch.delenv("TONE_MODEL")
    assert list(doctor.reads()) == []
