"""The month before the town opened: what people wrote, what the brand posted and answered, and what it left lying."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from comptoir.connectors.rehearsal import folk, lines, scenes
from comptoir.connectors.rehearsal.dice import Dice, mix, seal
from comptoir.connectors.rehearsal.plan import DAY, DAYS, Plan, past_posts
from comptoir.connectors.rehearsal.scenes import PAST, Message
from comptoir.connectors.rehearsal.traces import Trace
from comptoir.networks.connector import Activity, Kind

HOUR = 3_600_000
RECENT = 7 * DAY
NEVER_MISSED = frozenset({"press", "safety"})
"""Topics that the brand always answered."""


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
    at = min(at, plan.opened - 2 * 60_000)
    posts = past_posts(plan)
    seed = scenes.card(plan, i)
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
    texts = lines.replies(first.seed.language, first.seed.topic)
    words = dice.pick(texts).format_map(first.slots)
    answer = Activity(
        remote_id=plan.id(f"b.{i}"),
        kind=Kind.REPLY,
        actor=folk.brand(plan.town),
        published=folk.moment(found.answered),
        text=words,
        language=first.seed.language,
        in_reply_to=shown.remote_id,
        conversation=shown.conversation,
        addressed=False,
    )
    at = found.answered + int(60_000 + 40 * 60_000 * dice.real())
    if first.person.temper[0] == "spammer" or not dice.chance(0.55) or at >= plan.opened:
        return [shown, answer]
    mood = min(3, first.seed.mood + 2)
    moment = "calmer" if first.seed.mood < 0 else "thanks"
    text = dice.pick(lines.answers(first.seed.language, moment, first.person.temper[0]))
    trace = Trace("h", i, 1, mood, at, "h")
    return [shown, answer, trace.said(plan, first, text.format_map(first.slots), answer.remote_id)]


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
