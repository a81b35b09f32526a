"""10,000 deliveries over 200 channels, due in the same minute, against a network that takes 50 ms to answer.

    seconds   from the minute's first moment until the last of them stands on the network
    missing   deliveries that do not stand there, or whose post does not say so
    twice     deliveries that stand there more than once

The network is a stand-in, in a process of its own: it takes records of the AT Protocol and counts them. One worker, and
PostgreSQL, share the machine with it.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.bench import stage
from comptoir.kernel.ports import free_port

CHANNELS = 200
POSTS = 50
"""Each of them for every channel."""
ANSWERS_AFTER = 0.05
PATIENCE = 600.0


def run(channels: int = CHANNELS, posts: int = POSTS) -> dict[str, Any]:
    """Schedule them, let them leave, and count; figures as one flat object."""
    port = free_port(1)
    os.environ["INSIDE_ALLOWED"] = f"127.0.0.1:{port}"
    with stage.fresh(), _network(port):
        stage.wait(port)
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=12)
        brand = _fill(channels, posts, f"http://127.0.0.1:{port}", due)
        with stage.beside("worker"):
            _until_all_left(brand)
        stands = _asked(port)
        missing = _missing(brand, stands["said"])
    return {
        "deliveries": channels * posts,
        "channels": channels,
        "seconds": round(stands["last"] - due.timestamp(), 1),
        "missing": missing,
        "twice": sum(count - 1 for count in stands["said"].values()),
    }


def _fill(channels: int, posts: int, network: str, due: datetime) -> int:
    """A brand with so many channels and posts, all due at once; its number."""
    from comptoir.networks.models import Channel
    from comptoir.networks.models.channel import GrantSecrets
    from comptoir.organisation.models import Brand
    from comptoir.publishing.models import Destination, Post, Variant

    brand = Brand.objects.create(name="Schedule", slug="schedule")
    made = []
    for number in range(channels):
        did = f"did:plc:{number:024d}"
        far = datetime.now(UTC) + timedelta(hours=23)
        channel = Channel.objects.create(
            brand=brand, network="bluesky", remote_id=did, handle=f"c{number}.example", next_fetch=far,
            next_recheck=far, history_done=True, settings={"floors": {}},
        )  # fmt: skip
        GrantSecrets(channel).keep(did=did, pds=network, access=_token(), refresh=_token())
        made.append(channel)
    rows = Post.objects.bulk_create(
        Post(brand=brand, title=f"Post {number}", language="en", state="scheduled", reason="a bench", due=due)
        for number in range(posts)
    )
    Variant.objects.bulk_create(
        Variant(post=post, parts=[f"Good morning, number {number}! What a day."])
        for number, post in enumerate(rows)
    )
    Destination.objects.bulk_create(
        (Destination(post=post, channel=channel, due=due) for post in rows for channel in made),
        batch_size=2_000,
    )
    return brand.pk


def _until_all_left(brand: int) -> None:
    from comptoir.publishing.models import Post

    end = time.monotonic() + PATIENCE
    rows = Post.objects.of(brand).filter(state__in=("scheduled", "leaving"))
    while rows.exists() and time.monotonic() < end:
        time.sleep(0.5)


def _missing(brand: int, said: dict[str, int]) -> int:
    """Those that the network does not have, or the house does not know to be there."""
    from comptoir.publishing.models import Destination

    rows = Destination.objects.of(brand).select_related("channel").prefetch_related("post__variants")
    return sum(
        each.state != "published"
        or f"{each.channel.remote_id} {each.post.said_on(each.channel).parts[0]}" not in said
        for each in rows
    )


def _token() -> str:
    """A token that says it is good until tomorrow."""
    claims = json.dumps({"exp": int(time.time()) + 86_400}).encode()
    return f"head.{urlsafe_b64encode(claims).rstrip(b'=').decode()}.sign"


# The stand-in


@contextmanager
def _network(port: int) -> Iterator[None]:
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(port,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _asked(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/said") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def serve(port: int) -> None:
    """A server that writes records down, each after a while, and says which it has."""
    records: dict[tuple[str, str], str] = {}
    last = [0.0]

    def put(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        key = (body["repo"], body["rkey"])
        if key in records:
            return 400, {"error": "InvalidSwap", "message": "there is one"}
        records[key] = body["record"]["text"]
        last[0] = time.time()
        return 200, {"uri": f"at://{key[0]}/app.bsky.feed.post/{key[1]}", "cid": "bafyreib"}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                sizes = [line for line in lines if line.lower().startswith("content-length:")]
                body = await reader.readexactly(int(sizes[0].partition(":")[2])) if sizes else b""
                if "/said" in lines[0]:
                    said = Counter(f"{repo} {text}" for (repo, _rkey), text in records.items())
                    status, given = 200, {"said": said, "last": last[0]}
                else:
                    await asyncio.sleep(ANSWERS_AFTER)
                    status, given = put(json.loads(body)) if body else (200, {"posts": []})
                content = json.dumps(given).encode()
                writer.write(
                    f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(content)}\r\n\r\n".encode()
                    + content
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", port, backlog=1_000)
        await server.serve_forever()

    asyncio.run(main())
