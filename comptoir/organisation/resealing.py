"""What of a person is kept sealed, and waiting jobs with it, when the key changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from comptoir.kernel.asking import ask
from comptoir.kernel.secrets import Sealed, column, keeps_sealed
from comptoir.organisation.models import Session
from comptoir.organisation.models.taste import Device, Taste

_JOBS = """
SELECT id, task_name, args->>'sealed' FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND args ? 'sealed' ORDER BY id
"""
_KEEP_JOB = """
UPDATE procrastinate_jobs SET args = jsonb_set(args, '{sealed}', to_jsonb(%(new)s::text))
WHERE id = %(job)s AND args->>'sealed' = %(old)s RETURNING id
"""


@keeps_sealed
def sessions() -> Iterator[Sealed]:
    """What browsers' sessions hold: who is signed in stays so."""
    yield from column(Session.objects.all(), "sealed", lambda session: "a session")


@keeps_sealed
def ways() -> Iterator[Sealed]:
    """How to reach people: the address of their chat, the keys of their browsers."""
    yield from column(Taste.objects.select_related("user"), "chat", lambda taste: f"chat of {taste.user}")
    yield from column(
        Device.objects.select_related("user"), "keys", lambda device: f"browser of {device.user}"
    )


@keeps_sealed
def jobs() -> Iterator[Sealed]:
    """What waiting jobs were given sealed: mails that hold a way in."""
    for pk, task, old in ask(_JOBS, {}):
        yield Sealed(f"job {pk} ({task})", old.encode(), partial(_keep_job, pk, old))


def _keep_job(pk: int, old: str, new: bytes) -> None:
    ask(_KEEP_JOB, {"job": pk, "old": old, "new": new.decode()})
