"""What of a person is kept sealed, and waiting jobs with it, when the key changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from comptoir.kernel.asking import ask
from comptoir.kernel.secrets import Sealed, keeps_sealed
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
    rows = Session.objects.order_by("pk").values_list("pk", "sealed")
    for pk, old in rows.iterator():
        yield Sealed("a session", old.encode(), partial(_keep_session, pk, old), _leave)


@keeps_sealed
def ways() -> Iterator[Sealed]:
    """How to reach people: the address of their chat, the keys of their browsers."""
    for model, name, what in ((Taste, "chat", "chat"), (Device, "keys", "browser")):
        rows = model.objects.filter(**{f"{name}__isnull": False}).select_related("user").order_by("pk")
        for each in rows:
            old = bytes(getattr(each, name))
            yield Sealed(f"{what} of {each.user}", old, partial(_keep, model, name, each.pk, old), _leave)


@keeps_sealed
def jobs() -> Iterator[Sealed]:
    """What waiting jobs were given sealed: mails that hold a way in."""
    for pk, task, old in ask(_JOBS, {}):
        yield Sealed(f"job {pk} ({task})", old.encode(), partial(_keep_job, pk, old), _leave)


def _keep_session(pk: Any, old: str, new: bytes) -> None:
    Session.objects.filter(pk=pk, sealed=old).update(sealed=new.decode())


def _keep(model: type[Taste] | type[Device], name: str, pk: Any, old: bytes, new: bytes) -> None:
    model.objects.filter(pk=pk, **{name: old}).update(**{name: new})


def _keep_job(pk: int, old: str, new: bytes) -> None:
    ask(_KEEP_JOB, {"job": pk, "old": old, "new": new.decode()})


def _leave() -> None:
    """What no key opens is as if it were not there: its owner signs in, or gives it, again."""
