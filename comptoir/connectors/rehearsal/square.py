"""The square: what the town says in public, to nobody in particular. A function of seed and clock, like all of it.

How much is said in a minute, and what, hangs on that minute alone: it is told from any moment on, and nobody has to
remember anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from comptoir.connectors.rehearsal import folk, lines
from comptoir.connectors.rehearsal.dice import Dice, mix, seal
from comptoir.connectors.rehearsal.lines import Person, Seed
from comptoir.connectors.rehearsal.plan import DAY, DAYS, Plan
from comptoir.connectors.rehearsal.scenes import Message
from comptoir.connectors.rehearsal.slots import Slots
from comptoir.networks.connector import Activity, Gone, Kind, Span

STREAM = "z"
"""Begins the paths of what is said there; the number behind it is the minute's, and which of the minute it is."""
MINUTE = 60_000
HOUR = 60 * MINUTE
OF_A_MINUTE = 100
"""Messages that one minute has numbers for."""
SINCE = 1_767_225_600_000
"""The minute from which minutes are counted, so that their numbers stay short."""
DAILY = 70.0
LONG = 260
"""Letters that are not passed by going on: others add to them, and authors correct themselves."""
REGRETS = 20 * MINUTE
"""Until how long after a message its author may change it or take it back."""
VISITORS = ("es", "de", "it", "pt", "ar")
_HOURS = (1, 1, 1, 1, 1, 3, 7, 12, 14, 9, 8, 9, 12, 10, 8, 8, 10, 14, 15, 12, 10, 8, 5, 3)
"""How much is said in each hour of the day."""
_GROUPS = {"fault": 20, "praise": 14, "talk": 22, "else": 36, "spam": 7, "hate": 1}
_MOODS = {"fault": -2, "stuck": -3, "hate": -3, "praise": 2, "feast": 2}
_GOES_ON = {
    "fault": "bad", "stuck": "bad", "praise": "good", "feast": "good", "talk": "plain", "else": "plain"
}  # fmt: skip
_TONES = {"fault": "terse", "stuck": "furious", "hate": "furious", "praise": "grateful", "spam": "spammer"}
_STORMS = {"badbuzz": "fault", "volcano": "stuck", "spam": "spam"}
"""What is said on the square while a storm goes on."""
_FEASTS = {"feast": 0.25, "fair": 0.08, "drowned": 0.88}
"""Of what is said under the tag of a feast, the part of those who sell things, whom its tag draws: of the one that the
town remembers, and of one that is ordered, before and after they drown it."""
_BREAKDOWN = (9 * DAY, 5 * HOUR)
_FEAST = (20 * DAY, 4 * HOUR)
"""How long before the town opened the cable car stopped and the lanterns were lit, and for how long all spoke of it."""
_TAG = re.compile(r"#\w+")


def told(plan: Plan, since: int, until: int) -> Iterator[Activity | Gone]:
    """What happens on the square in (since, until], in milliseconds since 1970, in order: what is said, changed and
    taken back."""
    due: list[tuple[int, Activity | Gone]] = []
    for message, fate in _said(plan, since - REGRETS, until):
        if since < message.at <= until:
            due.append((message.at, _shown(plan, message)))
        regret = message.at + MINUTE + fate // 100 % (REGRETS - 2 * MINUTE)
        if fate % 100 < 6 and since < regret <= until:
            due.append((regret, _regretted(plan, message, fate, regret)))
    return (item for _, item in sorted(due, key=lambda row: (row[0], row[1].remote_id)))


def remembered(plan: Plan, since: int, until: int) -> Iterator[Activity]:
    """What was said in (since, until] and stands there still."""
    for message, fate in _said(plan, since, until):
        if since < message.at <= until and not _taken_back(fate):
            yield _shown(plan, message)


def stands(plan: Plan, path: str, now: int) -> bool | None:
    """Whether a message of the square can still be seen; None when it is none."""
    stream, _, number = path.partition(".")
    found = _numbered(plan, int(number)) if stream == STREAM and number.isdecimal() else None
    if found is None or found[0].at > now:
        return None
    message, fate = found
    return not (_taken_back(fate) and message.at + MINUTE + fate // 100 % (REGRETS - 2 * MINUTE) <= now)


def message(plan: Plan, number: int) -> Message | None:
    """What was said under a number, if those who said it have more to say: French and English are spoken here."""
    found = _numbered(plan, number)
    return found[0] if found and found[0].seed.language in lines.LANGUAGES else None


def _taken_back(fate: int) -> bool:
    return fate % 100 < 3


def _regretted(plan: Plan, message: Message, fate: int, at: int) -> Activity | Gone:
    """Taken back, or changed."""
    more = _texts(message.seed.language).get("later")
    if _taken_back(fate) or not more:
        return Gone(plan.id(message.path)) if _taken_back(fate) else _shown(plan, message)
    added = more[fate // 7 % len(more)]
    return replace(_shown(plan, replace(message, text=message.text + added)), edited=folk.moment(at))


def _said(plan: Plan, since: int, until: int) -> Iterator[tuple[Message, int]]:
    """The messages of all minutes that touch (since, until], each with what becomes of it."""
    for minute in range(max(0, since - SINCE) // MINUTE, max(0, until - SINCE) // MINUTE + 1):
        for k in range(_many(plan, minute)):
            number = minute * OF_A_MINUTE + k
            yield _message(plan, number), mix(plan.seed ^ 0xFA7E, number)


def _numbered(plan: Plan, number: int) -> tuple[Message, int] | None:
    minute, k = divmod(number, OF_A_MINUTE)
    if k >= _many(plan, minute):
        return None
    return _message(plan, number), mix(plan.seed ^ 0xFA7E, number)


def _many(plan: Plan, minute: int) -> int:
    """How much is said in a minute."""
    at = SINCE + minute * MINUTE
    rate = DAILY * _HOURS[at // HOUR % 24] / sum(_HOURS) / 60
    if at // DAY % 7 in (2, 3):
        # The first day of 1970 was a Thursday: Saturdays and Sundays are slower.
        rate *= 0.7
    since = at - plan.opened
    if 0 <= since < 10 * MINUTE:
        rate = max(rate, 6.0)
    elif 0 <= since < 3 * HOUR:
        rate = max(rate, 1.0)
    rate += _swell(plan, at)[1]
    whole = int(rate)
    dice = Dice(mix(plan.seed ^ 0x5A, minute))
    return min(OF_A_MINUTE - 1, whole + dice.chance(rate - whole))


def _swell(plan: Plan, at: int) -> tuple[str, float]:
    """What everybody speaks of at a moment, and how many messages a minute; nothing on most days."""
    for group, (ago, long), most in (("stuck", _BREAKDOWN, 5.0), ("feast", _FEAST, 2.0)):
        passed = at - (_evening(plan) - ago)
        if 0 <= passed < long:
            return group, most * min(1.0, passed / (20 * MINUTE)) * (1 - passed / long)
    for storm in plan.storms:
        if storm.scenario == "takeover" and storm.at <= at < storm.at + storm.seconds * 1000:
            drowned = 3 * (at - storm.at) > storm.seconds * 1000
            return ("drowned" if drowned else "fair"), min(60.0, storm.rate * 20)
        if storm.scenario in _STORMS and storm.at <= at < storm.at + storm.seconds * 1000:
            return _STORMS[storm.scenario], min(60.0, storm.rate * 20)
    return "", 0.0


def _evening(plan: Plan) -> int:
    """Five in the afternoon of the day on which the town opened."""
    return plan.opened // DAY * DAY + 17 * HOUR


@lru_cache(maxsize=4_096)
def _message(plan: Plan, number: int) -> Message:
    minute = number // OF_A_MINUTE
    at = SINCE + minute * MINUTE + mix(plan.seed ^ 0xA7, number) % MINUTE
    dice = Dice(mix(seal(plan.seed, "square"), number))
    group, language = _about(plan, at, dice)
    path = f"{STREAM}.{number}"
    if group not in ("spam", "feast") and dice.chance(0.08):
        # Somebody repeats what goes round in these hours.
        said = Dice(seal(plan.seed, "round", at // (6 * HOUR), group, language))
        made = _compose(path, at, group, language, said, dice)
        tail = dice.pick(_texts(language)["again"]).format_map(made.slots)
        return replace(made, text=made.text + tail)
    return _compose(path, at, group, language, dice, dice)


def _about(plan: Plan, at: int, dice: Dice) -> tuple[str, str]:
    """What of, and in which language."""
    abroad = len(plan.languages) > 1 and dice.chance(0.14)
    language = dice.pick(VISITORS) if abroad else dice.pick(plan.languages)
    swell, rate = _swell(plan, at)
    if rate and dice.chance(rate / (rate + 0.2)):
        group = "feast" if swell in _FEASTS else swell
        if swell in _FEASTS and dice.chance(_FEASTS[swell]):
            group = "spam"
    else:
        roll, group = dice.below(sum(_GROUPS.values())), ""
        for name, weight in _GROUPS.items():
            if roll < weight:
                group = name
                break
            roll -= weight
    return (group, language) if group in _texts(language) else (group, plan.languages[0])


def _compose(path: str, at: int, group: str, language: str, said: Dice, by: Dice) -> Message:
    """A message: what is said by the one dice, who says it by the other."""
    text = said.pick(_texts(language)[group])
    seed = Seed(text, language, "square", group, _TONES.get(group, "polite"), "", _MOODS.get(group, 0))
    person = _speaker(seed, by)
    spoken = language if language in lines.LANGUAGES else "en"
    slots = Slots(said.bits(), spoken, person)
    text = text.format_map(slots)
    if more := _texts(language).get(_GOES_ON.get(group, "")):
        for sentence in dict.fromkeys(said.pick(more) for _ in range(3)):
            if len(longer := f"{text} {sentence.format_map(slots)}") < LONG:
                text = longer
    return Message(path, at, Kind.POST, person, seed, slots, text)


def _speaker(seed: Seed, dice: Dice) -> Person:
    if seed.tone == "spammer":
        return _seller(seed, dice)
    if seed.language in lines.LANGUAGES:
        known = [who for who in lines.people() if who.understands(seed.language) and not who.topics]
        return dice.pick(known) if dice.chance(0.2) else folk.stranger(seed, dice)
    return _visitor(seed, dice)


def _seller(seed: Seed, dice: Dice) -> Person:
    """One of a few accounts that sell things, with hardly anybody who follows them."""
    number = dice.below(40)
    return Person(f"Promo {number}", f"promo.{number}", "", seed.language, "n", ("spammer",), number, "")


def _visitor(seed: Seed, dice: Dice) -> Person:
    """Somebody from elsewhere."""
    names = lines.read("square")["visitors"][seed.language]
    number = dice.below(300)
    name = names[number % len(names)]
    followers = int(6_000 * Dice(mix(0x76, number)).real() ** 4)
    return Person(name, f"{seed.language}.{number}", "", seed.language, "n", (seed.tone,), followers, "")


def _shown(plan: Plan, message: Message) -> Activity:
    """As everybody sees it: said to nobody. One in three does not say in which language."""
    shown = message.shown(plan)
    spans = tuple(
        Span(found.start(), found.end(), "tag", f"https://port-escarbille.example/tags/{found[0][1:]}")
        for found in _TAG.finditer(shown.text)
    )
    language = "" if seal(message.path) % 3 == 0 else shown.language
    return replace(shown, addressed=False, spans=spans, language=language)


@cache
def _texts(language: str) -> dict[str, Any]:
    return dict(lines.read("square")[language])


def first(plan: Plan) -> int:
    """From when on the town remembers what was said, in milliseconds since 1970."""
    return plan.opened - DAYS * DAY
