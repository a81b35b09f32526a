"""What has to happen when a backup takes the place of the present: each room says it for its own rows.

A backup is a moment that has passed. What was about to leave then may have left since, and what the networks gave us
may be sealed with a key that is not here: rooms register steps that see to it before anybody works with the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from procrastinate.tasks import Task

Step = Callable[[datetime], Iterable[str]]
"""Given the moment of the backup, it changes its rows and answers with sentences for whoever restores."""

steps: list[Step] = []
leaving: set[str] = set()
"""The names of jobs whose work reaches somebody outside: those queued in a backup may have been done since."""


def after_restoring(step: Step) -> Step:
    """Decorate a step. It may run on rows that it has seen before."""
    steps.append(step)
    return step


def leaves[Left: Task[..., Any, Any]](task: Left) -> Left:
    """Decorate a job that tells somebody outside something: it does not come back with a backup."""
    leaving.add(task.name)
    return task
