"""Posts from a file: bring it, see what is wrong with which cell, have its rows become posts."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.kernel.sheets import BOM, csv_rows
from comptoir.networks.connector import Publishes
from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.importing import Checked
from comptoir.publishing.importing_now import checked
from comptoir.publishing.models import PostImport
from comptoir.publishing.tables_in import FILE_MOST, Unreadable, sheets_of
from comptoir.publishing.telling_of_imports import fault, unreadable, wrong_cell

LISTED = 20
SHOWN = 200
"""Bad cells, and rows, that the page shows at the most."""


class FileForm(forms.Form):
    """A file with posts."""

    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CSV, or a spreadsheet (.xlsx)."),
        widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def imports(request: BrandRequest) -> HttpResponse:
    """Bring a file; no post is made of it yet."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if (file.size or 0) > FILE_MOST:
                raise Unreadable("too_large")
            content = file.read()
            sheets = sheets_of(content)
        except Unreadable as why:
            form.add_error("file", unreadable(why.code))
        else:
            made = PostImport.bring(request.brand, request.user, file.name or "", content, sheets)
            return redirect("post-import", request.brand.slug, made.pk)
    rows = PostImport.objects.of(request.brand).exclude(state=PostImport.State.CHECKED)
    context = {
        "brand": request.brand, "here": "publishing", "form": form, "columns": _columns(),
        "imports": rows.defer("sheets").order_by("-made", "-pk")[:LISTED],
    }  # fmt: skip
    return render(request, "publishing/imports.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def post_import(request: BrandRequest, pk: int) -> HttpResponse:
    """What its rows would become, how far it is, or what became of them; with a form, it begins."""
    found = PostImport.objects.of(request.brand).filter(pk=pk).select_related("by").first()
    if found is None:
        raise Http404(_("There is no such file any more."))
    found.brand = request.brand
    seen = checked(found) if found.state == PostImport.State.CHECKED else None
    if request.method == "POST":
        if seen is not None:
            _start(request, found, seen)
        return redirect("post-import", request.brand.slug, pk)
    name = "publishing/post_import.html#progress" if request.htmx else "publishing/post_import.html"
    return render(request, name, {"brand": request.brand, "here": "publishing", **_shown(found, seen)})


def _start(request: BrandRequest, found: PostImport, seen: Checked) -> None:
    every = request.POST.get("which") != "good"
    if not seen.good or (every and seen.wrong):
        messages.error(
            request, _("Nothing was imported: mend the rows that are named, and bring the file again.")
        )
    else:
        found.start(request.user, every, request.POST.get("how") == "schedule", len(seen.good))


def _shown(found: PostImport, seen: Checked | None) -> dict[str, object]:
    posts = found.posts.select_related("post").prefetch_related("post__variants").order_by("pk")
    return {
        "imported": found, "seen": seen, "over": found.state == PostImport.State.DONE,
        "faults": [(each["sheet"], each["line"], fault(each["code"])) for each in found.faults],
        "posts": list(posts[:SHOWN]) if seen is None else [],
        "wrong": [(each, wrong_cell(each)) for each in seen.wrong[:SHOWN]] if seen else [],
        "odd": [(each, wrong_cell(each)) for each in seen.odd[:SHOWN]] if seen else [],
        "good": seen.good[:SHOWN] if seen else [], "shown": SHOWN,
        "timed": any(each.day for each in seen.good) if seen else False,
        "sheets": len(found.sheets) > 1, "before": found.before if seen else None,
    }  # fmt: skip


@require_safe
@on_brand("agent")
def import_template(request: BrandRequest) -> HttpResponse:
    """A file to begin with: all columns, and a row that says what goes where."""
    channels = Channel.objects.of(request.brand).exclude(state=Channel.State.OFF).order_by("network", "pk")
    first = next((f"{each.handle} ({each.label})" for each in channels if each.can(Publishes)), "")
    heads = [name for name, _means, _example in _columns()]
    day = timezone.localdate(timezone=request.brand.zone).replace(month=12, day=24)
    day = day.replace(year=day.year + 1)
    known = {_("channels"): first, _("day"): day.isoformat()}
    example = [known.get(name, words) for name, _means, words in _columns()]
    answer = HttpResponse(BOM + csv_rows([heads, example]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="posts-{request.brand.slug}.csv"'
    return answer


def _columns() -> list[tuple[str, str, str]]:
    """Each column: its head, what it says, an example."""
    return [
        (_("text"), _("What is said. A line of three dashes begins the next part of a thread."), _("Good morning!")),
        (_("channels"), _("Where it leaves: names of channels, with commas between them."), ""),
        (_("day"), _("When it leaves, such as 2026-12-24. Without a day it is a draft."), ""),
        (_("hour"), _("At what time, such as 18:00."), "18:00"),
        (_("time zone"), _("By which clock, such as Europe/Paris. Empty: by each channel’s own."), ""),
        (_("campaign"), _("What it is for: the name of an open campaign."), ""),
        (_("reason"), _("Or why it belongs to no campaign."), _("an announcement")),
        (_("title"), _("What colleagues call it."), ""),
        (_("language"), _("The code of its language, such as fr."), ""),
        (_("content warning"), _("What stands above it."), ""),
        (_("first comment"), _("What is said below it at once."), ""),
        (_("pictures"), _("Pictures that are here already, by the names of their files, one a line."), ""),
        (_("alternative text"), _("What each picture shows, one a line."), ""),
    ]  # fmt: skip
