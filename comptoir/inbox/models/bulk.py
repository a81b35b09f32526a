"""One act on many threads: chosen by hand or by a search, done by a worker with its progress shown, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.dateparse import parse_datetime

from comptoir.inbox.events import BulkAsked
from comptoir.inbox.models.custom import CustomField, fill, missing
from comptoir.inbox.models.listed import SAYING, condition_of, query_of, queue_of
from comptoir.inbox.models.queue import Queue
from comptoir.inbox.models.searching import matching
from comptoir.inbox.models.sorting import Tag, TooManyTags, put_on, take_off
from comptoir.inbox.models.stepwise import Stepwise
from comptoir.inbox.models.thread import Thread
from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.events import tell
from comptoir.kernel.live import nudge
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Team, User
from comptoir.organisation.query_words import read
from comptoir.reading.folding import words
from comptoir.reading.query import Query

if TYPE_CHECKING:
    from datetime import datetime

MOST = 100_000
"""Threads of one act."""


class BulkQuerySet(BrandQuerySet["Bulk"]):
    pass


class BulkManager(BrandManager["Bulk", "BulkQuerySet"]):
    queryset_class = BulkQuerySet


class Bulk(Stepwise):
    """`what` is done to each of `threads`, `done` of them so far; with `show` and `q` they are looked up as it begins.

    What it changed, and what was before, is a BulkChange each: that is what `undo` goes back to.
    """

    class What(models.TextChoices):
        CLOSE = "close"
        REOPEN = "reopen"
        ASSIGN = "assign"
        TAG = "tag"
        UNTAG = "untag"
        PAUSE = "pause"
        PRIORITY = "priority"
        FIELD = "field"
        UNFIELD = "unfield"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    facts = models.JSONField(default=dict)
    show = models.CharField(max_length=10, blank=True)
    q = models.TextField(blank=True)
    threads = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    created = models.DateTimeField(default=clock.now)

    objects: ClassVar[BulkManager] = BulkManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "undoing", "undone"]),
                name="bulk_state_known",
            )
        ]

    def __str__(self) -> str:
        return f"bulk {self.pk}"

    @classmethod
    def ask(cls, brand: Brand, by: User, what: str, facts: dict[str, Any], **chosen: Any) -> Bulk:
        """Have it done: to `threads`, or to whatever `show` and `q` list when it begins."""
        with transaction.atomic():
            made = cls.objects.create(brand=brand, by=by, what=what, facts=facts, **chosen)
            record("bulk_asked", brand, made, by, act=what)
            tell(BulkAsked(made.pk))
        return made

    def undo(self, by: User) -> bool:
        """Have everything as it was, where nobody has changed it since; False unless it was done."""
        with transaction.atomic():
            if not self._move(self.State.DONE, self.State.UNDOING, done=0):
                return False
            record("bulk_undone", self.brand_id, self, by, act=self.what)
            tell(BulkAsked(self.pk))
        return True

    def run(self) -> None:
        """Do what is left of it. Whoever is interrupted goes on where they were."""
        if self._move(self.State.WAITING, self.State.RUNNING):
            chosen = list(self._chosen()) if self.show else self._ours(self.threads)
            self._keep(threads=chosen)
        if self.state == self.State.RUNNING and self._go_on(self.threads, self._do):
            self._move(self.State.RUNNING, self.State.DONE)
        if self.state == self.State.UNDOING:
            changes = BulkChange.objects.filter(bulk=self).order_by("pk").values_list("pk", flat=True)
            if self._go_on(list(changes), self._undo):
                self._move(self.State.UNDOING, self.State.UNDONE)
        nudge(self.brand_id, what=self.word)

    def _do(self, pk: int) -> None:
        thread = self._thread(pk)
        if thread is None or thread.merged_into_id:
            return
        before = _DO[self.what](thread, self)
        if before is not None:
            BulkChange.objects.create(bulk=self, thread=thread, before=before)

    def _undo(self, pk: int) -> None:
        change = BulkChange.objects.get(pk=pk)
        if (thread := self._thread(change.thread_id)) is not None:
            _UNDO[self.what](thread, self, change.before)

    def _thread(self, pk: int) -> Thread | None:
        rows: Any = Thread.objects.of(self.brand_id).select_related("assignee", "team", "channel")
        found: Thread | None = rows.filter(pk=pk).first()
        return found

    def _chosen(self) -> Iterator[int]:
        query, user = read(self.q), self.by_id or 0
        if isinstance(query, Query):
            place: tuple[datetime, int] | None = None
            for _round in range(MOST):
                found = matching(
                    self.brand_id, user, self.show, query, older=place, limit=500, me=str(self.by or "")
                )
                yield from found.threads
                if (place := found.stopped) is None:
                    return
        elif query is None:
            values: dict[str, Any] = {"brand": self.brand_id, "user": user, "queue": queue_of(self.show)}
            where = f"t.brand_id = %(brand)s AND {condition_of(self.show)}"
            if self.q:
                values["words"] = query_of(words(self.q))
                where = f"{where} AND {SAYING}"
            for (pk,) in ask(_CHOSEN.format(where=where, most=MOST), values, again=False):
                yield pk

    def _ours(self, threads: list[int]) -> list[int]:
        rows = Thread.objects.of(self.brand_id).filter(pk__in=threads)
        return list(rows.order_by("-last_at", "-pk").values_list("pk", flat=True)[:MOST])


class BulkChange(models.Model):
    """What an act on many threads changed in one, and what was before."""

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="changes")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField()

    def __str__(self) -> str:
        return f"{self.thread_id} in {self.bulk_id}"


_CHOSEN = "SELECT t.id FROM inbox_thread t WHERE {where} ORDER BY t.last_at DESC, t.id DESC LIMIT {most}"


def _close(thread: Thread, bulk: Bulk) -> Any:
    # What still needs a value stays open.
    return True if not missing(thread) and thread.close(bulk.by) else None


def _reopen(thread: Thread, bulk: Bulk) -> Any:
    return True if thread.reopen(bulk.by) else None


def _heirs(bulk: Bulk, thread: Thread, named: Mapping[str, Any]) -> tuple[User | None, Team | None]:
    """Whom "to" and "team" name, None for nobody, or for one that can be given nothing any more."""
    person, team = named.get("to"), named.get("team")
    return (
        bulk.brand.answerers(thread.channel_id).filter(pk=person).first() if person else None,
        Team.objects.of(bulk.brand_id).filter(pk=team).first() if team else None,
    )


def _assign(thread: Thread, bulk: Bulk) -> Any:
    before = _belongs(thread)
    person, team = _heirs(bulk, thread, bulk.facts)
    to = _queue(bulk, bulk.facts) or team or person
    if to is None and any(bulk.facts.get(kind) for kind in before):
        return None
    thread.assign(to, bulk.by)
    return None if before == _belongs(thread) else before


def _belongs(thread: Thread) -> dict[str, int | None]:
    return {"to": thread.assignee_id, "team": thread.team_id, "queue": thread.queue_id}


def _queue(bulk: Bulk, named: Mapping[str, Any]) -> Queue | None:
    queue = named.get("queue")
    return Queue.objects.of(bulk.brand_id).filter(pk=queue).first() if queue else None


def _give_back(thread: Thread, bulk: Bulk, before: Any) -> None:
    thread.give(*_heirs(bulk, thread, before), bulk.by, _queue(bulk, before))


def _tag(thread: Thread, bulk: Bulk) -> Any:
    try:
        tag = Tag.called(bulk.brand_id, bulk.facts["tag"], bulk.by)
    except TooManyTags:
        return None
    return True if put_on(thread, tag, bulk.by) else None


def _untag(thread: Thread, bulk: Bulk) -> Any:
    tag = Tag.known(bulk.brand_id, bulk.facts["tag"])
    return True if tag is not None and take_off(thread, tag, bulk.by) else None


def _pause(thread: Thread, bulk: Bulk) -> Any:
    until = bulk.facts.get("until")
    try:
        set_aside = bulk.by is not None and thread.pause(
            bulk.facts["waits"], bulk.by, parse_datetime(until) if until else None
        )
    except ValueError:
        return None
    return True if set_aside else None


def _prioritise(thread: Thread, bulk: Bulk) -> Any:
    if bulk.by is None:
        return None
    before = thread.prioritise(bulk.facts["priority"], bulk.by)
    return None if before == bulk.facts["priority"] else before


def _field(thread: Thread, bulk: Bulk) -> Any:
    key, value = str(bulk.facts["field"]), bulk.facts.get("value")
    before = thread.fields.get(key)
    return {"value": before} if before != value and _fill(thread, bulk, value) else None


def _unfill(thread: Thread, bulk: Bulk, before: Any) -> None:
    if thread.fields.get(str(bulk.facts["field"])) == bulk.facts.get("value"):
        _fill(thread, bulk, before["value"])


def _fill(thread: Thread, bulk: Bulk, value: Any) -> bool:
    field = CustomField.objects.of(bulk.brand_id).filter(pk=bulk.facts["field"]).first()
    return field is not None and bool(fill(thread, {field: value}, bulk.by))


_DO: dict[str, Callable[[Thread, Bulk], Any]] = {
    "close": _close, "reopen": _reopen, "assign": _assign, "tag": _tag, "untag": _untag, "pause": _pause,
    "priority": _prioritise, "field": _field, "unfield": _field,
}  # fmt: skip
_UNDO: dict[str, Callable[[Thread, Bulk, Any], Any]] = {
    "close": lambda thread, bulk, before: thread.reopen(bulk.by),
    "reopen": lambda thread, bulk, before: thread.close(bulk.by),
    "assign": _give_back,
    "tag": lambda thread, bulk, before: _untag(thread, bulk),
    "untag": lambda thread, bulk, before: _tag(thread, bulk),
    "pause": lambda thread, bulk, before: thread.resume(bulk.by),
    "priority": lambda thread, bulk, before: bulk.by and thread.prioritise(before, bulk.by),
    "field": _unfill,
    "unfield": _unfill,
}
