"""The one connection that hears the database, opened again whenever it is lost."""

from __future__ import annotations

import asyncio
import json
import logging
import random

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from comptoir.kernel import config
from comptoir.kernel.live import CHANNEL
from comptoir.web.live_hub import Hub

log = logging.getLogger("comptoir.live")
SHORTEST, LONGEST = 0.2, 10.0
QUIET = 30.0
"""Seconds without a word after which the database is asked whether it is there."""


async def listen(hub: Hub) -> None:
    """Pass what the database says on to the hub, for ever."""
    wait = SHORTEST
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(_address(), autocommit=True) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                hub.opened()
                wait = SHORTEST
                await _hear(connection, hub)
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.info("the database is away: %s", error)
        finally:
            hub.lost()
        await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311
        wait = min(LONGEST, wait * 2)


async def _hear(connection: psycopg.AsyncConnection[tuple[object, ...]], hub: Hub) -> None:
    while True:
        async for notice in connection.notifies(timeout=QUIET):
            try:
                hub.hear(json.loads(notice.payload))
            except (ValueError, KeyError, TypeError):
                log.warning("not a nudge: %r", notice.payload[:200])
        async with asyncio.timeout(QUIET):
            await connection.execute("SELECT 1")


def _address() -> str:
    given = config.database()
    return make_conninfo(
        host=given["HOST"] or None,
        port=given["PORT"] or None,
        dbname=given["NAME"],
        user=given["USER"] or None,
        password=given["PASSWORD"] or None,
        sslmode=given["OPTIONS"].get("sslmode"),
        connect_timeout=10,
        keepalives_idle=30,
        application_name="comptoir live",
    )
