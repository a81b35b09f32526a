"""What the inbox has to tell one person: a thread given to them, a colleague who names them, an answer that stayed.

Notices name colleagues and the brand's own accounts, never the strangers who write: they travel by mail and by chat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from comptoir.kernel.asking import ask
from comptoir.networks.models import Delivery
from comptoir.organisation.models import Draft, Membership, Notice, User
from comptoir.reading.folding import fold

if TYPE_CHECKING:
    from comptoir.inbox.models.acts import Note, Pause, Reply
    from comptoir.inbox.models.thread import Thread

_OUTCOMES = {
    Delivery.State.REFUSED: "reply_refused",
    Delivery.State.RETURNED: "reply_returned",
    Delivery.State.UNCERTAIN: "reply_uncertain",
}


def tell_assigned(thread: Any, to: User | None, by: User | None) -> None:
    """The thread is somebody's now; whoever had it before need not hear of it any more."""
    Notice.settle_each(thread.brand_id, [_about(thread.pk)], "thread_assigned", "thread_soon", "thread_late")
    if to is not None and to != by:
        facts = {"by": str(by or "Comptoir"), "channel": thread.channel.handle}
        Notice.post_all([Draft(thread.brand_id, "thread_assigned", _about(thread.pk), facts, to.pk)])


def tell_taken_over(thread: Thread, before: User, by: User) -> None:
    """Whoever was writing an answer hears that a colleague writes it now."""
    facts = {"by": str(by), "channel": thread.channel.handle}
    Notice.post_all([Draft(thread.brand_id, "thread_taken_over", _about(thread.pk), facts, before.pk)])


def tell_awake(pauses: Sequence[Pause]) -> None:
    """What was put off has come back: whoever put it off hears of it, else whoever has it."""
    drafts = []
    for pause in pauses:
        if to := pause.by_id or pause.thread.assignee_id:
            facts = {"channel": pause.thread.channel.handle}
            drafts.append(Draft(pause.thread.brand_id, "thread_awake", _about(pause.thread_id), facts, to))
    Notice.post_all(drafts)


def tell_named(note: Note, by: User) -> None:
    """Those whom a note names after an @, by their name or by the first part of their address."""
    if "@" not in note.text:
        return
    thread = note.thread
    members = Membership.objects.going_on().filter(brand=thread.brand_id, user__is_active=True)
    facts = {"by": str(by), "channel": thread.channel.handle}
    Notice.post_all(
        Draft(thread.brand_id, "note_mention", _about(thread.pk), facts, user.pk)
        for user in named([member.user for member in members.select_related("user")], note.text)
        if user != by
    )


def named(people: Sequence[User], text: str) -> list[User]:
    """The people whom a text names after an @."""
    folded = fold(text)
    return [
        person
        for person in people
        if any(
            re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", folded)
            for name in (fold(person.name), fold(person.email.partition("@")[0]))
            if name
        )
    ]


def tell_answered(thread_ids: Sequence[int]) -> None:
    """Strangers wrote in these threads: those who have or follow them hear of it, once until they look."""
    if thread_ids:
        Notice.post_all(
            Draft(brand, "thread_answered", _about(pk), {"channel": handle}, to)
            for pk, brand, handle, to in ask(_HEARERS, {"threads": list(thread_ids)})
        )


_HEARERS = """
SELECT t.id, t.brand_id, c.handle, h.user_id FROM inbox_thread t JOIN networks_channel c ON c.id = t.channel_id
CROSS JOIN LATERAL (
    SELECT t.assignee_id AS user_id WHERE t.assignee_id IS NOT NULL
    UNION SELECT by_id FROM inbox_follow WHERE thread_id = t.id) h
WHERE t.id = ANY(%(threads)s)
"""


_HELD: ContextVar[dict[int, tuple[Any, User | None]] | None] = ContextVar("held", default=None)


@contextmanager
def followers_together() -> Iterator[None]:
    """What is done to many threads meanwhile is told to those who follow them at its end, in one go."""
    held: dict[int, tuple[Any, User | None]] = {}
    mark = _HELD.set(held)
    try:
        yield
    finally:
        _HELD.reset(mark)
    _tell_followers(held)


def tell_followers(thread: Any, by: User | None) -> None:
    """A colleague did something in the thread: those who follow it hear of it, once until they look."""
    held = _HELD.get()
    if held is None:
        _tell_followers({thread.pk: (thread, by)})
    else:
        held[thread.pk] = (thread, by)


def _tell_followers(acted: Mapping[int, tuple[Any, User | None]]) -> None:
    from comptoir.inbox.models.acts import Follow

    if not acted:
        return
    rows = Follow.objects.filter(thread__in=list(acted))
    drafts = []
    for pk, to, handle in rows.values_list("thread", "by_id", "thread__channel__handle"):
        thread, by = acted[pk]
        if by is None or to != by.pk:
            facts = {"by": str(by or "Comptoir"), "channel": handle}
            drafts.append(Draft(thread.brand_id, "thread_followed", _about(pk), facts, to))
    Notice.post_all(drafts)


def tell_outcome(reply: Reply) -> None:
    """An answer did not leave, or nobody knows: its author hears of it."""
    delivery, thread = reply.delivery, reply.thread
    code = _OUTCOMES.get(Delivery.State(delivery.state))
    if code and reply.author_id:
        facts = {"channel": delivery.channel.handle}
        Notice.post_all([Draft(thread.brand_id, code, _about(thread.pk), facts, reply.author_id)])


def _about(thread_id: int) -> str:
    return f"thread:{thread_id}"
