"""One act on many threads: asked for from the list, with its progress and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from comptoir.inbox.forms import BulkForm
from comptoir.inbox.models import Bulk
from comptoir.inbox.views.asking import Asked
from comptoir.inbox.views.filled import told
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.query_words import sentence_of


@require_POST
@on_brand("agent")
def bulks(request: BrandRequest) -> HttpResponse:
    """Have something done to the threads chosen (`thread`), or with all=on to the whole list (`show`, `q`)."""
    form = BulkForm(request.brand, request.POST)
    if not form.is_valid():
        raise BadRequest(form.wrong)
    what, facts = form.act()
    if request.POST.get("all"):
        asked = Asked.of(request.brand, request.POST)
        if asked.wrong:
            raise BadRequest(sentence_of(asked.problems[0]))
        made = Bulk.ask(request.brand, request.user, what, facts, show=asked.show, q=asked.q)
    else:
        if not form.cleaned_data["thread"]:
            raise BadRequest(_("Choose some threads first."))
        made = Bulk.ask(request.brand, request.user, what, facts, threads=form.cleaned_data["thread"])
    return redirect("bulk", request.brand.slug, made.pk)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an act on many threads is, in words."""

    title: str
    words: str
    done: int
    of: int
    over: bool
    undoes: bool


@never_cache
@require_safe
@on_brand("reader")
def bulk(request: BrandRequest, pk: int) -> HttpResponse:
    """How far it is; for htmx only that."""
    found = _bulk(request, pk)
    context = {
        "brand": request.brand,
        "here": "threads",
        "bulk": found,
        "progress": progress_of(found),
        "may_undo": found.state == Bulk.State.DONE and request.membership.may("agent"),
    }
    return render(request, "inbox/bulk.html#progress" if request.htmx else "inbox/bulk.html", context)


@require_POST
@on_brand("agent")
def bulk_undoing(request: BrandRequest, pk: int) -> HttpResponse:
    """Have it undone."""
    found = _bulk(request, pk)
    found.undo(request.user)
    return redirect("bulk", request.brand.slug, found.pk)


def _bulk(request: BrandRequest, pk: int) -> Bulk:
    found = Bulk.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such act on many threads."))
    return found


def progress_of(bulk: Bulk) -> Progress:
    """What is to be said of it now."""
    changed = bulk.changes.count()
    back = bulk.state in (Bulk.State.UNDOING, Bulk.State.UNDONE)
    of = changed if back else len(bulk.threads)
    over = bulk.state in (Bulk.State.DONE, Bulk.State.UNDONE)
    if bulk.state == Bulk.State.UNDONE:
        words = _("It is as it was.")
    elif over:
        words = ngettext("%(n)d thread changed.", "%(n)d threads changed.", changed) % {"n": changed}
        if left := of - changed:
            words += " " + ngettext("%(n)d was so already.", "%(n)d were so already.", left) % {"n": left}
    elif bulk.state == Bulk.State.WAITING:
        words = _("It begins in a moment.")
    else:
        words = _("%(done)d of %(of)d") % {"done": bulk.done, "of": of}
    return Progress(_title(bulk), words, bulk.done, max(of, 1), over, back)


def _title(bulk: Bulk) -> str:
    facts: dict[str, Any] = {"tag": bulk.facts.get("tag", ""), "who": bulk.facts.get("who", "")}
    if "field" in bulk.facts:
        _value, value = told(bulk.facts["kind"], bulk.facts["value"])
        facts |= {"field": bulk.facts["name"], "value": value}
    words = {
        "close": _("Close threads"),
        "reopen": _("Reopen threads"),
        "assign": _("Give threads to %(who)s") if facts["who"] else _("Give threads to nobody"),
        "tag": _("Tag threads %(tag)s"),
        "untag": _("Take the tag %(tag)s off threads"),
        "pause": _("Set threads aside"),
        "priority": _("Change how much threads press"),
        "field": _("Fill in %(field)s: %(value)s"),
        "unfield": _("Empty %(field)s"),
    }[bulk.what]
    return words % facts
