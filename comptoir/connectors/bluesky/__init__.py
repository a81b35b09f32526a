"""Bluesky, and any other service of the AT Protocol whose accounts an AppView shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from comptoir.connectors.bluesky import counting, hearing, measuring, overhearing, reading, searching, walking
from comptoir.connectors.bluesky.guarding import GROUNDS, Guard
from comptoir.connectors.bluesky.hearing import Heard, Hearing
from comptoir.connectors.bluesky.reading import is_count
from comptoir.connectors.bluesky.session import Session, home, log_in, server
from comptoir.connectors.bluesky.spans import clean
from comptoir.connectors.bluesky.speaking import Voice
from comptoir.connectors.bluesky.walking import REMEMBERED, Listing, Step
from comptoir.networks.connector import (
    Activity,
    Actor,
    Blocks,
    Connected,
    Connector,
    Connects,
    Counts,
    Deletes,
    Fetches,
    Field,
    Followed,
    Gone,
    Ground,
    Introduces,
    Json,
    Keyed,
    Length,
    Measures,
    Overheard,
    Overhears,
    Pace,
    Page,
    Place,
    Publishes,
    Rechecks,
    Refused,
    Replies,
    Reports,
    Said,
    SaysLanguage,
    Searches,
    Sent,
    TakesVideo,
    Upload,
    VideoLimits,
    once,
)

SERVICE = "https://bsky.social"
LOOKED_BELOW = 10
"""Messages of the brand's whose answers are asked for in one step, when their count has grown."""
_PASTED = re.compile("[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_HANDLE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class Bluesky(
    Connects,
    Fetches,
    Overhears,
    Searches,
    Introduces,
    Rechecks,
    Replies,
    Publishes,
    Keyed,
    Deletes,
    Blocks,
    Reports,
    Measures,
    Followed,
    SaysLanguage,
    TakesVideo,
    Connector,
):
    """One account. Its settings say where each list began when it was connected; its grant holds tokens.

    Without an account it listens: its settings then say to which stream, and where names are asked for.
    """

    network = "bluesky"
    label = "Bluesky"
    every = timedelta(seconds=5)
    every_own = timedelta(seconds=10)
    every_silent = timedelta(seconds=30)
    page_size = hearing.PAGE
    recheck_batch = hearing.BATCH
    introduce_batch = searching.PEOPLE
    public_form = overhearing.FORM
    images = 4
    image_bytes = 1_000_000
    image_words = 2_000
    # As the lexicon app.bsky.embed.video has it; the three minutes are those of the service.
    video = VideoLimits(100_000_000, ("video/mp4",), 1_000, seconds=180)
    # 5,000 points an hour and 35,000 a day, of which a new record takes three.
    paces = (Pace(1_666, timedelta(hours=1)), Pace(11_666, timedelta(days=1)))

    form = (
        Field("handle", "Handle", "The name after the @, for example brand.bsky.social."),
        Field(
            "password",
            "App password",
            "Make one in Bluesky under Settings, Privacy and security, App passwords. It is not kept.",
            kind="password",
            secret=True,
        ),
        Field("service", "Server", "Leave it as it is unless the account lives elsewhere.", "url", SERVICE),
    )

    options = (
        Field(
            "language",
            "Language of what leaves",
            "As what leaves is marked, for people who filter by language.",
            "choice",
            required=False,
            choices=(
                ("", "That of the message answered"),
                ("fr", "French"),
                ("en", "English"),
                ("de", "German"),
                ("es", "Spanish"),
                ("it", "Italian"),
                ("nl", "Dutch"),
                ("pt", "Portuguese"),
            ),
        ),
    )

    block_means = (
        "Neither sees the other any more, nor can follow, mention or answer; what they write to this account no longer"
        " arrives. Blocks are public there: anybody can see that this account blocks them."
    )

    # Connecting

    def connect(self, answers: Mapping[str, str]) -> Connected:
        """Log in with an app password, keep the tokens and forget the password."""
        asked = server(answers.get("service", "").strip() or SERVICE)
        who = _identifier(answers.get("handle", ""), asked)
        session = log_in(self.http, asked, who, answers.get("password", "").strip(), self.now)
        grant = {
            "did": session["did"],
            "pds": home(session, asked),
            "access": session["accessJwt"],
            "refresh": session["refreshJwt"],
        }
        speaking = Session(self.http, _Fresh(grant), self.now)
        ears = Hearing(speaking, grant["did"], self.page_size)
        try:
            me = reading.actor(speaking.ask("app.bsky.actor.getProfile", {"actor": grant["did"]}))
            floors = {name: ears.top(ask) for name, ask in _lists(ears).items()}
        except Refused:
            # An account made a moment ago: the network does not know it yet, so nobody spoke to it.
            me = reading.actor(session)
            floors = dict.fromkeys(_lists(ears), 0)
        return Connected(me, grant, {"service": asked, "floors": floors})

    @property
    def _session(self) -> Session:
        if not self.grant.get("did") and (appview := str(self.settings.get("appview", ""))):
            return searching.Nobody(self.http, appview, self.now)
        return Session(self.http, self.grant, self.now)

    @property
    def _ears(self) -> Hearing:
        session = self._session
        return Hearing(session, self.me.remote_id if self.me else session.did, self.page_size)

    # Hearing

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        """One page of each list whose turn it is: what is said to the brand always, the rest less often."""
        ears = self._ears
        lists = _lists(ears)
        state = (
            dict(cursor) if cursor else {name: walking.begin(at) for name, at in self._floors(ears).items()}
        )
        items: list[Heard] = []
        more = False
        for name, pause in (("spoken", None), ("own", self.every_own), ("silent", self.every_silent)):
            if not self._due(state[name], pause):
                continue
            try:
                step = walking.step(state[name], lists[name], self.now)
            except Refused:
                if "walk" not in state[name]:
                    raise
                # The network no longer takes the place where the walk stood: the next one begins at the top.
                state[name] = {key: value for key, value in state[name].items() if key != "walk"}
                continue
            items += self._told(ears, name, step.fresh)
            if name == "own":
                unheard, state["answers"] = self._unheard(ears, step, state.get("answers"))
                floor = state["spoken"]["floor"]
                items += [a for a in unheard if a.published.timestamp() * 1000 > floor]
            state[name] = {**step.state, "at": self.now.timestamp()}
            more = more or step.more
        return Page(once(items), state, more)

    def _unheard(
        self, ears: Hearing, step: Step, counts: Mapping[str, int] | None
    ) -> tuple[list[Activity], dict[str, int]]:
        """Answers to what the brand said lately, where there are more than when last looked; and the new counts.

        The network tells an author of an answer only if it knew the answered message when the answer came; where
        the two arrive together, it tells nobody. Its count of answers is right all the same.
        """
        shown = {
            walking.short(v): v for v in step.views if isinstance(v, dict) and is_count(v.get("replyCount"))
        }
        now = {name: int(view["replyCount"]) for name, view in shown.items()}
        if counts is None:
            return [], now
        before = dict.fromkeys(map(walking.short, step.fresh), 0) | dict(counts)
        grown = [name for name in now if now[name] > before.get(name, now[name])]
        found: list[Activity] = []
        for name in grown[:LOOKED_BELOW]:
            found += [item for item in ears.below(shown[name]["uri"]) if isinstance(item, Activity)]
        now |= {name: before[name] for name in grown[LOOKED_BELOW:]}
        return found, dict(
            list((now | {n: c for n, c in counts.items() if n not in now}).items())[:REMEMBERED]
        )

    def _due(self, state: Mapping[str, Json], pause: timedelta | None) -> bool:
        waited = self.now.timestamp() - state.get("at", 0)
        return pause is None or "walk" in state or not 0 <= waited < pause.total_seconds()

    def _floors(self, ears: Hearing) -> Mapping[str, int]:
        floors = self.settings.get("floors")
        if isinstance(floors, dict):
            return floors
        return {name: ears.top(ask) for name, ask in _lists(ears).items()}

    def history(self, since: datetime, cursor: Json) -> Page:
        """What was said to the brand before it was connected, then what the brand said itself."""
        ears = self._ears
        state: dict[str, Json] = (
            dict(cursor) if cursor else {"list": "spoken", "page": "", "floors": self._floors(ears)}
        )
        name, oldest = str(state["list"]), int(since.timestamp() * 1000)
        listing = _lists(ears)[name](state["page"])
        places = [reading.place(view) if isinstance(view, dict) else None for view in listing.views]
        wanted = [
            view
            for view, at in zip(listing.views, places, strict=True)
            if at is not None and oldest <= at <= state["floors"][name]
        ]
        known = [at for at in places if at is not None]
        following = walking.onward(listing, state["page"], known)
        if following and (not known or min(known) >= oldest):
            state["page"] = following
        else:
            state |= {"list": "own" if name == "spoken" else "", "page": ""}
        return Page(self._told(ears, name, wanted), state, more=bool(state["list"]))

    def _told(self, ears: Hearing, name: str, views: list[Json]) -> list[Heard]:
        tell: Callable[[list[Json]], list[Heard]] = {
            "spoken": ears.spoken,
            "own": ears.said,
            "silent": ears.silent,
        }[name]
        return tell(views) if views else []

    def recheck(self, remote_ids: Sequence[str]) -> Sequence[Activity | Gone]:
        """Those that exist no more. The network knows no edits."""
        return self._ears.gone(remote_ids[: self.recheck_batch])

    # Hearing what is said to others

    def public(self, answers: Mapping[str, str]) -> Place:
        """A stream of everything."""
        return overhearing.place(self.http, answers)

    def overhear(self, cursor: Json) -> Iterator[Overheard]:
        """Posts and reposts of everybody, what is taken back, and what becomes of accounts."""
        return overhearing.overhear(self.http, self.settings, cursor, self.now)

    def search(self, words: str, cursor: Json) -> Page:
        """What is found for some words, in any order of them."""
        return searching.search(self._session, words, cursor, self.now, self.page_size)

    def introduce(self, remote_ids: Sequence[str]) -> Sequence[Actor]:
        """What people are called: a stream gives their DIDs alone."""
        return searching.introduce(self._session, remote_ids)

    # Saying

    def length(self, text: str) -> Length:
        """Graphemes, and bytes where these are scarcer."""
        return counting.length(text)

    def _voice(self, language: str = "") -> Voice:
        return Voice(self._session, self._ears, language or self.option("language"))

    def reply(
        self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime, language: str = ""
    ) -> Sent:
        """Answer a message, once for a key. Refused("target_gone", "not_allowed") when nobody could."""
        return self._voice(language).answer(to, self._fit(text, media), media, key, at)

    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime, language: str = "") -> Sent:
        """Post, once for a key."""
        return self._voice(language).post(self._fit(text, media), media, key, at)

    def _fit(self, text: str, media: Sequence[Upload]) -> str:
        """The text as it can be sent. Refused when it or a picture is more than the network takes."""
        text = clean(text)
        self.check(text, media)
        return text

    def delete(self, remote_id: str) -> None:
        """Take an own message back. Refused("not_ours") when it is somebody else's."""
        self._voice().take_back(remote_id)

    # Keeping order

    @property
    def _guard(self) -> Guard:
        return Guard(self._session, self._ears)

    def block(self, who: Actor, key: str, at: datetime) -> None:
        """Write a block down, once for a key."""
        self._guard.block(who, key, at)

    def unblock(self, who: Actor) -> None:
        """Remove every block of this account, whoever wrote it down."""
        self._guard.unblock(who)

    def grounds(self) -> Sequence[Ground]:
        """The protocol's own."""
        return GROUNDS

    def report(self, who: Actor, message: Activity | None, ground: str, words: str) -> str:
        """Report to the service that moderates for the account's server."""
        return self._guard.report(who, message, ground, words)

    # Counting

    def measure(self, remote_ids: Sequence[str]) -> Sequence[Counts]:
        """Public counts as the network shows them now."""
        return measuring.counts(self._ears, remote_ids)

    def followers(self) -> int | None:
        """How many follow the account, as its profile says."""
        session = self._session
        return measuring.followers(session, session.did) if self.grant.get("did") else None


class _Fresh:
    """A grant that nobody keeps yet: the channel does, once connecting has succeeded."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self._secrets = secrets

    def __getitem__(self, name: str) -> str:
        return self._secrets[name]

    def get(self, name: str, default: str = "") -> str:
        return self._secrets.get(name, default)

    def keep(self, **changes: str) -> None:
        self._secrets.update(changes)


def _lists(ears: Hearing) -> dict[str, Callable[[str], Listing]]:
    """The three lists that are read: what is said to the brand, what it says, what is done without words."""
    return {
        "spoken": ears.notifications(hearing.SPOKEN),
        "own": ears.own,
        "silent": ears.notifications(hearing.SILENT),
    }


def _identifier(text: str, asked: str) -> str:
    """What to log in with: a handle, made whole if it is short, a mail address or a DID; else Refused."""
    who = _PASTED.sub("", text).removeprefix("@")
    if who.startswith("did:") or "@" in who:
        return who
    who = who.lower().removeprefix("https://bsky.app/profile/").rstrip("/.")
    if who and "." not in who and asked == SERVICE:
        who = f"{who}.bsky.social"
    if not _HANDLE.fullmatch(who):
        raise Refused("answer_invalid", field="handle")
    return who
