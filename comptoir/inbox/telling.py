"""What the inbox has to tell one person: a thread given to them, a colleague who names them, an answer that stayed.

Notices name colleagues and the brand's own accounts, never the strangers who write: they travel by mail and by chat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from comptoir.networks.models import Delivery
from comptoir.organisation.models import Draft, Membership, Notice, User
from comptoir.reading.folding import fold

if TYPE_CHECKING:
    from comptoir.inbox.models.acts import Note, Reply
    from comptoir.inbox.models.thread import Thread

_OUTCOMES = {
    Delivery.State.REFUSED: "reply_refused",
    Delivery.State.RETURNED: "reply_returned",
    Delivery.State.UNCERTAIN: "reply_uncertain",
}


def tell_assigned(thread: Thread, to: User | None, by: User) -> None:
    """The thread is somebody's now; whoever had it before need not hear of it any more."""
    Notice.settle(thread.brand_id, _about(thread.pk), "thread_assigned")
    if to is not None and to != by:
        facts = {"by": str(by), "channel": thread.channel.handle}
        Notice.post_all([Draft(thread.brand_id, "thread_assigned", _about(thread.pk), facts, to.pk)])


def tell_taken_over(thread: Thread, before: User, by: User) -> None:
    """Whoever was writing an answer hears that a colleague writes it now."""
    facts = {"by": str(by), "channel": thread.channel.handle}
    Notice.post_all([Draft(thread.brand_id, "thread_taken_over", _about(thread.pk), facts, before.pk)])


def tell_named(note: Note, by: User) -> None:
    """Those whom a note names after an @, by their name or by the first part of their address."""
    if "@" not in note.text:
        return
    thread = note.thread
    members = Membership.objects.filter(brand=thread.brand_id, user__is_active=True).select_related("user")
    facts = {"by": str(by), "channel": thread.channel.handle}
    Notice.post_all(
        Draft(thread.brand_id, "note_mention", _about(thread.pk), facts, user.pk)
        for user in named([member.user for member in members], note.text)
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
    """Strangers wrote in these threads: those who have them hear of it, once until they look."""
    if not thread_ids:
        return
    from comptoir.inbox.models.thread import Thread

    rows = Thread.objects.everywhere().filter(pk__in=thread_ids, assignee__isnull=False)
    Notice.post_all(
        Draft(brand, "thread_answered", _about(pk), {"channel": handle}, assignee)
        for pk, brand, assignee, handle in rows.values_list(
            "pk", "brand_id", "assignee_id", "channel__handle"
        )
    )


def tell_outcome(reply: Reply) -> None:
    """An answer did not leave, or nobody knows: its author hears of it."""
    delivery, thread = reply.delivery, reply.thread
    code = _OUTCOMES.get(Delivery.State(delivery.state))
    if code and reply.author_id:
        facts = {"channel": delivery.channel.handle}
        Notice.post_all([Draft(thread.brand_id, code, _about(thread.pk), facts, reply.author_id)])


def _about(thread_id: int) -> str:
    return f"thread:{thread_id}"
