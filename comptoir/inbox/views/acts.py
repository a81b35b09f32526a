"""What people do with a thread. Each act is a POST on a noun; without JavaScript it ends in a redirect."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.inbox.forms import AssignmentForm, EditForm, ModerationForm, NoteForm, ReplyForm
from comptoir.inbox.models import Answered, Locked, Merge, Queue, SavedReply, Thread
from comptoir.inbox.models.enclosing import describe, undescribed
from comptoir.inbox.models.handing import Full, hand_out
from comptoir.inbox.models.writing import keep_draft
from comptoir.inbox.views.asking import Asked
from comptoir.inbox.views.enclosing import described
from comptoir.inbox.views.judging import refused_words
from comptoir.inbox.views.met import met_in
from comptoir.inbox.views.outcome import Outcome, leave
from comptoir.inbox.views.thread import Change, answer, thread_for
from comptoir.kernel import clock
from comptoir.networks.connector import Deletes, Edits, Replies, Verdict, Warns
from comptoir.networks.models import Correction
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Team, User


def done(
    request: BrandRequest, found: Thread, outcome: Outcome, again: str = "", status: int = 200
) -> HttpResponse:
    """Show what came of it: the thread anew for htmx, a redirect to it otherwise."""
    asked = Asked.of(request.brand, request.GET)
    if request.htmx:
        fresh = thread_for(request, found.pk)
        return answer(request, fresh, asked, "desk", outcome=outcome, again=again, status=status)
    leave(request, outcome)
    return redirect(f"{path_of(request, found)}{f'?again={again}' if again else asked.query}")


def path_of(request: BrandRequest, found: Thread) -> str:
    return f"{reverse('threads', args=[request.brand.slug])}{found.pk}/"


@require_POST
@on_brand("agent")
def replies(request: BrandRequest, pk: int) -> HttpResponse:
    """Answer. 422 when the words do not fit, 409 when a colleague answered meanwhile or is writing the answer."""
    found = thread_for(request, pk)
    asked = Asked.of(request.brand, request.GET)
    form = ReplyForm(request.POST, thread=found, by=request.user)
    if not found.channel.can_now(Replies):
        raise BadRequest(found.channel.silence or _("Nothing can leave on this channel now."))
    if not form.is_valid():
        return _again(request, found, asked, form, 422)
    if halted := _halted(form, request, found):
        _keep(form, request, found)
        return _again(request, thread_for(request, pk), asked, halted, 422)
    try:
        reply = found.reply(
            form.cleaned_data["text"],
            request.user,
            seen=form.cleaned_data["seen"] or 0,
            key=form.cleaned_data["key"],
            warning=form.cleaned_data["warning"] if found.channel.can(Warns) else "",
            enclosed=form.enclosed,
        )
    except Answered as other:
        _keep(form, request, found)
        return _again(request, found, asked, _warned(form, request, found, other), 409)
    except Locked as theirs:
        _keep(form, request, found)
        words = _("%(who)s is writing the answer. Yours did not leave: take over to send it.")
        form.add_error(None, words % {"who": theirs.lock.by})
        return _again(request, found, asked, form, 409)
    except ValueError as why:
        gone = _("A picture was taken off on another page. Look at what is left, then send again.")
        nobody = _("There is no message left to answer: its author took it back.")
        form.add_error("text", gone if str(why) == "enclosures" else nobody)
        return _again(request, found, asked, form, 422)
    SavedReply.objects.of(request.brand).open_to(request.user).filter(
        pk__in=form.cleaned_data["saved"]
    ).used()
    undo = f"{path_of(request, found)}replies/{reply.pk}/withdrawal/{asked.query}"
    words = _("Your reply leaves in a moment.")
    return done(
        request, found, Outcome(words, "send", undo=undo, seconds=int(settings.SEND_DELAY), next=True)
    )


def _halted(form: ReplyForm, request: BrandRequest, found: Any) -> ReplyForm | None:
    """The same words, with what their writer has not said yet that they mean; None where there is nothing."""
    describe(found, request.user, described(request.POST))
    if request.POST.get("community") != "yes" and _unwelcome(request, found):
        form.add_error(None, _("No brand speaks in this community. Say that you mean it, then send."))
        return form
    missing = undescribed(found, request.user, form.enclosed)
    return _bare(form, missing) if missing and request.POST.get("bare") != "yes" else None


def _unwelcome(request: BrandRequest, found: Any) -> bool:
    """Whether a public answer would be said where no brand speaks."""
    return found.kind != "message" and any(card.forbids for card in met_in(request.brand, found))


def _bare(form: ReplyForm, missing: int) -> ReplyForm:
    """The same words, with what somebody who cannot see the pictures would miss."""
    words = ngettext(
        "%(n)d picture has no description: who cannot see it learns nothing of it. Say what it shows, or send without.",
        "%(n)d pictures have no description: who cannot see them learns nothing of them. Say what they show, or send"
        " without.",
        missing,
    )
    form.bare = True
    form.add_error(None, words % {"n": missing})
    return form


def _keep(form: ReplyForm, request: BrandRequest, found: Thread) -> None:
    """Words that did not leave are there tomorrow as well."""
    words = form.cleaned_data
    keep_draft(found, request.user, "reply", words["text"], words["warning"])


def _again(request: BrandRequest, found: Any, asked: Asked, form: ReplyForm, status: int) -> HttpResponse:
    wanted = "desk" if request.htmx else None
    return answer(request, found, asked, wanted, reply_form=form, status=status)


def _warned(form: ReplyForm, request: BrandRequest, found: Thread, other: Answered) -> ReplyForm:
    """The same words, with what happened meanwhile; sending them once more sends them anyway."""
    seconds = max(1, int((clock.now() - other.reply.created).total_seconds()))
    if seconds < 120:
        words = ngettext(
            "%(who)s answered %(n)d second ago. Read it above, then send anyway or leave it.",
            "%(who)s answered %(n)d seconds ago. Read it above, then send anyway or leave it.",
            seconds,
        )
    else:
        words = _("%(who)s answered meanwhile. Read it above, then send anyway or leave it.")
    data: QueryDict = request.POST.copy()
    data["seen"] = str(other.reply.pk)
    again = ReplyForm(data, thread=found, by=request.user)
    again.anyway = True
    again.add_error(None, words % {"who": other.reply.author or _("A colleague"), "n": seconds})
    return again


@require_POST
@on_brand("agent")
def deletion(request: BrandRequest, pk: int, act: int) -> HttpResponse:
    """Take back an answer that is on the network: it is asked to delete it."""
    found = thread_for(request, pk)
    reply = found.replies.filter(pk=act).select_related("delivery__result", "delivery__channel").first()
    if reply is None:
        raise Http404(_("There is no such answer here."))
    if not found.channel.can(Deletes):
        raise BadRequest(found.channel.silence or _("This network cannot take back what was said."))
    try:
        reply.take_back(request.user)
    except ValueError:
        words = _("It is not on the network, so nothing was taken back.")
        return done(request, found, Outcome(words, "warn", "bad"))
    return done(request, found, Outcome(_("The network is asked to delete it."), "bin"))


@require_POST
@on_brand("agent")
def edition(request: BrandRequest, pk: int, act: int) -> HttpResponse:
    """Change an answer that is on the network: it is asked to show other words. 422 when they do not fit."""
    found = thread_for(request, pk)
    reply = found.replies.filter(pk=act).select_related("delivery__result", "delivery__channel").first()
    if reply is None:
        raise Http404(_("There is no such answer here."))
    if not found.channel.can_now(Edits):
        raise BadRequest(found.channel.silence or _("This network cannot change what was said."))
    form = EditForm(request.POST, thread=found, reply=reply)
    if not form.is_valid():
        wanted = "desk" if request.htmx else None
        change = Change(reply.pk, str(form["text"].value() or ""), form.wrong, form.signature)
        return answer(request, found, Asked.of(request.brand, request.GET), wanted, change=change, status=422)
    try:
        reply.edit(form.cleaned_data["text"], request.user)
    except ValueError as why:
        late = _("An earlier change is still on its way: wait a moment, then change it again.")
        words = late if str(why) == "under_way" else _("It is not on the network, so nothing was changed.")
        return done(request, found, Outcome(words, "warn", "bad"))
    return done(request, found, Outcome(_("The network is asked to change it."), "edit"))


@require_POST
@on_brand("agent")
def notes(request: BrandRequest, pk: int) -> HttpResponse:
    """Write for colleagues."""
    found = thread_for(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        wanted = "desk" if request.htmx else None
        return answer(
            request, found, Asked.of(request.brand, request.GET), wanted, note_form=form, status=422
        )
    note = found.note(form.cleaned_data["text"].replace("\x00", ""), request.user)
    undo = f"{path_of(request, found)}notes/{note.pk}/withdrawal/"
    return done(request, found, Outcome(_("Your note is there, for colleagues only."), "note", undo=undo))


@require_POST
@on_brand("agent")
def assignment(request: BrandRequest, pk: int) -> HttpResponse:
    """Give the thread to a colleague, a team or a queue, take it, or give it to nobody."""
    found = thread_for(request, pk)
    form = AssignmentForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("There is nobody of that number."))
    to = _heir(request, found, form)
    out = form.cleaned_data["queue"] == 0
    act = found.put_in(None, request.user) if out else found.assign(to, request.user)
    undo = f"{path_of(request, found)}assignments/{act.pk}/withdrawal/"
    if out:
        words = _("It waits in no queue now.")
    elif isinstance(to, Queue):
        words = _("It waits in the queue %(queue)s now.") % {"queue": to}
    elif to is None:
        words = _("Nobody has it now.")
    elif to == request.user:
        words = _("You have it now.")
    else:
        words = _("%(who)s has it now.") % {"who": to}
    return done(request, found, Outcome(words, "assign", undo=undo))


def _heir(request: BrandRequest, thread: Any, form: AssignmentForm) -> User | Team | Queue | None:
    """Who is to get a thread."""
    to: User | Team | Queue | None = None
    if number := form.cleaned_data["queue"]:
        to = Queue.objects.of(request.brand).filter(pk=number).first()
        if to is None:
            raise BadRequest(_("There is no such queue any more."))
    elif number := form.cleaned_data["team"]:
        to = Team.objects.of(request.brand).filter(pk=number).first()
        if to is None:
            raise BadRequest(_("There is no such team any more."))
    elif number := form.cleaned_data["to"]:
        to = request.brand.answerers(thread.channel_id).filter(pk=number).first()
        if to is None:
            raise BadRequest(_("This person cannot take threads of this brand."))
    return to


@require_POST
@on_brand("agent")
def next_one(request: BrandRequest) -> HttpResponse:
    """Hand the asker the thread that matters most of those that are nobody's, and open it."""
    asked = Asked.of(request.brand, request.GET)
    there, outcome = asked.url(), Outcome(_("Nothing waits that is nobody’s. Well done."), "checks")
    try:
        if (found := hand_out(request.brand.pk, request.user)) is not None:
            outcome = Outcome(_("It is yours: you answer it now."), "person")
            there = f"{path_of(request, found)}{asked.query}"
    except Full as full:
        outcome = Outcome(full.words, "warn", "bad")
    leave(request, outcome)
    if request.htmx:
        where = {"path": there, "target": "#desk", "swap": "innerHTML"}
        return HttpResponse(status=204, headers={"HX-Location": json.dumps(where)})
    return redirect(there)


@require_http_methods(["POST", "DELETE"])
@on_brand("reader")
def reading(request: BrandRequest, pk: int) -> HttpResponse:
    """POST marks it read; DELETE, or POST with state=unread, unread again. Back to the list after that."""
    found = thread_for(request, pk)
    asked = Asked.of(request.brand, request.GET)
    if request.method == "DELETE" or request.POST.get("state") == "unread":
        found.unread_again(request.user)
    else:
        found.read(request.user)
    if request.htmx:
        response = HttpResponse(status=204)
        response["HX-Location"] = asked.url()
        return response
    return redirect(asked.url())


@require_POST
@on_brand("agent")
def moderations(request: BrandRequest, pk: int, message: int) -> HttpResponse:
    """Decide what others see of a message of the thread. 422 when something is wrong with the decision."""
    found = thread_for(request, pk)
    entry = found.entries.filter(pk=message).select_related("activity").first()
    if entry is None:
        raise Http404(_("There is no such message here."))
    form = ModerationForm(request.POST)
    if not form.is_valid():
        return done(request, found, Outcome(form.wrong, "warn", "bad"), status=422)
    verdict = Verdict(form.cleaned_data["verdict"])
    reason, words = form.cleaned_data["reason"], form.cleaned_data["words"]
    try:
        made = found.moderate(entry.activity, verdict, request.user, reason=reason, words=words)
    except ValueError as why:
        return done(request, found, Outcome(refused_words(str(why)), "warn", "bad"))
    undo = f"{path_of(request, found)}moderations/{made.pk}/withdrawal/"
    return done(request, found, Outcome(_judged(verdict), "shield", undo=undo))


def _judged(verdict: Verdict) -> str:
    return {
        Verdict.APPROVE: _("Approved: everybody will see it in a moment."),
        Verdict.HOLD: _("Held back: in a moment nobody else sees it."),
        Verdict.SPAM: _("Marked as spam: in a moment nobody else sees it."),
        Verdict.REMOVE: _("Removed: in a moment nobody else sees it."),
    }[verdict]


@require_POST
@on_brand("agent")
def withdrawal(request: BrandRequest, pk: int, what: str, act: int) -> HttpResponse:
    """Undo an answer that has not left, a note, an assignment, a merge or a split, a decision: one's own only."""
    found = thread_for(request, pk)
    kept = _("Your reply stays here: its words are in the box again.")
    said = Correction.objects.of(request.brand).filter(activity__in=found.entries.values("activity"))
    acts: dict[str, tuple[Any, str]] = {
        "replies": (found.replies.filter(author=request.user), kept),
        "notes": (found.notes.filter(author=request.user), _("Your note is gone.")),
        "assignments": (found.assignments.filter(by=request.user), _("It is as it was.")),
        "merges": (Merge.objects.filter(by=request.user, thread=found), _("It is as it was.")),
        "moderations": (found.judged().filter(by=request.user), _("In a moment it is as it was.")),
        "corrections": (said.filter(by=request.user), _("In a moment it is as it was.")),
        "defences": (found.defences().filter(by=request.user), _("In a moment it is as it was.")),
    }
    rows, words = acts[what]
    row = rows.filter(pk=act).first()
    if row is None:
        raise Http404(_("There is nothing of yours to undo here."))
    if not row.undo():
        late = _("Too late to undo: it has left.") if what == "replies" else _("Too late to undo.")
        return done(request, found, Outcome(late, "warn", "bad"))
    if what != "replies":
        return done(request, found, Outcome(words, "undo"))
    return done(request, found, Outcome(words, "undo"), again=str(row.delivery_id))
