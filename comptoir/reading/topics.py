"""What is spoken of now and was not before: words, #tags and phrases that stand out of texts against other texts.

Each text counts a word once. The measure is the log-likelihood ratio of two lots (Dunning, "Accurate methods for the
statistics of surprise and coincidence", 1993, in the form that Rayson and Garside gave it in 2000): with a of c texts
having the word now and b of d before, and the e that would be expected if both lots spoke alike,

    G2 = 2 (a ln(a / ea) + b ln(b / eb)),  ea = c (a + b) / (c + d),  eb = d (a + b) / (c + d)

A word is told from 15.13 on, which chance alone reaches once in ten thousand words, if several people say it and it is
twice as frequent as before. A word that is mostly said in one phrase is told as that phrase.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from math import log
from typing import NamedTuple

from comptoir.reading.folding import words
from comptoir.reading.query.words import marks

SURE = 15.13
SPEAKERS = 3
"""People who have to say it: what one person repeats is no topic."""
PHRASE_MOST = 4
_TOGETHER = 0.6
"""Share of its texts in which a word stands in a phrase that then stands for it."""
_LOOKED_AT = 40
_ADDRESS = re.compile(r"https?://\S+|@[\w.@-]+")
_SIGNED = re.compile("://|@").search
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Text(NamedTuple):
    """Something that was said, and by whom."""

    who: int
    words: str


class Topic(NamedTuple):
    """A word, #tag or phrase as most write it; in how many texts now and before, and its G2.

    `asked` is the query that is true of texts with it.
    """

    words: str
    asked: str
    now: int
    before: int
    score: float


class _Told:
    """A text, cut once."""

    __slots__ = ("held", "text", "who", "words")

    def __init__(self, text: Text) -> None:
        self.who, self.text = text.who, _ADDRESS.sub(" ", text.words) if _SIGNED(text.words) else text.words
        self.words = words(self.text)
        self.held = set(self.words)
        if tags := {tag.lower() for _start, _end, tag in marks(self.text) if tag[0] == "#"}:
            self.held = tags | self.held.difference(*map(words, tags))


def likelihood(now: int, of_now: int, before: int, of_before: int) -> float:
    """G2 of a word that so many of so many texts have; 0 where it is not twice as frequent now as before."""
    if not now or not of_before or now * of_before < 2 * before * of_now:
        return 0.0
    both, of_both = now + before, of_now + of_before
    score = now * log(now * of_both / (of_now * both))
    return 2 * (score + (before * log(before * of_both / (of_before * both)) if before else 0.0))


def topics(now: Iterable[Text], before: Iterable[Text], most: int = 12) -> list[Topic]:
    """What stands out of the texts of now, most of all at the top; nothing where there are none to compare with."""
    told, older = [_Told(text) for text in now], [_Told(text) for text in before]
    counts, olden = _held(told), _held(older)
    scored = {
        word: likelihood(n, len(told), olden.get(word, 0), len(older))
        for word, n in counts.items()
        if n >= SPEAKERS and (word[0] == "#" or (len(word) > 2 and not word.isdecimal()))
    }
    ranked = sorted(
        (word for word, score in scored.items() if score >= SURE), key=lambda word: (-scored[word], word)
    )
    found: list[Topic] = []
    spoken: set[str] = set()
    for word in ranked[:_LOOKED_AT]:
        if len(found) == most:
            break
        having = [each for each in told if word in each.held]
        if word in spoken or len({each.who for each in having}) < SPEAKERS:
            continue
        phrase = (word,) if word.startswith("#") else _phrase(word, having)
        spoken.update(phrase)
        said, once = (
            [each for each in having if _says(each, phrase)],
            sum(_says(each, phrase) for each in older),
        )
        found.append(_topic(phrase, said, once, likelihood(len(said), len(told), once, len(older))))
    return found


def _says(told: _Told, phrase: tuple[str, ...]) -> bool:
    if len(phrase) == 1:
        return phrase[0] in told.held
    held, size = told.words, len(phrase)
    return phrase[0] in held and any(
        tuple(held[at : at + size]) == phrase for at, word in enumerate(held) if word == phrase[0]
    )


def _held(told: Sequence[_Told]) -> Counter[str]:
    return Counter(chain.from_iterable(each.held for each in told))


def _phrase(word: str, having: Sequence[_Told]) -> tuple[str, ...]:
    """The longest run of words that most of those who say the word say around it; else the word alone."""
    runs: Counter[tuple[str, ...]] = Counter()
    for each in having:
        said, around = each.words, set()
        for at in (place for place, other in enumerate(said) if other == word):
            for first in range(max(0, at - PHRASE_MOST + 1), at + 1):
                around |= {
                    tuple(said[first:last]) for last in range(max(at + 1, first + 2), first + PHRASE_MOST + 1)
                }
        runs.update(run for run in around if len(run) > 1)
    enough = max(SPEAKERS, _TOGETHER * len(having))
    common = [run for run, n in runs.items() if n >= enough and len(run[0]) > 1 and len(run[-1]) > 1]
    return max(common, key=lambda run: (len(run), runs[run], run), default=(word,))


def _topic(phrase: tuple[str, ...], having: Sequence[_Told], before: int, score: float) -> Topic:
    tag = phrase[0].startswith("#")
    written = phrase[0] if tag else _written(phrase, having)
    asked = phrase[0] if tag else f'"{" ".join(phrase)}"'
    return Topic(written, asked, len(having), before, score)


def _written(phrase: tuple[str, ...], having: Sequence[_Told]) -> str:
    """The phrase as most of them write it."""
    ways: Counter[str] = Counter()
    for each in having[:30]:
        tokens = [found[0] for found in _TOKEN.finditer(each.text)]
        cut = [tuple(words(token)) for token in tokens]
        for first in range(len(tokens)):
            run: tuple[str, ...] = ()
            for last in range(first, len(tokens)):
                run += cut[last]
                if len(run) >= len(phrase):
                    break
            if run == phrase:
                ways[" ".join(tokens[first : last + 1])] += 1
    return ways.most_common(1)[0][0] if ways else " ".join(phrase)
