"""The calendar of a brand with 20,000 posts on 200 channels, over HTTP: how long each of its views takes to open.

    month, week, list   in milliseconds, one reader at a time, the posts spread evenly over a year
    full                the month where all of them leave in that month

Each post goes to five channels; each channel has two slots a day. The client,
PostgreSQL and the pages share the machine.
"""

from __future__ import annotations

import http.client
import os
from datetime import UTC, datetime, time, timedelta
from typing import Any

from comptoir.bench import stage
from comptoir.bench.pages import read_page, sign_in
from comptoir.kernel.ports import free_port

POSTS = 20_000
CHANNELS = 200
OPENINGS = 100
"""Of each view."""
VIEWS = ("month", "week", "list")


def run(posts: int = POSTS, openings: int = OPENINGS) -> dict[str, Any]:
    """Fill a calendar and open it; figures as one flat object."""
    port = free_port(2)
    os.environ["PORT"] = str(port)
    with stage.fresh():
        day = datetime.now(UTC).replace(hour=12, minute=0) + timedelta(days=45)
        brand = _fill(posts, day - timedelta(days=182), timedelta(days=365))
        (cookie,) = sign_in("calendar", 1)
        with stage.beside("web"):
            stage.wait(port)
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            took = {view: _open(line, view, day, cookie, openings) for view in VIEWS}
            _spread(brand, day.replace(day=1, hour=0), timedelta(days=28))
            took["full"] = _open(line, "month", day, cookie, openings)
    return {"posts": posts, "channels": CHANNELS, "openings": openings} | {
        f"{view}_p{which}_ms": stage.percentile(times, which)
        for view, times in took.items()
        for which in (95, 50)
    }


def _open(line: http.client.HTTPConnection, view: str, day: datetime, cookie: str, count: int) -> list[float]:
    address = f"/b/calendar/posts/calendar/?view={view}&day={day:%Y-%m-%d}"
    for _warm in range(3):
        read_page(line, address, cookie)
    return [read_page(line, address, cookie) for _n in range(count)]


def _fill(posts: int, first: datetime, span: timedelta) -> int:
    """A brand with so many posts; its number."""
    from comptoir.networks.models import Channel
    from comptoir.organisation.models import Brand
    from comptoir.publishing.models import Destination, Post, Slot, Variant

    brand = Brand.objects.create(name="Calendar", slug="calendar")
    channels = Channel.objects.bulk_create(
        Channel(brand=brand, network="rehearsal", remote_id=f"c{n}", handle=f"c{n}.example")
        for n in range(CHANNELS)
    )
    Slot.objects.bulk_create(
        Slot(channel=each, weekday=weekday, hour=time(hour))
        for each in channels for weekday in range(7) for hour in (9, 18)
    )  # fmt: skip
    rows = Post.objects.bulk_create(
        (
            Post(
                brand=brand, title=f"Post {n}", language="en", state="scheduled", reason="a bench", due=first
            )
            for n in range(posts)
        ),
        batch_size=2_000,
    )
    Variant.objects.bulk_create(
        (Variant(post=each, parts=[f"Good morning, number {each.pk}!"]) for each in rows), batch_size=2_000
    )
    Destination.objects.bulk_create(
        (
            Destination(post=each, channel=channels[(n * 7 + k) % CHANNELS], due=first)
            for n, each in enumerate(rows) for k in range(5)
        ),
        batch_size=2_000,
    )  # fmt: skip
    _spread(brand.pk, first, span)
    return brand.pk


def _spread(brand: int, first: datetime, span: timedelta) -> None:
    """Have the posts leave evenly over some time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE publishing_post p SET due = %s + make_interval(secs => %s) * (n.place::float / n.all_of_them)"
            " FROM (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS all_of_them"
            " FROM publishing_post WHERE brand_id = %s) n WHERE n.id = p.id",
            [first, span.total_seconds(), brand],
        )
        cursor.execute(
            "UPDATE publishing_destination d SET due = p.due FROM publishing_post p WHERE p.id = d.post_id"
        )
        cursor.execute("VACUUM ANALYZE")
