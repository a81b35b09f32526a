"""Threads: what the counter shows, and what people do with it."""

from comptoir.inbox.models.acts import Assignment, Closure, Note, Reply
from comptoir.inbox.models.thread import Answered, Entry, Reading, Thread
from comptoir.inbox.models.writing import Draft, Lock, Locked, Presence

__all__ = [
    "Answered",
    "Assignment",
    "Closure",
    "Draft",
    "Entry",
    "Lock",
    "Locked",
    "Note",
    "Presence",
    "Reading",
    "Reply",
    "Thread",
]
