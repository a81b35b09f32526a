"""What follows from what the brand says: people answer back, like it, wait for more; a post draws comments."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comptoir.connectors.rehearsal import folk, lines, morning, past, scenes, square
from comptoir.connectors.rehearsal.dice import Dice, mix, seal
from comptoir.connectors.rehearsal.feelings import Reaction, react
from comptoir.connectors.rehearsal.manner import Manner
from comptoir.connectors.rehearsal.plan import Plan, Post
from comptoir.connectors.rehearsal.scenes import Message
from comptoir.connectors.rehearsal.traces import Trace, trace
from comptoir.networks.connector import Activity, Kind

MINUTE = 60_000
KEPT = 125 * MINUTE
"""How long something said still has consequences."""

Due = tuple[int, Activity]


@dataclass(frozen=True, slots=True)
class Talk:
    """Something that the brand said.

    id, to  paths: its own, and the one it answered, "" for a post.
    at      when, in milliseconds since 1970; `heard`: up to when its consequences have been told.
    """

    id: str
    to: str
    at: int
    manner: Manner
    heard: int

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Talk:
        return cls(**{**row, "manner": Manner(**row["manner"])})

    def plain(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "to": self.to,
            "at": self.at,
            "manner": self.manner.plain(),
            "heard": self.heard,
        }


class Answered:
    """When the brand answered which first message."""

    def __init__(self, talks: Sequence[Talk]) -> None:
        self._times: dict[str, list[int]] = {}
        for talk in sorted(talks, key=lambda t: t.at):
            if talk.to:
                self._times.setdefault(talk.to.partition("~")[0], []).append(talk.at)

    def by(self, root: str, moment: int) -> bool:
        """Whether the brand had answered by then."""
        times = self._times.get(root)
        return bool(times) and times[0] <= moment  # type: ignore[index]

    def between(self, root: str, since: int, until: int) -> bool:
        """Whether it answered in (since, until]."""
        times = self._times.get(root, [])
        return bisect_right(times, until) > bisect_right(times, since)


def first_message(plan: Plan, found: Trace) -> Message | None:
    """What began the conversation of a trace; None when the town never said it."""
    if found.stream == "h":
        return past.message(plan, found.i)
    if found.stream == square.STREAM:
        return square.message(plan, found.i)
    if found.stream == morning.STREAM:
        return morning.message(plan, found.i)
    if found.stream.startswith("c") and found.stream.count("x") == 1:
        at, _, mark = found.stream[1:].partition("x")
        known = _moment(at)
        return None if known is None else _comment(plan, known, mark, found.i)
    stream = scenes.stream_named(plan, found.stream)
    if stream is None or found.i > 100_000_000:
        return None
    shown = scenes.scene(plan, stream, found.i)
    return shown if isinstance(shown, Message) else None


def _moment(text: str) -> int | None:
    """Milliseconds in hexadecimal; None when that is no time of this century."""
    if not 0 < len(text) <= 12 or not all(sign in "0123456789abcdef" for sign in text):
        return None
    found = int(text, 16)
    return found if 946_684_800_000 < found < 4_102_444_800_000 else None


def follow(plan: Plan, talk: Talk, answered: Answered) -> Iterator[Due]:
    """Everything that follows from something said, whenever it is due."""
    if not talk.to:
        yield from _below(plan, talk)
        return
    found = trace(talk.to)
    first = first_message(plan, found) if found else None
    if found and first:
        yield from _back(plan, talk, found, first, answered)


def _back(plan: Plan, talk: Talk, found: Trace, first: Message, answered: Answered) -> Iterator[Due]:
    """What the person addressed does."""
    dice = Dice(seal(plan.seed, found.path, talk.id))
    mood = first.seed.mood if found.mood is None else found.mood
    waited = max(0, talk.at - (first.at if found.at is None else found.at))
    what = react(first.person, mood, found.turn, talk.manner, waited, first.kind is Kind.COMMENT, dice)
    speed = {"terse": 0.6, "teen": 0.7, "elderly": 1.4}.get(first.person.temper[0], 1.0)
    due = talk.at + min(40_000, int(speed * dice.between(5_500, 32_000)))
    tag = f"{seal(talk.id) & 0xFFFFFF:06x}"
    if what.likes:
        liked = due - int((due - talk.at - 3_000) * dice.real())
        who = folk.actor(plan.town, first.person)
        like = Activity(
            plan.id(f"l.{tag}{found.i}"), Kind.LIKE, who, folk.moment(liked), about=plan.id(talk.id)
        )
        yield liked, like
    for when, moment, mark, after in _words(what, due, dice):
        if not answered.between(found.root, talk.at, when):
            texts = lines.answers(first.seed.language, moment, first.person.temper[0])
            # By the turn, so that nobody says the same thing twice running.
            text = texts[(seal(plan.seed, found.root, moment) + found.turn) % len(texts)]
            said = Trace(found.stream, found.i, min(9, found.turn + 1), after, when, mark + tag)
            yield when, said.said(plan, first, text.format_map(first.slots), plan.id(talk.id))


def _words(what: Reaction, due: int, dice: Dice) -> list[tuple[int, str, str, int]]:
    """What somebody will say as long as nothing else is said to them: when, the moment, a mark, their mood then."""
    words = []
    if what.moment:
        words.append((due, what.moment, "a", what.mood))
    if what.waits:
        later = due + int(dice.between(6, 14) * MINUTE)
        words.append((later, "still", "w", max(-3, what.mood - 1)))
    if what.settles:
        later = due + int(dice.between(15, 60) * MINUTE)
        words.append((later, "resolved", "r", max(1, what.mood)))
    return words


def _below(plan: Plan, talk: Talk) -> Iterator[Due]:
    """What the town does with a post of the brand's."""
    mark = talk.id.removeprefix("s.")
    dice = Dice(seal(plan.seed, "post", talk.id))
    for i in range(2 + dice.below(5)):
        comment = _comment(plan, talk.at, mark, i)
        yield comment.at, comment.shown(plan)
    post = Post(talk.id, "", "", talk.at)
    for i in range(3 + dice.below(9)):
        due = talk.at + 4_000 + int(10 * MINUTE * dice.real() ** 2)
        gesture = scenes.gesture(plan, f"y{mark}.{i}", due, (post,), dice)
        if gesture:
            yield due, gesture


def _comment(plan: Plan, at: int, mark: str, i: int) -> Message:
    """The i-th comment below the post `s.<mark>` said at `at`: all of it is in the comment's own path."""
    dice = Dice(mix(seal(plan.seed, "comments", mark), i))
    due = at + 9_000 + int(12 * MINUTE * dice.real() ** 2)
    language = dice.pick(plan.languages)
    seed = dice.pick(lines.seeds(language, "comments"))
    below = Post(f"s.{mark}", language, "", at)
    return scenes.compose(f"c{at:x}x{mark}.{i}", due, seed, (below,), dice, 0.3, False)
