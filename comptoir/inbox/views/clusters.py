"""A cluster: who waits in it, and the words that answer them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.inbox.forms_of_saved import wrong_with
from comptoir.inbox.models import Cluster, CustomField, NothingToSend, Release, SavedReply, Thread
from comptoir.inbox.models.clusters import sample_of
from comptoir.inbox.models.gathered import Member, objections, spoken_in, waiting_in
from comptoir.inbox.models.release import answering_channels
from comptoir.inbox.models.variables import FIELD, KNOWN
from comptoir.inbox.views.objecting import WORDS
from comptoir.inbox.views.saved import COMMON
from comptoir.kernel.numbers import number_of
from comptoir.networks.models import Activity
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.naming import language_name

PAGE = 50


@dataclass(slots=True)
class Version:
    """The words in one language. `wrong` says why they cannot be sent."""

    language: str
    name: str
    text: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who waits, with what speaks against answering them with the others."""

    url: str
    who: str
    text: str
    language: str
    since: Any
    why: list[str]


@require_safe
@on_brand("reader")
def cluster(request: BrandRequest, pk: int) -> HttpResponse:
    """Who waits in it, and the words that answer them together, for those who may."""
    found = _found(request, pk)
    members = waiting_in(found)
    versions = _versions(request, members)
    return render(request, "inbox/cluster.html", _context(request, found, members, versions))


@require_POST
@on_brand("agent")
def releases(request: BrandRequest, pk: int) -> HttpResponse:
    """Prepare an answer to everybody who waits in a cluster. 422 with what is wrong with the words."""
    found = _found(request, pk)
    members = waiting_in(found)
    versions = _versions(request, members)
    made = _prepared(request, found, versions)
    if made is not None:
        return redirect("release", request.brand.slug, made.pk)
    return render(request, "inbox/cluster.html", _context(request, found, members, versions), status=422)


def _found(request: BrandRequest, pk: int) -> Cluster:
    found = Cluster.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such cluster any more: nobody said it again for a while."))
    found.brand = request.brand
    return found


def _prepared(request: BrandRequest, found: Cluster, versions: list[Version]) -> Release | None:
    """The draft, or None with what is wrong written to the versions."""
    for each in versions:
        each.wrong = wrong_with(each.text, request.brand)
    if any(each.wrong for each in versions):
        return None
    try:
        return Release.prepare(found, request.user, {each.language: each.text for each in versions})
    except NothingToSend:
        written = any(each.text.strip() for each in versions)
        versions[0].wrong = _("Nobody waits in it any more.") if written else _("Write something first.")
        return None


def _versions(request: BrandRequest, members: list[Member]) -> list[Version]:
    """The words in each language that is spoken there, as they were given, or as a saved reply has them."""
    found = [Version(code, language_name(code)) for code in spoken_in(members, request.brand)]
    if request.method == "POST":
        given = dict(zip(request.POST.getlist("language"), request.POST.getlist("text"), strict=False))
        theirs = {each.language for each in found}
        found += [Version(code, language_name(code)) for code in COMMON if code in given.keys() - theirs]
        for each in found:
            each.text = given.get(each.language, "").replace("\r\n", "\n").replace("\x00", "")[:20_000]
    elif (saved := _saved(request, request.GET.get("saved", ""))) is not None:
        for each in found:
            each.text = saved.version(each.language).text
    return found


def _saved(request: BrandRequest, number: str) -> SavedReply | None:
    rows = SavedReply.objects.of(request.brand).open_to(request.user)
    return rows.filter(pk=number_of(number) or 0).prefetch_related("texts").first()


def _context(
    request: BrandRequest, found: Cluster, members: list[Member], versions: list[Version]
) -> dict[str, Any]:
    pages = Paginator(members, PAGE)
    page = pages.get_page(request.GET.get("page"))
    may = request.membership.may("agent")
    saved = SavedReply.objects.of(request.brand).open_to(request.user).lately_first()[:8] if may else []
    own = [f"{FIELD}{each}" for each in CustomField.objects.of(request.brand)] if may else []
    return {
        "brand": request.brand, "here": "threads", "cluster": found, "sample": sample_of(found),
        "rows": _rows(request, members, list(page)), "turn": page, "waiting": len(members),
        "pressing": sum(each.pressing for each in members), "versions": versions, "may_answer": may,
        "saved": saved, "variables": [f"{{{{{name}}}}}" for name in (*KNOWN, *own)],
    }  # fmt: skip


def _rows(request: BrandRequest, members: list[Member], shown: list[Member]) -> list[Row]:
    why = objections(members, request.user, [each.pk for each in answering_channels(request.brand)])
    threads = (
        Thread.objects.of(request.brand).select_related("person").in_bulk([each.thread for each in shown])
    )
    texts = dict(
        Activity.objects.of(request.brand)
        .filter(pk__in=[each.activity for each in shown])
        .values_list("pk", "text")
    )
    return [
        Row(
            reverse("thread", args=[request.brand.slug, each.thread]),
            str(threads[each.thread].person or "–"),
            texts.get(each.activity, "")[:400],
            each.language,
            each.since,
            [WORDS[reason] for reason in why[each.thread]],
        )
        for each in shown
        if each.thread in threads
    ]
