"""Tags that an event could move to: made from its own by rule and looked for in what was heard, and those that its
people use already."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.listening.counting import CARRIED
from comptoir.listening.models import Event, EventTag, Mention
from comptoir.listening.models.event import as_pattern, same, tag_in
from comptoir.networks.proposing import SAYS, tsquery
from comptoir.reading.query import parse
from comptoir.reading.query.words import marks

SPAN = timedelta(days=30)
READ = 1_000
"""Genuine messages of an event that are read for tags, and as many noisy ones."""
PEOPLE = 3
"""People who use a tag beside the event's, at the least, until it is offered."""
CLEAN = 10
"""Genuine messages with such a tag to a noisy one, at the least."""
OFFERED = 5

_PARTS = re.compile(r"[A-ZÀ-Þ]?[a-zß-ÿ]+|[A-ZÀ-Þ]+(?![a-zß-ÿ])|\d+")
_HEARD = """
SELECT count(DISTINCT m.activity_id) FROM networks_activity a JOIN listening_mention m ON m.activity_id = a.id
JOIN listening_query q ON q.id = m.query_id AND q.brand_id = %(brand)s
WHERE {says} AND m.at >= %(since)s AND (a.title || ' ' || a.text) ~ %(pattern)s
"""
_SAMPLED = f"""
SELECT place, sum(one_in)::bigint FROM (
    SELECT one_in, {CARRIED.format(text="concat_ws(' ', s.said->>'title', s.said->>'text')")} AS place
    FROM listening_sample s) said
WHERE place IS NOT NULL GROUP BY place
"""  # noqa: S608


class Candidate(NamedTuple):
    """A tag made by a rule: heard so many times in 30 days among the brand's mentions, and about so many times in what
    the sample of everything stands for, which reaches back a day or so."""

    tag: str
    rule: str
    heard: int
    sampled: int

    @property
    def free(self) -> bool:
        return not self.heard and not self.sampled


class Beside(NamedTuple):
    """A tag that people use beside the event's: so many people in genuine messages, and so many noisy messages."""

    tag: str
    people: int
    posts: int
    noise: int


def candidates(tag: str, name: str, year: int, languages: Iterable[str]) -> list[tuple[str, str]]:
    """Tags that are like one, each with the rule that made it; `name` is the event's, `year` the one it begins in."""
    word = tag.lstrip("#")
    base = re.sub(r"_?\d+$", "", word) or word
    number = word[len(base) :].lstrip("_")
    parts = [part for part in _PARTS.findall(base) if not part.isdigit()]
    parts = parts if len(parts) > 1 else re.findall(r"\w+", name)
    initials = "".join(part[0] for part in parts).upper() if len(parts) > 1 else ""
    found = [
        (f"#{base}{year}", "year"),
        (f"#{base}{year % 100:02}", "year"),
        (f"#{base}{int(number) + 1 if number and len(number) < 4 else 2}", "number"),
        *([(f"#{initials}{year}", "short")] if len(initials) > 1 else []),
        *[(f"#{base}{language.upper()}", "language") for language in languages],
    ]
    kept: list[tuple[str, str]] = []
    for made, rule in found:
        if tag_in(made) and not any(same(made, other) for other in (tag, *(each for each, _rule in kept))):
            kept.append((made, rule))
    return kept


def proposed(event: Event, tags: Sequence[EventTag], languages: Iterable[str]) -> list[Candidate]:
    """What could be next, the free ones first; none that was used before."""
    year = event.begins.astimezone(event.brand.zone).year
    made = [
        each
        for each in candidates(tags[-1].tag, event.name, year, languages)
        if not any(same(each[0], used.tag) for used in tags)
    ]
    uses = _uses(event, [tag for tag, _rule in made])
    found = [Candidate(tag, rule, *uses[tag]) for tag, rule in made]
    return sorted(found, key=lambda each: not each.free)


def used_beside(event: Event, tags: Sequence[EventTag]) -> list[Beside]:
    """What genuine people put beside the event's tag, and noise hardly does: those of most people first."""
    rows = Mention.objects.of(event.brand_id).filter(
        query=event.query_id, at__gte=event.begins, at__lt=event.ends
    )
    people: dict[str, set[int]] = defaultdict(set)
    posts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    written: dict[str, str] = {}
    for noisy in (False, True):
        some = (rows.exclude(noise="") if noisy else rows.filter(noise="")).newest()
        for author, title, text in some.values_list("author", "activity__title", "activity__text")[:READ]:
            for each in {found for _start, _end, found in marks(f"{title} {text}") if found[0] == "#"}:
                key = each.casefold()
                written.setdefault(key, each)
                posts[key][noisy] += 1
                if not noisy:
                    people[key].add(author)
    found = [
        Beside(written[key], len(people[key]), genuine, noise)
        for key, (genuine, noise) in posts.items()
        if len(people[key]) >= PEOPLE and noise * CLEAN <= genuine
        if tag_in(written[key]) and not any(same(written[key], used.tag) for used in tags)
    ]
    return sorted(found, key=lambda each: (-each.people, each.tag))[:OFFERED]


def languages(event: Event) -> list[str]:
    """Those in which people are told, the brand's own first."""
    codes = [code for code, _name in settings.LANGUAGES]
    return sorted(codes, key=lambda code: code != event.brand.language)


def _uses(event: Event, made: list[str]) -> dict[str, tuple[int, int]]:
    since = clock.now() - SPAN
    patterns = [as_pattern(tag) for tag in made]
    sampled = dict(ask(_SAMPLED, {"patterns": patterns}, again=False)) if made else {}
    found = {}
    for place, (tag, pattern) in enumerate(zip(made, patterns, strict=True), 1):
        given = {"brand": event.brand_id, "since": since, "pattern": pattern, "words": tsquery(parse(tag))}
        # Of some scripts the index says nothing: then all that is kept is looked at.
        statement = _HEARD.format(says=SAYS if given["words"] else "true")
        found[tag] = ask(statement, given, again=False)[0][0], sampled.get(place, 0)
    return found
