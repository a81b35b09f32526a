"""The tables of Explore as rows for a file, with what each was counted from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from comptoir.listening.asked import Asked
from comptoir.listening.exploring import Explored, explored, figures
from comptoir.listening.views.labels import label

type Line = Sequence[Any]


def _summary(found: Explored) -> Iterator[Line]:
    yield (
        "from",
        "until",
        "mentions",
        "reach",
        "passed_over",
        "positive",
        "neutral",
        "negative",
        "unknown_tone",
    )
    for period, tally in ((found.asked.period, found.now), (found.asked.against, found.before)):
        if period and tally:
            tones = [tally.by["tone"][name] for name in ("positive", "neutral", "negative", "")]
            yield (period.since.isoformat(), period.until.isoformat(), tally.n, tally.reach,
                   sum(tally.folded.values()), *tones)  # fmt: skip


def _series(found: Explored) -> Iterator[Line]:
    yield ("moment", "mentions", "before")
    zone = found.asked.zone
    for point in found.series:
        at = point.moment
        yield (
            at.astimezone(zone).isoformat() if isinstance(at, datetime) else at.isoformat(),
            point.n,
            point.before,
        )


def _voices(found: Explored) -> Iterator[Line]:
    yield ("query", "name", "mentions", "share", "before", "reach", "reach_share", "negative_share")
    names = {each.pk: each.name for each in found.asked.queries}
    for voice in found.voices:
        before = voice.before.n if voice.before else None
        yield (voice.query, names[voice.query], voice.now.n, _part(voice.share), before, voice.now.reach,
               _part(voice.reach_share), _part(voice.now.share("tone", "negative")))  # fmt: skip


def _kind(by: Any) -> Callable[[Explored], Iterator[Line]]:
    def rows(found: Explored) -> Iterator[Line]:
        yield ("key", "label", "mentions", "share", "before")
        for key, n in found.now.by[by].most_common():
            before = found.before.by[by][key] if found.before else None
            yield (key, label(by, str(key)), n, _part(n / found.now.n), before)

    return rows


def _noise(found: Explored) -> Iterator[Line]:
    yield ("reason", "mentions")
    yield from found.now.folded.most_common()


def _topics(found: Explored) -> Iterator[Line]:
    yield ("words", "texts", "of", "texts_before", "of_before", "log_likelihood")
    for each in found.topics:
        yield (each.words, each.now, found.read[0], each.before, found.read[1], round(each.score, 2))


def _sampled(name: str) -> Callable[[Explored], Iterator[Line]]:
    def rows(found: Explored) -> Iterator[Line]:
        yield (name[:-1], "texts", "of")
        for words, n in getattr(found, name):
            yield (words, n, found.read[0])

    return rows


def _people(found: Explored) -> Iterator[Line]:
    yield ("account", "name", "handle", "network", "mentions", "followers", "reach")
    seen = {each.author: each for each in (*found.speakers.most, *found.speakers.heard)}
    for each in seen.values():
        yield (
            each.author,
            each.name,
            each.handle,
            each.network,
            each.n,
            each.followers,
            each.reach,
        )


def _part(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


_COUNTED: dict[str, Callable[[Explored], Iterable[Line]]] = {
    "summary": _summary, "series": _series, "voices": _voices, "tones": _kind("tone"), "languages": _kind("language"),
    "networks": _kind("network"), "noise": _noise,
}  # fmt: skip
_SAMPLED: dict[str, Callable[[Explored], Iterable[Line]]] = {
    "topics": _topics,
    "tags": _sampled("tags"),
    "sites": _sampled("sites"),
    "people": _people,
}
SHEETS = frozenset(_COUNTED | _SAMPLED)
"""Tables by their names in addresses."""


def rows_of(table: str, asked: Asked) -> Iterable[Line]:
    """A table's rows, the head first. KeyError when there is no such table."""
    return _COUNTED[table](figures(asked)) if table in _COUNTED else _SAMPLED[table](explored(asked))
