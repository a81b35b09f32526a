"""Listening to the whole network: a stream in one of its dialects, cut into batches that can be kept one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

from comptoir.connectors.bluesky.dialects import DIALECTS, Dialect, Told
from comptoir.connectors.bluesky.events import Heard
from comptoir.connectors.bluesky.session import server
from comptoir.networks.connector import Field, Http, Json, Overheard, Place, Refused, TryLater

BATCH = 500
"""Items that are handed over at once, at the most."""
SERVERS = {
    "jetstream": "https://jetstream2.us-east.bsky.network",
    "firehose": "https://relay1.us-east.bsky.network",
}
APPVIEW = "https://public.api.bsky.app"
OFTEN = 1.0
"""Seconds that something heard waits for more."""
SELDOM = 10.0
"""Seconds after which an empty batch says that the line is alive."""
FORM = (
    Field(
        "stream",
        "What to listen to",
        "Jetstream brings posts and reposts alone; the firehose all that anybody does, ten times as much.",
        "choice",
        "jetstream",
        choices=(("jetstream", "Jetstream"), ("firehose", "Firehose")),
    ),
    Field("service", "Server", "Leave it empty for the network's own.", "url", required=False),
    Field(
        "appview",
        "Where names are asked for",
        "Leave it as it is unless this is another network.",
        "url",
        APPVIEW,
        required=False,
    ),
)


def place(http: Http, answers: Mapping[str, str]) -> Place:
    """The stream that these answers mean, opened once. Refused when there is none."""
    stream = answers.get("stream") or "jetstream"
    if stream not in DIALECTS:
        raise Refused("answer_invalid", field="stream")
    base = server(answers.get("service", "").strip() or SERVERS[stream])
    shown = server(answers.get("appview", "").strip() or APPVIEW)
    with http.messages(DIALECTS[stream]().address(base, None), quiet=5) as line:
        if line.status != 101:
            raise Refused("not_a_server", field="service", address=base)
    settings = {"stream": stream, "service": base, "appview": shown}
    return Place(f"{stream} {base}", f"{urlsplit(base).hostname} ({stream})", settings)


def overhear(http: Http, settings: Mapping[str, Json], cursor: Json, now: datetime) -> Iterator[Overheard]:
    """What the stream tells from the cursor on: {"at": which stream, "place": where it was}."""
    base, stream = str(settings["service"]), str(settings["stream"])
    dialect: Dialect = DIALECTS[stream]()
    before = dict(cursor or {})
    same = before.get("at") == f"{stream} {base}"
    began, missed = dialect.begin(now), False
    if isinstance(before.get("place"), int) and (same or str(before.get("at")).startswith(stream)):
        began, missed = dialect.resume(before["place"], same, now)
    elif before.get("place"):
        missed = True
    with http.messages(dialect.address(base, began), quiet=OFTEN) as line:
        if line.status != 101:
            raise TryLater("no_stream", status=line.status)
        gathering = Gathering(f"{stream} {base}", began, missed, dialect.counts)
        yield gathering.batch()
        for message in line:
            if message is not None and not gathering.take(dialect.read(message)):
                break
            if gathering.is_ripe:
                yield gathering.batch()
        yield gathering.batch()


class Gathering:
    """What has come since the last batch."""

    def __init__(self, at: str, place: int | None, missed: bool, counts: bool) -> None:
        self._at = at
        self._counts = counts
        self._place = place
        self._missed = missed
        self._items: list[Heard] = []
        self._passed = 0
        self._last: datetime | None = None
        self._since = monotonic()

    def take(self, told: Told) -> bool:
        """Add what a message says, unless it was told before. False when the stream ends with it."""
        if told.lost:
            self._missed = True
            self._place = self._place if told.place is None else None
            return told.place is None
        if told.place is not None:
            before = self._place if self._place is not None else told.place - 1
            if self._counts and told.place <= before:
                return True
            self._place = max(told.place, before)
            self._last = max(filter(None, (self._last, told.at)), default=None)
        self._items += told.items
        self._passed += not told.items
        return True

    @property
    def is_ripe(self) -> bool:
        """Whether it is time to hand it over."""
        waited = monotonic() - self._since
        something = self._items or self._passed
        return len(self._items) >= BATCH or waited >= (OFTEN if something else SELDOM)

    def batch(self) -> Overheard:
        """All of it; the next one begins."""
        cursor = {"at": self._at, "place": self._place}
        at = min(self._last, datetime.now(UTC)) if self._last else None
        found = Overheard(self._items, cursor, at, self._passed, self._missed)
        self._items, self._passed, self._last, self._missed = [], 0, None, False
        self._since = monotonic()
        return found
