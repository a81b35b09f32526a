"""Reading tone with a larger model: a text classifier of one's own, in the folder that the setting `TONE_MODEL` names.

What exporters write is read as it lies: `model.onnx` (or one in a folder `onnx`), `tokenizer.json`, and `config.json`
with the names of the outputs in `id2label`. It takes the place of our own heads for tone, in any language; spam and
toxicity stay ours. `onnxruntime` and `tokenizers` are the package's extra `larger`. Nothing is loaded before the first
text, and nothing is ever downloaded.
"""

import json
import logging
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any

_READ = 2000
_LONGEST = 256
"""Pieces of a text that are read: what somebody feels is said by then."""
_MARGIN = 2
"""Some models count places from there on."""
_MODELS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_INPUTS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
_SIDES = ("positive", "neutral", "negative")
_BEGINNINGS = {"pos": "positive", "neu": "neutral", "neg": "negative", "nég": "negative"}
_STARS = re.compile(r"([1-5]) stars?")
_LINK = re.compile(r"https?://\S+")
_NAME = re.compile(r"@\w+")


class Unusable(Exception):
    """A folder that tone cannot be read with; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Larger:
    """A classifier with its pieces of words, and which of its outputs speak for each side."""

    session: Any
    pieces: Any
    sides: tuple[tuple[int, ...], ...]

    def logits(self, texts: Sequence[str]) -> list[tuple[float, float]]:
        """What speaks for positive and for negative in each text, against neutral."""
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> tuple[float, float]:
        good, even, bad = (_together(some) for some in self._by_side(self.outputs(text)))
        return good - even, bad - even

    def _by_side(self, outputs: list[float]) -> list[list[float]]:
        return [[outputs[at] for at in side] for side in self.sides]

    def outputs(self, text: str) -> list[float]:
        """What the model says of one text. Each by itself: on one core a batch gains nothing, and is padded."""
        import numpy

        # As the models of tweets learnt to read them.
        plain = _NAME.sub("@user", _LINK.sub("http", text[:_READ])).encode("utf-8", "replace").decode()
        cut = self.pieces.encode(plain)
        given = {
            each.name: numpy.array([getattr(cut, _INPUTS[each.name])], numpy.int64)
            for each in self.session.get_inputs()
        }
        (said,) = self.session.run([self.session.get_outputs()[0].name], given)[0].tolist()
        return list(map(float, said))


def folder() -> str:
    """Where the model lies, from `TONE_MODEL`; "" where there is none."""
    return os.environ.get("TONE_MODEL", "")


def larger() -> Larger | None:
    """The model that is set, or none; none as well where it cannot be used, which the log then says once."""
    place = folder()
    if not place or place in _unusable:
        return None
    try:
        return opened(place)
    except Unusable as error:
        logging.getLogger(__name__).error("Reading tone without TONE_MODEL: %s", error)
        _unusable.add(place)
        return None


def rest() -> None:
    """Let go of the model until the next text: it may weigh gigabytes."""
    opened.cache_clear()


_unusable: set[str] = set()
"""Folders that tone could not be read with."""


@cache
def opened(place: str) -> Larger:
    """The model in a folder, tried on a word."""
    at = Path(place)
    sides = _sides(_config(at))
    try:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer
    except ImportError as error:
        raise Unusable(f"{error}: install the packages onnxruntime and tokenizers") from None
    options = SessionOptions()
    # One core: the others are for those who work beside it.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        pieces = Tokenizer.from_file(str(_file(at, "tokenizer.json")))
        session = InferenceSession(str(_file(at, *_MODELS)), options, providers=["CPUExecutionProvider"])
    except Unusable:
        raise
    except Exception as error:  # each of the libraries has errors of its own
        raise Unusable(f"{place}: {error}") from None
    pieces.no_padding()
    pieces.enable_truncation(_longest(_config(at)))
    made = Larger(session, pieces, sides)
    _try(made, place)
    return made


def _try(made: Larger, place: str) -> None:
    """Whether it takes what a text is, and says something for each label."""
    odd = {each.name for each in made.session.get_inputs()} - set(_INPUTS)
    if odd:
        raise Unusable(f"{place}: the model wants {', '.join(sorted(odd))}, which a text has not")
    try:
        count = len(made.outputs("bonjour"))
    except Exception as error:  # of the library's, or of what it gives
        raise Unusable(f"{place}: the model reads no text: {error}") from None
    wanted = sum(map(len, made.sides))
    if count != wanted:
        raise Unusable(f"{place}: the model has {count} outputs, and config.json names {wanted}")


def _config(at: Path) -> dict[str, Any]:
    path = _file(at, "config.json")
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise Unusable(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("id2label"), dict):
        raise Unusable(f"{path} has no id2label: which output is positive, which neutral, which negative?")
    return found


def _file(at: Path, *names: str) -> Path:
    """The first of some files that is there."""
    for name in names:
        if (at / name).is_file():
            return at / name
    raise Unusable(f"{at / names[0]} is not there")


def _sides(config: dict[str, Any]) -> tuple[tuple[int, ...], ...]:
    """Which outputs are positive, neutral, negative, by what they are called."""
    labels = {str(at): str(label) for at, label in config["id2label"].items()}
    by_side: dict[str, list[int]] = {side: [] for side in _SIDES}
    unknown = [label for at, label in labels.items() if not at.isdecimal() or not _side(label)]
    if unknown or sorted(labels) != sorted(map(str, range(len(labels)))):
        raise Unusable(
            f"id2label in config.json has {', '.join(labels.values())}: call each output positive, neutral or negative"
        )
    for at, label in labels.items():
        by_side[_side(label)].append(int(at))
    if missing := [side for side in _SIDES if not by_side[side]]:
        raise Unusable(
            f"no output of the model is {' or '.join(missing)}: it cannot tell a question from praise"
        )
    return tuple(tuple(by_side[side]) for side in _SIDES)


def _side(label: str) -> str:
    """The side that a label names: "POSITIVE", "neg", "very negative", "4 stars"; "" for any other."""
    said = label.lower().replace("_", " ").strip()
    if stars := _STARS.fullmatch(said):
        return _SIDES[(int(stars[1]) < 4) + (int(stars[1]) < 3)]
    named = {side for word in said.split() if (side := _BEGINNINGS.get(word[:3]))}
    return named.pop() if len(named) == 1 else ""


def _longest(config: dict[str, Any]) -> int:
    most = config.get("max_position_embeddings")
    return min(_LONGEST, most - _MARGIN) if isinstance(most, int) and most > 2 * _MARGIN else _LONGEST


def _together(logits: list[float]) -> float:
    """The logit of several outputs as one: of five stars and four."""
    most = max(logits)
    return most + log(sum(exp(each - most) for each in logits))
