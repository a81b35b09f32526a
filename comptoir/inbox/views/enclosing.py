"""Pictures and files beside an answer: put there, taken off, looked at before they leave and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Func, IntegerField
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from comptoir.inbox.models import Enclosure, NotTaken, Thread
from comptoir.inbox.models.enclosing import FILES, TAKEN_MOST, carried, describe, enclose
from comptoir.inbox.views.said import Shown
from comptoir.kernel.media import Unusable, fit
from comptoir.kernel.numbers import number_of
from comptoir.networks.connector import Carries
from comptoir.networks.models import Attachment, Channel
from comptoir.networks.pictures import SIDES
from comptoir.networks.views.media import closed
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand

_LIFE = 86_400


@dataclass(frozen=True, slots=True)
class Beside:
    """Something beside an answer in the making; `src` where it can be looked at."""

    pk: int
    url: str
    src: str
    alt: str
    words: str


@dataclass(slots=True)
class Enclosed:
    """What lies beside an answer in the making, how much could, and what was `wrong` with what was last brought."""

    url: str
    items: list[Beside]
    most: int
    words: int
    accept: str
    limits: str
    missing: int = 0
    wrong: list[str] = field(default_factory=list)


def enclosed_of(channel: Channel, brand: Brand, thread: int, rows: list[Any]) -> Enclosed | None:
    """The same for the page, from what was asked with the thread; None where nothing can lie beside an answer."""
    takes = carried(channel)
    if not takes.most:
        return None
    url = reverse("enclosures", args=[brand.slug, thread])
    items = []
    for pk, mime, alt, name, size in rows:
        there = reverse("enclosure", args=[brand.slug, thread, pk])
        src = there if mime.startswith("image/") else ""
        items.append(Beside(pk, there, src, alt, f"{name} ({filesizeformat(size)})" if name else ""))
    missing = sum(1 for each in items if each.src and not each.alt)
    files = [f".{ending}" for ending in FILES] if takes.files else []
    return Enclosed(
        url, items, takes.most, takes.words, ",".join(["image/*", *files]), _limits(takes), missing
    )


def _limits(takes: Carries) -> str:
    """What may lie beside an answer, in words."""
    if takes.files:
        words = _("Up to %(most)d pictures or files; a file up to %(size)s.")
        return words % {"most": takes.most, "size": filesizeformat(takes.size)}
    words = ngettext(
        "%(most)d picture; a large one is made smaller.",
        "Up to %(most)d pictures; large ones are made smaller.",
        takes.most,
    )
    return words % {"most": takes.most}


def described(posted: QueryDict) -> dict[int, str]:
    """The words beside pictures that a form brings, by the pictures' numbers."""
    beside = ((name.removeprefix("alt-"), words) for name, words in posted.items() if name.startswith("alt-"))
    given = ((number_of(number), str(words)) for number, words in beside)
    return {number: words for number, words in given if number is not None}


@require_POST
@on_brand("agent")
def enclosures(request: BrandRequest, pk: int) -> HttpResponse:
    """Put files beside the asker's answer, or take one off (`off`, its number)."""
    found = thread_row(request, pk)
    wrong = []
    mine = Enclosure.objects.filter(thread=found, by=request.user)
    if words := described(request.POST):
        describe(found, request.user, words)
    if (off := number_of(request.POST.get("off", ""))) is not None:
        mine.filter(pk=off).delete()
    for file in request.FILES.getlist("file")[:20]:
        try:
            if (file.size or 0) > TAKEN_MOST:
                raise NotTaken("too_heavy", TAKEN_MOST)
            enclose(found, request.user, file.read(), file.name or "")
        except NotTaken as why:
            wrong.append(_not_taken(why, (file.name or "")[:60]))
            if why.code in ("none", "too_many"):
                break
    if not request.htmx:
        return redirect("thread", request.brand.slug, found.pk)
    size = Func("content", function="octet_length", output_field=IntegerField())
    rows = list(mine.values_list("pk", "mime", "alt", "name", size))
    shown = enclosed_of(found.channel, request.brand, found.pk, rows)
    if shown is not None:
        shown.wrong = wrong
    return render(request, "inbox/enclosures.html", {"enclosed": shown}, status=422 if wrong else 200)


def not_taken(why: NotTaken) -> str:
    """Why something cannot lie beside an answer."""
    limit = filesizeformat(why.limit)
    sentences = {
        "none": _("Nothing can lie beside an answer on this channel."),
        "too_many": _("No more than %(n)d can lie beside one answer here.") % {"n": why.limit},
        "too_heavy": _("It is too large: %(size)s at the most.") % {"size": limit},
        "file_kind": _("Files of this kind do not leave: send a picture, a PDF, a text or a table."),
        "not_image": _("It is no picture that can be read: JPEG, PNG, GIF, WebP or AVIF."),
        "too_large": _("It cannot be made small enough for this network."),
        "too_many_pixels": _("It has too many pixels: 40 million at the most."),
    }
    return sentences.get(why.code, _("It is damaged, and cannot be read."))


def _not_taken(why: NotTaken, name: str) -> str:
    return f"{name}: {not_taken(why)}" if name and why.code not in ("none", "too_many") else not_taken(why)


@require_safe
@on_brand("agent")
def enclosure(request: BrandRequest, pk: int, act: int) -> HttpResponse:
    """What the asker put beside the answer that they write: nobody else sees it."""
    row = Enclosure.objects.filter(thread=thread_row(request, pk), by=request.user, pk=act).first()
    if row is None:
        raise Http404(_("There is no such picture."))
    return _given(bytes(row.content), row.mime, row.name)


@require_safe
@on_brand("reader")
def attachment(request: BrandRequest, pk: int, act: int) -> HttpResponse:
    """What lies beside an answer given in this thread."""
    rows = Attachment.objects.filter(delivery__reply__thread=thread_row(request, pk), pk=act)
    row = rows.first()
    if row is None:
        raise Http404(_("There is no such picture."))
    return _given(bytes(row.content), row.mime, row.name)


def _given(content: bytes, mime: str, name: str) -> HttpResponse:
    """A picture as pages show pictures; everything else to be saved."""
    if mime.startswith("image/"):
        try:
            response = HttpResponse(fit(content, SIDES["full"]), content_type="image/webp")
        except Unusable:
            raise Http404(_("This picture cannot be shown.")) from None
        response["Content-Disposition"] = "inline"
    else:
        response = HttpResponse(content, content_type=mime)
        response["Content-Disposition"] = content_disposition_header(True, name or "file") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={_LIFE}"
    return closed(response)


def shown_beside(attached: list[Any] | None, brand: Brand, thread: int) -> list[Shown]:
    """What lies beside an answer, until the network gives its own."""
    shown = []
    for pk, mime, alt, name in attached or ():
        url = reverse("attachment", args=[brand.slug, thread, pk])
        picture = mime.startswith("image/")
        shown.append(Shown(url if picture else "", "" if picture else url, alt, name, True))
    return shown


def thread_row(request: BrandRequest, pk: int) -> Thread:
    """The brand's thread of this number, with its channel; 404 in words."""
    found = Thread.objects.of(request.brand).filter(pk=pk).select_related("channel").first()
    if found is None:
        raise Http404(_("There is no such thread here. It may have been erased, or belong to another brand."))
    return found
