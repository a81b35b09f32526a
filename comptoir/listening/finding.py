"""The list of mentions: the newest of those that were asked for, and of these those that a search is true of.

An index proposes, the one evaluator of `reading` decides, as at the counter.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from comptoir.kernel.asking import ask, columns, made
from comptoir.listening import stored
from comptoir.listening.asked import SIGNS, Asked
from comptoir.listening.models import Mention
from comptoir.listening.posts import Post
from comptoir.listening.sampled import EVERYTHING
from comptoir.listening.stored import Shelved
from comptoir.networks.models import Activity, Actor, Channel
from comptoir.networks.proposing import ONE_IN, estimated, proposing
from comptoir.organisation.query_words import parsed
from comptoir.reading.query import Query, Wrong

_LOOKS, _MOST_LOOKS = 60, 1_000
"""Mentions looked at in one go, after those that would do if the search were true of each: by how many it was true of
till then."""
PATIENCE = 1.5
"""Seconds after which a search says how far it came, and can be gone on with."""
_FIRST_REACH = 200
"""Messages that are gathered at first."""
_ALL = 100_000
"""Mentions that are gathered in one go at the most."""
_STEP, _LOOK, _TURN = 40, 20, 4
"""What a mention that is met, a message whose mentions are looked for, and one that is looked at in its turn cost
against one that the index of words tells of."""
_BESIDE = 15
"""Messages that lie together: what came lately is looked at by so many, when one of them has the words."""

type Place = tuple[datetime, int]


class Found(NamedTuple):
    """Mentions, the newest first, with their posts. `more`: there are older ones; `stopped` is the place up to where a
    search looked when it ran out of time, None otherwise; `wrong` says why a search could not be asked."""

    mentions: list[Mention]
    posts: list[Post]
    more: bool = False
    stopped: Place | None = None
    wrong: Wrong | None = None

    @property
    def end(self) -> Place | None:
        """How far down was looked; None where there is no more."""
        if not self.more:
            return None
        return self.stopped or (self.mentions[-1].at, self.mentions[-1].pk)


def find(asked: Asked, before: Place | None = None, limit: int = 50) -> Found:
    """So many of what was asked for, below a place: of what is in the table, and of what is stored in files."""
    query = parsed(asked.q) if asked.q else None
    if isinstance(query, Wrong):
        return Found([], [], wrong=query)
    own = set(Channel.objects.of(asked.brand).values_list("network", "remote_id")) if query else set()
    kept = _kept(asked, query, own, before, limit)
    # Looked for below the place, and above the end of what was found.
    end = kept.end
    period = asked.period
    since = max([at for at in (period and period.since, end and end[0]) if at], default=None)
    until = min([at for at in (period and period.until, before and _after(before[0])) if at], default=None)
    files = stored.shelved(asked.numbers, since, until)
    if not files:
        return kept
    shelf = _Shelf(asked, before)
    return _together(kept, _shelved(asked, query, own, shelf, files, limit), limit)


def _after(moment: datetime) -> datetime:
    return moment + timedelta(microseconds=1)


def _together(one: Found, other: Found, limit: int) -> Found:
    """The newest of both, as far down as both have looked."""
    rows = [*zip(one.mentions, one.posts, strict=True), *zip(other.mentions, other.posts, strict=True)]
    rows.sort(key=lambda row: (row[0].at, row[0].pk), reverse=True)
    ends = [end for end in (one.end, other.end) if end]
    far = [row for row in rows if not ends or (row[0].at, row[0].pk) >= max(ends)]
    shown = far[:limit]
    more = bool(ends) or len(far) > limit
    stopped = max(ends) if ends and len(shown) < limit else None
    return Found([row for row, _post in shown], [post for _row, post in shown], more, stopped)


def _shelved(
    asked: Asked,
    query: Query | None,
    own: set[tuple[str, str]],
    shelf: _Shelf,
    files: list[Shelved],
    limit: int,
) -> Found:
    """So many of what is stored. Where something is searched, the evaluator reads it all on the way down."""
    found, looks = Found([], []), limit + 1
    until = time.monotonic() + PATIENCE
    with stored.opened(files) as opened:
        while not shelf.over:
            for row in shelf.next(opened, looks):
                if len(found.mentions) == limit:
                    return found._replace(more=True)
                post = _post(asked, row, own)
                if query is None or query.matches(post):
                    found.mentions.append(row)
                    found.posts.append(post)
            if query and not shelf.over and time.monotonic() > until:
                return found._replace(more=True, stopped=shelf.place)
            looks = _MOST_LOOKS if query else looks
    return found


class _Shelf:
    """What is stored of what was asked, on the way down from a place."""

    def __init__(self, asked: Asked, before: Place | None) -> None:
        self.asked, self.place, self.over = asked, before, False

    def next(self, opened: stored.Opened, most: int) -> list[Mention]:
        """The next so many; fewer where their authors were erased meanwhile."""
        asked, wanted = self.asked, []
        rows = stored.within(opened.rows, asked.numbers, asked.fields, asked.period)
        if asked.noise != EVERYTHING:
            wanted.append(rows.noise == asked.noise)
        if asked.author:
            wanted.append(rows.author == asked.author)
        if asked.sign in SIGNS:
            wanted.append(rows[asked.sign])
        if self.place:
            at, pk = self.place[0].astimezone(UTC), self.place[1]
            wanted.append((rows.at < at) | ((rows.at == at) & (rows.id < pk)))
        rows = rows.filter(*wanted) if wanted else rows
        found = opened.ask(rows.order_by(rows.at.desc(), rows.id.desc()).limit(most))
        self.over = len(found) < most
        if found:
            self.place = (found[-1]["at"], found[-1]["id"])
        return as_mentions(found, asked.queries)


def as_mentions(rows: Sequence[dict[str, Any]], queries: Iterable[Any]) -> list[Mention]:
    """Stored rows as mentions that are in no table, each with its message and author, `stored`."""
    people = Actor.objects.in_bulk({row["author"] for row in rows})
    named = {each.pk: each for each in queries}
    found = []
    for row in rows:
        if (who := people.get(row["author"])) and (query := named.get(row["query_id"])):
            said = {name: row[name] for name in stored.MENTION if name != "query_id"}
            mention = Mention(**said, query=query, activity=Activity(**stored.said_of(row), actor=who))
            mention.stored = True
            found.append(mention)
    return found


def _kept(
    asked: Asked, query: Query | None, own: set[tuple[str, str]], before: Place | None, limit: int
) -> Found:
    """So many of what is in the table."""
    found = Found([], [])
    until = time.monotonic() + PATIENCE
    way = _Way(asked, query, before, limit + 1)
    looks = looked = limit + 1
    while ids := way.next(looks):
        rows = _rows(asked, ids)
        for row in rows:
            if len(found.mentions) == limit:
                return found._replace(more=True)
            post = _post(asked, row, own)
            if query is None or query.matches(post):
                found.mentions.append(row)
                found.posts.append(post)
        if not query:
            break
        if rows and time.monotonic() > until:
            return found._replace(more=True, stopped=(rows[-1].at, rows[-1].pk))
        true = len(found.mentions) or 1
        looks = max(_LOOKS, min(_MOST_LOOKS, 4 * looked, (limit + 1 - true) * looked * 5 // (4 * true)))
        looked += looks
    return found


def _rows(asked: Asked, ids: list[int]) -> list[Mention]:
    """These with what they are about, in their order."""
    named = {each.pk: each for each in asked.queries}
    rows = ask(_ROWS, {"ids": ids, "queries": list(named)})
    by_number = {}
    for values in rows:
        row, said = made(Mention, values[:_SAID]), made(Activity, values[_SAID:_WHO], without="search")
        said.actor = made(Actor, values[_WHO:]) if said.actor_id else None
        row.query, row.activity = named[row.query_id], said
        by_number[row.pk] = row
    return [by_number[pk] for pk in ids if pk in by_number]


def _post(asked: Asked, row: Mention, own: set[tuple[str, str]]) -> Post:
    said = row.activity.as_contract()
    post = Post(row.network, said, asked.zone, own=(row.network, said.actor.remote_id) in own)
    return post.read_as(row.language, row.tone, row.signs)


_SAID = len(Mention._meta.concrete_fields)
_WHO = _SAID + len(Activity._meta.concrete_fields) - 1
_ROWS = f"""
SELECT {columns(Mention, "m")}, {columns(Activity, "a", without="search")}, {columns(Actor, "u")}
FROM listening_mention m JOIN networks_activity a ON a.id = m.activity_id
    LEFT JOIN networks_actor u ON u.id = a.actor_id
WHERE m.id = ANY(%(ids)s) AND m.query_id = ANY(%(queries)s)
"""  # noqa: S608 - nothing in it comes from outside
_KIND = f"""(%(network)s::text IS NULL OR m.network = %(network)s)
    AND (%(language)s::text IS NULL OR m.language = %(language)s) AND (%(tone)s::text IS NULL OR m.tone = %(tone)s)
    AND (%(noise)s = '{EVERYTHING}' OR m.noise = %(noise)s)"""
_WHEN = "AND m.at >= %(since)s AND m.at < %(until)s"
_BELOW = "AND (m.at, m.id) < (%(at)s, %(pk)s)"
_AUTHOR = "AND m.author = %(author)s"
_NEWEST = f"""
SELECT f.id, f.at FROM unnest(%(queries)s::bigint[]) q(id) CROSS JOIN LATERAL (
    SELECT m.id, m.at FROM listening_mention m {{says}}
    WHERE m.query_id = q.id AND {_KIND} {{where}} ORDER BY m.at DESC, m.id DESC LIMIT %(most)s) f
ORDER BY f.at DESC, f.id DESC LIMIT %(most)s
"""  # noqa: S608 - nothing in it comes from outside
_GATHERED = f"""
WITH said AS MATERIALIZED (SELECT a.id FROM networks_activity a WHERE {{says}} {{said}})
SELECT m.id, m.at FROM said CROSS JOIN LATERAL (
    SELECT m.id, m.at FROM listening_mention m
    WHERE m.activity_id = said.id AND m.query_id = ANY(%(queries)s) AND {_KIND} {{where}} OFFSET 0) m
ORDER BY m.at DESC, m.id DESC LIMIT %(most)s
"""  # noqa: S608 - nothing in it comes from outside
_OF_QUERIES = f"""EXPLAIN (FORMAT JSON) SELECT FROM listening_mention m
WHERE m.query_id = ANY(%(queries)s) AND {_KIND} {{kinds}}"""
_PLAIN = re.compile("[a-z]+(?:[-_][a-z]+)*", re.IGNORECASE | re.ASCII)
_SAID_OF: dict[str, tuple[str, Callable[[str], str]]] = {
    # Of what is written otherwise, the evaluator knows: "fr" is said of "FR" and "fr-CA" as well.
    "lang": (
        "AND (m.language LIKE ANY(%(said_lang)s) OR m.language !~ '^[a-z]*$')",
        lambda value: f"{re.split('[-_]', value)[0]}%",
    ),
    "sentiment": ("AND m.tone = ANY(%(said_sentiment)s)", str),
    "network": ("AND m.network = ANY(%(said_network)s)", str),
}
"""Fields of queries that mentions have as columns: a condition that holds of each match, and its values."""
_LOOKED_AT = "coalesce({}, false)"
"""Without the index of words, which would tell of all that ever had a common one."""
_RECEIVED = "AND a.received >= %(floor)s - interval '10 minutes'"
_SINCE = "AND m.at >= %(floor)s"
_UNTIL = "AND m.at < %(ceiling)s"
_BY_THEM = "AND a.actor_id = %(author)s"
_FLOOR = """SELECT received FROM networks_activity
WHERE id >= (SELECT max(id) FROM networks_activity) - %(rows)s ORDER BY id LIMIT 1"""
"""When the newest so many rows began to come: what was said since came since."""
_PASSED = """
SELECT coalesce((SELECT max(id) FROM networks_activity) - max(f.activity_id), 0)::bigint
FROM unnest(%(queries)s::bigint[]) q(id) CROSS JOIN LATERAL (
    SELECT m.activity_id FROM listening_mention m WHERE m.query_id = q.id {where}
    ORDER BY m.at DESC, m.id DESC LIMIT 1) f
"""
"""Rows that came after the newest that is asked for, about."""


class _Way:
    """The way down through what the database can say of what was asked, from the newest or from below a place.

    What an index proposes is either met on the way, where it is common, or gathered: what came lately first, and then
    more and more, till there is a `page`.
    """

    def __init__(self, asked: Asked, query: Query | None, below: Place | None, page: int) -> None:
        kinds: dict[str, Any] = {name: asked.fields.get(name) for name in ("network", "language", "tone")}
        self.values: dict[str, Any] = {"queries": list(asked.numbers), "noise": asked.noise, **kinds}
        self.kinds, self.when = "", ""
        if asked.period:
            self.when = _WHEN
            self.values |= {"since": asked.period.since, "until": asked.period.until}
        self.where = [self.when]
        if asked.author:
            self.where.append(_AUTHOR)
            self.values["author"] = asked.author
        if asked.sign in SIGNS:
            self.where.append(f"AND m.{asked.sign}")
        if query:
            self._narrow(query)
        self.says, proposed = proposing(query) if query else ("", {"words": "", "rows": ""})
        self.values |= proposed
        self.expected, self.of = estimated(proposed["words"]) if self.says else (0, 1)
        self.one_in = ONE_IN ** proposed["rows"].count("<->")
        self.below, self.page, self.wanted = below, page, page
        self.one_person = bool(asked.author)
        self.gathers = bool(self.says) and self._is_sooner_gathered()
        self._proposed = self._gathered() if self.gathers else iter(())

    def _narrow(self, query: Query) -> None:
        """To what rows say themselves of a language, tone or network that the search asks for."""
        for field, (says, value) in _SAID_OF.items():
            typed = query.among(field)
            if typed and all(_PLAIN.fullmatch(each) for each in typed):
                self.kinds += f" {says}"
                self.values[f"said_{field}"] = [value(each.lower()) for each in sorted(typed)]
        self.where.append(self.kinds)

    def _is_sooner_gathered(self) -> bool:
        """By what the planner takes words and queries to be: each query's own way down, against what came lately."""
        narrowed = f"{self.kinds} {_AUTHOR if self.one_person else ''}"
        plan: Any = ask(_OF_QUERIES.replace("{kinds}", narrowed), self.values, again=False)[0][0]
        theirs = max(1, int(plan[0]["Plan"]["Plan Rows"]))
        met = _STEP * len(self.values["queries"]) * self._lately(self.page * self.one_in)
        if self.one_person:
            # What one person said lies further apart.
            return min(met, 2 * _STEP * theirs) > self.expected
        # Messages with the words among which a page should be, if these mentions say what all messages say.
        self.reach = max(_FIRST_REACH, 4 * self.page * self.one_in * self.of // (3 * theirs))
        self.passed: int = self._asked(_PASSED, self.when)[0][0]
        in_turn, told = self._looking(self.reach)
        return bool(met > min(in_turn, self.expected + told) + _LOOK * self.reach // self.one_in)

    def _looking(self, reach: int) -> tuple[int, int]:
        """What it costs to find so many messages with the words among the latest: to look at each in its turn, and
        where the index has told of them."""
        in_turn = _TURN * (self.passed + self._lately(reach))
        return in_turn, in_turn * min(self.of, _BESIDE * self.expected) // self.of

    def _lately(self, many: int) -> int:
        """The latest messages among which so many have the words."""
        return self.of * many // max(1, self.expected)

    def next(self, many: int) -> list[int]:
        """The numbers of so many mentions that may be meant, the newest first; fewer or none when there are no more."""
        self.wanted = many
        if self.gathers:
            return list(islice(self._proposed, many))
        says = f"JOIN networks_activity a ON a.id = m.activity_id AND {self.says}" if self.says else ""
        rows = self._asked(_NEWEST, " ".join(self.where), {"most": many}, says)
        if rows:
            self.below = rows[-1][1], rows[-1][0]
        return [pk for pk, _at in rows]

    def _gathered(self) -> Iterator[int]:
        """Of what came lately; nothing older can be said since then. What one person said, all in one go."""
        where, values = " ".join(self.where), {"most": _ALL}
        if self.one_person:
            yield from (pk for pk, _at in self._asked(_GATHERED, where, values, self.says, _BY_THEM))
            return
        reach, until = self.reach, ""
        while reach < self.expected:
            floor = ask(_FLOOR, {"rows": self.passed + self._lately(reach)})
            if not floor:
                break
            values["floor"] = floor[0][0]
            in_turn, told = self._looking(reach)
            looks = in_turn < self.expected + told
            says = _LOOKED_AT.format(self.says) if looks else self.says
            found = self._asked(_GATHERED, f"{where} {_SINCE} {until}", values, says, _RECEIVED)
            yield from (pk for pk, _at in found)
            values["ceiling"], until = floor[0][0], _UNTIL
            reach *= self._further(len(found), 0 if looks else self.expected // max(1, told))
        yield from (pk for pk, _at in self._asked(_GATHERED, f"{where} {until}", values, self.says))

    def _further(self, found: int, asking: int) -> int:
        """How many times as far to go: as what is wanted should take by what was found, and a little more. Where
        nothing was, only till the looks cost what `asking` the index does, counted in looks as far as the last."""
        if found:
            return max(2, min(20, 4 * self.wanted // (3 * found)))
        return max(4, min(20, asking))

    def _asked(
        self, statement: str, where: str, given: dict[str, Any] | None = None, says: str = "", said: str = ""
    ) -> list[tuple[Any, ...]]:
        """The rows of a statement, with what is asked of mentions (`where`) and of what they are about."""
        values = self.values | (given or {})
        if self.below:
            where = f"{where} {_BELOW}"
            values |= {"at": self.below[0], "pk": self.below[1]}
        for name, words in (("says", says), ("where", where), ("said", said)):
            statement = statement.replace(f"{{{name}}}", words)
        return ask(statement, values, again=False)
