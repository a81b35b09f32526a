"""Correcting: what people say of a guess is kept, and guesses after it are better for it.

The weights of the package stay as they are. Beside them a house, or a brand, keeps a few weights of its own, learnt
from each correction as it is made: words, pairs and marks of the corrected text are moved just so far that it would
be read rightly now, and no further (Crammer and others, "Online Passive-Aggressive Algorithms", 2006), the less the
more often they were moved. What they come to is added to whichever tier reads. A copy of a text that somebody
corrected is what they said. Pure: whoever keeps corrections hands them in, in the order in which they were made.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt
from typing import Self

from comptoir.reading import closely, tone
from comptoir.reading.features import MARK, PAIR, START, WORD, hashed, pair
from comptoir.reading.likeness import fingerprint
from comptoir.reading.tone import Label, Tone
from comptoir.reading.utterance import utterance

MARGIN = 0.2
"""By how much the label that a person gave has to lead after it was learnt."""
MOST = 2.0
"""How far one correction may go: whoever errs, or means harm, turns nothing over by one click."""
SETTLING = 0.5
"""How soon what was moved often stays: common words stand in texts of every tone."""
LONGEST = 4.0
"""What corrections may come to in all for one text, in logits."""

_READ = 2000
_SCORES = {"positive": 1.0, "neutral": 0.0, "negative": -1.0}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says the tone of a text is."""

    text: str
    language: str
    label: Label


@dataclass(slots=True)
class Corrected:
    """Weights of one's own: of each feature (a hash), what it adds to positive and to negative, against neutral, and
    how often it was moved.

    `said` is what texts were said to be, by the fingerprint that their copies share.
    """

    worth: dict[int, tuple[float, float, int]] = field(default_factory=dict)
    said: dict[int, Label] = field(default_factory=dict)

    @classmethod
    def by(cls, corrections: Iterable[Correction]) -> Self:
        """What corrections come to, in the order in which they were made."""
        made = cls()
        for each in corrections:
            made.learn(each)
        return made

    def learn(self, correction: Correction) -> bool:
        """Take one more into account. Whether there was anything to learn for other texts."""
        if not correction.label:
            return False
        if (mark := fingerprint(correction.text)) is not None:
            self.said[mark.exact] = correction.label
        logits = self._logits(correction.text, correction.language)
        if logits is None:
            return False
        scores = {"neutral": 0.0, "positive": logits[0], "negative": logits[1]}
        right = scores.pop(correction.label)
        rival = max(scores, key=scores.__getitem__)
        lacking = MARGIN - (right - scores[rival])
        if lacking <= 0:
            return False
        found = _counted(correction.text, correction.language)
        # Two sides are moved, or one where neutral, which has no weights, is the other.
        sides = 1 if "neutral" in (correction.label, rival) else 2
        step = min(MOST, lacking) / (sides * sum(count * count for count in found.values()))
        for name, count in found.items():
            good, bad, times = self.worth.get(name, (0.0, 0.0, 0))
            moved = step * count / (1 + times) ** SETTLING
            good += moved * ((correction.label == "positive") - (rival == "positive"))
            bad += moved * ((correction.label == "negative") - (rival == "negative"))
            self.worth[name] = (good, bad, times + 1)
        return True

    def tone_of(self, text: str, language: str) -> Tone:
        """The tone of a text by its words and by what was corrected."""
        return self._told(text, self._logits(text, language))

    def tones_of(self, texts: list[str], languages: list[str]) -> list[Tone]:
        """The tone of each text by its meaning, its words, and what was corrected."""
        found = []
        for logits, text, language in zip(
            closely.tone_logits(texts, languages), texts, languages, strict=True
        ):
            good, bad = self.added(text, language)
            found.append(self._told(text, None if logits is None else (logits[0] + good, logits[1] + bad)))
        return found

    def _told(self, text: str, logits: tuple[float, float] | None) -> Tone:
        """What somebody said of a text or of its copy, else what the logits come to."""
        if self.said and (mark := fingerprint(text)) is not None and (label := self.said.get(mark.exact)):
            return Tone(label, _SCORES[label])
        return tone.UNREAD if logits is None else tone.told(*logits)

    def added(self, text: str, language: str) -> tuple[float, float]:
        """What corrections add to positive and to negative."""
        if not self.worth:
            return 0.0, 0.0
        good = bad = 0.0
        for name, count in _counted(text, language).items():
            if name in self.worth:
                good, bad = good + count * self.worth[name][0], bad + count * self.worth[name][1]
        return max(-LONGEST, min(LONGEST, good)), max(-LONGEST, min(LONGEST, bad))

    def _logits(self, text: str, language: str) -> tuple[float, float] | None:
        logits = tone.logits_of(text, language)
        if logits is None:
            return None
        good, bad = self.added(text, language)
        return logits[0] + good, logits[1] + bad


def _counted(text: str, language: str) -> Mapping[int, float]:
    """The words, pairs and marks of a text by their hashes, and how much each counts."""
    said = utterance(text[:_READ], language)
    root = WORD * sqrt(max(1, len(said)))
    found: dict[int, float] = {}
    for name, counts in _features(said):
        found[name] = found.get(name, 0.0) + counts / root
    return found


def _features(said: list[str]) -> Iterator[tuple[int, int]]:
    hashes = [START, *map(hashed, said)]
    yield from (
        (whole, MARK if token[0] == "#" else WORD) for token, whole in zip(said, hashes[1:], strict=True)
    )
    yield from ((pair(a, b) & 0xFFFFFFFF, PAIR) for a, b in pairwise(hashes))
