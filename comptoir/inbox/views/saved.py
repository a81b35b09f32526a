"""The pages of saved replies: all of them, one of them, a new one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.inbox.forms_of_saved import SavedReplyForm, Version
from comptoir.inbox.models import CustomField, SavedReply, ShortcutTaken
from comptoir.inbox.models.custom import fields_for
from comptoir.inbox.models.offering import values_of
from comptoir.inbox.models.saved import tag
from comptoir.inbox.models.variables import FIELD, KNOWN, SURVEY, Unclosed, UnknownVariable, check, fill
from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.naming import language_name
from comptoir.organisation.query_words import tidy

VARIABLES = {
    "person": gettext_lazy("who is answered, as their network names them"),
    "first_name": gettext_lazy("the first word of that name"),
    "handle": gettext_lazy("their address on the network"),
    "brand": gettext_lazy("the brand's name"),
    "channel": gettext_lazy("the account that answers"),
    "me": gettext_lazy("your name, unless names are off"),
    "me.first_name": gettext_lazy("your first name"),
    "date": gettext_lazy("today, as the language writes it"),
    SURVEY: gettext_lazy("a link to one question: were you helped? It is made when the answer leaves"),
}
EXAMPLE = {
    "person": "Camille Laurent",
    "first_name": "Camille",
    "handle": "@camille",
}
COMMON = ("fr", "en", "de", "es", "it", "nl", "pt")


@require_safe
@on_brand("agent")
def saved_replies(request: BrandRequest) -> HttpResponse:
    """All that the asker may use; `q` looks in names, shortcuts and words."""
    q = tidy(request.GET.get("q", ""))
    if len(q) > 200:
        raise BadRequest(_("That is too long to search for: 200 characters at the most."))
    rows = SavedReply.objects.of(request.brand).open_to(request.user)
    for word in q.removeprefix("/").split():
        found = Q(name__icontains=word) | Q(shortcut__icontains=word) | Q(texts__text__icontains=word)
        rows = rows.filter(pk__in=SavedReply.objects.of(request.brand).filter(found).values("pk"))
    manages = request.membership.may("manager")
    wanted = (request.LANGUAGE_CODE, *_ours(request))
    shown = [
        (each, each.version(*wanted), [text.language for text in each.texts.all()],
         each.may_be_changed(request.user, manages))
        for each in rows.select_related("team", "author").prefetch_related("texts").lately_first()
    ]  # fmt: skip
    context = {"brand": request.brand, "here": "threads", "rows": shown, "q": q}
    return render(request, "inbox/saved_replies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def saved_reply_new(request: BrandRequest) -> HttpResponse:
    """The form of a new one; POST makes it, or with do=preview shows how it reads."""
    if request.method != "POST":
        blank = [(language, "") for language in dict.fromkeys((*_ours(request), *_offered()))]
        return _page(request, _form(request, None, {"whose": "brand"}, blank[:2]))
    form = _form(request, None, {}, _given(request))
    if request.POST.get("do") == "preview":
        return _page(request, form)
    if form.is_valid():
        given = form.cleaned_data
        own = given.get("whose", "own") != "brand"
        try:
            SavedReply.make(
                request.brand,
                request.user,
                given["name"],
                given["shortcut"],
                given["texts"],
                own,
                given.get("team"),
            )
        except ShortcutTaken:
            form.taken()
        else:
            messages.success(request, _("The saved reply %(name)s is there.") % {"name": given["name"]})
            return redirect("saved-replies", request.brand.slug)
    return _page(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def saved_reply(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them; POST changes it, or with do=preview shows how it would read."""
    found = _found(request, pk)
    if request.method != "POST":
        begun = {"name": found.name, "shortcut": found.shortcut, "team": found.team_id}
        texts = [(text.language, text.text) for text in found.texts.all()]
        return _page(request, _form(request, found, begun, texts), found)
    form = _form(request, found, {}, _given(request))
    if request.POST.get("do") == "preview":
        return _page(request, form, found)
    if form.is_valid():
        given = form.cleaned_data
        try:
            found.change(request.user, given["name"], given["shortcut"], given["texts"], given.get("team"))
        except ShortcutTaken:
            form.taken()
        else:
            messages.success(request, _("The saved reply %(name)s is changed.") % {"name": found.name})
            return redirect("saved-replies", request.brand.slug)
    return _page(request, form, found, status=422)


@require_POST
@on_brand("agent")
def saved_reply_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """It is no more; answers given with it stay."""
    found = _found(request, pk)
    name = found.name
    found.remove(request.user)
    messages.success(request, _("The saved reply %(name)s is removed.") % {"name": name})
    return redirect("saved-replies", request.brand.slug)


def _found(request: BrandRequest, pk: int) -> SavedReply:
    """One that the asker may change. Http404 for what is not there or somebody else's, PermissionDenied for the
    brand's where they are no manager."""
    rows = SavedReply.objects.of(request.brand).open_to(request.user)
    found = rows.filter(pk=pk).prefetch_related("texts").first()
    if found is None:
        raise Http404(_("There is no such saved reply any more."))
    if not found.may_be_changed(request.user, request.membership.may("manager")):
        raise PermissionDenied(_("Only managers and owners change what everybody answers with."))
    return found


def _form(
    request: BrandRequest, found: SavedReply | None, begun: dict[str, Any], versions: list[tuple[str, str]]
) -> SavedReplyForm:
    shares = request.membership.may("manager") and not (found and found.own)
    data = request.POST if request.method == "POST" else None
    return SavedReplyForm(
        request.brand, data, initial=begun, versions=versions, shares=shares, fixed=found is not None
    )


def _given(request: BrandRequest) -> list[tuple[str, str]]:
    languages, texts = request.POST.getlist("language"), request.POST.getlist("text")
    return list(zip(languages, texts, strict=False))[:100]


def _ours(request: BrandRequest) -> tuple[str, ...]:
    return (request.brand.language or settings.LANGUAGE_CODE,)


def _offered() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _page(
    request: BrandRequest, form: SavedReplyForm, found: SavedReply | None = None, status: int = 200
) -> HttpResponse:
    """The form, its words shown as they would read, and room for another language."""
    channel = Channel.objects.of(request.brand).order_by("pk").values_list("handle", flat=True).first()
    for version in form.versions:
        version.preview = _preview(request, version, channel or "@example")
    empty = [each for each in form.versions if not each.text.strip()]
    own = CustomField.objects.of(request.brand)
    context = {
        "brand": request.brand,
        "here": "threads",
        "form": form,
        "saved": found,
        "versions": [*form.versions, *([] if empty else [Version()])],
        "variables": [
            *((f"{{{{{name}}}}}", VARIABLES[name]) for name in (*KNOWN, SURVEY)),
            *((f"{{{{{FIELD}{each}}}}}", _("what the thread has of this field")) for each in own),
        ],
        "codes": [(code, language_name(code)) for code in COMMON],
    }
    return render(request, "inbox/saved_reply.html", context, status=status)


def _preview(request: BrandRequest, version: Version, channel: str) -> str:
    """How the words read in an answer to somebody made up, "" for those that cannot be filled."""
    own = fields_for(request.brand.pk, [version.text])
    try:
        check(version.text, {each.folded for each in own})
    except (UnknownVariable, Unclosed):
        return ""
    values = values_of(request.brand, request.user, tag(version.language))
    told = {FIELD + each.folded: f"[{each}]" for each in own}
    return fill(version.text, {**values, **EXAMPLE, **told, "channel": channel})
