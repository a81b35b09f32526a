"""The month before the town opened: what people wrote, what the brand posted and answered, and what it left lying."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from comptoir.connectors.rehearsal import lines, scenes
from comptoir.connectors.rehearsal.cards import PAST, card
from comptoir.connectors.rehearsal.cast import DEALT
from comptoir.connectors.rehearsal.dice import Dice, mix, seal
from comptoir.connectors.rehearsal.lines import Seed
from comptoir.connectors.rehearsal.plan import DAY, DAYS, Plan, past_posts
from comptoir.connectors.rehearsal.scenes import Message
from comptoir.connectors.rehearsal.traces import Trace
from comptoir.networks.connector import Activity

HOUR = 3_600_000
RECENT = 7 * DAY
LAST_HOURS = 5 * HOUR
"""What was said later than this before the opening is not the past's, but `morning`'s."""
NEVER_MISSED = frozenset({"press", "safety"})
"""Topics that the brand always answered."""
IDLE = frozenset({"praise", "smalltalk", "suggestion"})
"""Topics that ask for nothing, so that nobody thanks for the answer."""
MILD = frozenset({"polite", "confused", "grateful", "journalist"})
"""Tones that need no calming, whatever happened."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One conversation of the past; `answered` is when the brand answered, None when it did not."""

    message: Message
    answered: int | None


@lru_cache(maxsize=512)
def exchange(plan: Plan, i: int) -> Exchange:
    """The i-th conversation of the month, 0 the oldest."""
    dice = Dice(mix(seal(plan.seed, "past"), i))
    slot = DAYS * DAY / PAST
    at = plan.opened - DAYS * DAY + int(slot * (i + dice.real()))
    if at // HOUR % 24 < 5:
        at += 6 * HOUR
    at = min(at, plan.opened - LAST_HOURS)
    posts = past_posts(plan)
    seed = card(plan, DEALT + i)[0]
    if i % 6 == 5 and posts[0].at < at:
        seed = dice.pick(lines.seeds(dice.pick(plan.languages), "comments"))
    message = scenes.compose(f"h.{i}", at, seed, posts, dice, 0.1, False)
    missed = 0.6 if at > plan.opened - RECENT else 0.04
    answered = at + int(2 * 60_000 + 4 * HOUR * dice.real() ** 3)
    if (dice.chance(missed) and seed.topic not in NEVER_MISSED) or answered >= plan.opened:
        return Exchange(message, None)
    return Exchange(message, answered)


def message(plan: Plan, i: int) -> Message | None:
    """What opened the i-th conversation of the month."""
    return exchange(plan, i).message if 0 <= i < PAST else None


def _spoken(plan: Plan, i: int) -> list[Activity]:
    """The i-th conversation from its first to its last word."""
    found = exchange(plan, i)
    first, shown = found.message, found.message.shown(plan)
    if found.answered is None:
        return [shown]
    dice = Dice(mix(seal(plan.seed, "answers"), i))
    words = dice.pick(lines.replies(first.seed)).format_map(first.slots)
    answer = scenes.answer(plan, f"b.{i}", first, shown.remote_id, found.answered, words)
    at = found.answered + int(60_000 + 40 * 60_000 * dice.real())
    if first.person.temper[0] == "spammer" or not dice.chance(0.55) or at >= plan.opened:
        return [shown, answer]
    mood = min(3, first.seed.mood + 2)
    table = lines.answers(first.seed.language, _moment(first.seed), first.person.temper[0])
    text = dice.pick(table)
    trace = Trace("h", i, 1, mood, at, "h")
    return [shown, answer, trace.said(plan, first, text.format_map(first.slots), answer.remote_id)]


def _moment(seed: Seed) -> str:
    """From which table somebody answers back who was answered well."""
    if seed.topic in IDLE:
        return "closing"
    if seed.occasion == "comments":
        return "undercomment"
    return "calmer" if seed.mood < 0 and seed.tone not in MILD else "thanks"


def month(plan: Plan) -> list[Activity]:
    """Everything of the month before, oldest first."""
    found: list[Activity] = []
    for post in past_posts(plan):
        found.append(scenes.posted(plan, post))
        dice = Dice(seal(plan.seed, "gestures", post.path))
        for number in range(3 + dice.below(7)):
            when = min(post.at + int(36 * HOUR * dice.real() ** 2) + 30_000, plan.opened - 1_000)
            path = f"g{post.path.removeprefix('p.')}.{number}"
            shown = scenes.gesture(plan, path, when, (post,), dice)
            if shown:
                found.append(shown)
    for i in range(PAST):
        found += _spoken(plan, i)
    return sorted(found, key=lambda activity: (activity.published, activity.remote_id))


@lru_cache(maxsize=8)
def reminders(plan: Plan) -> tuple[tuple[int, Message], ...]:
    """Who comes back, in the town's first minutes, to what the brand left lying: when, and over which message."""
    found = []
    for i in range(PAST):
        past = exchange(plan, i)
        first = past.message
        fate = mix(seal(plan.seed, "reminders"), i)
        if (
            past.answered is None
            and first.at > plan.opened - RECENT
            and first.seed.mood < 1
            and fate % 3 == 0
        ):
            found.append((plan.opened + 45_000 + fate // 3 % (20 * 60_000), first))
    return tuple(sorted(found, key=lambda row: row[0]))
