"""What the inbox holds of people: their conversations, and what colleagues noted there.

What colleagues noted in a person's conversation is about that person and goes with it. What others wrote in the same
conversation is theirs and stays; where they name the person, the name is covered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_noop

from comptoir.inbox.gathering import refresh
from comptoir.inbox.models import (
    Case,
    CaseLink,
    Draft,
    Enclosure,
    Entry,
    Handle,
    Note,
    PersonNote,
    PersonTag,
    Promise,
    Survey,
    Thread,
)
from comptoir.inbox.models.contact import KINDS, forget
from comptoir.inbox.models.custom import by_name
from comptoir.kernel.live import nudge
from comptoir.networks.holding import Answers, blank, names_of
from comptoir.networks.models import Activity, Actor, Delivery
from comptoir.networks.models.activity import ERASED
from comptoir.networks.persons import Holder, Row, holds, messages_of, within
from comptoir.organisation.models import Brand
from comptoir.reading.folding import spaced

COVER = "•"


def threads_of(person: Actor, brand: Brand | None = None) -> Any:
    """The person's own conversations."""
    return within(Thread.objects, brand).filter(person=person)


def threads_with(person: Actor) -> Any:
    """All conversations in which the person has a word."""
    theirs = Entry.objects.filter(activity__actor=person).values("thread")
    return within(Thread.objects, None).filter(Q(person=person) | Q(pk__in=theirs))


@holds
class Conversations(Holder):
    """The person's threads, and what the brand said there."""

    name = "conversations"
    label = gettext_noop("Conversations")
    models = (
        "inbox.Thread", "inbox.Entry", "inbox.Reply", "inbox.Assignment", "inbox.Closure", "inbox.Reading",
        "inbox.Lock", "inbox.Presence", "inbox.Follow", "inbox.Pause", "inbox.Merge", "inbox.Tagging",
        "inbox.BulkChange", "inbox.Likened", "inbox.Exemplar", "inbox.Band", "inbox.Part",
        "inbox.Deed",
    )  # fmt: skip
    order = 45

    def count(self, person: Actor, brand: Brand | None) -> int:
        return int(threads_of(person, brand).count())

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in threads_of(person, brand).select_related("channel").order_by("last_at").iterator():
            yield {
                "thread": each.pk, "network": each.channel.network, "account": each.channel.handle,
                "kind": each.kind, "messages": each.messages, "last": each.last_at, "closed": each.closed_at,
                "fields": by_name(each.brand_id, each.fields),
            }  # fmt: skip

    def erase(self, person: Actor) -> int:
        theirs = list(threads_of(person).values_list("pk", flat=True))
        said = dict.fromkeys(messages_of(person, None).values_list("remote_id", flat=True))
        for thread in threads_with(person):
            if thread.conversation in said or person.remote_id in thread.conversation or thread.pk in theirs:
                Thread.objects.of(thread.brand_id).filter(pk=thread.pk).update(
                    conversation=f"{ERASED}{thread.pk}"
                )
        ours = Q(entries__thread__in=theirs) | Q(
            in_reply_to__in=said, entries__thread__in=threads_with(person)
        )
        blank(Activity.objects.everywhere().filter(ours, entries__own=True).distinct(), nameless=False)
        _cover_names(person, set(said))
        within(Thread.objects, None).filter(pk__in=theirs).exclude(fields={}).update(fields={})
        return len(theirs)

    def settle(self, person: Actor) -> None:
        touched = list(threads_with(person).values_list("pk", "brand"))
        refresh(pk for pk, _brand in touched)
        for brand in {brand for _pk, brand in touched}:
            nudge(brand, [pk for pk, of in touched if of == brand])
        for pk, brand in threads_of(person).values_list("pk", "brand"):
            # What colleagues began to write to them is in their browsers as well.
            nudge(brand, what=f"erased:{pk}")


@holds
class AnswersHere(Answers):
    """The answers, with those that were given to others in the person's conversations."""

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        theirs = Q(target__actor=person) | Q(reply__thread__person=person)
        return within(Delivery.objects, brand).filter(theirs).distinct()


@holds
class Notes(Holder):
    """What colleagues noted in the person's conversations."""

    name = "notes"
    label = gettext_noop("Internal notes in their conversations")
    models = ("inbox.Note",)
    order = 44

    def count(self, person: Actor, brand: Brand | None) -> int:
        return Note.objects.filter(thread__in=threads_of(person, brand)).exclude(text="").count()

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in Note.objects.filter(thread__in=threads_of(person, brand)).order_by("pk").iterator():
            yield {"thread": each.thread_id, "written": each.created, "text": each.text}

    def erase(self, person: Actor) -> int:
        done = Note.objects.filter(thread__in=threads_of(person)).exclude(text="").update(text="")
        cover = _cover(names_of(person))
        for note in Note.objects.filter(thread__in=threads_with(person)).exclude(text=""):
            if (text := cover(note.text)) != note.text:
                Note.objects.filter(pk=note.pk).update(text=text)
        return done


@holds
class Cases(Holder):
    """What was handed to customer service about the person."""

    name = "cases"
    label = gettext_noop("Cases handed to customer service")
    models = ("inbox.Case", "inbox.CaseLink")
    order = 42

    def count(self, person: Actor, brand: Brand | None) -> int:
        return int(within(Case.objects, brand).filter(thread__in=threads_of(person, brand)).count())

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        theirs = within(Case.objects, brand).filter(thread__in=threads_of(person, brand))
        for each in theirs.select_related("desk").order_by("pk").iterator():
            yield {
                "thread": each.thread_id, "case": each.number, "desk": str(each.desk), "written": each.created,
                "text": each.note, "contact": each.contact, "consent": each.consent, "their_number": each.theirs,
            }  # fmt: skip

    def erase(self, person: Actor) -> int:
        gone = {"note": "", "contact": "", "consent": "", "theirs": "", "messages": []}
        theirs = within(Case.objects, None).filter(thread__in=threads_of(person))
        CaseLink.objects.filter(case__in=theirs).delete()
        return int(theirs.update(**gone))


@holds
class Surveys(Holder):
    """What the person answered when they were asked whether they were helped; the number stays, without their words."""

    name = "surveys"
    label = gettext_noop("Answers to the question whether they were helped")
    models = ("inbox.Survey",)
    order = 41

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand).order_by("pk").iterator():
            yield {
                "thread": each.thread_id,
                "answered": each.answered_at,
                "score": each.score,
                "text": each.words,
            }

    def erase(self, person: Actor) -> int:
        done = self._of(person, None).exclude(words="").update(words="")
        return int(done)

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        theirs = within(Survey.objects, brand).filter(thread__in=threads_of(person, brand))
        return theirs.exclude(answered_at=None)


@holds
class Drafts(Holder):
    """What colleagues began to write to them, or about them, and have not sent."""

    name = "drafts"
    label = gettext_noop("Drafts in their conversations")
    models = ("inbox.Draft", "inbox.Enclosure")
    order = 43

    def count(self, person: Actor, brand: Brand | None) -> int:
        theirs = threads_of(person, brand)
        begun = Draft.objects.filter(thread__in=theirs).count()
        return begun + Enclosure.objects.filter(thread__in=theirs).count()

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in Draft.objects.filter(thread__in=threads_of(person, brand)).order_by("pk").iterator():
            yield {"thread": each.thread_id, "kind": each.kind, "written": each.at, "text": each.text}
        beside = Enclosure.objects.filter(thread__in=threads_of(person, brand)).defer("content")
        for one in beside.order_by("pk").iterator():
            yield {"thread": one.thread_id, "kind": one.mime, "written": one.at, "text": one.alt or one.name}

    def erase(self, person: Actor) -> int:
        done = Draft.objects.filter(thread__in=threads_of(person)).delete()[0]
        done += Enclosure.objects.filter(thread__in=threads_of(person)).delete()[0]
        cover = _cover(names_of(person))
        for draft in Draft.objects.filter(thread__in=threads_with(person)):
            Draft.objects.filter(pk=draft.pk).update(text=cover(draft.text))
        return done


@holds
class KeptOfThem(Holder):
    """What colleagues keep of the person: notes, tags, promises, which handles are theirs."""

    name = "kept"
    label = gettext_noop("Notes, tags and promises about them, and their other handles")
    models = ("inbox.Contact", "inbox.Handle", "inbox.PersonNote", "inbox.PersonTag", "inbox.Promise")
    order = 42

    def count(self, person: Actor, brand: Brand | None) -> int:
        return sum(within(kind.objects, brand).filter(actor=person).count() for kind in (Handle, *KINDS))

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for note in within(PersonNote.objects, brand).filter(actor=person).order_by("pk").iterator():
            yield {"kind": "note", "written": note.at, "text": note.text}
        for tag in within(PersonTag.objects, brand).filter(actor=person).select_related("tag").order_by("pk"):
            yield {"kind": "tag", "written": tag.at, "text": tag.tag.name}
        for each in within(Promise.objects, brand).filter(actor=person).order_by("pk").iterator():
            yield {
                "kind": "promise",
                "written": each.at,
                "text": each.what,
                "due": each.due,
                "kept": each.kept,
            }
        for handle in (
            within(Handle.objects, brand).filter(actor=person).select_related("contact").order_by("pk")
        ):
            for other in handle.contact.handles.exclude(actor=person).select_related("actor"):
                yield {"kind": "handle", "written": other.at, "text": other.actor.handle, "how": other.how}

    def erase(self, person: Actor) -> int:
        cover = _cover(names_of(person))
        for note in within(PersonNote.objects, None).filter(actor__in=_with(person)).exclude(actor=person):
            if (text := cover(note.text)) != note.text:
                within(PersonNote.objects, None).filter(pk=note.pk).update(text=text)
        return forget([person.pk])


def _with(person: Actor) -> list[int]:
    """The handles that are known as theirs as well."""
    contacts = within(Handle.objects, None).filter(actor=person).values("contact")
    return list(within(Handle.objects, None).filter(contact__in=contacts).values_list("actor", flat=True))


def _cover(names: list[str]) -> Any:
    """Puts dots over names, one for each letter, so that places in the text stay where they are."""
    if not names:
        return lambda text: text
    found = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), re.IGNORECASE)
    return lambda text: found.sub(lambda match: COVER * len(match[0]), text)


def _cover_names(person: Actor, said: set[str]) -> None:
    """In what others said in the same conversations: the person's handle, links to them, ids of their messages."""
    names = names_of(person)
    cover = _cover(names)
    others = Activity.objects.everywhere().filter(entries__thread__in=threads_with(person), erased=None)
    # What others quote may be the person's own words.
    others.exclude(actor=person).exclude(quoted="").update(quoted="")
    for each in others.exclude(actor=person).select_related("actor").distinct():
        before = (
            each.text,
            each.title,
            each.spans,
            each.facts,
            each.in_reply_to,
            each.conversation,
            each.about,
        )
        each.text, each.title = cover(each.text), cover(each.title)
        each.spans = [span for span in each.spans if not _names(span, names)]
        each.facts = _without(each.facts, [*names, *said])
        for field in ("in_reply_to", "conversation", "about"):
            if getattr(each, field) in said:
                setattr(each, field, "")
        now = (each.text, each.title, each.spans, each.facts, each.in_reply_to, each.conversation, each.about)
        if now != before:
            by = f"{each.actor.name} {each.actor.handle}" if each.actor else ""
            folded = spaced(f"{each.title} {each.text[:4_000]} {by}")
            Activity.objects.everywhere().filter(pk=each.pk).update(
                text=each.text, title=each.title, spans=each.spans, facts=each.facts, in_reply_to=each.in_reply_to,
                conversation=each.conversation, about=each.about,
                search=RawSQL("to_tsvector('simple', %s)", [folded]),
            )  # fmt: skip


def _names(value: Any, names: list[str]) -> bool:
    text = json.dumps(value, ensure_ascii=False).casefold()
    return any(name.casefold() in text for name in names)


def _without(facts: Any, words: list[str]) -> Any:
    """Facts without these words in them."""
    text = json.dumps(facts, ensure_ascii=False)
    for word in words:
        bare = json.dumps(word, ensure_ascii=False)[1:-1]
        if bare and bare in text:
            text = text.replace(bare, "erased")
    return json.loads(text)
