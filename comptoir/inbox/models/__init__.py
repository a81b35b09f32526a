"""Threads: what the counter shows, and what people do with it."""

from comptoir.inbox.models.acts import Assignment, Closure, Follow, Note, Pause, Reply
from comptoir.inbox.models.bulk import Bulk, BulkChange
from comptoir.inbox.models.case import Case, CaseLink, ServiceDesk
from comptoir.inbox.models.clusters import Band, Cluster, Exemplar, Likened
from comptoir.inbox.models.contact import Contact, Handle, Objects, PersonNote, PersonTag, Promise
from comptoir.inbox.models.custom import CustomField, TooManyFields
from comptoir.inbox.models.enclosing import Enclosure, NotTaken
from comptoir.inbox.models.entry import Entry, Reading
from comptoir.inbox.models.merging import Merge
from comptoir.inbox.models.queue import Clerk, Queue, QueueMember, TooManyQueues
from comptoir.inbox.models.release import NothingToSend, NotSeen, NotYours, Part, Release
from comptoir.inbox.models.rule import Deed, Rule
from comptoir.inbox.models.saved import SavedReply, SavedReplyText, ShortcutTaken
from comptoir.inbox.models.sorting import Tag, Tagging, View
from comptoir.inbox.models.survey import Survey
from comptoir.inbox.models.target import Target
from comptoir.inbox.models.thread import Answered, Thread
from comptoir.inbox.models.writing import Draft, Lock, Locked, Presence

__all__ = [
    "Answered",
    "Assignment",
    "Band",
    "Bulk",
    "BulkChange",
    "Case",
    "CaseLink",
    "Clerk",
    "Closure",
    "Cluster",
    "Contact",
    "CustomField",
    "Deed",
    "Draft",
    "Enclosure",
    "Entry",
    "Exemplar",
    "Follow",
    "Handle",
    "Likened",
    "Lock",
    "Locked",
    "Merge",
    "NotSeen",
    "NotTaken",
    "NotYours",
    "Note",
    "NothingToSend",
    "Objects",
    "Part",
    "Pause",
    "PersonNote",
    "PersonTag",
    "Presence",
    "Promise",
    "Queue",
    "QueueMember",
    "Reading",
    "Release",
    "Reply",
    "Rule",
    "SavedReply",
    "SavedReplyText",
    "ServiceDesk",
    "ShortcutTaken",
    "Survey",
    "Tag",
    "Tagging",
    "Target",
    "Thread",
    "TooManyFields",
    "TooManyQueues",
    "View",
]
