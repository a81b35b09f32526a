"""What happens at each beat: who writes what, in which way; or who likes, follows, reposts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from comptoir.connectors.rehearsal import folk, lines
from comptoir.connectors.rehearsal.beats import Beat, Day, Gale
from comptoir.connectors.rehearsal.cards import BEFORE, card, deck, drawn
from comptoir.connectors.rehearsal.dice import Dice, mix, seal
from comptoir.connectors.rehearsal.lines import Person, Seed
from comptoir.connectors.rehearsal.plan import ON_THE_SQUARE, Plan, Post, past_posts, storm_posts
from comptoir.connectors.rehearsal.slots import Slots
from comptoir.connectors.rehearsal.wear import worn
from comptoir.networks.connector import Activity, Kind

PRIVATE = frozenset({"lost", "refund", "insurance", "jobs", "phishing"})
"""Topics that some prefer to write about privately."""
GESTURES = {"quiet": 0.14, "volcano": 0.0}
"""The share of likes, follows and reposts: what is ordered of a volcano are messages."""
CROWD = "crowd"
ALIKE = 0.7
"""The share of what comes while the volcano coughs that many others write as well."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A row of things that happen: the ordinary day, or one storm. `name` begins the paths of its messages."""

    name: str
    seed: int
    beat: Beat
    scenario: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message before it is shown to anybody; `slots` are what its author goes on speaking of."""

    path: str
    at: int
    kind: Kind
    person: Person
    seed: Seed
    slots: Slots
    text: str
    reply_to: str = ""
    conversation: str = ""
    about: str = ""

    def shown(self, plan: Plan) -> Activity:
        return Activity(
            remote_id=plan.id(self.path),
            kind=self.kind,
            actor=folk.actor(plan.town, self.person),
            published=folk.moment(self.at),
            text=self.text,
            language=self.seed.language,
            in_reply_to=plan.id(self.reply_to) if self.reply_to else "",
            conversation=plan.id(self.conversation or self.path),
            about=plan.id(self.about) if self.about else "",
        )


@lru_cache(maxsize=64)
def streams(plan: Plan) -> tuple[Stream, ...]:
    """The ordinary day and every storm."""
    posts = tuple(past_posts(plan))
    day = Stream("q", mix(plan.seed, 1), Day(plan.opened, mix(plan.seed, 2)), "quiet", posts)
    storms = []
    for storm in plan.storms:
        if storm.scenario in ON_THE_SQUARE:
            continue
        seed = seal(plan.seed, "storm", storm.number)
        beat = Gale.of(storm, mix(seed, 1))
        own = tuple(storm_posts(plan, storm))
        storms.append(Stream(f"d{storm.number}", seed, beat, storm.scenario, own or posts))
    return (day, *storms)


def stream_named(plan: Plan, name: str) -> Stream | None:
    return next((stream for stream in streams(plan) if stream.name == name), None)


def scene(plan: Plan, stream: Stream, i: int) -> Message | Activity | None:
    """The i-th thing of a stream: a message, a gesture (like, follow, repost), or nothing."""
    at = stream.beat.at(i)
    dice = Dice(mix(stream.seed, i))
    if isinstance(stream.beat, Day) and _asleep(stream.beat, at, i):
        return None
    roll = dice.real()
    if roll < GESTURES.get(stream.scenario, 0.06):
        return gesture(plan, f"{stream.name}.{i}", at, stream.posts, dice)
    occasion = _occasion(stream.scenario, roll)
    if occasion == CROWD:
        return _one_of_many(plan, stream, i, dice)
    if stream.name == "q" and not occasion:
        seed, again = card(plan, BEFORE + i)
    else:
        seed, again = drawn(deck(plan.languages, occasion), stream.seed, i)
    storm = not isinstance(stream.beat, Day)
    return compose(f"{stream.name}.{i}", at, seed, stream.posts, dice, 0.7 if storm else 0.15, storm or again)


def _one_of_many(plan: Plan, stream: Stream, i: int, dice: Dice) -> Message:
    """What hundreds ask in almost the same words, some of it far more often than the rest."""
    cards = deck((dice.pick(plan.languages),), CROWD)
    seed = cards[int(dice.real() ** 1.7 * len(cards))]
    tails = dice.chance(0.25)
    made = compose(f"{stream.name}.{i}", stream.beat.at(i), seed, stream.posts, dice, 0.9, tails)
    return replace(made, text=worn(made.text, seed.language, dice))


def _asleep(day: Day, at: int, i: int) -> bool:
    """After its lively first hours the town sleeps at night, one in five excepted."""
    hour = at // 3_600_000 % 24
    return at - day.start > day.THEN[0] and not 5 <= hour < 22 and mix(day.seed, i) % 5 != 0


def _occasion(scenario: str, roll: float) -> str:
    """Which file of seeds a roll of the dice means; "" is the ordinary day's."""
    if scenario == "volcano" and roll < ALIKE:
        return CROWD
    if roll > 0.9:
        return "comments"
    return "" if scenario == "quiet" or roll > 0.8 else scenario


def compose(
    path: str,
    at: int,
    seed: Seed,
    posts: Sequence[Post],
    dice: Dice,
    crowd: float,
    tails: bool,
    kind: Kind | None = None,
) -> Message:
    """A message written from a seed: its author, its words, and the way it takes to the brand (`kind`, if given)."""
    person = folk.speaker(seed, dice, crowd)
    slots = Slots(dice.bits(), seed.language, person)
    text = seed.text.format_map(slots)
    text = _with_tails(text, seed, slots, dice) if tails else text
    if seed.tone != "teen":
        text = text[0].upper() + text[1:]
    kind = kind or _kind(seed, dice)
    if kind in (Kind.COMMENT, Kind.QUOTE):
        below = [post for post in posts if post.language == seed.language and post.at < at][-6:]
        if below:
            post = dice.pick(below)
            if kind is Kind.QUOTE:
                return Message(path, at, kind, person, seed, slots, text, about=post.path)
            mine = f"{post.path}/@{person.handle}"
            return Message(path, at, kind, person, seed, slots, text, post.path, mine)
        kind = Kind.MENTION
    if kind is Kind.MENTION and dice.chance(0.35):
        text = f"@{folk.BRAND} {text}"
    return Message(path, at, kind, person, seed, slots, text)


def _with_tails(text: str, seed: Seed, slots: Slots, dice: Dice) -> str:
    """One, two or no sentences more, so that the same seed twice is not the same message twice."""
    tails = lines.tails(seed.language, seed.tone)
    first = dice.below(len(tails) * 4 // 3)
    if first >= len(tails):
        return text
    text = f"{text} {tails[first].format_map(slots)}"
    if dice.chance(0.3):
        second = tails[(first + 1 + dice.below(len(tails) - 1)) % len(tails)]
        text = f"{text} {second.format_map(slots)}"
    return text


def _kind(seed: Seed, dice: Dice) -> Kind:
    roll = dice.real()
    if seed.occasion == "comments":
        return Kind.COMMENT
    if seed.occasion == "badbuzz":
        return Kind.COMMENT if roll < 0.4 else Kind.QUOTE if roll < 0.55 else Kind.MENTION
    if seed.topic in PRIVATE and roll < 0.35:
        return Kind.MESSAGE
    if seed.tone == "spammer" and roll > 0.5:
        return Kind.COMMENT
    if seed.occasion == "volcano" and roll > 0.85:
        return Kind.COMMENT
    return Kind.MENTION


def posted(plan: Plan, post: Post) -> Activity:
    """A post of the brand's own."""
    return Activity(
        remote_id=plan.id(post.path),
        kind=Kind.POST,
        actor=folk.brand(plan.town),
        published=folk.moment(post.at),
        text=post.text,
        language=post.language,
        addressed=False,
    )


def answer(plan: Plan, path: str, first: Message, to: str, at: int, text: str) -> Activity:
    """What the brand answered, elsewhere than here, to the remote id `to` in the conversation of `first`."""
    return Activity(
        remote_id=plan.id(path),
        kind=Kind.REPLY,
        actor=folk.brand(plan.town),
        published=folk.moment(at),
        text=text,
        language=first.seed.language,
        in_reply_to=to,
        conversation=first.shown(plan).conversation,
        addressed=False,
    )


def gesture(plan: Plan, path: str, at: int, posts: Sequence[Post], dice: Dice) -> Activity | None:
    """A like, a follow or a repost by anybody."""
    roll = dice.real()
    kind = Kind.LIKE if roll < 0.6 else Kind.FOLLOW if roll < 0.8 else Kind.REPOST
    who = folk.actor(plan.town, folk.passer_by(dice.pick(plan.languages), dice))
    if kind is Kind.FOLLOW:
        return Activity(plan.id(path), kind, who, folk.moment(at))
    known = [post for post in posts if post.at < at]
    if not known:
        return None
    return Activity(plan.id(path), kind, who, folk.moment(at), about=plan.id(dice.pick(known).path))
