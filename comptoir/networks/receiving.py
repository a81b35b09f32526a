"""The way in: a batch from a connector's hands becomes rows, once, in one transaction, by COPY."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, transaction

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.networks import receiving_sql as sql
from comptoir.networks import returning
from comptoir.networks.connector import Activity, Gone, Unusable
from comptoir.networks.events import ActivitiesReceived
from comptoir.networks.indexing import searchable
from comptoir.networks.models.activity import SetAside
from comptoir.networks.objections import without_objectors

if TYPE_CHECKING:
    from comptoir.networks.models.channel import Channel

TEXT_MOST = 20_000
"""Characters of a text that are kept; no network here allows a tenth of it."""
ID_MOST = 2_000
LATELY = timedelta(minutes=2)
"""What was decided here so long ago may not be in a page yet that was asked for before."""
NUMBER_MOST = 2**63 - 1
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Unfit(Exception):
    """An activity that cannot be stored; its text is the reason code."""


def receive(
    channel: Channel, items: Sequence[Activity | Gone | Unusable], historic: bool = False
) -> list[int]:
    """Store each activity once (network + remote id), update what was edited, blank what was taken back.

    All in one transaction, with one event for the batch. One unusable message is set aside with its reason and the
    rest are stored. Safe to repeat: what is already here and unchanged is not told again. Whoever objected is skipped.

    Returns the ids of the activities that are new to this channel or have changed.
    """
    items = without_objectors(channel, items)
    rows, aside = _rows(channel.network, items)
    with transaction.atomic():
        _set_aside(channel, aside)
        if not rows:
            return []
        new, changed = _store(channel, rows.values(), historic)
        ids = changed.ids
        if any(isinstance(item, Activity) and item.about and item.automatic for item in items):
            returning.hear(channel, new)
        if new or ids:
            told = ActivitiesReceived(channel.pk, new, ids, changed.same, changed.judged)
            tell(told, lock=f"gather:{channel.pk}")
    return new + ids


def overhear(network: str, items: Sequence[Activity | Gone]) -> dict[str, int]:
    """Store what was said in public and reached no channel, each activity once; the ids of what can be seen, by
    remote id.

    What its author took back is blanked where it is known here, and the channels that it had reached are told. Whoever
    calls has left out those who objected, and holds on to what it keeps (`purging.holds_on`) in the same transaction.
    """
    rows, _aside = _rows(network, items)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            sql.KNOWN, {"network": network, "ids": [key for key, row in rows.items() if not row[-1]]}
        )
        known = {remote_id for (remote_id,) in cursor.fetchall()}
        changed = _stage(cursor, [row for key, row in rows.items() if row[-1] or key in known], None)
        cursor.execute(sql.OVERHEARD)
        found = dict(cursor.fetchall())
        cursor.execute("TRUNCATE incoming")
        cursor.execute(sql.REACHED, {"changed": changed.ids})
        for channel, reached in cursor.fetchall():
            same = [pk for pk in reached if pk in changed.same]
            tell(ActivitiesReceived(channel, [], reached, same), lock=f"gather:{channel}")
    return found


class _Changed(NamedTuple):
    """Activities that changed, as `ActivitiesReceived` tells them."""

    ids: list[int]
    same: list[int]
    judged: dict[str, list[int]]

    def without(self, fresh: set[int]) -> _Changed:
        """Those that were there before."""
        judged = {standing: [pk for pk in ids if pk not in fresh] for standing, ids in self.judged.items()}
        return _Changed(
            sorted(pk for pk in self.ids if pk not in fresh),
            [pk for pk in self.same if pk not in fresh],
            {standing: ids for standing, ids in judged.items() if ids},
        )


def _store(channel: Channel, rows: Iterable[tuple[Any, ...]], historic: bool) -> tuple[list[int], _Changed]:
    with connection.cursor() as cursor:
        changed = _stage(cursor, rows, channel.pk)
        cursor.execute(sql.AUDIENCE, {"channel": channel.pk, "me": channel.remote_id, "historic": historic})
        new = sorted(pk for (pk,) in cursor.fetchall())
        cursor.execute(sql.SET_ASIDE_GONE, {"channel": channel.pk})
        cursor.execute("TRUNCATE incoming")
    return new, changed.without(set(new))


def _stage(cursor: Any, rows: Iterable[tuple[Any, ...]], channel: int | None) -> _Changed:
    """Bring rows into actors and activities, and leave them staged; the activities that changed."""
    cursor.execute(sql.STAGING)
    with cursor.copy(sql.COPY) as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(sql.ACTORS)
    cursor.execute(sql.JUDGED, {"lately": clock.now() - LATELY})
    standings = cursor.fetchall()
    cursor.execute(sql.ACTIVITIES, {"channel": channel})
    changed = [pk for pk, fresh in cursor.fetchall() if not fresh]
    if changed:
        cursor.execute(sql.TAKEN_BACK, {"changed": changed})
    judged: dict[str, list[int]] = {}
    for pk, standing, _same, ours in standings:
        if not ours:
            judged.setdefault(standing, []).append(pk)
    return _Changed(changed, [pk for pk, _standing, same, _ours in standings if same], judged)


def _rows(
    network: str, items: Iterable[Activity | Gone | Unusable]
) -> tuple[dict[str, tuple[Any, ...]], list[Unusable]]:
    """The rows of a batch by remote id, and what cannot be stored."""
    rows: dict[str, tuple[Any, ...]] = {}
    aside: list[Unusable] = []
    now = clock.now()
    for item in items:
        if isinstance(item, Unusable):
            aside.append(item)
            continue
        try:
            rows[item.remote_id] = _row(network, item, now)
        except Unfit as reason:
            aside.append(Unusable(str(item.remote_id), str(reason), repr(item)))
        except (AttributeError, TypeError, ValueError) as error:
            aside.append(Unusable(str(item.remote_id), f"unreadable: {error}", repr(item)))
    return rows, aside


def _row(network: str, item: Activity | Gone, now: datetime) -> tuple[Any, ...]:
    if not isinstance(item.remote_id, str) or not item.remote_id or len(item.remote_id) > ID_MOST:
        raise Unfit("no_id")
    remote_id = clean(item.remote_id)
    if isinstance(item, Gone):
        return (network, remote_id, "post", *([""] * 6), None, *([""] * 11), "[]", "[]", "{}",
                now, None, now, False, "", False)  # fmt: skip
    actor = item.actor
    if not actor.remote_id or len(actor.remote_id) > ID_MOST:
        raise Unfit("no_author")
    published = _moment(item.published)
    text = "" if item.deleted else clean(item.text)[:TEXT_MOST]
    name = clean(actor.name)[:200]
    handle = clean(actor.handle)[:300] or clean(actor.remote_id)[:300]
    return (
        network, remote_id, item.kind.value,
        clean(actor.remote_id), handle, name,
        _address(actor.avatar), _address(actor.url), clean(actor.about)[:2_000], _count(actor.followers),
        text, clean(item.language)[:16], _address(item.url),
        clean(item.in_reply_to)[:ID_MOST], clean(item.conversation)[:ID_MOST], clean(item.about)[:ID_MOST],
        "" if item.deleted else clean(item.title)[:500], "" if item.deleted else clean(item.warning)[:500],
        item.standing, "" if item.deleted else clean(item.quoted)[:TEXT_MOST], item.automatic[:10],
        "[]" if item.deleted else as_json([asdict(m) for m in item.media]),
        "[]" if item.deleted else as_json([asdict(s) for s in item.spans if s.end <= len(text)]),
        as_json(item.facts),
        published, _moment(item.edited) if item.edited else None, now if item.deleted else None,
        item.addressed,
        "" if item.deleted else searchable(item.title, text, name, handle), True,
    )  # fmt: skip


def _moment(value: Any) -> datetime:
    """A time that PostgreSQL can hold; without a zone it is read as UTC."""
    if not isinstance(value, datetime) or not 1990 < value.year < 2200:
        raise Unfit("no_time")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _count(value: int | None) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= NUMBER_MOST else None


def clean(text: str) -> str:
    """Without control characters and lone surrogates, which no database and no page should meet."""
    return _CONTROL.sub("", text) if text else ""


def _address(url: str) -> str:
    """An http(s) address or nothing: other schemes never reach a page."""
    url = clean(url)
    return url if url.startswith(("https://", "http://")) and len(url) <= ID_MOST else ""


def as_json(value: Any) -> str:
    """A value as a column of JSON can hold it, whatever stands in it."""
    return json.dumps(_pure(value), ensure_ascii=False, separators=(",", ":"))


def _pure(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(k)): _pure(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_pure(v) for v in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) <= NUMBER_MOST:
        return value
    return clean(str(value)[:100]) if not isinstance(value, int | float) else None


def _set_aside(channel: Channel, aside: Sequence[Unusable]) -> None:
    SetAside.objects.bulk_create(
        [
            SetAside(
                channel=channel,
                remote_id=clean(item.remote_id)[:ID_MOST],
                reason=clean(item.reason)[:500],
                raw=clean(item.raw)[:10_000],
            )
            for item in aside
        ],
        ignore_conflicts=True,
    )
