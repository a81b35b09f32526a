"""The live stream: one small ASGI process that passes nudges from the database on to open pages. No Django in it.

A page asks `GET /live-token/` (see `comptoir.web.live_token`) and opens `EventSource(url + "?token=" + token)`, adding
`"&after=" + lastEventId` when it had a stream before. Events, each with one line of JSON as its data:

    hello    {}    the stream is open; what changes from here on will be told
    nudge    {"brand": 7, "what": ["threads"], "threads": [12, 15], "n": 2, "many": false}
             what changed, at most once a second a brand. `what` holds "threads" or "channels" or both; when `many`
             is true there were too many threads to name and `threads` is empty. Content is asked for over HTTP.
             Who is given some channels of a brand hears of their threads alone.
    resync   {}    something may have been missed: ask again for whatever the page shows
    expired  {}    the token's time is up: ask for a fresh one and open again with `after`
    revoked  {"brand": 7}    a right was taken away (null: all of them, or the session ended): the same, perhaps with
             another answer

After `expired` and `revoked` the server closes. Every event has an id, the place to give as `after`. What happened
between two streams is told at once after `hello`, or `resync` is when it is too long ago. A line `: beat` comes each
20 seconds. 401: ask for another token. 403: not our page. 429: too many streams of one person. 503: not now.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from comptoir.kernel import config, tokens
from comptoir.web.live_hub import Hub, Stream
from comptoir.web.live_listening import listen

log = logging.getLogger("comptoir.live")
PURPOSE = "live"
TOKEN_LIFE = 300
BEAT = 20.0
JITTER = 0.15
"""Of the time between two nudges: pages that hear of the same do not all ask at once."""
STUCK = 10.0
"""Seconds that a client may take to accept what is sent to it."""
MOST_OF_ONE = 20
"""Open streams of one person."""

hub = Hub()
_state: dict[str, Any] = {}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _state["origin"], _state["secret"] = config.public_url(), config.secret("secret.key")
            _state["listening"] = asyncio.create_task(listen(hub))
            await send({"type": "lifespan.startup.complete"})
        else:
            _state["listening"].cancel()
            hub.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["method"] != "GET":
        await _say(send, 405, "Only GET.")
    elif scope["path"].endswith("/health"):
        await _say(send, 200 if hub.listening else 503, "ok" if hub.listening else "The database is away.")
    elif headers.get(b"origin", _state["origin"]) != _state["origin"]:
        await _say(send, 403, "These pages are not ours.")
    elif not hub.listening:
        await _say(send, 503, "The database is away.")
    elif (stream := _admitted(scope)) is None:
        await _say(send, 401, "The token is too old or not ours: ask for another.")
    elif hub.streams_of(stream.person) >= MOST_OF_ONE:
        await _say(send, 429, "Too many open pages.")
    else:
        after = headers.get(b"last-event-id") or _asked(scope, "after")
        await _serve(stream, after, receive, send)


def _asked(scope: dict[str, Any], name: str) -> str:
    query: dict[str, list[str]] = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=10)
    return query.get(name, [""])[0]


def _admitted(scope: dict[str, Any]) -> Stream | None:
    """The stream that the token in the address gives a right to."""
    try:
        token = tokens.read(PURPOSE, _asked(scope, "token"), _state["secret"])
    except (tokens.BadToken, ValueError):
        return None
    person, brands, session = token.said["person"], token.said["brands"], token.said.get("session", "")
    if not hub.believes(person, brands, session, token.made):
        return None
    # Streams opened together must not end together.
    left = (token.ends - time.time()) * random.uniform(0.9, 1)  # noqa: S311
    return Stream(person, brands, left, session, token.said.get("given"))


async def _say(send: Any, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *_cors()]})
    await send({"type": "http.response.body", "body": sentence.encode()})


def _cors() -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", _state["origin"].encode()),
        (b"vary", b"origin"),
        (b"cache-control", b"no-store"),
    ]


async def _serve(stream: Stream, after: str, receive: Any, send: Any) -> None:
    """Keep one stream going until the page leaves, its time is up, or its right is gone."""
    headers = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no"), *_cors()]
    leaving = asyncio.create_task(_until_left(stream, receive))
    hub.add(stream, after)
    try:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await _push(send, _event("hello", {}, stream.place))
        while not stream.over:
            await _push(send, await _next(stream))
        if stream.over != "left":
            await send({"type": "http.response.body", "body": b""})
    except (TimeoutError, OSError, RuntimeError):
        log.info("a page of person %s does not listen", stream.person)
    finally:
        hub.remove(stream)
        leaving.cancel()
        with suppress(asyncio.CancelledError):
            await leaving


async def _until_left(stream: Stream, receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end("left")


async def _push(send: Any, body: bytes) -> None:
    if body:
        async with asyncio.timeout(STUCK):
            await send({"type": "http.response.body", "body": body, "more_body": True})


async def _next(stream: Stream) -> bytes:
    """What to send next, when it is time: nudges that waited are one, a period after the last ones at the earliest."""
    await stream.woken_within(min(BEAT, max(0.0, stream.ends - time.monotonic())))
    if stream.awake and not stream.over:
        earliest = max(0.0, stream.told + hub.period - time.monotonic())
        await stream.over_within(earliest + hub.period * random.uniform(0, JITTER))  # noqa: S311
    if stream.over:
        return b"" if stream.over == "left" else _event(stream.over, stream.why, stream.place)
    if stream.awake:
        stream.told = time.monotonic()
        return b"".join(_event(name, said, stream.place) for name, said in hub.news(stream))
    if time.monotonic() >= stream.ends:
        stream.end("expired")
        return _event("expired", {}, stream.place)
    return b": beat\n\n"


def _event(name: str, said: dict[str, Any], place: str) -> bytes:
    return f"event: {name}\nid: {place}\ndata: {json.dumps(said)}\n\n".encode()
