"""Who is at a thread now: who looks at it, who writes the answer, and the words that have not left yet.

A lock is soft: it names the one who writes and lapses by itself, and a colleague may take it over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import models, transaction

from comptoir.inbox.models.thread import Thread
from comptoir.inbox.telling import tell_taken_over
from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.live import nudge
from comptoir.organisation.audit import record

if TYPE_CHECKING:
    from comptoir.organisation.models import User

HELD = timedelta(seconds=90)
"""How long a lock outlives the last keystroke."""
HERE = timedelta(seconds=50)
"""How long somebody is here after their page last said so; pages say it every 20 seconds."""
LEFT = timedelta(minutes=10)
"""After that, an open page that says nothing counts as left."""


class Locked(Exception):
    """A colleague is writing the answer: `lock` is theirs."""

    def __init__(self, lock: Lock) -> None:
        super().__init__("locked")
        self.lock = lock


class Lock(models.Model):
    """Somebody writes an answer to the thread."""

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="lock", primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by_id} writes in {self.thread_id}"


class Presence(models.Model):
    """Somebody has the thread open; `away` when their page is behind others."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    away = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="presence_once")]
        indexes = [models.Index(fields=["at"], name="presence_at")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.thread_id}"


class Draft(models.Model):
    """What somebody began to write in a thread and has not sent: an answer or a note, theirs alone."""

    class Kind(models.TextChoices):
        REPLY = "reply"
        NOTE = "note"

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    text = models.TextField()
    warning = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "by", "kind"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.by_id} in {self.thread_id}"


_HOLD = """
INSERT INTO inbox_lock AS l (thread_id, by_id, since, until) VALUES (%(thread)s, %(user)s, %(now)s, %(until)s)
ON CONFLICT (thread_id) DO UPDATE SET by_id = excluded.by_id, until = excluded.until,
    since = CASE WHEN l.by_id = excluded.by_id AND l.until > excluded.since THEN l.since ELSE excluded.since END
WHERE l.by_id = excluded.by_id OR l.until <= excluded.since
RETURNING since = %(now)s
"""


def _tell(thread: Thread) -> None:
    nudge(thread.brand_id, what=f"presence:{thread.pk}")


def lock_of(thread: Thread) -> Lock | None:
    """Who writes the thread's answer now."""
    return Lock.objects.filter(thread=thread, until__gt=clock.now()).select_related("by").first()


def hold(thread: Thread, by: User) -> None:
    """`by` writes the answer, or goes on writing it. Locked when a colleague does."""
    now = clock.now()
    rows = ask(_HOLD, {"thread": thread.pk, "user": by.pk, "now": now, "until": now + HELD})
    if rows and rows[0][0]:
        _tell(thread)
    if not rows and (theirs := lock_of(thread)) is not None:
        raise Locked(theirs)


def take_over(thread: Thread, by: User) -> User | None:
    """`by` writes the answer from now on, and whoever did is told; they, or None when nobody did."""
    now = clock.now()
    with transaction.atomic():
        Thread.objects.of(thread.brand_id).select_for_update().get(pk=thread.pk)
        theirs = lock_of(thread)
        Lock.objects.update_or_create(thread=thread, defaults={"by": by, "since": now, "until": now + HELD})
        _tell(thread)
        if theirs is None or theirs.by_id == by.pk:
            return None
        record("taken_over", thread.brand_id, thread, by, colleague=str(theirs.by), colleague_id=theirs.by_id)
        tell_taken_over(thread, theirs.by, by)
    return theirs.by


def release(thread: Thread, by: User) -> None:
    """`by` writes no answer any more."""
    if Lock.objects.filter(thread=thread, by=by).delete()[0]:
        _tell(thread)


def keep_draft(thread: Thread, by: User, kind: str, text: str, warning: str = "") -> None:
    """Keep what somebody began to write; an empty text is nothing kept."""
    if not text.strip():
        Draft.objects.filter(thread=thread, by=by, kind=kind).delete()
        return
    words = {"text": text, "warning": warning, "at": clock.now()}
    Draft.objects.update_or_create(thread=thread, by=by, kind=kind, defaults=words)


def was_sent(thread: Thread, by: User, kind: str, text: str, key: str) -> bool:
    """Whether what somebody's page still wants kept has left already: pages save and send at the same time."""
    if kind == Draft.Kind.REPLY:
        return bool(key) and thread.replies.filter(author=by, delivery__key=key).exists()
    return thread.notes.filter(author=by, text=text.strip(), created__gt=clock.now() - HELD).exists()


def forget_draft(thread: Thread, by: User, kind: str) -> None:
    """It was sent."""
    Draft.objects.filter(thread=thread, by=by, kind=kind).delete()


_LOOK = """
WITH before AS (SELECT away, at FROM inbox_presence WHERE thread_id = %(thread)s AND user_id = %(user)s), kept AS (
    INSERT INTO inbox_presence (thread_id, user_id, away, at) VALUES (%(thread)s, %(user)s, %(away)s, %(now)s)
    ON CONFLICT (thread_id, user_id) DO UPDATE SET away = excluded.away, at = excluded.at)
SELECT NOT EXISTS (SELECT FROM before WHERE away = %(away)s AND at > %(here)s)
"""


def look(thread: Thread, user: User, away: bool = False) -> None:
    """The user's page shows the thread, in front or behind others."""
    now = clock.now()
    values = {"thread": thread.pk, "user": user.pk, "away": away, "now": now, "here": now - HERE}
    if ask(_LOOK, values)[0][0]:
        _tell(thread)


def look_away(thread: Thread, user: User) -> None:
    """The user's page shows something else."""
    if Presence.objects.filter(thread=thread, user=user).delete()[0]:
        _tell(thread)


class Here(NamedTuple):
    """A colleague at a thread: `state` is "writing", "reading" or "away"; `since` when they began to write."""

    thread: int
    user: int
    name: str
    state: str
    since: datetime | None


_HERE = """
SELECT t.id, u.id, coalesce(nullif(u.name, ''), u.email),
    CASE WHEN l.by_id IS NOT NULL THEN 'writing' WHEN p.away OR p.at <= %(here)s THEN 'away' ELSE 'reading' END,
    l.since
FROM (SELECT thread_id, user_id, away, at FROM inbox_presence WHERE at > %(left)s {only}) p
FULL JOIN (SELECT thread_id, by_id, since FROM inbox_lock WHERE until > %(now)s {only}) l
    ON l.thread_id = p.thread_id AND l.by_id = p.user_id
JOIN inbox_thread t ON t.id = coalesce(p.thread_id, l.thread_id)
JOIN organisation_user u ON u.id = coalesce(p.user_id, l.by_id)
WHERE t.brand_id = %(brand)s AND u.id <> %(user)s
ORDER BY l.since IS NULL, u.name, u.id LIMIT 500
"""


def who_is_here(brand_id: int, user_id: int, thread: int | None = None) -> list[Here]:
    """The user's colleagues at the brand's threads, or at one of them: who writes first."""
    now = clock.now()
    values = {"brand": brand_id, "user": user_id, "now": now, "here": now - HERE, "left": now - LEFT}
    only = ""
    if thread is not None:
        values["thread"], only = thread, "AND thread_id = %(thread)s"
    return [Here(*row) for row in ask(_HERE.format(only=only), values)]


def leave_off(brand_id: int, user_id: int) -> None:
    """Somebody writes for the brand no more: what they had not sent goes, and colleagues go on."""
    from comptoir.inbox.models.acts import Follow
    from comptoir.inbox.models.enclosing import Enclosure

    with transaction.atomic():
        Draft.objects.filter(thread__brand=brand_id, by=user_id).delete()
        Enclosure.objects.filter(thread__brand=brand_id, by=user_id).delete()
        Presence.objects.filter(thread__brand=brand_id, user=user_id).delete()
        Lock.objects.filter(thread__brand=brand_id, by=user_id).delete()
        Follow.objects.filter(thread__brand=brand_id, by=user_id).delete()


def sweep() -> int:
    """Forget who was where an hour ago; how many rows."""
    old = clock.now() - timedelta(hours=1)
    return Presence.objects.filter(at__lt=old).delete()[0] + Lock.objects.filter(until__lt=old).delete()[0]
