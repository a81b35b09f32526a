"""The queue as a worker sees it: its own connections to fetch jobs with, the same jobs.

A second app, because what a job queues must go through Django's connection, in the job's own transaction:
procrastinate's `replace_connector`, which its own command uses, takes that away from every job of the process.
"""

from typing import Any

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.job_context import JobContext
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker


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


class _Working(App):
    def _worker(self, **options: Any) -> Worker:
        return _Wakeful(app=self, **{**self.worker_defaults, **options})


def working_app(at_once: int = 1) -> App:
    """The app of a worker that does `at_once` jobs at a time."""
    connector = PsycopgConnector(kwargs=connector_params("default"), min_size=1, max_size=at_once + 2)
    working = _Working(connector=connector)
    working.tasks = app.tasks
    working.periodic_registry = app.periodic_registry
    return working
