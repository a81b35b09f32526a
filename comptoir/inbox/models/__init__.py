"""Threads: what the counter shows, and what people do with it."""

from comptoir.inbox.models.acts import Assignment, Closure, Note, Reply
from comptoir.inbox.models.thread import Answered, Entry, Reading, Thread

__all__ = ["Answered", "Assignment", "Closure", "Entry", "Note", "Reading", "Reply", "Thread"]
