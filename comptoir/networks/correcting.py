"""What people said of messages, as whoever reads further ones takes it into account.

What somebody said of a message itself counts before all guesses. What they said of a text is true of its copies as
well; and words whose tone was corrected weigh otherwise from then on, in that brand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from comptoir.kernel.asking import ask
from comptoir.networks.models.correction import Correction
from comptoir.reading.correcting import Corrected
from comptoir.reading.correcting import Correction as Lesson
from comptoir.reading.heard import READ_MOST, Signs, language_heard, signs_of, tone_heard
from comptoir.reading.likeness import fingerprint
from comptoir.reading.query import Document
from comptoir.reading.tone import Label

LEARNT = 2_000
"""Corrections of a brand that are learnt from, the newest."""
_STATE = """
SELECT brand_id, max(id), count(*), count(undone_at) FROM networks_correction
WHERE brand_id = ANY(%(brands)s) GROUP BY 1
"""
_SAID = """
SELECT DISTINCT ON (brand_id, activity_id, what) brand_id, activity_id, what, value FROM networks_correction
WHERE brand_id = ANY(%(brands)s) AND activity_id = ANY(%(activities)s) AND undone_at IS NULL
ORDER BY brand_id, activity_id, what, id DESC
"""
_LESSONS = """
SELECT c.what, c.value, CASE WHEN a.text = '' THEN a.title ELSE a.text END, coalesce(nullif((
    SELECT l.value FROM networks_correction l WHERE l.activity_id = c.activity_id AND l.brand_id = c.brand_id
        AND l.what = 'language' AND l.undone_at IS NULL ORDER BY l.id DESC LIMIT 1), ''), a.language)
FROM (SELECT * FROM networks_correction WHERE brand_id = %(brand)s AND undone_at IS NULL
    ORDER BY id DESC LIMIT %(most)s) c
JOIN networks_activity a ON a.id = c.activity_id WHERE a.deleted IS NULL AND a.erased IS NULL ORDER BY c.id
"""

type Said = dict[str, str]
"""What people said of one message: a value for each of "tone", "language" and "spam" that they corrected."""


_PLAIN = Signs()


@dataclass(frozen=True, slots=True)
class Read:
    """What is read of a message."""

    language: str = ""
    tone: str = ""
    signs: Signs = _PLAIN


@dataclass(slots=True)
class Taught:
    """What a brand's people taught: of tones in general, and of the copies of texts."""

    tones: Corrected = field(default_factory=Corrected)
    copies: dict[int, Said] = field(default_factory=dict)

    def of_copy(self, text: str) -> Said:
        """What was said of a text that is the same."""
        if not self.copies or (mark := fingerprint(text[:READ_MOST])) is None:
            return {}
        return self.copies.get(mark.exact, {})

    def read(self, text: str, network_says: str, said: Said) -> Read:
        """A text of that brand by the fast tier, with what people said of it."""
        said = self.of_copy(text) | said
        language = said.get("language") or language_heard(text, network_says)
        signs = signs_of(text, language)
        if "spam" in said:
            signs = signs._replace(spam=said["spam"] == "spam")
        return Read(language, said.get("tone") or self.tone(text, language), signs)

    def tone(self, text: str, language: str) -> str:
        """The tone of a text, by its words and by what was corrected."""
        if not self.tones.worth:
            return tone_heard(text, language)
        return self.tones.tone_of(text[:READ_MOST], language).label


_NOTHING = Taught()


class Corrections:
    """What counts in a batch: for each brand what it taught, and what was said of its messages, in three statements."""

    def __init__(self, brands: Iterable[int], activities: Sequence[int]) -> None:
        given = sorted(set(brands))
        states = {row[0]: row[1:] for row in ask(_STATE, {"brands": given})} if given else {}
        self._taught = {brand: _taught(brand, state) for brand, state in states.items()}
        self._said: dict[tuple[int, int], Said] = {}
        if states and activities:
            for brand, activity, what, value in ask(
                _SAID, {"brands": [*states], "activities": list(activities)}
            ):
                self._said.setdefault((brand, activity), {})[what] = value

    def __bool__(self) -> bool:
        return bool(self._taught)

    def taught(self, brand: int) -> Taught:
        """What a brand's people taught."""
        return self._taught.get(brand, _NOTHING)

    def said(self, brand: int, activity: int) -> Said:
        """What they said of one message."""
        return self._said.get((brand, activity), {})

    def people(self, brand: int, activity: int, text: str) -> Said:
        """What they said of one message, or of a text that is the same."""
        return self.taught(brand).of_copy(text) | self.said(brand, activity)

    def read(self, brand: int, activity: int, text: str, network_says: str) -> Read:
        """A message by the fast tier, as it counts for a brand."""
        return self.taught(brand).read(text, network_says, self.said(brand, activity))


NOBODY = Corrections([], [])
"""Where nobody said anything."""


def seen_so[Seen: Document](document: Seen, people: Said) -> Seen:
    """A message as queries see it, with what people said of it above what was read."""
    known: dict[str, Any] = {}
    if "language" in people:
        known["lang"] = people["language"]
    if "tone" in people:
        known["sentiment"] = people["tone"]
    # Fields of a frozen class, filled as its own functions would fill them.
    vars(document).update(known)
    if "spam" in people:
        rest = document.marks - {"spam"}
        vars(document)["marks"] = rest | {"spam"} if people["spam"] == "spam" else rest
    return document


@lru_cache(maxsize=64)
def _taught(brand: int, state: tuple[int, int, int]) -> Taught:
    """Learnt once for each state of a brand's corrections."""
    lessons: list[Lesson] = []
    copies: dict[int, Said] = {}
    for what, value, text, language in ask(_LESSONS, {"brand": brand, "most": LEARNT}):
        read = text[:READ_MOST]
        if (mark := fingerprint(read)) is not None:
            copies.setdefault(mark.exact, {})[what] = value
        if what == Correction.What.TONE:
            lessons.append(Lesson(read, language_heard(read, language), cast(Label, value)))
    return Taught(Corrected.by(lessons), copies)
