"""News between rooms: a frozen dataclass of ids, told inside the teller's own transaction.

`tell(event)` queues one job for each listener through the caller's connection: a rollback leaves no job, a commit
loses none. News only goes upward: a room listens to the rooms below it.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from procrastinate.tasks import Task

Event = TypeVar("Event")
_listeners: dict[type[Any], list[tuple[Task[..., Any, Any], dict[str, Any]]]] = {}


def listens(event: type[Any], **options: Any) -> Callable[[Task[..., Any, Any]], Task[..., Any, Any]]:
    """Decorate a job whose arguments are the event's fields; it runs once for each event told. `options` go before
    those of the teller: a listener in no hurry takes no lock (lock=None) that others wait for."""

    def register(task: Task[..., Any, Any]) -> Task[..., Any, Any]:
        _listeners.setdefault(event, []).append((task, options))
        return task

    return register


def tell(event: Any, **options: Any) -> None:
    """Queue the listeners' jobs in the current transaction. `options` go to procrastinate (lock, priority)."""
    told = {f.name: getattr(event, f.name) for f in fields(event)}
    for task, own in _listeners.get(type(event), []):
        task.configure(**(options | own)).defer(**told)
