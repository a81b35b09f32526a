"""What colleagues keep of a person: beside their thread, on a page of their own, and the list of what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.inbox.forms_of_contact import LinkForm, PersonNoteForm, PromiseForm
from comptoir.inbox.models import Objects, PersonNote, Promise, Tag, Thread
from comptoir.inbox.models.contact import Handle, link, note_down, promise, tag_person, unlink, untag_person
from comptoir.inbox.models.guarded import places_of
from comptoir.inbox.models.person_file import (
    NOTES_SHOWN,
    PersonFile,
    Promised,
    exchanges_of,
    file_of,
    is_known,
)
from comptoir.inbox.models.sorting import TooManyTags, tags_full, unfit_tag
from comptoir.inbox.views.defended import reason_words
from comptoir.kernel import clock
from comptoir.kernel.numbers import number_of
from comptoir.networks.found import label_of
from comptoir.networks.models import Actor, Channel
from comptoir.networks.models.activity import is_erased
from comptoir.networks.persons import find
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Role

PAGE = 50


def _pressing(due: date) -> tuple[bool, bool]:
    """Whether that day is over, and whether it is today, by the reader's own clock."""
    today = timezone.localdate(clock.now())
    return due < today, due == today


@dataclass(slots=True)
class Due:
    """An open promise; `late` since its day is over, `today` on that day."""

    pk: int
    what: str
    due: date
    who: str
    late: bool
    today: bool
    thread: int | None

    @classmethod
    def of(cls, row: Promised) -> Due:
        return cls(row.pk, row.what, row.due, row.who, *_pressing(row.due), row.thread)


@dataclass(slots=True)
class Known:
    """What is kept of a person, and what came of the last change: `told`, `wrong`, handles to choose from."""

    pk: int
    name: str
    url: str
    file: PersonFile
    may_write: bool
    manager: bool
    me: int
    thread: int = 0
    most: int = NOTES_SHOWN
    told: str = ""
    wrong: str = ""
    at: str = ""
    candidates: tuple[tuple[int, str, str], ...] = ()
    given: dict[str, str] | None = None

    @property
    def promises(self) -> list[Due]:
        """What is open, the most pressing first."""
        return [Due.of(row) for row in self.file.promises]

    @property
    def here(self) -> list[Due]:
        """What was promised in this thread."""
        return [row for row in self.promises if row.thread and row.thread == self.thread]

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Where they are blocked, in words."""
        return [
            {"row": row, "network": label_of(row.network), "why": reason_words("block", row.reason)}
            for row in self.file.blocks
        ]

    @property
    def others(self) -> list[dict[str, Any]]:
        """The person's other handles, in words."""
        return [
            {"row": row, "network": label_of(row.network), "how": Handle.How(row.how).label}
            for row in self.file.handles
            if row.pk != self.pk
        ]

    @property
    def notes(self) -> list[Any]:
        """The newest notes, each with whether the reader may take it off."""
        shown = self.file.notes[: self.most]
        return [(row, self.may_write and (row.by == self.me or self.manager)) for row in shown]

    @property
    def more(self) -> bool:
        """Whether there are more notes than are shown."""
        return len(self.file.notes) > self.most


def known_of(request: BrandRequest, person: Actor, file: PersonFile, thread: int = 0) -> Known:
    """The same for a page."""
    may = request.membership.may
    url = reverse("person", args=[request.brand.slug, person.pk])
    return Known(person.pk, str(person), url, file, may("agent"), may(Role.MANAGER), request.user.pk, thread)


def person_for(request: BrandRequest, pk: int) -> Actor:
    """Somebody who wrote to the brand; Http404 for all others, and for whoever was erased."""
    found = Actor.objects.filter(pk=pk).first()
    if found is None or is_erased(found.remote_id) or not is_known(request.brand.pk, pk):
        raise Http404(_("Nobody of that number has written to this brand, or they were erased."))
    return found


@require_safe
@on_brand("reader")
def person(request: BrandRequest, pk: int) -> HttpResponse:
    """Everything about a person: every exchange with the brand on every channel, what was noted and promised."""
    found = person_for(request, pk)
    older = number_of(request.GET.get("notes", "")) or 0
    file = file_of(request.brand.pk, pk, PAGE + 1, older)
    known = known_of(request, found, file)
    known.most = PAGE
    before = _place(request.GET.get("before", ""))
    rows = exchanges_of(request.brand.pk, file.people(pk), before, PAGE + 1)
    settled = Promise.objects.of(request.brand).filter(actor__in=file.people(pk)).exclude(kept=None)
    context = {
        "brand": request.brand,
        "here": "threads",
        "known": known,
        "person": found,
        "network": label_of(found.network),
        "exchanges": [(row, label_of(row.network)) for row in rows[:PAGE]],
        "older": clock.place(rows[PAGE - 1].at, rows[PAGE - 1].pk) if len(rows) > PAGE else "",
        "first": before is None,
        "older_notes": file.notes[PAGE - 1].pk if len(file.notes) > PAGE else 0,
        "may_block": known.may_write
        and any(not each.blocked for each in places_of(request.brand, file.people(pk))),
        "settled": settled.select_related("settled_by", "by").order_by("-settled_at")[:PAGE],
    }
    return render(request, "inbox/person.html", context)


def _place(given: str) -> tuple[datetime, int] | None:
    found = clock.placed(given)
    if given and not found:
        raise BadRequest(_("There is no such place in the list."))
    return found


def shown_anew(request: BrandRequest, found: Actor, **said: Any) -> HttpResponse:
    """What came of it: the person's part anew for htmx, else back to where it was asked."""
    thread = number_of(request.POST.get("thread", "")) or 0
    if not request.htmx:
        if words := said.get("told"):
            messages.success(request, words)
        if words := said.get("wrong"):
            messages.warning(request, words)
        if thread:
            return redirect("thread", request.brand.slug, thread)
        return redirect("person", request.brand.slug, found.pk)
    most = NOTES_SHOWN if thread else PAGE
    known = known_of(request, found, file_of(request.brand.pk, found.pk, most + 1), thread)
    known.most = most
    for name, value in said.items():
        setattr(known, name, value)
    context = {"known": known, "brand": request.brand, "swapping": bool(thread)}
    return render(request, "inbox/person_file.html", context, status=422 if known.wrong else 200)


def _objects() -> str:
    return _("This person objects to being kept: nothing new is noted of them.")


@require_POST
@on_brand("agent")
def person_notes(request: BrandRequest, pk: int) -> HttpResponse:
    """Note something about a person, or take a note off (`off`, its number): one's own, or any as a manager."""
    found = person_for(request, pk)
    if off := number_of(request.POST.get("off", "")):
        note = PersonNote.objects.of(request.brand).filter(pk=off).first()
        if note is None:
            raise Http404(_("There is no such note any more."))
        if note.by_id != request.user.pk and not request.membership.may(Role.MANAGER):
            raise PermissionDenied(_("Ask whoever wrote it, or a manager, to take it off."))
        note.remove(request.user)
        return shown_anew(request, found, told=_("The note is gone."))
    form = PersonNoteForm(request.POST)
    if not form.is_valid():
        return shown_anew(request, found, wrong=form.wrong, at="note", given=request.POST.dict())
    try:
        note_down(request.brand, found, form.cleaned_data["text"], request.user)
    except Objects:
        return shown_anew(request, found, wrong=_objects())
    return shown_anew(request, found, told=_("Noted."))


@require_POST
@on_brand("agent")
def person_tags(request: BrandRequest, pk: int) -> HttpResponse:
    """Put a tag on a person (`name`), or take one off (`name` and state=off)."""
    found = person_for(request, pk)
    name, off = request.POST.get("name", ""), request.POST.get("state") == "off"
    try:
        tag = Tag.known(request.brand, name) if off else Tag.called(request.brand, name, request.user)
        if tag is None:
            return shown_anew(request, found, wrong=_("There is no such tag any more."))
        if off:
            untag_person(request.brand, found, tag, request.user)
            return shown_anew(request, found, told=_("The tag %(tag)s is off.") % {"tag": tag})
        tag_person(request.brand, found, tag, request.user)
    except ValueError:
        return shown_anew(request, found, wrong=unfit_tag())
    except TooManyTags:
        return shown_anew(request, found, wrong=tags_full())
    except Objects:
        return shown_anew(request, found, wrong=_objects())
    return shown_anew(request, found, told=_("Tagged %(tag)s.") % {"tag": tag})


@require_POST
@on_brand("agent")
def person_promises(request: BrandRequest, pk: int) -> HttpResponse:
    """Write down what was promised to a person, by when."""
    found = person_for(request, pk)
    form = PromiseForm(request.POST)
    if not form.is_valid():
        return shown_anew(request, found, wrong=form.wrong, at="promise", given=request.POST.dict())
    number = number_of(request.POST.get("thread", "")) or 0
    thread = Thread.objects.of(request.brand).filter(pk=number).first()
    try:
        promise(
            request.brand, found, form.cleaned_data["what"], form.cleaned_data["due"], request.user, thread
        )
    except Objects:
        return shown_anew(request, found, wrong=_objects())
    return shown_anew(request, found, told=_("Written down: you are reminded on that day."))


@require_POST
@on_brand("agent")
def person_links(request: BrandRequest, pk: int) -> HttpResponse:
    """Say that another handle is this person's, or that it is not after all (`off`, the other's number)."""
    found = person_for(request, pk)
    if off := number_of(request.POST.get("off", "")):
        other = Actor.objects.filter(pk=off).first()
        if other is not None:
            unlink(request.brand, other, request.user)
        return shown_anew(request, found, told=_("Taken apart: each handle stands for itself again."))
    form = LinkForm(request.POST)
    given = {"at": "link", "given": request.POST.dict()}
    if not form.is_valid():
        return shown_anew(request, found, wrong=form.wrong, **given)
    others = _others(request, form.cleaned_data["other"], form.cleaned_data["pk"])
    if not others:
        return shown_anew(request, found, wrong=_("Nobody of this handle has written to the brand."), **given)
    if len(others) > 1:
        told = tuple(
            (each.pk, f"{each.name} {each.handle}".strip(), label_of(each.network)) for each in others
        )
        return shown_anew(request, found, wrong=_("There are several: choose one."), candidates=told, **given)
    try:
        link(
            request.brand,
            found,
            others[0],
            form.cleaned_data["how"],
            form.cleaned_data["words"],
            request.user,
        )
    except Objects:
        return shown_anew(request, found, wrong=_objects())
    except ValueError as why:
        return shown_anew(request, found, wrong=unlinked(str(why)), **given)
    return shown_anew(request, found, told=_("%(handle)s is theirs as well.") % {"handle": others[0]})


def unlinked(why: str) -> str:
    """Why two handles could not be brought together."""
    return {
        "same": _("This is the same handle."),
        "linked": _("This handle belongs to somebody already: take it apart there first."),
    }.get(why, _("A person has 20 handles at the most."))


def _others(request: BrandRequest, name: str, pk: int | None) -> list[Actor]:
    """The people of this handle who wrote to the brand, on whatever network."""
    if pk:
        return [each for each in Actor.objects.filter(pk=pk) if is_known(request.brand.pk, pk)]
    networks = Channel.objects.of(request.brand).values_list("network", flat=True).distinct()
    found = [each for network in networks for each in find(network, name, request.brand)]
    return found[:20]


@require_safe
@on_brand("reader")
def promises(request: BrandRequest) -> HttpResponse:
    """What was promised and not yet settled, the most pressing first: of all, or with mine=1 the asker's."""
    mine = request.GET.get("mine") == "1"
    rows = Promise.objects.of(request.brand).open().select_related("actor", "by", "thread")
    if mine:
        rows = rows.filter(by=request.user)
    after = request.GET.get("after", "")
    if after:
        day, _dash, pk = after.rpartition("-")
        try:
            since = date.fromisoformat(day)
        except ValueError:
            raise BadRequest(_("There is no such place in the list.")) from None
        rows = rows.filter(due__gte=since).exclude(due=since, pk__lte=number_of(pk) or 0)
    found = list(rows.order_by("due", "pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "brand": request.brand,
        "here": "threads",
        "mine": mine,
        "rows": [(row, *_pressing(row.due)) for row in found[:PAGE]],
        "next": f"{last.due.isoformat()}-{last.pk}" if last else "",
        "may_write": request.membership.may("agent"),
    }
    return render(request, "inbox/promises.html", context)


@require_POST
@on_brand("agent")
def promise_settling(request: BrandRequest, pk: int) -> HttpResponse:
    """Say what became of a promise: do=kept, broken, open, or remove."""
    row = Promise.objects.of(request.brand).filter(pk=pk).select_related("actor").first()
    if row is None:
        raise Http404(_("There is no such promise any more."))
    did = {
        "kept": (True, _("Kept. Well done.")),
        "broken": (False, _("Not kept: that is written down.")),
        "open": (None, _("It is open again.")),
    }
    do = request.POST.get("do", "")
    if do == "remove":
        row.remove(request.user)
        words = _("It is off the list.")
    elif do in did:
        kept, words = did[do]
        row.settle(kept, request.user)
    else:
        raise BadRequest(_("Say whether it was kept."))
    if request.POST.get("from") == "list":
        messages.success(request, words)
        return redirect("promises", request.brand.slug)
    return shown_anew(request, row.actor, told=words)
