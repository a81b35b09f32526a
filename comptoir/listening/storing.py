"""Old mentions leave their table for files of columns, some at a time; and what is mentioned no more leaves these.

What somebody else here points at stays where it is: what reached a channel, what was corrected. So does what is folded
together with something that stays, or is not old yet: folds move whole.

A file is written, on the disk and noted before anything leaves the table, and all in the table changes at once: whoever
is killed in between leaves a file that nothing reads, and that goes.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import uuid4

from django.db import transaction

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.stores import INSTALL, lacking
from comptoir.listening import stored
from comptoir.listening.folding import in_turn
from comptoir.listening.models import Mention, StoredFile, StoredScrap
from comptoir.listening.models.stored import forget_mentions, key_of
from comptoir.networks.models import Activity
from comptoir.networks.purging import let_go_of_unheld
from comptoir.organisation.models import Brand

log = logging.getLogger(__name__)

AT_ONCE = 20_000
"""Mentions that are moved at once."""
FULL = 200_000
"""Mentions of a file from which on another one is begun for its month."""
_GROUP = 20_000

_FREE = "{m}.at < %(before)s AND NOT EXISTS (SELECT FROM networks_activity a WHERE a.id = {m}.activity_id AND ({held}))"
_OLD = """
SELECT m.id, m.at, m.query_id, m.fold FROM listening_mention m JOIN listening_query q ON q.id = m.query_id
WHERE q.brand_id = %(brand)s AND q.removed IS NULL AND {free} AND (m.fold IS NULL OR NOT EXISTS (
    SELECT FROM listening_mention o WHERE o.fold = m.fold AND NOT ({free_other})))
ORDER BY m.at, m.id LIMIT %(most)s
"""
_FOLDED = "SELECT id, at, query_id, fold FROM listening_mention WHERE fold = ANY(%(folds)s)"
_HOLD = (
    "SELECT id FROM listening_query WHERE id = ANY(%(queries)s) ORDER BY id FOR KEY SHARE",
    """SELECT a.id FROM networks_activity a WHERE a.id IN (
        SELECT activity_id FROM listening_mention WHERE id = ANY(%(ids)s)) ORDER BY a.id FOR UPDATE""",
    "SELECT id FROM listening_mention WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE",
)
"""What is taken back or corrected meanwhile waits, and finds it in its file."""
_STILL = "SELECT m.id, m.fold FROM listening_mention m WHERE m.id = ANY(%(ids)s) AND {free}"
_SPLIT = "SELECT DISTINCT fold FROM listening_mention WHERE fold = ANY(%(folds)s) AND id <> ALL(%(ids)s)"
_ROWS = f"""
SELECT {", ".join(f"m.{name}" for name in stored.MENTION)}, a.language AS said_language,
    {", ".join(f"a.{name}::text" if name in ("media", "spans", "facts") else f"a.{name}" for name in stored.SAID)},
    m.activity_id
FROM listening_mention m JOIN networks_activity a ON a.id = m.activity_id
WHERE m.id = ANY(%(ids)s) ORDER BY m.at, m.id
"""  # noqa: S608 - names of columns
_NOTE = """
INSERT INTO listening_storedmention (id, file_id, query_id, author_id, key)
SELECT * FROM unnest(%(ids)s::bigint[], %(files)s::bigint[], %(queries)s::bigint[], %(authors)s::bigint[],
    %(keys)s::bigint[])
"""
_GONE = "DELETE FROM listening_mention WHERE id = ANY(%(ids)s)"
_NAMES = (*stored.COLUMNS, "activity_id")
_AT = _NAMES.index("at")


def store_old() -> int:
    """Move all that is old enough; how many mentions. Nothing where it is off, or the libraries are not here."""
    age, moved = stored.after(), 0
    if age is None:
        return 0
    if missing := lacking():
        log.error("no mention is stored: %s is not here. %s", ", ".join(missing), INSTALL)
        return 0
    before = clock.now() - age
    for brand in Brand.objects.everywhere().filter(queries__isnull=False).distinct().order_by("pk"):
        some = 1
        while some:
            with _alone() as ours:
                # A backup that waits is let in between.
                some = store_some(brand, before) if ours else 0
            moved += some
    return moved


def mend() -> int:
    """Have what is mentioned no more leave the files, and what is nobody's go; how many files were written anew."""
    if not StoredScrap.objects.exists() and not _torn():
        return 0
    with _alone() as ours:
        if not ours:
            return 0
        tidy()
        torn = _torn()
        for pk in torn:
            _mend(pk)
        tidy()
    return len(torn)


def _torn() -> list[int]:
    return [
        pk for (pk,) in ask("SELECT id FROM listening_storedfile WHERE cardinality(lost) > 0 ORDER BY id", {})
    ]


def tidy() -> None:
    """Files that are nobody's go. Only for whoever is alone: others may be writing one."""
    for name in list(StoredScrap.objects.values_list("pk", flat=True)):
        stored.place().drop(name)
        StoredScrap.objects.filter(pk=name).delete()


def let_go_before(brand: Brand, before: datetime) -> int:
    """What was said before then is stored no longer; how many mentions that was."""
    gone = 0
    with transaction.atomic():
        for file in StoredFile.objects.of(brand).filter(since__lt=before).order_by("pk").select_for_update():
            if file.until < before:
                gone += file.rows - len(file.lost)
                _let_go(file)
                continue
            with stored.opened([stored.Shelved(file.name, file.until, file.lost)]) as found:
                ids = [row["id"] for row in found.ask(found.rows.filter(found.rows.at < before)[["id"]])]
            forget_mentions(ids)
            gone += len(ids)
    return gone


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else writes files, or makes a backup of them, until the end of the block."""
    ((ours,),) = ask("SELECT pg_try_advisory_lock(%(place)s)", {"place": stored.ALONE})
    try:
        yield ours
    finally:
        if ours:
            ask("SELECT pg_advisory_unlock(%(place)s)", {"place": stored.ALONE})


def store_some(brand: Brand, before: datetime) -> int:
    """Move some of what was said before then to files; how many mentions. Only for whoever is alone."""
    tidy()
    given = {"brand": brand.pk, "before": before, "most": AT_ONCE}
    rows = ask(_OLD.format(free=_free("m"), free_other=_free("o")), given, again=False)
    if folds := sorted({fold for *_rest, fold in rows if fold}):
        rows = [*{*rows, *ask(_FOLDED, {"folds": folds})}]
    if not rows:
        return 0
    ids = [pk for pk, *_rest in rows]
    drafts = {month: _draft(brand, month) for month in {_month(at) for _pk, at, *_rest in rows}}
    with transaction.atomic():
        _hold(ids, {query for _pk, _at, query, _fold in rows})
        ids = _whole(ids, before)
        by_month: dict[date, list[tuple[Any, ...]]] = defaultdict(list)
        for row in ask(_ROWS, {"ids": ids}, again=False):
            by_month[_month(row[_AT])].append(row)
        for month, some in sorted(by_month.items()):
            file = _open_file(brand, month)
            _note(_written(drafts[month], brand, month, file, some), some)
        ask(_GONE, {"ids": ids})
        let_go_of_unheld({row[-1] for some in by_month.values() for row in some})
    tidy()
    return len(ids)


def _month(at: datetime) -> date:
    return at.date().replace(day=1)


@cache
def _free(name: str) -> str:
    """Of a row of mentions by that name: that it is old, and that nobody else points at what it is about."""
    held = [
        f"EXISTS (SELECT FROM {each.related_model._meta.db_table} h WHERE h.{each.field.column} = a.id)"
        for each in Activity._meta.related_objects
        if each.related_model is not Mention
    ]
    return _FREE.format(m=name, held=" OR ".join(["a.deleted IS NOT NULL", "a.actor_id IS NULL", *held]))


def _hold(ids: Sequence[int], queries: Iterable[int]) -> None:
    for query in sorted(queries):
        in_turn(query)
    for statement in _HOLD:
        ask(statement, {"ids": list(ids), "queries": sorted(queries)})


def _whole(ids: Sequence[int], before: datetime) -> list[int]:
    """Those that may still move, without folds of which a part would stay."""
    still = ask(_STILL.format(free=_free("m")), {"ids": list(ids), "before": before}, again=False)
    given = {"ids": [pk for pk, _fold in still], "folds": sorted({fold for _pk, fold in still if fold})}
    split = {fold for (fold,) in ask(_SPLIT, given)} if given["folds"] else set()
    return [pk for pk, fold in still if fold not in split]


def _draft(brand: Brand, month: date) -> str:
    """The name of a file that is still to be written, noted as nobody's."""
    name = f"brand={brand.pk}/month={month:%Y-%m}/{uuid4().hex}.parquet"
    StoredScrap.objects.create(name=name)
    return name


def _open_file(brand: Brand, month: date) -> StoredFile | None:
    """That of a month which is not full yet."""
    rows = StoredFile.objects.of(brand).filter(month=month, rows__lt=FULL).order_by("-pk")
    return rows.select_for_update().first()


def _written(
    name: str, brand: Brand, month: date, file: StoredFile | None, fresh: Sequence[tuple[Any, ...]]
) -> StoredFile:
    """What a file says without what is lost, and fresh rows, in a file by another name that takes its place."""
    told = _Told()
    size = stored.place().put(name, lambda out: _write(out, told.over(_batches(file, fresh))))
    changes: dict[str, Any] = {
        "name": name, "size": size, "rows": told.rows, "since": told.since, "until": told.until, "lost": [],
    }  # fmt: skip
    if file is None:
        file = StoredFile.objects.create(brand=brand, month=month, **changes)
    else:
        StoredScrap.objects.create(name=file.name)
        StoredFile.objects.of(brand).filter(pk=file.pk).update(**changes)
    StoredScrap.objects.filter(pk=name).delete()
    return file


def _mend(pk: int) -> None:
    file = StoredFile.objects.everywhere().select_related("brand").get(pk=pk)
    draft = _draft(file.brand, file.month)
    with transaction.atomic():
        file = StoredFile.objects.of(file.brand).select_for_update().select_related("brand").get(pk=pk)
        if len(file.lost) >= file.rows:
            _let_go(file)
        else:
            _written(draft, file.brand, file.month, file, ())


def _let_go(file: StoredFile) -> None:
    """The file is nobody's, and with it goes all that stands for it."""
    StoredScrap.objects.create(name=file.name)
    ask("DELETE FROM listening_storedmention WHERE file_id = %(file)s", {"file": file.pk})
    ask("DELETE FROM listening_storedfile WHERE id = %(file)s", {"file": file.pk})


def _note(file: StoredFile, rows: Sequence[tuple[Any, ...]]) -> None:
    """What stays of these in the database."""
    at = {name: _NAMES.index(name) for name in ("id", "query_id", "author", "network", "remote_id")}
    ask(_NOTE, {
        "ids": [row[at["id"]] for row in rows], "files": [file.pk] * len(rows),
        "queries": [row[at["query_id"]] for row in rows], "authors": [row[at["author"]] for row in rows],
        "keys": [key_of(row[at["network"]], row[at["remote_id"]]) for row in rows],
    })  # fmt: skip


class _Told:
    """How many rows passed, and when the first and the last of them were said."""

    def __init__(self) -> None:
        self.rows, self.since, self.until = (
            0,
            datetime.max.replace(tzinfo=UTC),
            datetime.min.replace(tzinfo=UTC),
        )

    def over(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Pass them on."""
        from pyarrow import compute

        for batch in batches:
            ends = compute.min_max(batch.column("at")).as_py()
            self.rows += batch.num_rows
            self.since, self.until = min(self.since, ends["min"]), max(self.until, ends["max"])
            yield batch


def _batches(file: StoredFile | None, fresh: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    """What a file says without what is lost, some at a time, and then fresh rows."""
    import pyarrow as pa
    from pyarrow import compute, parquet

    if file is not None:
        lost = pa.array(file.lost, pa.int64())
        with stored.place().open(file.name) as source:
            for batch in parquet.ParquetFile(source).iter_batches(_GROUP):
                rows = batch.filter(compute.invert(compute.is_in(batch.column("id"), value_set=lost)))
                if rows.num_rows:
                    yield rows
    schema = stored.schema()
    for start in range(0, len(fresh), _GROUP):
        columns = list(zip(*(row[:-1] for row in fresh[start : start + _GROUP]), strict=True))
        yield pa.RecordBatch.from_arrays(
            [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)],
            schema=schema,
        )


def _write(out: Any, batches: Iterable[Any]) -> None:
    from pyarrow import parquet

    with parquet.ParquetWriter(out, stored.schema(), compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
