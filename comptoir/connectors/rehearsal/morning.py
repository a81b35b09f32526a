"""The last hours before the town opened: who was already talking when the first page was shown.

They are told live, with the first fetch, so that they wait in the open list; the month before is history.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from comptoir.connectors.rehearsal import lines, scenes
from comptoir.connectors.rehearsal.cards import card
from comptoir.connectors.rehearsal.cast import FROM_ELSEWHERE, MINUTE, PARTS, Part
from comptoir.connectors.rehearsal.dice import Dice, mix, seal, shuffled
from comptoir.connectors.rehearsal.lines import Seed, Talk
from comptoir.connectors.rehearsal.plan import Plan, past_posts
from comptoir.connectors.rehearsal.scenes import Message
from comptoir.connectors.rehearsal.traces import Trace
from comptoir.networks.connector import Activity, Kind

STREAM = "m"
_SHARES = (0.15,) * 8 + (1.0,) * 4
"""The share of people passing through, each time that somebody is sought who does not speak yet."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One conversation: its first message, what was said after it, and whether its author still waits for a word."""

    message: Message
    rest: tuple[Activity, ...]
    waits: bool


@lru_cache(maxsize=8)
def exchanges(plan: Plan) -> tuple[Exchange, ...]:
    """All conversations of the last hours, the newest first."""
    talks = {language: _talks(plan, language) for language in plan.languages}
    seen: set[str] = set()
    found = []
    dealt = 0
    for i, part in enumerate(PARTS):
        language = plan.languages[part.tongue % len(plan.languages)]
        dice = Dice(mix(seal(plan.seed, "morning"), i))
        if not part.topics:
            said = _dialogue(plan, i, part, talks[language].pop(), dice, seen)
        elif part.topics[0] in FROM_ELSEWHERE:
            said = _single(plan, i, part, _elsewhere(language, part, dice), dice, seen)
        else:
            said = _single(plan, i, part, card(plan, dealt)[0], dice, seen)
            dealt += 1
        seen.add(said.message.person.handle)
        found.append(said)
    return tuple(found)


def message(plan: Plan, i: int) -> Message | None:
    """What opened the i-th conversation."""
    return exchanges(plan)[i].message if 0 <= i < len(PARTS) else None


def told(plan: Plan) -> list[tuple[int, Activity]]:
    """Everything said in the last hours: when, in milliseconds since 1970, and what."""
    rows = []
    for one in exchanges(plan):
        rows.append((one.message.at, one.message.shown(plan)))
        rows += [(round(said.published.timestamp() * 1000), said) for said in one.rest]
    return rows


@lru_cache(maxsize=8)
def reminders(plan: Plan) -> tuple[tuple[int, Message], ...]:
    """Who asks again in the first quarter of an hour, as far as nobody answers: when, and over which message."""
    found = []
    for i, one in enumerate(exchanges(plan)):
        fate = mix(seal(plan.seed, "morning again"), i)
        if one.waits and fate % 2 == 0 and plan.opened - one.message.at > 3 * MINUTE:
            found.append((plan.opened + MINUTE + fate // 2 % (14 * MINUTE), one.message))
    return tuple(found)


def _talks(plan: Plan, language: str) -> list[Talk]:
    known = lines.talks(language)
    return [known[number] for number in shuffled(len(known), seal(plan.seed, "talks", language))]


def _elsewhere(language: str, part: Part, dice: Dice) -> Seed:
    seeds = lines.seeds(language, FROM_ELSEWHERE[part.topics[0]])
    return dice.pick([seed for seed in seeds if part.topics[0] != "spam" or seed.tone == "spammer"])


def _first(plan: Plan, i: int, at: int, seed: Seed, kind: Kind | None, dice: Dice, seen: set[str]) -> Message:
    """The first message of a conversation, by somebody who does not speak yet, as far as there is anybody."""
    posts = past_posts(plan)
    for crowd in _SHARES:
        found = scenes.compose(f"{STREAM}.{i}", at, seed, posts, Dice(dice.bits()), crowd, False, kind)
        if found.person.handle not in seen:
            break
    return found


def _single(plan: Plan, i: int, part: Part, seed: Seed, dice: Dice, seen: set[str]) -> Exchange:
    last = plan.opened - part.ago
    at = last - int(dice.between(2, 9) * MINUTE) if part.answered else last
    first = _first(plan, i, at, seed, part.kind, dice, seen)
    if not part.answered:
        return Exchange(first, (), seed.mood < 1 and seed.tone != "spammer")
    text = dice.pick(lines.replies(seed)).format_map(first.slots)
    answer = scenes.answer(plan, f"b.{STREAM}{i}", first, plan.id(first.path), last, text)
    return Exchange(first, (answer,), False)


def _dialogue(plan: Plan, i: int, part: Part, talk: Talk, dice: Dice, seen: set[str]) -> Exchange:
    """A conversation of several turns, told backwards in time from its last one."""
    times = [plan.opened - part.ago]
    for _ in talk.turns[1:]:
        times.insert(0, times[0] - int(dice.between(1.5, 7) * MINUTE))
    first = _first(plan, i, times[0], talk.seed, talk.kind, dice, seen)
    rest: list[Activity] = []
    answers, before = 0, plan.id(first.path)
    for number, (turn, at) in enumerate(zip(talk.turns[1:], times[1:], strict=True), 1):
        text = turn.text.format_map(first.slots)
        if turn.own:
            answers += 1
            said = scenes.answer(plan, f"b.{STREAM}{i}x{number}", first, before, at, text)
        else:
            mood = min(3, talk.seed.mood + 2 * answers)
            said = Trace(STREAM, i, answers, mood, at, f"t{number}").said(plan, first, text, before)
        rest.append(said)
        before = said.remote_id
    return Exchange(first, tuple(rest), answers == 0)
