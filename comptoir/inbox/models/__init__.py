"""Threads: what the counter shows, and what people do with it."""

from comptoir.inbox.models.acts import Assignment, Closure, Follow, Note, Pause, Reply
from comptoir.inbox.models.bulk import Bulk, BulkChange
from comptoir.inbox.models.entry import Entry, Reading
from comptoir.inbox.models.merging import Merge
from comptoir.inbox.models.rule import Deed, Rule
from comptoir.inbox.models.saved import SavedReply, SavedReplyText, ShortcutTaken
from comptoir.inbox.models.sorting import Tag, Tagging, View
from comptoir.inbox.models.thread import Answered, Thread
from comptoir.inbox.models.writing import Draft, Lock, Locked, Presence

__all__ = [
    "Answered",
    "Assignment",
    "Bulk",
    "BulkChange",
    "Closure",
    "Deed",
    "Draft",
    "Entry",
    "Follow",
    "Lock",
    "Locked",
    "Merge",
    "Note",
    "Pause",
    "Presence",
    "Reading",
    "Reply",
    "Rule",
    "SavedReply",
    "SavedReplyText",
    "ShortcutTaken",
    "Tag",
    "Tagging",
    "Thread",
    "View",
]
