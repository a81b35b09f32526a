"""Listening to all that an instance shows in public: its stream where it has one, else its timeline, now and then.

A stream forgets what it said while nobody listened. So each line begins with a walk down the timeline to what was heard
last; what comes by both ways comes twice, which harms nobody.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from comptoir.connectors.mastodon import reading, walking
from comptoir.connectors.mastodon.instance import instance_of
from comptoir.connectors.mastodon.listening import LONGEST, SILENCES
from comptoir.connectors.mastodon.reading import PRIVATE, Me, Unreadable
from comptoir.connectors.mastodon.session import Session
from comptoir.connectors.mastodon.walking import Ask
from comptoir.networks.connector import (
    Activity,
    Actor,
    Field,
    Gone,
    Http,
    Json,
    Kind,
    Overheard,
    Place,
    Reconnect,
    Refused,
    Stream,
    Unusable,
)

PAGE = 40
STEPS = 100
"""Pages that are gone through after a silence; what is further down is given up, and that is said."""
OFTEN = timedelta(seconds=30)
"""How often a timeline is asked for."""
REMEMBERED = 50_000
"""Messages whose deletion an instance may tell by its own number for them, and by nothing else."""
SELDOM = 10.0
FORM = (
    Field("server", "Server", "The name behind the second @, for example mastodon.social."),
    Field(
        "scope",
        "Whom to hear",
        "Of other servers, an instance shows those whom somebody here follows.",
        "choice",
        "all",
        choices=(("all", "Everybody whom it shows"), ("local", "Its own people")),
    ),
)

type Heard = Activity | Gone | Unusable


def place(session: Session, answers: Mapping[str, str]) -> Place:
    """What an instance shows, asked for once. Refused where it shows strangers nothing."""
    scope = answers.get("scope") or "all"
    if scope not in ("all", "local"):
        raise Refused("answer_invalid", field="scope")
    settings = instance_of(session)
    try:
        timeline(session, scope)("", "")
    except (Reconnect, Refused) as error:
        raise Refused("shows_nothing", field="server", address=session.base) from error
    named = str(settings["domain"])
    return Place(f"{session.base} {scope}", named, {**settings, "scope": scope})


def timeline(session: Session, scope: str = "all") -> Ask:
    """The public timeline, newest first."""

    def ask(below: str, since: str) -> Sequence[Json]:
        local = [("local", "true")] if scope == "local" else []
        between = [(name, value) for name, value in (("max_id", below), ("since_id", since)) if value]
        return session.ask_list("/api/v1/timelines/public", [("limit", str(PAGE)), *local, *between])

    return ask


class Ears:
    """One instance's public, heard by a stranger or by a channel's account."""

    def __init__(self, http: Http, session: Session, me: Me, settings: Mapping[str, Json]) -> None:
        self._http = http
        self._session = session
        self._me = me
        self._stream = str(settings.get("stream") or "")
        self._scope = str(settings.get("scope") or "all")
        self._names: OrderedDict[str, str] = OrderedDict()
        self._passed = 0
        self._state: dict[str, Json] = {}

    def overhear(self, cursor: Json, now: Callable[[], datetime]) -> Iterator[Overheard]:
        """Batches, from the timeline and then from the stream, or from the timeline again and again."""
        ask = timeline(self._session, self._scope)
        self._state = dict(cursor) if cursor else walking.begin(ask("", ""))
        if self._stream:
            yield from self._from_stream(ask, now)
        yield Overheard([], self._state)
        while not self._stream:
            yield from self._caught_up(ask, now)
            yield self._batch([], OFTEN)

    def _from_stream(self, ask: Ask, now: Callable[[], datetime]) -> Iterator[Overheard]:
        """The stream, after what was said since it was last listened to; nothing where the instance streams nothing."""
        path = "public/local" if self._scope == "local" else "public"
        headers = {**self._session.headers(), "accept": "text/event-stream"}
        with self._http.stream(f"{self._stream}/api/v1/streaming/{path}", headers=headers, quiet=5) as line:
            if line.status != 200:
                # It streams to nobody, or not to us: its timeline is there all the same.
                self._stream = ""
                return
            yield Overheard([], self._state)
            yield from self._caught_up(ask, now)
            yield from self._streamed(line)

    def _caught_up(self, ask: Ask, now: Callable[[], datetime]) -> Iterator[Overheard]:
        """What the timeline has above what was heard last."""
        for _ in range(STEPS):
            step = walking.step(self._state, ask, now())
            self._state = step.state
            yield self._batch([item for view in reversed(step.fresh) if (item := self._read(view))])
            if not step.more:
                return
        walked = self._state["walk"]
        state = {name: value for name, value in self._state.items() if name != "walk"}
        self._state = state | {"since": walked["top"], "mark": walked["top"][-1], "deep": walked["deep"]}
        yield Overheard([], self._state, missed=True)

    def _streamed(self, line: Stream) -> Iterator[Overheard]:
        """What the instance tells by itself, until it falls silent for long."""
        items: list[Heard] = []
        since = monotonic()
        for event in events(line):
            if event is not None:
                items += self._told(*event)
            waited = monotonic() - since
            if waited >= (1.0 if items else SELDOM):
                yield self._batch(items)
                items, since = [], monotonic()
        yield self._batch(items)

    def _told(self, name: str, data: str) -> list[Heard]:
        """What an event of the stream brings."""
        if name == "delete":
            uri = self._names.pop(data.strip().strip('"'), "")
            return [Gone(uri)] if uri else []
        if name not in ("update", "status.update"):
            return []
        try:
            status = json.loads(data)
        except (ValueError, RecursionError):
            return [Unusable(f"unreadable:{reading.name_of(data)}", "bad_event", data[:10_000])]
        self._advance(status)
        found = self._read(status)
        return [found] if found else []

    def _advance(self, status: Json) -> None:
        """Whoever comes back later walks down to here."""
        known = walking.id_of(status)
        if known and walking.is_above(known, self._state["mark"]):
            newest = sorted({*self._state["since"], known}, key=walking.order)[-walking.OVERLAP :]
            self._state = {**self._state, "mark": known, "since": newest}
        name = reading.name_of(status)
        self._state = {**self._state, "seen": [name, *self._state["seen"]][: walking.REMEMBERED]}

    def _read(self, view: Json) -> Heard | None:
        """A status as what was said; None for what is not for everybody."""
        try:
            said = spoken(view, self._me)
        except Unreadable as why:
            return reading.unusable(view, why)
        if said is None:
            self._passed += 1
            return None
        self._names[str(said.facts.get("id"))] = said.remote_id
        while len(self._names) > REMEMBERED:
            self._names.popitem(last=False)
        return said

    def _batch(self, items: Sequence[Heard], after: timedelta = timedelta(0)) -> Overheard:
        passed, self._passed = self._passed, 0
        return Overheard(list(items), self._state, passed=passed, after=after)


def spoken(view: Json, me: Me) -> Activity | None:
    """A public status. What it answers is known by its number here alone, which stays in its facts."""
    status = reading.original(view)
    if reading.visibility(status, me) in PRIVATE:
        return None
    answered = status.get("in_reply_to_id")
    said = reading.activity(status, me, kind=Kind.REPLY if answered else Kind.POST)
    if not answered:
        return said
    return replace(said, facts={**said.facts, "answers": str(answered)[:100]})


def stranger(session: Session, settings: Mapping[str, Json]) -> Me:
    """Who listens without an account: nobody whom any status could name."""
    return Me("-", Actor("", ""), session.host, str(settings.get("domain") or session.host),
              settings.get("software") == "snac")  # fmt: skip


def events(pieces: Iterable[bytes]) -> Iterator[tuple[str, str] | None]:
    """Server-sent events, name and data; None for each other sign of life. Ends with a dead line."""
    rest, name, silences = b"", "", 0
    data: list[str] = []
    for piece in pieces:
        silences = 0 if piece else silences + 1
        if silences >= SILENCES * 6:
            return
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            field, _, value = line.rstrip(b"\r").partition(b":")
            said = value.removeprefix(b" ").decode("utf-8", "replace")
            if field == b"event":
                name = said
            elif field == b"data":
                data.append(said)
            elif not field and not value:
                if name and data:
                    yield name, "\n".join(data)
                name, data = "", []
        if len(rest) > LONGEST:
            rest = b""
        yield None
