"""The rehearsal town: Port-Escarbille, whose people write to Bac & Câble (ferries, trams, cable cars) and answer back.

For the demo, for training and for drills. It has no server: what happens is a function of a seed, the clock and what
the brand said, so it needs no connection, and the same town can be played again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import regex

from comptoir.connectors.rehearsal import folk, past, square
from comptoir.connectors.rehearsal.dice import Dice, seal
from comptoir.connectors.rehearsal.plan import DAY, SCENARIOS, Plan, found, milliseconds, plan_of, with_storm
from comptoir.connectors.rehearsal.posts import WORTH_SAYING
from comptoir.connectors.rehearsal.town import Memory, step
from comptoir.networks.connector import (
    Activity,
    Actor,
    Blocks,
    Connected,
    Connector,
    Connects,
    Counts,
    Deletes,
    Fetches,
    Field,
    Followed,
    Gone,
    Ground,
    Json,
    Keyed,
    Length,
    Measures,
    Overheard,
    Overhears,
    Page,
    Place,
    Publishes,
    Recalls,
    Rechecks,
    Refused,
    Rehearses,
    Replies,
    Reports,
    Said,
    Sent,
    Upload,
)

LIMIT = 300
"""Graphemes of one message."""

HISTORY_PAGE = 250

RECALL_PAGE = 250
RECALLED = 6 * 3_600_000
"""Milliseconds of the past that are looked at for one page, at the most."""
HEARD_EVERY = timedelta(seconds=2)
ONE_LINE = 15
"""Looks of one line: the next one knows of the storms that were ordered since."""
WORTH_HEARING = {
    "Bac & Câble": '"bac & câble" OR bacetcable OR #BacEtCable',
    "Nuit des Lampions": '#NuitDesLampions OR "nuit des lampions"',
}

_BLOCKED = "blocked "
_GROUNDS = (
    Ground("spam", "Spam or advertising"),
    Ground("rude", "Insult or harassment"),
    Ground("other", "Another reason"),
)


class Rehearsal(
    Connects, Fetches, Replies, Publishes, Keyed, Deletes, Blocks, Reports, Measures, Followed, Rehearses, Overhears,
    Recalls, Rechecks, Connector,
):  # fmt: skip
    """One town. Its settings are its plan: name, seed, languages, when it opened, the storms ordered on it."""

    network = "rehearsal"
    label = "Rehearsal town"
    every = timedelta(seconds=3)
    scenarios = SCENARIOS
    worth_hearing = WORTH_HEARING
    worth_saying = WORTH_SAYING
    hush = timedelta(hours=6)
    recheck_batch = 100
    images = 4
    image_bytes = 2_000_000
    block_means = "In this town, they are not heard any more until they are unblocked."

    form = (
        Field(
            "seed",
            "Seed",
            "Any word. Towns with the same seed have the same people saying the same things. Empty: a town of its own.",
            required=False,
        ),
        Field(
            "languages",
            "Languages",
            kind="choice",
            default="both",
            choices=(("both", "French and English"), ("fr", "French"), ("en", "English")),
        ),
    )

    public_form = form

    def connect(self, answers: Mapping[str, str]) -> Connected:
        """Found a town that opens now."""
        languages = answers.get("languages") or "both"
        if languages not in ("both", "fr", "en"):
            raise Refused("answer_invalid", field="languages")
        settings = found(answers.get("seed", ""), languages, self.now)
        return Connected(folk.brand(settings["town"]), {}, settings)

    @property
    def plan(self) -> Plan:
        return plan_of(self.settings)

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        """What the town did since the cursor; without one, from the hours before it opened on.

        `said`: what the brand said since, in any order.
        """
        items, memory, more = step(self.plan, Memory.read(cursor), milliseconds(self.now), said)
        return Page([each for each in items if not self._blocks(each.actor)], memory.plain(), more)

    def history(self, since: datetime, cursor: Json) -> Page:
        """The month before the town opened, oldest first."""
        start = int(cursor["from"]) if cursor else 0
        kept = [activity for activity in past.month(self.plan) if activity.published >= since]
        end = start + HISTORY_PAGE
        return Page(kept[start:end], {"from": end}, end < len(kept))

    def public(self, answers: Mapping[str, str]) -> Place:
        """The square of the town that one is in already; else of one that has stood there for long."""
        if "town" in self.settings:
            return Place(self.plan.town, f"Port-Escarbille ({self.plan.town})")
        seed, languages = answers.get("seed", "").strip() or "escarbille", answers.get("languages") or "both"
        if languages not in ("both", "fr", "en"):
            raise Refused("answer_invalid", field="languages")
        settings = found(seed, languages, folk.moment(square.SINCE))
        return Place(settings["town"], f"Port-Escarbille ({settings['town']})", settings)

    def overhear(self, cursor: Json) -> Iterator[Overheard]:
        """What is said on the square. It is remembered for a day."""
        now = milliseconds(self.now)
        told = int(cursor["told"]) if cursor else now
        missed = told < now - DAY
        told = max(told, now - DAY)
        yield Overheard([], {"told": told}, missed=missed)
        for _ in range(ONE_LINE):
            now = milliseconds(self.now)
            until = min(now, told + RECALLED)
            items = list(square.told(self.plan, told, until))
            told = max(told, until)
            at = folk.moment(until) if items else None
            after = HEARD_EVERY if until == now else timedelta(0)
            yield Overheard(items, {"told": told}, at=at, after=after)

    def recall(self, since: datetime, cursor: Json) -> Page:
        """What was said on the square in the month before the town opened, and since."""
        start = max(milliseconds(since), square.first(self.plan)) - 1
        told, end = (cursor["told"], cursor["end"]) if cursor else (start, milliseconds(self.now))
        items: list[Activity] = []
        while told < end and len(items) < RECALL_PAGE:
            until = min(end, told + RECALLED)
            items += square.remembered(self.plan, told, until)
            told = until
        return Page(items, {"told": told, "end": end}, told < end)

    def recheck(self, remote_ids: Sequence[str]) -> Sequence[Gone]:
        """What was taken back on the square."""
        now = milliseconds(self.now)
        paths = {remote_id: self.plan.path(remote_id) for remote_id in remote_ids}
        return [
            Gone(key) for key, path in paths.items() if path and square.stands(self.plan, path, now) is False
        ]

    def length(self, text: str) -> Length:
        """Graphemes, as a reader counts letters."""
        count = len(regex.findall(r"\X", text))
        return Length(count, LIMIT, count - LIMIT)

    def reply(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Answer somebody: the town hears it with the next fetch. It takes pictures, and has no eyes for them."""
        return self._say(text, media, key)

    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Post: the town hears it with the next fetch."""
        return self._say(text, media, key)

    def _say(self, text: str, media: Sequence[Upload], key: str) -> Sent:
        self.check(text, media)
        return Sent(self.plan.id(f"s.{seal(key):016x}"))

    def delete(self, remote_id: str) -> None:
        """Nothing is kept here, so nothing has to be taken away."""

    def block(self, who: Actor, key: str, at: datetime) -> None:
        """The town goes on; what this person says is not handed over."""
        self.grant.keep(**{f"{_BLOCKED}{who.remote_id}": "yes"})

    def unblock(self, who: Actor) -> None:
        """What they say from now on is handed over again."""
        if self._blocks(who):
            self.grant.keep(**{f"{_BLOCKED}{who.remote_id}": ""})

    def _blocks(self, who: Actor) -> bool:
        return bool(self.grant.get(f"{_BLOCKED}{who.remote_id}"))

    def grounds(self) -> Sequence[Ground]:
        """What the town's hall asks."""
        return _GROUNDS

    def report(self, who: Actor, message: Activity | None, ground: str, words: str) -> str:
        """The town's hall takes it down, and nothing follows: it is a rehearsal."""
        return ""

    def measure(self, remote_ids: Sequence[str]) -> Sequence[Counts]:
        """Counts that grow towards a ceiling of their own during two days."""
        known = [remote_id for remote_id in remote_ids if self.plan.path(remote_id) is not None]
        return [self._counts(remote_id) for remote_id in known]

    def followers(self) -> int:
        """Some thousands, and a few more each hour that the town is open."""
        hours = (milliseconds(self.now) - self.plan.opened) // 3_600_000
        return 2_400 + int(Dice(seal(self.plan.seed, "followers")).real() ** 2 * 40_000) + 3 * max(hours, 0)

    def _counts(self, remote_id: str) -> Counts:
        dice = Dice(seal(self.plan.seed, "counts", remote_id))
        age = milliseconds(self.now) - self.plan.opened
        grown = min(1.0, max(0.1, age / (48 * 3_600_000)))
        likes = int(dice.real() ** 3 * 180 * grown)
        return Counts(
            remote_id,
            likes=likes,
            reposts=int(likes * dice.between(0.05, 0.3)),
            replies=int(likes * dice.between(0.05, 0.4)),
            quotes=int(likes * dice.between(0.0, 0.08)),
        )

    def rehearse(self, scenario: str, rate: float, seconds: float) -> Mapping[str, Json]:
        """The settings with a storm that begins now."""
        return with_storm(self.settings, scenario, rate, seconds, self.now)
