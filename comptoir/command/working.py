"""The queue as a worker sees it: its own connections to fetch jobs with, the same jobs.

A second app, because what a job queues must go through Django's connection, in the job's own transaction:
procrastinate's `replace_connector`, which its own command uses, takes that away from every job of the process.
"""

from collections.abc import Iterable
from typing import Any

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.job_context import JobContext
from procrastinate.periodic import PeriodicDeferrer, PeriodicTask
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker


class Punctual(PeriodicDeferrer):
    """Queues what is due by the clock of the wall, also when that was set or the machine slept.

    procrastinate counts from the last time on. Set back by an hour, nothing would be queued for an hour; woken after a
    night, a job of each second would be queued for every second of it. Only the latest time counts here.
    """

    def get_timestamps(
        self, periodic_task: PeriodicTask[..., Any, Any], since: int | None, until: float
    ) -> Iterable[int]:
        """The latest time that was due and has not been seen to; none when there is none."""
        if since is None or since > until + 1:
            yield from super().get_timestamps(periodic_task=periodic_task, since=None, until=until)
            return
        periodic_task.croniter.set_current(start_time=until)
        latest = round(periodic_task.croniter.get_prev(ret_type=float))
        if latest > since:
            yield latest


class _Wakeful(Worker):
    """A worker that looks for work again when a job ends.

    procrastinate looks when a job is queued, or after five seconds. A job that waited for the lock of the one that
    ended would wait that long: the batches of a storm, which follow one another, came in at one or two a second.
    """

    async def _process_job(self, context: JobContext) -> None:
        try:
            await super()._process_job(context)
        finally:
            self._new_job_event.set()

    async def _periodic_deferrer(self) -> None:
        await Punctual(registry=self.app.periodic_registry, **self.app.periodic_defaults).worker()


class _Working(App):
    def _worker(self, **options: Any) -> Worker:
        return _Wakeful(app=self, **{**self.worker_defaults, **options})


def working_app(at_once: int = 1) -> App:
    """The app of a worker that does `at_once` jobs at a time."""
    connector = PsycopgConnector(
        kwargs=connector_params("default"), min_size=1, max_size=at_once + 2, max_idle=10
    )
    working = _Working(connector=connector)
    working.tasks = app.tasks
    working.periodic_registry = app.periodic_registry
    return working
