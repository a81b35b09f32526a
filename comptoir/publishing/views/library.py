"""The pages of the library: the brand's pictures, what may be done with them, and where they were shown."""

from __future__ import annotations

from typing import IO, Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.kernel.films import looks_like_film
from comptoir.kernel.media import Unusable
from comptoir.kernel.numbers import number_of
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.forms_of_library import AssetForm
from comptoir.publishing.models import Asset, Illustration, Post, Video
from comptoir.publishing.models.asset import BARRED, TAKEN_MOST
from comptoir.publishing.telling import not_usable

PAGE = 48
FILES_MOST = 20
SHOWN_MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand()
def library(request: BrandRequest) -> HttpResponse:
    """The pictures, the newest first; with files, they are brought in."""
    if request.method == "POST":
        return _brought(request)
    today = timezone.localdate(timezone=request.brand.zone)
    words, which = request.GET.get("q", "").strip()[:100], request.GET.get("which", "")
    before = number_of(request.GET.get("before", ""))
    rows = _those(Asset.objects.of(request.brand), which, today).saying(words)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.defer("content").select_related("video")[: PAGE + 1])
    beside = Illustration.objects.of(request.brand).filter(asset__in=found).order_by().values_list("asset")
    uses: dict[int, int] = dict(beside.annotate(Count("pk")))
    context = {
        "brand": request.brand, "here": "publishing", "q": words, "which": which, "choices": _choices(),
        "video_most": settings.VIDEO_MOST // 1_000_000,
        "assets": [(each, each.bar(today), uses.get(each.pk, 0)) for each in found[:PAGE]], "newest": bool(before),
        "older": found[PAGE - 1].pk if len(found) > PAGE else 0, "brings": request.membership.may("agent"),
    }  # fmt: skip
    return render(request, "publishing/library.html", context)


@require_safe
@on_brand("agent")
def library_choices(request: BrandRequest) -> HttpResponse:
    """Pictures and videos that may be shown today, for the composer."""
    context = {"brand": request.brand, **choices(request, request.GET.get("library", "").strip()[:100])}
    return render(request, "publishing/library_choices.html", context)


def choices(request: BrandRequest, words: str = "") -> dict[str, Any]:
    """What the composer offers of the library: the newest that may be shown today, and have these words."""
    today = timezone.localdate(timezone=request.brand.zone)
    rows = Asset.objects.of(request.brand).there().saying(words).exclude(rights__in=BARRED)
    offered = rows.exclude(expires__lt=today).defer("content").select_related("video")[:12]
    return {"offered_pictures": list(offered), "library": words}


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand()
def asset(request: BrandRequest, pk: int) -> HttpResponse:
    """One picture, what is said of it, and where it was shown; with a form, other things are said of it."""
    found = asset_of(request, pk)
    writes = request.membership.may("agent")
    if request.method == "POST" and not writes:
        raise PermissionDenied
    form = AssetForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found.settle(request.user, form.given)
        messages.success(request, _("Kept."))
        return redirect("asset", request.brand.slug, pk)
    permission = getattr(found, "permission", None)
    shown = Post.objects.of(request.brand).filter(illustrations__asset=found).newest().distinct()
    context = {
        "brand": request.brand, "here": "publishing", "asset": found, "form": form, "writes": writes,
        "bar": found.bar(timezone.localdate(timezone=request.brand.zone)), "permission": permission,
        "answers": permission.answers() if permission else [],
        "posts": list(shown.prefetch_related("variants", "destinations__channel")[:SHOWN_MOST]),
    }  # fmt: skip
    return render(request, "publishing/asset.html", context, status=422 if form.errors else 200)


@require_POST
@on_brand("agent")
def asset_state(request: BrandRequest, pk: int) -> HttpResponse:
    """Put one away, or offer it again."""
    away = request.POST.get("state") != "open"
    if asset_of(request, pk).move(request.user, away):
        messages.success(request, _("It is put away.") if away else _("It is offered again."))
    return redirect("asset", request.brand.slug, pk)


def asset_of(request: BrandRequest, pk: int) -> Asset:
    """The picture of an address. Http404 with its reason."""
    rows = Asset.objects.of(request.brand).defer("content").select_related("by", "permission", "video")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such picture."))
    return found


def _brought(request: BrandRequest) -> HttpResponse:
    if not request.membership.may("agent"):
        raise PermissionDenied
    done = 0
    for file in request.FILES.getlist("file")[:FILES_MOST]:
        try:
            _bring(request, file)
            done += 1
        except Unusable as why:
            messages.error(request, f"{(file.name or '')[:60]}: {not_usable(why.reason)}")
    for name in getattr(request, "too_large", ()):
        messages.error(request, f"{name[:60]}: {not_usable('film_too_heavy')}")
    if done:
        messages.success(request, _("In the library now: %(n)d.") % {"n": done})
    return redirect("library", request.brand.slug)


def _bring(request: BrandRequest, file: UploadedFile[bytes]) -> None:
    """Take one file in, whatever it is. Unusable says why not."""
    content, name = cast("IO[bytes]", file.file), file.name or ""
    if looks_like_film(content.read(16)):
        Video.bring(request.brand, request.user, content, name)
    elif (file.size or 0) > TAKEN_MOST:
        raise Unusable("too_heavy")
    else:
        content.seek(0)
        Asset.bring(request.brand, request.user, content.read(), name)


def _choices() -> list[tuple[str, str]]:
    return [
        ("", _("All")), ("pictures", _("Pictures")), ("videos", _("Videos")),
        ("unsaid", _("Nobody said why it may be shown")), ("soon", _("Expires soon")),
        ("barred", _("May not be shown")), ("away", _("Put away")),
    ]  # fmt: skip


def _those(rows: Any, which: str, today: Any) -> Any:
    """Those of a choice."""
    if which == "away":
        return rows.away()
    rows = rows.there()
    narrowed: dict[str, QuerySet[Any]] = {
        "unsaid": rows.filter(rights=Asset.Rights.UNSAID), "soon": rows.expiring(today),
        "barred": rows.barred(today), "pictures": rows.pictures(), "videos": rows.films(),
    }  # fmt: skip
    return narrowed.get(which, rows)
