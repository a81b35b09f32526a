"""Two threads become one, or one becomes two; either can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction

from comptoir.inbox.models.acts import Act, Assignment, Note, Reply
from comptoir.inbox.models.entry import Entry
from comptoir.inbox.models.thread import Thread
from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.organisation.announcing import announce
from comptoir.organisation.audit import record

if TYPE_CHECKING:
    from comptoir.organisation.models import User

_MOVING: tuple[tuple[str, Any], ...] = (
    ("entries", Entry), ("replies", Reply), ("notes", Note), ("assignments", Assignment)
)  # fmt: skip


class Merge(Act):
    """Everything of `thread` went to `into`; with `is_split`, the messages from one on went to a thread of their own.

    `moved` names the rows by kind, so that they can go back.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="merges_here")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    moved = models.JSONField()
    is_split = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"merge {self.pk}"

    def undo(self) -> bool:
        """Everything that moved goes back; False when it has, or when where it went was merged further."""
        with transaction.atomic():
            _hold(self.thread, self.into)
            if (
                Thread.objects.of(self.thread.brand_id)
                .filter(pk=self.into_id, merged_into__isnull=False)
                .exists()
            ):
                return False
            if not Merge.objects.filter(pk=self.pk, undone_at=None).update(undone_at=clock.now()):
                return False
            for name, model in _MOVING:
                model.objects.filter(pk__in=self.moved[name], thread=self.into).update(thread=self.thread)
            record("merge_undone", self.thread.brand_id, self.thread, into=self.into_id)
            if self.is_split:
                self._end(self.into, self.thread)
            else:
                back = Thread.objects.of(self.thread.brand_id)
                was = self.thread.closed_at if self.moved["closed"] else None
                back.filter(pk=self.thread_id).update(merged_into=None, closed_at=was)
                back.filter(pk__in=self.moved["threads"]).update(merged_into=self.thread)
            _settle(self.thread, self.into)
        return True

    def _end(self, empty: Thread, into: Thread) -> None:
        """A thread that was split off holds what came since: that goes to the first one too."""
        for _name, model in _MOVING:
            model.objects.filter(thread=empty).update(thread=into)
        rows = Thread.objects.of(empty.brand_id).filter(pk=empty.pk)
        rows.update(merged_into=into, closed_at=clock.now(), waits="", wakes_at=None)


def merge(thread: Thread, into: Thread, by: User) -> Merge:
    """Everything said and done in `thread` moves to `into`, where whatever comes later goes as well.

    ValueError("itself"), ValueError("channel") when they are not on one channel, where the answer would leave from
    another account; ValueError("merged") when one of them is no thread of its own any more.
    """
    if thread.pk == into.pk:
        raise ValueError("itself")
    if thread.channel_id != into.channel_id:
        raise ValueError("channel")
    with transaction.atomic():
        held = _hold(thread, into)
        if any(each.merged_into_id for each in held):
            raise ValueError("merged")
        moved: dict[str, Any] = {"closed": any(each.closed_at for each in held if each.pk == thread.pk)}
        for name, model in _MOVING:
            theirs = model.objects.filter(thread=thread)
            if model is Entry:
                # What stands in both stays where it is: a thread shows a message once.
                theirs = theirs.exclude(activity__in=Entry.objects.filter(thread=into).values("activity"))
            moved[name] = list(theirs.order_by("pk").values_list("pk", flat=True))
            model.objects.filter(pk__in=moved[name]).update(thread=into)
        rows = Thread.objects.of(thread.brand_id)
        moved["threads"] = list(rows.filter(merged_into=thread).values_list("pk", flat=True))
        rows.filter(merged_into=thread).update(merged_into=into)
        rows.filter(pk=thread.pk).update(merged_into=into, closed_at=clock.now(), waits="", wakes_at=None)
        made = Merge.objects.create(thread=thread, into=into, by=by, moved=moved)
        record("merged", thread.brand_id, thread, by, into=into.pk)
        announce(thread.brand_id, "thread.merged", threads=[thread.pk], into=into.pk, by=by.pk)
        _settle(thread, into)
    return made


def split(thread: Thread, first: Entry, by: User) -> Merge:
    """The messages from `first` on become a thread of their own. ValueError("first") where nothing would be left."""
    with transaction.atomic():
        _hold(thread)
        rest = Entry.objects.filter(thread=thread)
        later = rest.filter(models.Q(at__gt=first.at) | models.Q(at=first.at, pk__gte=first.pk))
        moved = {"entries": list(later.order_by("pk").values_list("pk", flat=True)), "threads": []}
        if first.thread_id != thread.pk or len(moved["entries"]) == rest.count():
            raise ValueError("first")
        made = Thread.objects.create(
            brand_id=thread.brand_id, channel_id=thread.channel_id, conversation=f"split:{first.pk}",
            kind=first.activity.kind, last_at=first.at, handled=True, priority=thread.priority,
            assignee=thread.assignee, team=thread.team,
        )  # fmt: skip
        since = {"replies": "delivery__said_at__gte", "notes": "created__gte"}
        for name, model in _MOVING[1:3]:
            theirs = model.objects.filter(**{"thread": thread, since[name]: first.at})
            moved[name] = list(theirs.order_by("pk").values_list("pk", flat=True))
        moved["assignments"] = []
        for name, model in _MOVING:
            model.objects.filter(pk__in=moved[name]).update(thread=made)
        act = Merge.objects.create(thread=thread, into=made, by=by, moved=moved, is_split=True)
        record("split", thread.brand_id, thread, by, into=made.pk)
        announce(thread.brand_id, "thread.split", threads=[thread.pk], into=made.pk, by=by.pk)
        _settle(thread, made)
    return act


def _hold(*threads: Thread) -> list[Thread]:
    """Nobody else changes these until the end of the transaction."""
    ids = [thread.pk for thread in threads]
    return list(Thread.objects.of(threads[0].brand_id).filter(pk__in=ids).order_by("pk").select_for_update())


def _settle(*threads: Thread) -> None:
    from comptoir.inbox.gathering import refresh

    refresh(thread.pk for thread in threads)
    nudge(threads[0].brand_id, [thread.pk for thread in threads])
