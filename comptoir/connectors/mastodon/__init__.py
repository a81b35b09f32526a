"""Mastodon, and the other servers of the fediverse that speak its interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.mastodon import counting, granting, guarding, hearing, listening, reading, walking
from comptoir.connectors.mastodon.beside import Beside
from comptoir.connectors.mastodon.guarding import Guard
from comptoir.connectors.mastodon.hearing import Heard, Hearing
from comptoir.connectors.mastodon.instance import (
    CHARACTERS,
    IMAGE_BYTES,
    IMAGES,
    URL_CHARACTERS,
    account_of,
    instance_of,
)
from comptoir.connectors.mastodon.public import Listener
from comptoir.connectors.mastodon.session import Session, server
from comptoir.connectors.mastodon.speaking import Voice, addressed
from comptoir.connectors.mastodon.walking import Ask, Step
from comptoir.networks.connector import (
    Activity,
    Actor,
    Authorisation,
    Authorises,
    Blocks,
    Connected,
    Connector,
    Connects,
    Counts,
    Deletes,
    Edits,
    Field,
    Finds,
    Followed,
    Gone,
    Ground,
    Json,
    Length,
    Measures,
    Pace,
    Page,
    Publishes,
    Rechecks,
    Reconnect,
    Refused,
    Replies,
    Reports,
    Said,
    SaysLanguage,
    Sent,
    Streams,
    TryLater,
    Upload,
    Warns,
    once,
)

LOOKED_BELOW = 10
"""Messages of the brand's whose answers are asked for in one step, when their count has grown."""
COUNTED = 100
"""Messages of the brand's whose count of answers is remembered."""


class Mastodon(
    Beside,
    Authorises,
    Connects,
    Streams,
    Rechecks,
    Replies,
    Publishes,
    Finds,
    Deletes,
    Edits,
    Warns,
    SaysLanguage,
    Blocks,
    Reports,
    Measures,
    Followed,
    Listener,
    Connector,
):
    """One account. Its settings are what its instance says of itself; its grant holds the token."""

    network = "mastodon"
    label = "Mastodon"
    every = timedelta(seconds=5)
    every_own = timedelta(seconds=15)
    every_silent = timedelta(seconds=30)
    every_limits = timedelta(hours=6)
    page_size = hearing.PAGE
    recheck_batch = hearing.BATCH
    images = IMAGES
    image_bytes = IMAGE_BYTES
    # Of one account, on every server that runs the original software.
    paces = (Pace(300, timedelta(hours=3)),)

    form = (
        Field("server", "Server", "The name behind the second @, for example mastodon.social."),
        Field(
            "token", "Access token", "Leave it empty: the server will ask you. Needed only where it cannot ask.",
            kind="password", secret=True, required=False,
        ),
    )  # fmt: skip

    options = guarding.OPTIONS
    block_means = guarding.MEANS

    # Connecting

    def connect(self, answers: Mapping[str, str]) -> Connected:
        """Take a token that was made on the server by hand."""
        base = server(answers.get("server", ""))
        token = answers.get("token", "").strip()
        if not token:
            raise Refused("answer_missing", field="token")
        return self._connected(base, token)

    def authorise(self, answers: Mapping[str, str], back: str, state: str) -> Authorisation | None:
        """Ask the server for a grant, unless there is a token already."""
        if answers.get("token", "").strip():
            return None
        return granting.begin(self.http, server(answers.get("server", "")), back, state, self.now)

    def authorised(self, kept: Mapping[str, str], parameters: Mapping[str, str]) -> Connected:
        """The token for what the browser brought back."""
        return self._connected(kept["server"], granting.end(self.http, kept, parameters, self.now))

    def _connected(self, base: str, token: str) -> Connected:
        session = Session(self.http, base, token, self.now)
        settings = instance_of(session)
        account = account_of(session)
        if isinstance(moved := account.get("moved"), dict):
            raise Refused("account_moved", to=str(moved.get("acct", ""))[:300])
        try:
            me = reading.actor({**account, "acct": f"{account['username']}@{settings['domain']}"})
        except reading.Unreadable:
            raise Refused("not_a_server", field="server", address=base) from None
        settings |= {"id": str(account["id"]), "url": me.url}
        self.settings, self.me = settings, me
        ears = Hearing(session, self._who, self.facts_of, self.page_size)
        begun = {name: walking.begin(ask("", "")) for name, ask in _lists(ears).items()}
        return Connected(me, {"token": token}, {**settings, "begun": begun})

    def _ears(self, session: Session) -> Hearing:
        return Hearing(session, self._who, self.facts_of, self.page_size)

    # Hearing

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        """One page of each list whose turn it is: what is said to the brand always, the rest less often."""
        session = self._session
        ears = self._ears(session)
        state = dict(cursor) if cursor else dict(self._begun(ears))
        items: list[Heard] = []
        more = False
        for name, pause in (("spoken", None), ("own", self.every_own), ("silent", self.every_silent)):
            if not self._due(state[name], pause):
                continue
            step = walking.step(state[name], _lists(ears)[name], self.now)
            items += _told(ears, name, step.fresh)
            if name == "own":
                unheard, state["answers"] = self._unheard(ears, step, state.get("answers"))
                items += unheard
            state[name] = {**step.state, "at": self.now.timestamp()}
            more = more or step.more
        changed: dict[str, Json] = {}
        if self._due(state.get("limits", {}), self.every_limits):
            changed = self._limits(session)
            state["limits"] = {"at": self.now.timestamp()}
        return Page(once(items), state, more, settings=changed)

    def _unheard(
        self, ears: Hearing, step: Step, counts: Mapping[str, int] | None
    ) -> tuple[list[Heard], dict[str, int]]:
        """Answers to what the brand said lately, where there are more than when last looked; and the new counts.

        Instances tell an author only of answers that name him.
        """
        shown = {
            reading.name_of(view): view for view in step.views if reading.is_count(view, "replies_count")
        }
        now = {name: int(view["replies_count"]) for name, view in shown.items()}
        if counts is None:
            return [], now
        before = dict.fromkeys(map(reading.name_of, step.fresh), 0) | dict(counts)
        grown = [name for name in now if now[name] > before.get(name, now[name])]
        found: list[Heard] = []
        for name in grown[:LOOKED_BELOW]:
            found += ears.below(shown[name])
        now |= {name: before[name] for name in grown[LOOKED_BELOW:]}
        kept = now | {name: count for name, count in counts.items() if name not in now}
        return found, dict(list(kept.items())[:COUNTED])

    def _limits(self, session: Session) -> dict[str, Json]:
        """What the instance says of itself now, where that has changed. Reconnect when the account has moved away."""
        account = account_of(session)
        if isinstance(moved := account.get("moved"), dict):
            raise Reconnect("account_moved", to=str(moved.get("acct", ""))[:300])
        said = instance_of(session)
        return {name: value for name, value in said.items() if self.settings.get(name) != value}

    def _due(self, state: Mapping[str, Json], pause: timedelta | None) -> bool:
        waited = self.now.timestamp() - state.get("at", 0)
        return pause is None or "walk" in state or not 0 <= waited < pause.total_seconds()

    def _begun(self, ears: Hearing) -> Mapping[str, Json]:
        begun = self.settings.get("begun")
        if isinstance(begun, dict):
            return begun
        return {name: walking.begin(ask("", "")) for name, ask in _lists(ears).items()}

    def history(self, since: datetime, cursor: Json) -> Page:
        """What was said to the brand before it was connected, then what the brand said itself."""
        ears = self._ears(self._session)
        state: dict[str, Json] = dict(cursor) if cursor else {"list": "spoken", "below": ""}
        name, floor = str(state["list"]), self._begun(ears)[state["list"]]["floor"]
        views = _lists(ears)[name](state["below"], "")
        known = sorted(filter(None, map(walking.id_of, views)), key=walking.order)
        times = [reading.moment(view.get("created_at")) for view in views if isinstance(view, dict)]
        wanted = [
            view
            for view, at in zip(views, times, strict=False)
            if at and at >= since and floor and not walking.is_above(walking.id_of(view), floor)
        ]
        oldest = min(filter(None, times), default=since)
        if known and known[0] != state["below"] and oldest > since:
            state["below"] = known[0]
        else:
            state |= {"list": "own" if name == "spoken" else "", "below": ""}
        return Page(once(_told(ears, name, wanted)), state, more=bool(state["list"]))

    def listen(self) -> Iterator[bool]:
        """Follow what the instance streams to the account. TryLater when it streams nothing."""
        place = str(self.settings.get("stream") or "")
        if not place:
            raise TryLater("no_stream", after=self.every_limits)
        session = self._session
        headers = {**session.headers(), "accept": "text/event-stream"}
        with self.http.stream(f"{place}/api/v1/streaming/user", headers=headers) as line:
            if line.status in (401, 403):
                raise Reconnect("token_revoked")
            if line.status != 200:
                after = timedelta(hours=1) if line.status in (404, 405, 501) else None
                raise TryLater("no_stream", after=after, status=line.status)
            yield True
            yield from listening.news(line, self._who)

    def recheck(self, remote_ids: Sequence[str]) -> Sequence[Activity | Gone | Actor]:
        """Those that are gone or were edited; none while the instance would rather not be asked so much."""
        if self._is_short:
            self.rests = True
            return []
        session = self._session
        found = self._ears(session).rechecked(remote_ids[: self.recheck_batch])
        self._is_short = session.is_short
        return found

    _is_short = False

    # Saying

    def length(self, text: str) -> Length:
        """Graphemes against the instance's own limit."""
        return self._length(text, "")

    def answer_length(self, to: Activity, text: str, warning: str = "") -> Length:
        """The text with the names that go in front, and the warning above it."""
        return self._length(addressed(text, to, self._who)[0], warning)

    def post_length(self, text: str, warning: str = "") -> Length:
        """The text, and the warning above it."""
        return self._length(text, warning)

    def _length(self, text: str, warning: str) -> Length:
        limit = int(self.settings.get("characters") or CHARACTERS)
        link = int(self.settings.get("url_characters") or URL_CHARACTERS)
        return counting.length(text, limit, link, warning)

    def _voice(self) -> Voice:
        session = self._session
        return Voice(session, self._ears(session), self._who, self.facts_of, self.first)

    def reply(
        self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime, warning: str = "",
        language: str = "",
    ) -> Sent:  # fmt: skip
        """Answer a message, to those who see it, with their names in front."""
        self._fit(addressed(text, to, self._who)[0], media, warning)
        return self._voice().answer(to, text, media, key, at, warning, language)

    def publish(
        self,
        text: str,
        media: Sequence[Upload],
        key: str,
        at: datetime,
        warning: str = "",
        language: str = "",
    ) -> Sent:
        """Post, for everybody to see."""
        self._fit(text, media, warning)
        return self._voice().post(text, media, key, at, warning, language)

    def find(self, to: Activity | None, text: str, key: str, at: datetime) -> Sent | None:
        """Look for what we said, below what it answers and among what the account said lately."""
        return self._voice().find(to, text, key, at)

    def _fit(self, text: str, media: Sequence[Upload], warning: str) -> None:
        """Refused when the text or a picture is more than the instance takes."""
        self.check(text, media, self._length(text, warning))

    def delete(self, remote_id: str) -> None:
        """Take an own message back. Refused("not_ours") when it is somebody else's."""
        self._voice().take_back(remote_id)

    def edit(self, remote_id: str, text: str) -> None:
        """Change an own message's text."""
        self.check(text)
        self._voice().change(remote_id, text)

    # Keeping order

    def _guard(self) -> Guard:
        session = self._session
        return Guard(session, self._ears(session), self._who)

    @property
    def hides_earlier(self) -> bool:
        """Where the server is a snac2."""
        return self.settings.get("software") == "snac"

    def block(self, who: Actor, key: str, at: datetime) -> None:
        """Block an account, wherever it lives."""
        self._guard().block(who)

    def unblock(self, who: Actor) -> None:
        """Let it again."""
        self._guard().unblock(who)

    def grounds(self) -> Sequence[Ground]:
        """What the interface knows, and the instance's own rules."""
        return guarding.grounds(self.settings.get("rules"), str(self.settings.get("software")))

    def report(self, who: Actor, message: Activity | None, ground: str, words: str) -> str:
        """Report to the moderators of the instance, and to those of the author's where the channel says so."""
        return self._guard().report(who, message, ground, words, self.option("reports") == "both")

    # Counting

    def measure(self, remote_ids: Sequence[str]) -> Sequence[Counts]:
        """Public counts as the instance knows them now."""
        shown = self._ears(self._session).by_uri(remote_ids)
        return [
            Counts(
                uri,
                likes=reading.count(status, "favourites_count"),
                reposts=reading.count(status, "reblogs_count"),
                replies=reading.count(status, "replies_count"),
                quotes=reading.count(status, "quotes_count"),
            )
            for uri, status in shown.items()
            if status is not None
        ]

    def followers(self) -> int | None:
        """How many follow the account, as the instance tells it."""
        if not self.grant.get("token"):
            return None
        # Some servers say 0 of everybody.
        return reading.count(account_of(self._session), "followers_count") or None


def _lists(ears: Hearing) -> dict[str, Ask]:
    """The three lists that are read: what is said to the brand, what it says, what is done without words."""
    return {
        "spoken": ears.notifications(hearing.SPOKEN),
        "own": ears.own,
        "silent": ears.notifications(hearing.SILENT),
    }


def _told(ears: Hearing, name: str, views: Sequence[Any]) -> list[Heard]:
    tell = {"spoken": ears.spoken, "own": ears.said, "silent": ears.silent}[name]
    return tell(views) if views else []
