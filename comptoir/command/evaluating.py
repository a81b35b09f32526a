"""`comptoir evaluate`: what Comptoir reads in texts, line by line, so that anybody can measure it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comptoir.command import saying
from comptoir.reading import closely, larger
from comptoir.reading.language import language_of, spoken_in
from comptoir.reading.likeness import clusters
from comptoir.reading.spam import spam_of
from comptoir.reading.tone import tone_of, unnamed
from comptoir.reading.toxicity import toxicity_of


class Unreadable(Exception):
    """A line, or a file, that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: all of it, and what is read of it."""

    whole: dict[str, Any]
    text: str
    lang: str
    brand: str


def evaluate(task: str, source: str, target: str, tier: str) -> int:
    """Copy the lines of a file with what is read in each. The target is there when it is whole, not before."""
    _ = saying.translated()
    try:
        lines = list(_lines(Path(source), task))
        if tier == "better" and (lacking := _lacking(task)):
            print(_("Reading with the fast tier: {why}").format(why=lacking), file=sys.stderr)
            tier = "fast"
        with saying.whole(target) as file:
            for line, predicted in zip(lines, _READ[task](lines, tier), strict=True):
                file.write(_written({**line.whole, "predicted": predicted}))
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        saying.refused(error)
        return 1
    return 0


def _lacking(task: str) -> str:
    """Why a task cannot be read closely here; "" where it can. A larger model that is set has to be usable."""
    if task == "sentiment" and larger.folder():
        try:
            larger.opened(larger.folder())
        except larger.Unusable as error:
            raise Unreadable(f"TONE_MODEL={larger.folder()}: {error}") from None
        return ""
    return closely.lacking() if task in ("sentiment", "spam", "toxicity") else ""


def _lines(source: Path, task: str) -> Iterator[Line]:
    """The lines of a file, blank ones left out."""
    _ = saying.translated()
    with source.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            try:
                yield _line(raw, task)
            except Unreadable as error:
                said = _("{file}, line {number}: {why}")
                raise Unreadable(said.format(file=source, number=number, why=error)) from None


def _line(raw: bytes, task: str) -> Line:
    _ = saying.translated()
    try:
        whole = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(_("this is not JSON: {why}").format(why=error)) from None
    if not isinstance(whole, dict):
        raise Unreadable(_("an object is needed, such as {example}").format(example='{"text": "…"}'))
    if not isinstance(whole.get("text"), str):
        raise Unreadable(_('"text" is needed, and has to be a text'))
    for name in ("lang", "brand"):
        if not isinstance(whole.get(name) or "", str):
            raise Unreadable(_('"{name}" has to be a text').format(name=name))
    if task == "near-duplicates" and not isinstance(whole.get("id"), (str, int)):
        raise Unreadable(_('"id" is needed, to name the earliest of near-duplicates'))
    lang = (whole.get("lang") or "").lower().replace("_", "-").partition("-")[0]
    return Line(whole, whole["text"], lang, whole.get("brand") or "")


def _written(row: dict[str, Any]) -> str:
    said = json.dumps(row, ensure_ascii=False)
    try:
        said.encode()
    except UnicodeEncodeError:  # half of a pair, which only JSON's escapes can write
        said = json.dumps(row)
    return said + "\n"


def _languages(lines: Sequence[Line]) -> list[str]:
    """The language that each line gives, else the one it seems to be in."""
    return [line.lang if line.lang not in ("", "und") else language_of(line.text).code for line in lines]


def _sentiment(lines: Sequence[Line], tier: str) -> Sequence[str]:
    languages = _languages(lines)
    texts = [
        unnamed(line.text, line.brand, language) for line, language in zip(lines, languages, strict=True)
    ]
    better = tier == "better"
    tones = closely.tones_of(texts, languages) if better else map(tone_of, texts, languages)
    return [tone.label or "neutral" for tone in tones]


def _language(lines: Sequence[Line], tier: str) -> Sequence[str]:
    """The language of each. The better tier reads all of them first, to know how often each one is spoken there."""
    texts = [line.text for line in lines]
    mix = spoken_in(texts) if tier == "better" else None
    return [language_of(text, mix=mix).code or "und" for text in texts]


def _spam(lines: Sequence[Line], tier: str) -> Sequence[str]:
    texts = [line.text for line in lines]
    chances = closely.spam_of(texts) if tier == "better" else map(spam_of, texts)
    return ["spam" if chance >= 0.5 else "ham" for chance in chances]


def _toxicity(lines: Sequence[Line], tier: str) -> Sequence[int]:
    texts, languages = [line.text for line in lines], _languages(lines)
    found = closely.toxicity_of(texts, languages) if tier == "better" else map(toxicity_of, texts, languages)
    return [int(chance >= 0.5) for chance in found]


def _near_duplicates(lines: Sequence[Line], tier: str) -> Sequence[str | int]:
    """The id of the earliest of each cluster: a text's own where nothing before is like it."""
    firsts = {
        at: lines[cluster[0]].whole["id"]
        for cluster in clusters([line.text for line in lines])
        for at in cluster
    }
    return [firsts[at] for at in range(len(lines))]


_READ: dict[str, Callable[[Sequence[Line], str], Sequence[str | int]]] = {
    "sentiment": _sentiment,
    "language": _language,
    "spam": _spam,
    "toxicity": _toxicity,
    "near-duplicates": _near_duplicates,
}
