"""Reading what is stored: mentions that left their table for files of columns, through ibis on DuckDB.

The libraries for it are an extra and take a moment to load: they are asked for when something stored is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.stores import INSTALL, Store, StoreFailed, lacking, store_at
from comptoir.listening.period import Period

MENTION = (
    "id", "query_id", "at", "author", "followers", "network", "language", "tone", "noise", "fold", "words", "toxic",
    "asks", "presses", "closely",
)  # fmt: skip
SAID = (
    "remote_id", "kind", "text", "url", "in_reply_to", "conversation", "about", "title", "warning", "quoted",
    "automatic", "media", "spans", "facts", "received", "edited",
)  # fmt: skip
"""Of a mention, and of its message. `said_language`, what its network called its language, stands beside."""
COLUMNS = (*MENTION, "said_language", *SAID)
LEAST = 60
"""Days: what is younger is still worked with."""
ALONE = 7_240_061
"""The lock of whoever writes files, and shared by whoever wants them to stay as they are."""
_FILES = """
SELECT f.name, f.until, f.lost FROM listening_storedfile f
WHERE f.brand_id IN (SELECT brand_id FROM listening_query WHERE id = ANY(%(queries)s))
    AND (%(until)s::timestamptz IS NULL OR f.since < %(until)s)
    AND (%(since)s::timestamptz IS NULL OR f.until >= %(since)s)
ORDER BY f.id
"""
_NUMBERED = """
SELECT f.name, f.until, f.lost FROM listening_storedfile f
WHERE f.id IN (SELECT file_id FROM listening_storedmention WHERE id = ANY(%(ids)s)) ORDER BY f.id
"""


_asked_for: ContextVar[dict[str, bool] | None] = ContextVar("asked_for", default=None)
"""Where only what is there is read: the files, and whether each is missing."""
_GAP = """
SELECT count(*), coalesce(sum(f.rows - cardinality(f.lost)), 0)::bigint, min(f.since), max(f.until)
FROM listening_storedfile f WHERE f.name = ANY(%(names)s)
"""


class Gap(NamedTuple):
    """So many files are not where they should be: with so many mentions, said from then until then."""

    files: int
    n: int
    since: datetime
    until: datetime


class Shelved(NamedTuple):
    """A file, when the last of it was said, and the numbers of what is in it and counts no more."""

    name: str
    until: datetime
    lost: Sequence[int]


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection to DuckDB, and what files say as a table of it, without what counts no more."""

    line: Any
    rows: Any

    def ask(self, wanted: Any) -> list[dict[str, Any]]:
        """The rows of what is wanted."""
        import duckdb

        try:
            found: list[dict[str, Any]] = self.line.to_pyarrow(wanted).to_pylist()
        except (OSError, duckdb.Error) as error:
            raise StoreFailed(str(error)) from error
        return found

    def table(self, **columns: tuple[str, Sequence[Any]]) -> Any:
        """A table of what is given: for each column its type and its values."""
        import ibis
        import pyarrow as pa

        return ibis.memtable(pa.table({name: pa.array(v, moment() if t == "at" else t)
                                       for name, (t, v) in columns.items()}))  # fmt: skip


def after() -> timedelta | None:
    """How old mentions are when they are stored: `MENTIONS_STORED_AFTER`, in days. None where they stay."""
    given = os.environ.get("MENTIONS_STORED_AFTER", "")
    return timedelta(days=max(LEAST, int(given))) if given.isdecimal() and int(given) else None


def place() -> Store:
    """Where files stand: `MENTIONS_STORED_IN`, else a folder in the data folder."""
    return store_at(os.environ.get("MENTIONS_STORED_IN", ""), "stored")


def usual() -> Store:
    """Where they stand when the setting says nothing."""
    return store_at("", "stored")


def moment() -> Any:
    """The type of times in files: microseconds in UTC."""
    import pyarrow as pa

    return pa.timestamp("us", tz="UTC")


def schema() -> Any:
    """The columns of files, with their types."""
    import pyarrow as pa

    kinds: dict[str, Any] = dict.fromkeys(
        ("id", "query_id", "author", "followers", "fold", "words"), pa.int64()
    )
    kinds |= dict.fromkeys(("toxic", "asks", "presses", "closely"), pa.bool_())
    kinds |= dict.fromkeys(("at", "received", "edited"), moment())
    return pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])


def shelved(
    queries: Iterable[int], since: datetime | None = None, until: datetime | None = None
) -> list[Shelved]:
    """The files with what was said of queries' brands from then up to before then; none where it was lately."""
    if since and since > clock.now() - timedelta(days=LEAST):
        return []
    given = {"queries": list(queries), "since": since, "until": until}
    return [Shelved(*row) for row in ask(_FILES, given)]


def shelved_of(ids: Iterable[int]) -> list[Shelved]:
    """The files with these mentions."""
    return [Shelved(*row) for row in ask(_NUMBERED, {"ids": list(ids)})]


def read(ids: Sequence[int]) -> list[dict[str, Any]]:
    """These mentions as they are stored, the newest first."""
    files = shelved_of(ids)
    if not files:
        return []
    with opened(files) as found:
        numbers = found.table(id=("int64", ids))
        wanted = found.rows.semi_join(numbers, "id")
        return found.ask(wanted.order_by(wanted.at.desc(), wanted.id.desc()))


def batches(name: str, most: int) -> Iterator[list[dict[str, Any]]]:
    """All that a file says, so many rows at a time; what counts no more is among it. StoreFailed."""
    if lacking():
        raise StoreFailed(f"{place()}: to read it, {INSTALL}")
    from pyarrow import parquet

    with place().open(name) as source:
        try:
            for batch in parquet.ParquetFile(source).iter_batches(most):
                yield batch.to_pylist()
        except (OSError, ValueError) as error:
            raise StoreFailed(f"{place()}: {name}: {error}") from error


@contextmanager
def at_rest() -> Iterator[None]:
    """Files stay as they are until the end of the block, and what is to be stored stays where it is."""
    ask("SELECT pg_advisory_lock_shared(%(place)s)", {"place": ALONE})
    try:
        yield
    finally:
        ask("SELECT pg_advisory_unlock_shared(%(place)s)", {"place": ALONE})


@contextmanager
def opened(files: Sequence[Shelved]) -> Iterator[Opened]:
    """What files say, for as long as the block lasts. StoreFailed where the place does not give them."""
    if lacking():
        raise StoreFailed(f"{place()}: to read it, {INSTALL}")
    import ibis

    line = ibis.duckdb.connect(
        threads=2,
        memory_limit="512MB",
        # Nothing is fetched from elsewhere at run time.
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
    )
    try:
        there = _there([each.name for each in files])
        rows = place().rows(line, there) if there else ibis.memtable(schema().empty_table())
        if lost := [pk for each in files for pk in each.lost]:
            rows = rows.anti_join(ibis.memtable({"id": lost}), "id")
        yield Opened(line, rows)
    finally:
        line.disconnect()


def _there(names: Sequence[str]) -> list[str]:
    """Those of these files that are to be read."""
    if (asked := _asked_for.get()) is None:
        return list(names)
    fresh = [name for name in names if name not in asked]
    missing = place().missing(fresh)
    asked.update((name, name in missing) for name in fresh)
    return [name for name in names if not asked[name]]


@contextmanager
def what_is_there() -> Iterator[dict[str, bool]]:
    """Within the block, files that are not there are left out, rather than refused. Yields what was asked for, and
    whether it was missing, for `gap`: whoever is shown it has to be told."""
    asked: dict[str, bool] = {}
    token = _asked_for.set(asked)
    try:
        yield asked
    finally:
        _asked_for.reset(token)


def gap(asked: Mapping[str, bool]) -> Gap | None:
    """What files that were left out hold; None where there was none. StoreFailed when they were written anew meanwhile:
    then what was read is neither the one nor the other."""
    names = [name for name, missing in asked.items() if missing]
    if not names:
        return None
    (found,) = [Gap(*row) for row in ask(_GAP, {"names": names})]
    if found.files != len(names):
        raise StoreFailed(f"{place()}: files were written anew while they were read")
    return found


def within(rows: Any, queries: Iterable[int], kinds: Mapping[str, str | None], period: Period | None) -> Any:
    """Of these rows, those of queries, of kinds (network, language, tone; None is any), and of a period, if any."""
    wanted = [rows.query_id.isin(list(queries))]
    wanted += [rows[name] == value for name, value in kinds.items() if value is not None]
    if period:
        wanted += [rows.at >= period.since.astimezone(UTC), rows.at < period.until.astimezone(UTC)]
    return rows.filter(*wanted)


def said_of(row: dict[str, Any]) -> dict[str, Any]:
    """What a row says of its message, as the fields of an `Activity`."""
    found = {name: row[name] for name in SAID}
    for name in ("media", "spans", "facts"):
        found[name] = json.loads(row[name])
    return found | {"network": row["network"], "language": row["said_language"], "published": row["at"]}
