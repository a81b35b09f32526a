"""The pages of queries: all of them, the editor with its trial, versions."""

from __future__ import annotations

from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.kernel import clock
from comptoir.listening.coverage import coverage
from comptoir.listening.forms import QueryForm
from comptoir.listening.importing import TOOLS, TakenOver, taken_over
from comptoir.listening.models import Query
from comptoir.listening.models.kept import Lately, lately
from comptoir.listening.models.query import TooManyQueries
from comptoir.listening.removing import kept_by, left
from comptoir.listening.trying import Trial, try_on
from comptoir.listening.views.shown import shown_posts
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken
from comptoir.organisation.query_words import is_keeping, parsed, said_of, sent, tidy
from comptoir.reading.query import Query as Asked
from comptoir.reading.query import Stroke, part, strokes


@require_safe
@on_brand()
def queries(request: BrandRequest) -> HttpResponse:
    """All of them, with how much each heard."""
    rows = list(Query.objects.of(request.brand).by_name())
    today = timezone.localtime(clock.now(), request.brand.zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    counts = lately([each.pk for each in rows], today, today - timedelta(days=6))
    context = {
        "brand": request.brand,
        "here": "listening",
        "rows": [(each, counts.get(each.pk, Lately())) for each in rows],
        "writes": request.membership.may("manager"), "leaving": left(request.brand),
    }  # fmt: skip
    return render(request, f"listening/queries.html{'#leaving' if request.htmx else ''}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def query_new(request: BrandRequest) -> HttpResponse:
    """The editor of a new one; POST makes it, and it listens from then on."""
    taken = taken_over(request)
    form = QueryForm(taken.data if taken else sent(request, "text"))
    if not taken and is_keeping(request) and form.is_valid():
        try:
            made = Query.make(
                request.brand, request.user, form.cleaned_data["name"], form.cleaned_data["text"]
            )
        except NameTaken:
            form.taken()
        except TooManyQueries:
            form.add_error(None, _("A brand has a thousand queries at the most."))
        else:
            messages.success(request, _("%(query)s listens from now on.") % {"query": made.name})
            return redirect("query", request.brand.slug, made.pk)
    return _editor(request, form, taken=taken)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def query_edition(request: BrandRequest, pk: int) -> HttpResponse:
    """The editor of one of them; POST makes a new version."""
    found = query_of(request, pk)
    taken = taken_over(request)
    data = taken.data if taken else sent(request, "text")
    form = QueryForm(data, initial={"name": found.name, "text": found.text})
    if not taken and is_keeping(request) and form.is_valid():
        try:
            changed = found.rewrite(request.user, form.cleaned_data["text"], form.cleaned_data["name"])
        except NameTaken:
            form.taken()
        else:
            if changed:
                messages.success(request, _("Kept: this is version %(n)s.") % {"n": found.number})
            return redirect("query", request.brand.slug, pk)
    return _editor(request, form, found, taken)


def _editor(
    request: BrandRequest, form: QueryForm, found: Query | None = None, taken: TakenOver | None = None
) -> HttpResponse:
    text = tidy(str(form["text"].value() or ""))
    mending = bool(taken) or (request.method == "POST" and "mend" in request.POST)
    context = {
        "form": form, "query": found, "mending": mending, "taken": taken, "tools": TOOLS, **_tried(request, text),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors and not mending else 200
    return render(request, "listening/query_form.html", context, status=status)


@require_safe
@on_brand("manager")
def query_trial(request: BrandRequest) -> HttpResponse:
    """What is to be said of a query while it is typed, and what it would have found."""
    text = tidy(request.GET.get("text", ""))
    return render(request, "listening/query_form.html#tried", _tried(request, text))


def _tried(request: BrandRequest, text: str) -> dict[str, Any]:
    asked = parsed(text) if text else None
    trial: Trial | None = None
    shown: list[Any] = []
    if isinstance(asked, Asked):
        trial = try_on(asked, request.brand)
        shown = shown_posts(asked, trial.shown)
    return {
        "brand": request.brand, "here": "listening", "problems": said_of(text),
        "fine": trial is not None, "trial": trial, "shown": shown,
        "one_in": round(1 / trial.sample.share) if trial and trial.sample.share else 1,
    }  # fmt: skip


@require_safe
@on_brand()
def query_versions(request: BrandRequest, pk: int) -> HttpResponse:
    """Each version with its author and what it changed."""
    found = query_of(request, pk)
    rows = list(found.versions.select_related("by").order_by("-number"))
    shown = [
        (each, _compared(before.text if before else "", each.text)) for each, before in _with_before(rows)
    ]
    context = {
        "brand": request.brand, "here": "listening", "query": found, "rows": shown,
        "writes": request.membership.may("manager"),
    }  # fmt: skip
    return render(request, "listening/query_versions.html", context)


def _with_before(rows: list[Any]) -> list[tuple[Any, Any]]:
    return list(zip(rows, [*rows[1:], None], strict=True)) if rows else []


def _compared(before: str, after: str) -> list[tuple[str, list[Stroke]]]:
    """A text word by word against an earlier one: each stretch "same", "new" or "gone", in its colours."""
    if not before:
        return [("same", strokes(after))]
    old, new = before.split(" "), after.split(" ")
    found: list[tuple[str, list[Stroke]]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", _stretch(after, new, c, d)))
            continue
        if a < b:
            found.append(("gone", _stretch(before, old, a, b)))
        if c < d:
            found.append(("new", _stretch(after, new, c, d)))
    return found


def _stretch(text: str, words: list[str], first: int, last: int) -> list[Stroke]:
    """Some of a text's words, with the colours that they have in all of it."""
    start = sum(len(word) + 1 for word in words[:first])
    return part(strokes(text), start, start + len(" ".join(words[first:last])))


@require_POST
@on_brand("manager")
def query_back(request: BrandRequest, pk: int, number: int) -> HttpResponse:
    """Go back to a version, which makes a new one."""
    found = query_of(request, pk)
    if not found.versions.filter(number=number).exists():
        raise Http404(_("There is no such version."))
    if found.go_back(request.user, number):
        words = _("%(query)s is as it was in version %(old)s again; this is version %(new)s.")
        messages.success(request, words % {"query": found.name, "old": number, "new": found.number})
    return redirect("query-versions", request.brand.slug, pk)


@require_POST
@on_brand("manager")
def query_switch(request: BrandRequest, pk: int) -> HttpResponse:
    """Pause it (state=off), or have it listen again (state=on)."""
    found, state = query_of(request, pk), request.POST.get("state")
    if state not in ("on", "off"):
        raise BadRequest(_("A query listens, or is paused."))
    if found.switch(state == "on", request.user):
        words = _("%(query)s listens again.") if found.on else _("%(query)s is paused: what it kept stays.")
        messages.success(request, words % {"query": found.name})
    return redirect("query", request.brand.slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def query_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """Remove it, with what only it kept; GET asks whether that is meant."""
    found = query_of(request, pk)
    if request.method == "POST":
        found.remove(request.user)
        messages.success(request, _("The query %(query)s is removed.") % {"query": found.name})
        return redirect("listening", request.brand.slug)
    kept = kept_by(request.brand, [found.pk]).get(found.pk, 0)
    context = {"brand": request.brand, "here": "listening", "query": found, "kept": kept}
    return render(request, "listening/query_removal.html", context)


@require_safe
@on_brand()
def query_coverage(request: BrandRequest, pk: int) -> HttpResponse:
    """What of it each place carries where the brand listens, and what else to search for."""
    found = query_of(request, pk)
    context = {
        "brand": request.brand, "here": "listening", "query": found, "coverage": coverage(found),
        "writes": request.membership.may("manager"),
    }  # fmt: skip
    return render(request, "listening/query_coverage.html", context)


def query_of(request: BrandRequest, pk: int) -> Query:
    """The query of an address. Http404 with its reason."""
    found = Query.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such query any more."))
    found.brand = request.brand
    return found
