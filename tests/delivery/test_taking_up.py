"""Jobs of workers that died are taken up, whatever others did with some of them meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.command.working import working_app
from comptoir.kernel import clock
from comptoir.networks import jobs

pytestmark = pytest.mark.django_db(transaction=True)


def died(many: int) -> list[int]:
    """Jobs under way at a worker that has not been heard of for an hour; their numbers."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
            [clock.now() - timedelta(hours=1)],
        )
        (worker,) = cursor.fetchone()
        made = [jobs.index_anew.defer(after=n) for n in range(many)]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = ANY(%s)",
            [worker, made],
        )
    return made


def test_a_job_that_another_saw_to_meanwhile_keeps_no_other_from_being_taken_up() -> None:
    gone, waiting = died(2)

    async def take_up() -> None:
        app = working_app()
        async with app.open_async():
            manager: Any = app.job_manager
            stalled: Any = manager.get_stalled_jobs

            async def then_gone(**asked: Any) -> Any:
                found = sorted(await stalled(**asked), key=lambda job: job.id)
                await asyncio.to_thread(_remove, gone)
                return found

            manager.get_stalled_jobs = then_gone
            context: Any = SimpleNamespace(app=app)
            await jobs.take_up.func(context, 0)

    asyncio.run(take_up())
    ours = ProcrastinateJob.objects.filter(pk__in=[gone, waiting])
    assert dict(ours.values_list("id", "status")) == {waiting: "todo"}


def _remove(job: int) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job])
    connections.close_all()
