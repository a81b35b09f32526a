"""The texts of the town, read from `texts/*.toml` when they are first needed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from comptoir.networks.connector import Kind

ORDINARY = ("questions", "complaints", "kindness", "affairs")
"""The files of an ordinary day; every other file of seeds is an occasion of its own."""
OCCASIONS = ("comments", "volcano", "crowd", "badbuzz", "spam")
LANGUAGES = ("fr", "en")

MOODS = {
    "delay": -2, "dirt": -1, "noise": -1, "staff": -2, "machine": -1, "app": -1, "refund": -1, "access": -1,
    "praise": 2, "smalltalk": 1, "suggestion": 1, "jobs": 1, "helping": 1, "defence": 1,
    "stranded": -2, "worried": -1, "rumour": -1, "insurance": -1,
    "outrage": -2, "irony": -1, "boycott": -2, "demand": -1,
}  # fmt: skip
"""How people stand towards the brand when they bring up a topic, from -3 (furious) to 3 (delighted); 0 if not named."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A hand-written message. `tone` names who may say it, `gender` is "" when everybody may."""

    text: str
    language: str
    occasion: str
    topic: str
    tone: str
    gender: str
    mood: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the town, or passing through."""

    name: str
    handle: str
    quarter: str
    speaks: str
    gender: str
    temper: tuple[str, ...]
    followers: int
    about: str
    outlet: str = ""
    topics: tuple[str, ...] = ()

    def understands(self, language: str) -> bool:
        return self.speaks in ("both", language)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said in a conversation; `own` when the brand says it."""

    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """A hand-written conversation. `seed` is its first turn; `kind` how it reaches the brand, None as it may."""

    seed: Seed
    kind: Kind | None
    turns: tuple[Turn, ...]


@cache
def read(name: str) -> Mapping[str, Any]:
    """One text file, by its path below `texts` without the ending."""
    return tomllib.loads(files(__package__).joinpath("texts", *f"{name}.toml".split("/")).read_text("utf-8"))


@cache
def seeds(language: str, occasion: str) -> tuple[Seed, ...]:
    """All messages of one file."""
    found = []
    for topic, tones in read(f"{language}/{occasion}").items():
        for key, texts in tones.items():
            tone, _, gender = key.partition("_")
            mood = _mood(topic, tone)
            found += [Seed(text, language, occasion, topic, tone, gender, mood) for text in texts]
    return tuple(found)


def _mood(topic: str, tone: str) -> int:
    lean = {"furious": -1, "grateful": 1}.get(tone, 0)
    return max(-3, min(3, MOODS.get(topic, 0) + lean))


@cache
def people() -> tuple[Person, ...]:
    """The inhabitants, in the order of their file."""
    rows = read("people")["people"]
    lists = ("temper", "topics")
    return tuple(Person(**{**row, **{name: tuple(row.get(name, ())) for name in lists}}) for row in rows)


@cache
def speakers(language: str, tone: str, gender: str, topic: str = "") -> tuple[Person, ...]:
    """The inhabitants who could say a thing in that language, that tone and that gender ("" for any).

    Who has topics of their own speaks of nothing else.
    """
    fitting = [p for p in people() if p.understands(language) and gender in ("", p.gender)]
    fitting = [p for p in fitting if not p.topics or topic in p.topics]
    first = [p for p in fitting if p.temper[0] == tone]
    return tuple(first or [p for p in fitting if tone in p.temper])


@cache
def words(language: str) -> Mapping[str, tuple[str, ...]]:
    """What fills each slot of a text in a language."""
    lists = {
        name: tuple(values) for name, values in read("words")[language].items() if isinstance(values, list)
    }
    return {**lists, "line": lists["tram"] + lists["ferry"] + lists["cable"]}


@cache
def tails(language: str, tone: str) -> tuple[str, ...]:
    """Sentences that somebody of that tone may add at the end."""
    return tuple(read("words")[language]["tails"].get(tone, ()))


@cache
def edits(language: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """What people add when they correct themselves, and the slots that each speaks of."""
    found = read("words")[language]["edits"]["lines"]
    return tuple((line, frozenset(re.findall(r"\{(\w+)\}", line))) for line in found)


@cache
def answers(language: str, moment: str, temper: str) -> tuple[str, ...]:
    """What somebody of that temper answers back at that moment."""
    table = read(f"{language}/answers")[moment]
    return tuple(table.get(temper) or table.get("any") or ())


@cache
def posts(language: str) -> tuple[str, ...]:
    """The brand's own posts of the last month."""
    return tuple(_set(text, language) for text in read(f"{language}/desk")["posts"])


@cache
def poster(language: str) -> str:
    """The post that should never have been."""
    return _set(read(f"{language}/desk")["poster"], language)


@cache
def replies(seed: Seed) -> tuple[str, ...]:
    """What the brand's people answered to a message: its own answer where there is one, else any of its topic."""
    table = read(f"{seed.language}/desk")["replies"]
    rows = table.get(seed.topic, table["any"])
    own = [row[1] for row in rows if not isinstance(row, str) and row[0] in seed.text]
    texts = own or [row for row in rows if isinstance(row, str)]
    return tuple(_set(text, seed.language) for text in texts)


@cache
def talks(language: str) -> tuple[Talk, ...]:
    """The conversations of several turns."""
    found = []
    for row in read(f"{language}/morning")["talk"]:
        turns = [
            Turn(_set(text.removeprefix("> "), language), True)
            if text.startswith("> ")
            else Turn(text, False)
            for text in row["turns"]
        ]
        topic, tone = row["topic"], row["tone"]
        seed = Seed(turns[0].text, language, "morning", topic, tone, "", _mood(topic, tone))
        found.append(Talk(seed, Kind(row["kind"]) if "kind" in row else None, tuple(turns)))
    return tuple(found)


def _set(text: str, language: str) -> str:
    """French as a careful hand sets it: unbreakable spaces before tall punctuation and inside quotation marks."""
    if language != "fr":
        return text
    return re.sub(r" (?=[;:!?»])|(?<=«) ", "\N{NO-BREAK SPACE}", text)
