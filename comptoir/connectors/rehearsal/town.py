"""The town: a function of its seed, the clock, and what was said to it.

`step` is that function, cut where the caller likes: whatever the pattern of calls, the same things happen at the same
moments under the same ids, and nothing falls between two calls. What it must know of the last call is a `Memory`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from comptoir.connectors.rehearsal import folk, lines, morning, past, scenes
from comptoir.connectors.rehearsal.beats import Day
from comptoir.connectors.rehearsal.dice import Dice, mix, seal
from comptoir.connectors.rehearsal.manner import likeness, manner
from comptoir.connectors.rehearsal.plan import Plan, milliseconds
from comptoir.connectors.rehearsal.scenes import Message, Stream
from comptoir.connectors.rehearsal.talks import KEPT, MINUTE, Answered, Due, Talk, follow
from comptoir.connectors.rehearsal.traces import Trace
from comptoir.networks.connector import Activity, Said

REACH = 110 * MINUTE
"""Until how long after a message its author may still change it, take it back, or ask again."""

SPARSE = 10
"""In a storm only one message in so many has an author who comes back to it."""

CONTENT = frozenset({"praise", "smalltalk", "helping", "defence", "spirits", "irony"})
"""Topics that nobody asks twice about."""

REMEMBERED = 60
"""Texts of the brand that the town compares a new one with."""


@dataclass(slots=True)
class Memory:
    """What the next step must know: how far each stream was told, what was said lately, and in which words."""

    told: dict[str, int] = field(default_factory=dict)
    talks: list[Talk] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, cursor: Any) -> Memory:
        """From a cursor; None is the memory of a town that has not told anything."""
        if not cursor:
            return cls()
        talks = [Talk.read(row) for row in cursor["talks"]]
        return cls(dict(cursor["told"]), talks, [(mark, said) for mark, said in cursor["texts"]])

    def plain(self) -> Mapping[str, Any]:
        """As a cursor."""
        texts = [list(row) for row in self.texts]
        return {"told": self.told, "talks": [talk.plain() for talk in self.talks], "texts": texts}


def step(plan: Plan, memory: Memory, now: int, said: Sequence[Said]) -> tuple[list[Activity], Memory, bool]:
    """What happened since `memory` until `now` (ms since 1970), the memory after it, and whether more waits."""
    texts, talks = _listen(plan, memory, said)
    answered = Answered(talks)
    told = {s.name: memory.told[s.name] for s in scenes.streams(plan) if s.name in memory.told}
    due: list[Due] = [] if memory.told else morning.told(plan)
    more = False
    for stream in scenes.streams(plan):
        since = told.get(stream.name, stream.beat.start - 1)
        end = now if stream.beat.end is None else min(now, stream.beat.end + REACH)
        if since >= end:
            continue
        until = min(end, stream.beat.reach(since))
        due += _stream(plan, stream, since, until, answered)
        told[stream.name] = until
        more = more or until < end
    for talk in talks:
        due += [row for row in follow(plan, talk, answered) if talk.heard < row[0] <= now]
    kept = [replace(talk, heard=max(talk.heard, now)) for talk in talks if talk.at + KEPT > now]
    due.sort(key=lambda row: (row[0], row[1].remote_id))
    return [activity for _, activity in due], Memory(told, kept, texts), more


def _listen(plan: Plan, memory: Memory, said: Sequence[Said]) -> tuple[list[tuple[str, str]], list[Talk]]:
    """The memory's texts and talks with what was said since."""
    texts, talks = list(memory.texts), list(memory.talks)
    known = {talk.id for talk in talks}
    for one in sorted(said, key=lambda one: (one.at, one.remote_id)):
        path = plan.path(one.remote_id)
        to = plan.path(one.in_reply_to) if one.in_reply_to else ""
        if path is None or to is None or path in known:
            continue
        mark = likeness(one.text)
        repeated = bool(mark) and any(mark == other and path != whose for other, whose in texts)
        at = milliseconds(one.at)
        talks.append(Talk(path, to, at, manner(one.text, repeated), at))
        if mark:
            texts.append((mark, path))
    return texts[-REMEMBERED:], talks


def _stream(plan: Plan, stream: Stream, since: int, until: int, answered: Answered) -> Iterator[Due]:
    """What happens on a stream in (since, until]."""
    for post in stream.posts:
        if since < post.at <= until and post.at >= stream.beat.start:
            yield post.at, scenes.posted(plan, post)
    for i in stream.beat.near(since, until):
        if since < stream.beat.at(i) <= until:
            shown = scenes.scene(plan, stream, i)
            if isinstance(shown, Message):
                yield shown.at, shown.shown(plan)
            elif shown:
                yield stream.beat.at(i), shown
    calm = isinstance(stream.beat, Day)
    late = stream.beat.near(since - REACH, until)
    first = late.start if calm else -(-late.start // SPARSE) * SPARSE
    for i in range(first, late.stop, 1 if calm else SPARSE):
        yield from _second_thoughts(plan, stream, i, since, until, answered)
    if calm and since < stream.beat.start + 30 * MINUTE:
        for at, message in (*past.reminders(plan), *morning.reminders(plan)):
            if since < at <= until and not answered.by(message.path, at):
                yield at, _nudge(plan, message, at, 1)


def _second_thoughts(
    plan: Plan, stream: Stream, i: int, since: int, until: int, answered: Answered
) -> Iterator[Due]:
    """Who changes a message, takes it back, or asks again because nobody answered, in (since, until]."""
    fate = mix(stream.seed ^ 0xFA7E, i)
    lot, rest = fate % 100, fate // 100
    at = stream.beat.at(i)
    if lot < 8:
        due = at + 20_000 + rest % (70_000 if lot < 4 else 4 * MINUTE)
        if since < due <= until and not answered.by(f"{stream.name}.{i}", due):
            yield from _taken_up(plan, stream, i, due, back=lot >= 4)
        return
    if lot >= 45:
        return
    asks = [at + 6 * MINUTE + rest % (24 * MINUTE)]
    asks.append(asks[0] + 12 * MINUTE + rest // 7 % (23 * MINUTE))
    asks.append(asks[1] + 15 * MINUTE + rest // 11 % (25 * MINUTE))
    for number, due in enumerate(asks[: 1 + (lot < 25) + (lot < 16)], 1):
        if since < due <= until and not answered.by(f"{stream.name}.{i}", due):
            shown = scenes.scene(plan, stream, i)
            if isinstance(shown, Message) and _insists(shown):
                yield due, _nudge(plan, shown, due, number)


def _insists(message: Message) -> bool:
    return message.seed.topic not in CONTENT and message.person.temper[0] != "spammer"


def _taken_up(plan: Plan, stream: Stream, i: int, due: int, back: bool) -> Iterator[Due]:
    """A message changed, or taken back."""
    message = scenes.scene(plan, stream, i)
    if not isinstance(message, Message):
        return
    shown = message.shown(plan)
    if back:
        yield due, replace(shown, text="", deleted=True)
        return
    fitting = [line for line, named in lines.edits(message.seed.language) if named <= message.slots.keys()]
    more = Dice(mix(stream.seed, i) ^ 1).pick(fitting)
    yield due, replace(shown, text=shown.text + more.format_map(message.slots), edited=folk.moment(due))


def _nudge(plan: Plan, message: Message, at: int, number: int) -> Activity:
    """The author of an unanswered message asks again, for the `number`-th time; the third time they give up."""
    language, temper = message.seed.language, message.person.temper[0]
    dice = Dice(seal(plan.seed, message.path, number))
    text = dice.pick(lines.answers(language, "giveup" if number == 3 else "nudge", temper))
    mood = max(-3, message.seed.mood - number)
    stream, _, i = message.path.rpartition(".")
    trace = Trace(stream, int(i), 0, mood, at, f"n{number}")
    return trace.said(plan, message, text.format_map(message.slots), plan.id(message.path))
