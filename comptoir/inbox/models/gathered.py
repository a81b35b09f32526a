"""Who waits in a cluster, and what speaks against answering somebody there together with the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings

from comptoir.inbox.models.custom import fields_for
from comptoir.inbox.models.offering import of_fields, of_person, values_of
from comptoir.inbox.models.saved import fitting
from comptoir.inbox.models.variables import fill, wanting
from comptoir.kernel import clock
from comptoir.kernel.asking import ask

if TYPE_CHECKING:
    from comptoir.inbox.models.clusters import Cluster
    from comptoir.networks.models import Actor, Channel
    from comptoir.organisation.models import Brand, User

MOST = 2_000
"""Threads that are answered together; who waits beyond that is in the next round."""
FAR = 0.6
"""A message less like the centre than this may be among those that differ most."""
_FARTHEST = 20


class Why(StrEnum):
    """What speaks against answering a thread together with the others."""

    # Nobody can have these answered with the others.
    UNADDRESSED = "unaddressed"
    ASIDE = "aside"
    LOCKED = "locked"
    CHANNEL = "channel"
    TWICE = "twice"
    LONG = "long"
    # Somebody has to say so.
    PRESSING = "pressing"
    MORE = "more"
    EDITED = "edited"
    ASSIGNED = "assigned"
    # To be looked at.
    FAR = "far"


NEVER = frozenset({Why.UNADDRESSED, Why.ASIDE, Why.LOCKED, Why.CHANNEL, Why.TWICE, Why.LONG})
ASKED = frozenset({Why.PRESSING, Why.MORE, Why.EDITED, Why.ASSIGNED})


class Member(NamedTuple):
    """A thread of a cluster that waits for an answer."""

    thread: int
    channel: int
    language: str
    person: int | None
    activity: int
    likeness: float
    more: bool
    pressing: bool
    edited: bool
    addressed: bool
    waits: str
    assignee: int | None
    locked_by: int | None
    since: datetime
    fields: dict[str, Any]


_MEMBERS = """
SELECT t.id, t.channel_id, t.language, t.person_id, m.activity_id, m.likeness, m.more, m.pressing,
    coalesce(a.edited > m.at, false), coalesce(e.addressed, false), t.waits, t.assignee_id, l.by_id, m.at, t.fields
FROM inbox_likened m JOIN inbox_thread t ON t.id = m.thread_id JOIN networks_activity a ON a.id = m.activity_id
LEFT JOIN inbox_entry e ON e.activity_id = m.activity_id AND e.thread_id = t.id
LEFT JOIN inbox_lock l ON l.thread_id = t.id AND l.until > %(now)s
WHERE m.cluster_id = %(cluster)s AND t.brand_id = %(brand)s AND t.closed_at IS NULL AND NOT t.answered
    AND t.merged_into_id IS NULL AND a.deleted IS NULL
ORDER BY m.at, t.id LIMIT %(most)s
"""


def waiting_in(cluster: Cluster, most: int = MOST) -> list[Member]:
    """Who waits in it, longest first."""
    values = {"cluster": cluster.pk, "brand": cluster.brand_id, "now": clock.now(), "most": most}
    return [Member(*row) for row in ask(_MEMBERS, values, again=False)]


def spoken_in(members: Sequence[Member], brand: Brand) -> list[str]:
    """The languages of a cluster, as they read, most of its people first; short texts are guessed by the others."""
    counted = Counter(member.language.partition("-")[0] for member in members if member.language)
    whole = sum(counted.values())
    # Near-copies are in one language: a stray guess or two is no second one.
    spoken = [language for language, n in counted.most_common(3) if n * 10 >= whole]
    return spoken or [brand.language or settings.LANGUAGE_CODE]


def objections(members: Sequence[Member], by: User, leaving: Iterable[int]) -> dict[int, list[Why]]:
    """What speaks against answering each of these threads with the others; `leaving` are channels that can answer."""
    can = set(leaving)
    seen: set[int] = set()
    found: dict[int, list[Why]] = {}
    for member in members:
        tells = {
            Why.UNADDRESSED: not member.addressed, Why.ASIDE: bool(member.waits),
            Why.LOCKED: member.locked_by not in (None, by.pk), Why.CHANNEL: member.channel not in can,
            Why.TWICE: member.person is None or member.person in seen,
            Why.PRESSING: member.pressing, Why.MORE: member.more, Why.EDITED: member.edited,
            Why.ASSIGNED: member.assignee not in (None, by.pk),
        }  # fmt: skip
        found[member.thread] = [why for why, holds in tells.items() if holds]
        if member.person is not None and not found[member.thread]:
            seen.add(member.person)
    many = max(3, min(_FARTHEST, len(members) // 10))
    for member in sorted(members, key=lambda each: each.likeness)[:many]:
        if member.likeness < FAR:
            found[member.thread].append(Why.FAR)
    return found


class Wording:
    """What everybody is told: one text for each language, filled for each person."""

    def __init__(self, texts: Mapping[str, str], brand: Brand, by: User) -> None:
        self._texts = texts
        self._values = {language: values_of(brand, by, language) for language in texts}
        self._own = fields_for(brand.pk, texts.values())

    def language(self, spoken: str) -> str:
        """The language in which somebody is answered, by what they wrote in."""
        return fitting(list(self._texts), spoken)

    def text(self, language: str, person: Actor | None, channel: Channel, fields: dict[str, Any]) -> str:
        """The words for one person, whose thread has these values of the brand's own fields."""
        return fill(self._texts[language], self._for(language, person, channel, fields))

    def wanting(
        self, language: str, person: Actor | None, channel: Channel, fields: dict[str, Any]
    ) -> list[str]:
        """The variables that nothing fills for this person."""
        return wanting(self._texts[language], self._for(language, person, channel, fields))

    def _for(
        self, language: str, person: Actor | None, channel: Channel, fields: dict[str, Any]
    ) -> dict[str, str]:
        own = of_fields(self._own, fields, language)
        return self._values[language] | own | of_person(person) | {"channel": channel.handle}
