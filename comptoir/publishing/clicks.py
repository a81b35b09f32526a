"""Clicks on short links: noted with the one statement that finds where a link leads, counted together afterwards.

No cookie is set and no address kept. A visitor is a hash with a salt of the day, and that for an hour at the most:
as long as it takes to fold somebody's repeated clicks into one.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.db import connection

from comptoir.kernel import clock

REPEATED = 1_800
"""Seconds within which further clicks of a visitor on a link are the same one."""
AT_ONCE = 20_000
_PROGRAM = re.compile(
    r"(?<!cu)bot(?![a-z])|crawl|spider|slurp|preview|fetch|scanner|monitor|externalhit|embedly|iframely|cardyb"
    r"|http\.rb|\+(?:https?:|mailto:)|^whatsapp|headless|lighthouse|phantomjs|python|^curl|^wget|go-http-client|okhttp"
    r"|axios|^java/|libwww|guzzle|^php|^ruby|postman|httpclient|^mozilla/[0-9.]+\s*$",
    re.IGNORECASE,
)
"""What programs call themselves: crawlers, networks that draw a preview, libraries. Most name an address to ask at."""
_NOTE = """
WITH found AS (SELECT id, target, removed IS NOT NULL AS gone FROM publishing_shortlink
        WHERE code = %(code)s AND host = %(host)s),
    -- What the last moment before a power cut would lose is not worth a wait for the disk.
    soon AS (SELECT set_config('synchronous_commit', 'off', true)),
    noted AS (INSERT INTO publishing_click (link_id, at, visitor, bot, counted)
        SELECT id, %(now)s, %(visitor)s, %(bot)s, false FROM found, soon WHERE NOT gone)
SELECT target, gone FROM found
"""
_COUNT = """
WITH fresh AS (SELECT * FROM publishing_click WHERE NOT counted ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED),
    told AS (SELECT f.*, NOT f.bot AND EXISTS (SELECT FROM publishing_click p
            WHERE p.link_id = f.link_id AND p.visitor = f.visitor AND NOT p.bot AND (p.at, p.id) < (f.at, f.id)
            AND p.at > f.at - make_interval(secs => %(repeated)s)) AS again FROM fresh f),
    kept AS (INSERT INTO publishing_clickcount AS k (link_id, hour, clicks, repeats, bots)
        SELECT link_id, date_trunc('hour', at, 'UTC'), count(*) FILTER (WHERE NOT bot AND NOT again),
            count(*) FILTER (WHERE again), count(*) FILTER (WHERE bot) FROM told GROUP BY 1, 2
        ON CONFLICT (link_id, hour) DO UPDATE SET clicks = k.clicks + excluded.clicks,
            repeats = k.repeats + excluded.repeats, bots = k.bots + excluded.bots)
UPDATE publishing_click c SET counted = true FROM fresh WHERE c.id = fresh.id
"""
_FORGET = "DELETE FROM publishing_click WHERE counted AND at < %(then)s"


@dataclass(frozen=True, slots=True)
class Led:
    """Where a code leads; `gone` where it did once."""

    target: str
    gone: bool


def follow(code: str, host: str, address: str, headers: Mapping[str, str], method: str) -> Led | None:
    """Where a code leads on a host, its click noted; None where it never did. One statement."""
    agent = headers.get("User-Agent", "")
    bot = method != "GET" or is_program(agent) or is_ahead(headers)
    values: dict[str, Any] = {
        "code": code, "host": host, "now": clock.now(), "visitor": visitor(address, agent), "bot": bot,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        row = cursor.fetchone()
    return Led(*row) if row else None


def visitor(address: str, agent: str) -> str:
    """Who clicks, for today: the hash says nothing without today's salt, and is kept for an hour."""
    salt = hmac.digest(settings.SECRET_KEY.encode(), f"clicks {clock.now():%Y-%m-%d}".encode(), "sha256")
    return blake2b(f"{address}\n{agent}".encode(), key=salt, digest_size=16).hexdigest()


def is_program(agent: str) -> bool:
    """Whether whoever calls itself so is no person's browser."""
    return not agent.strip() or _PROGRAM.search(agent[:1_000]) is not None


def is_ahead(headers: Mapping[str, str]) -> bool:
    """Whether a browser only looks ahead, before somebody clicked."""
    told = (headers.get(each, "") for each in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return any("prefetch" in each.lower() or "preview" in each.lower() for each in told)


def count() -> int:
    """Count what was noted, `AT_ONCE` at most, and let go what is no longer needed; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"most": AT_ONCE, "repeated": REPEATED})
        many: int = cursor.rowcount
        cursor.execute(_FORGET, {"then": clock.now() - timedelta(seconds=2 * REPEATED)})
    return many
