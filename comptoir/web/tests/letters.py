"""The letters that wait in the queue, as the people whom they are for would read them."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.web import jobs

_done: set[int] = set()


def delivered() -> list[Any]:
    """Do the jobs that write and post mail until none is left; every mail that went out since the test began."""
    while waiting := [
        job
        for job in ProcrastinateJob.objects.filter(task_name__startswith="comptoir.web.jobs.", status="todo")
        if job.pk not in _done
    ]:
        for job in waiting:
            _done.add(job.pk)
            getattr(jobs, job.task_name.rpartition(".")[2]).func(**job.args)
    return list(getattr(mail, "outbox", []))


def link_in(letter: Any) -> str:
    """The address in a letter, without the house's own."""
    found = re.search(r"https?://[^/\s]+(/\S+)", letter.body)
    assert found, letter.body
    return found[1]
