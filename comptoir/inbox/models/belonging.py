"""Whose a thread is: somebody's, a team's, a queue's, or nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction

from comptoir.inbox.models.queue import Queue
from comptoir.inbox.telling import tell_assigned, tell_followers
from comptoir.organisation.audit import record
from comptoir.organisation.models import Team

if TYPE_CHECKING:
    from comptoir.inbox.models.acts import Assignment
    from comptoir.organisation.models import User

_KEPT = object()


class Belonging(models.Model):
    """The part of a thread that says whose it is: a person's or nobody's, perhaps a team's. It waits in one queue at
    the most."""

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="threads"
    )
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, related_name="threads", db_index=False
    )
    queue = models.ForeignKey(
        Queue, on_delete=models.SET_NULL, null=True, related_name="threads", db_index=False
    )

    brand_id: int
    _rows: Any
    _announce: Any
    _set: Any
    _count_down: Any

    class Meta:
        abstract = True

    def assign(self, to: User | Team | Queue | None, by: User | None) -> Assignment:
        """Give the thread to somebody, to a team, to whoever works in a queue, or to nobody."""
        if isinstance(to, Queue):
            return self.give(None, None, by, to)
        if to is None or isinstance(to, Team):
            return self.give(None, to, by)
        # Whoever takes it from their team leaves it there: the team sees who has it.
        return self.give(to, _KEPT, by)

    def put_in(self, queue: Queue | None, by: User | None) -> Assignment:
        """Let it wait in this queue, or in none; whoever has it keeps it."""
        return self.give(_KEPT, _KEPT, by, queue)

    def give(self, person: Any, team: Any, by: User | None, queue: Any = _KEPT) -> Assignment:
        """Give it to these, each of them nobody or none; to what is _KEPT as before."""
        from comptoir.inbox.models.acts import Assignment

        with transaction.atomic():
            held = (
                self._rows().select_for_update(of=("self",)).select_related("assignee", "team", "queue").get()
            )
            person = held.assignee if person is _KEPT else person
            team = held.team if team is _KEPT else team
            queue = held.queue if queue is _KEPT else queue
            act = Assignment.objects.create(
                thread_id=self.pk,
                to=person,
                team=team,
                by=by,
                before_id=held.assignee_id,
                team_before_id=held.team_id,
                queue=queue,
                queue_before_id=held.queue_id,
            )
            self._write_down(act, by)
            moved = act.queue_id != act.queue_before_id
            # To say where it waits is no work on it: who works in that queue still finds it new.
            waits_elsewhere = moved and (not act.hands_over or (act.to or act.team) is None)
            self._set(worked=not waits_elsewhere, assignee=person, team=team, queue=queue)
            if moved:
                self._count_down()
            if person != held.assignee:
                tell_assigned(self, person, by)
            tell_followers(self, by)
        return act

    def _write_down(self, act: Assignment, by: User | None) -> None:
        """Who has it now, for the log and for programs."""
        moved = act.queue_id != act.queue_before_id
        if moved and act.queue is not None:
            record("queued", self.brand_id, self, by, queue=act.queue.name)
        elif moved:
            record("unqueued", self.brand_id, self, by)
        if (to := act.to or act.team) is not None and (act.hands_over or not moved):
            record("assigned", self.brand_id, self, by, to=str(to), to_id=to.pk)
        elif to is None and not moved:
            record("unassigned", self.brand_id, self, by)
        self._announce("thread.assigned", by, to=act.to_id, team=act.team_id, queue=act.queue_id)
