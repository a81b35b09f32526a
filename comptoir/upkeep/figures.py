"""Figures for Prometheus. What matters is in the database, so that any process answers for all of them.

No figure names a person, a brand, a channel or a text: only networks, states and codes are told apart.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from comptoir.kernel.beside import beside
from comptoir.upkeep import daily, space

if TYPE_CHECKING:
    from prometheus_client.core import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = 5
PREFIX = "comptoir_"

_GAUGES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("jobs", "Jobs in the queue, by state.", ("state",),
     "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"),
    ("jobs_oldest_seconds", "How long the job that is due for longest has been waiting.", (),
     "SELECT coalesce(max(extract(epoch FROM now() - coalesce(scheduled_at, at))), 0) FROM ("
     " SELECT j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) AS at"
     " FROM procrastinate_jobs j WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
     " ORDER BY j.id LIMIT 200) waiting"),
    ("workers", "Workers that gave a sign of life in the last half minute.", (),
     "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"),
    ("channels", "Channels, by network and state.", ("network", "state"),
     "SELECT network, state, count(*) FROM networks_channel GROUP BY 1, 2"),
    ("channels_failing", "Connected channels whose last fetch failed, by network.", ("network",),
     "SELECT network, count(*) FILTER (WHERE failures > 0) FROM networks_channel WHERE state = 'active' GROUP BY 1"),
    ("fetch_lag_seconds", "How long ago the channel heard last of all was heard, by network.", ("network",),
     "SELECT network, max(extract(epoch FROM now() - coalesce(fetched_at, created)))"
     " FROM networks_channel WHERE state = 'active' GROUP BY 1"),
    ("deliveries", "What leaves or has left, by network and state; uncertain ones wait for a person.",
     ("network", "state"),
     "SELECT c.network, d.state, count(*) FROM networks_delivery d JOIN networks_channel c ON c.id = d.channel_id"
     " GROUP BY 1, 2"),
    ("threads_open", "Threads that are not closed, answered or not.", ("answered",),
     "SELECT answered::text, count(*) FROM inbox_thread WHERE closed_at IS NULL GROUP BY 1"),
    ("notices_open", "Notices that nobody has settled, by code.", ("code",),
     "SELECT code, count(*) FROM organisation_notice WHERE settled_at IS NULL GROUP BY 1"),
    ("database_bytes", "Size of the database.", (), "SELECT pg_database_size(current_database())"),
    ("database_connections", "Connections to the database.", (),
     "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"),
)  # fmt: skip
_RECEIVED = "SELECT network, received FROM upkeep_tally"
_SERVER = "SELECT current_setting('server_version')"


class Unknown(Exception):
    """The database does not answer."""


def exposition() -> bytes:
    """All figures in Prometheus' text format. Unknown when the database does not answer in time."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Figures(list(_all())))
    return generate_latest(registry)


class _Figures:
    def __init__(self, found: list[Metric]) -> None:
        self.collect: Callable[[], list[Metric]] = lambda: found


def _all() -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    began = time.monotonic()
    try:
        with beside("comptoir metrics", connect_timeout=SECONDS) as line:
            line.execute(f"SET statement_timeout = '{SECONDS}s'")
            yield from _of_the_database(line)
    except psycopg.Error as error:
        raise Unknown from error
    yield from _of_the_machine()
    took = GaugeMetricFamily(f"{PREFIX}scrape_seconds", "How long it took to gather these figures.")
    took.add_metric([], time.monotonic() - began)
    yield took


def _of_the_database(line: Any) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    for name, words, labels, statement in _GAUGES:
        gauge = GaugeMetricFamily(f"{PREFIX}{name}", words, labels=labels)
        for *values, figure in line.execute(statement).fetchall():
            gauge.add_metric([str(value) for value in values], float(figure or 0))
        yield gauge
    received = CounterMetricFamily(
        f"{PREFIX}activities_received", "What came in and was stored, by network.", labels=["network"]
    )
    for network, count in line.execute(_RECEIVED).fetchall():
        received.add_metric([network], count)
    yield received
    info = GaugeMetricFamily(f"{PREFIX}info", "Always 1.", labels=["version", "postgresql"])
    info.add_metric([version("comptoir"), str(line.execute(_SERVER).fetchone()[0]).split()[0]], 1)
    yield info


def _of_the_machine() -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    free = GaugeMetricFamily(f"{PREFIX}disk_free_bytes", "Room where the database or the data folder is.")
    free.add_metric([], space.free())
    yield free
    place = daily.folder()
    if place is not None and (age := daily.age(place)) is not None:
        backup = GaugeMetricFamily(
            f"{PREFIX}backup_age_seconds", "Since the newest backup of the day was made."
        )
        backup.add_metric([], age)
        yield backup
    labels = ["role", "pid"]
    memory = GaugeMetricFamily(f"{PREFIX}process_resident_bytes", "Memory of each process.", labels=labels)
    cpu = CounterMetricFamily(
        f"{PREFIX}process_cpu_seconds", "Processor time of each process.", labels=labels
    )
    for role, pid, resident, seconds in _processes():
        memory.add_metric([role, pid], resident)
        cpu.add_metric([role, pid], seconds)
    yield from (memory, cpu)


def _processes() -> Iterator[tuple[str, str, float, float]]:
    """The processes of Comptoir on this machine: role, number, bytes in memory, seconds of processor time (Linux)."""
    tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            if place.stat().st_uid != os.geteuid():
                continue
            head, _, rest = (place / "stat").read_text().rpartition(")")
            name = head.partition("(")[2]
            if name.startswith("comptoir "):
                fields = rest.split()
                yield (
                    name.removeprefix("comptoir "), place.name, float(fields[21]) * page,
                    (int(fields[11]) + int(fields[12])) / tick,
                )  # fmt: skip
