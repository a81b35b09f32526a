"""Pages above the rooms: the front door, a person's own settings, and what is said when something is wrong."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django import forms
from django.conf import settings as house
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.kernel.stores import StoreFailed
from comptoir.organisation.access import memberships_of
from comptoir.organisation.audit import record
from comptoir.organisation.models import User
from comptoir.organisation.programs.problems import problem_of_status
from comptoir.organisation.templatetags.queries import painted, search_painted
from comptoir.web import brands
from comptoir.web.context import KEYS

log = logging.getLogger(__name__)

COLOURED_MOST = 5_000
"""Characters of a query that is shown in colours: as many as its field takes."""
DISK_FULL = "53100"
"""PostgreSQL's code."""
THEMES = [
    ("", gettext_lazy("As the system")),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
]
DENSITIES = [("", gettext_lazy("Comfortable")), ("compact", gettext_lazy("Compact"))]
LANGUAGES = [("", gettext_lazy("As the browser asks")), ("en", "English"), ("fr", "Français")]
KEY_WORDS = {
    "j": gettext_lazy("Next thread"),
    "k": gettext_lazy("Previous thread"),
    "r": gettext_lazy("Write a reply"),
    "n": gettext_lazy("Write an internal note"),
    "a": gettext_lazy("Assign"),
    "e": gettext_lazy("Close, or reopen"),
    "b": gettext_lazy("Go to another brand"),
    "?": gettext_lazy("Show the keys"),
}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The counter of the person's brand; the choice of brands when there are several."""
    memberships = memberships_of(request.user)
    if len(memberships) == 1:
        return redirect("threads", memberships[0].brand.slug)
    return brands.brands(request)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a person likes their pages."""

    name = forms.CharField(max_length=120, required=False, strip=True)
    language = forms.ChoiceField(choices=LANGUAGES, required=False, widget=forms.RadioSelect)
    theme = forms.ChoiceField(choices=THEMES, required=False, widget=forms.RadioSelect)
    density = forms.ChoiceField(choices=DENSITIES, required=False, widget=forms.RadioSelect)
    shortcuts = forms.BooleanField(required=False)
    keys = forms.MultipleChoiceField(
        choices=[(key, key) for key in KEYS], required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ("name", "language", "theme", "density", "shortcuts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["keys"] = [key for key in KEYS if key not in self.instance.shortcuts_off]

    def save(self, commit: bool = True) -> User:
        """Keep it; keys that were not ticked are off."""
        self.instance.shortcuts_off = [key for key in KEYS if key not in self.cleaned_data["keys"]]
        saved: User = super().save(commit)
        return saved


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """A person's own settings."""
    user: Any = request.user
    form = PersonForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        record("own_settings_changed", None, user)
        with translation.override(user.language or None):
            messages.success(request, _("Kept."))
        return redirect("settings")
    keys = [(key, words, key in (form["keys"].value() or [])) for key, words in KEY_WORDS.items()]
    status = 422 if form.errors else 200
    context = {"form": form, "keys": keys, "roles": memberships_of(user), "here": "settings"}
    return render(request, "web/settings.html", context, status=status)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose a language before signing in: kept in a cookie of this browser."""
    chosen = request.POST.get("language", "")
    response = redirect("account_login")
    if chosen in dict(house.LANGUAGES):
        response.set_cookie(
            house.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax", httponly=True,
            secure=house.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


@require_safe
@login_required
def colours(request: HttpRequest) -> HttpResponse:
    """A query as it is typed, in its colours: what a script lays over its field. With `plain` it may be plain words."""
    text = request.GET.get("text", "")[:COLOURED_MOST]
    return HttpResponse(conditional_escape(search_painted(text)) if "plain" in request.GET else painted(text))


def _wrong(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    """An error as a page, as one sentence for scripts that ask for a part of one, as a problem for programs."""
    if request.path.startswith("/api/"):
        return problem_of_status(status, words)
    if request.headers.get("HX-Request"):
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    return render(
        request, "web/wrong.html", {"status": status, "title": title, "words": words}, status=status
    )


def _said(exception: Exception | None) -> str:
    """The sentence that a view gave, if it is one of ours and not a library's."""
    words = str(exception or "")
    return words if words.endswith((".", "!", "?")) and " " in words and len(words) < 400 else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400"""
    if isinstance(exception, SessionInterrupted):
        words = getattr(request, "farewell", "") or _("You were signed out. Sign in again.")
        return _wrong(request, 400, _("Signed out"), words)
    words = _said(exception) or _("The address or the form holds something that makes no sense here.")
    return _wrong(request, 400, _("That makes no sense here"), words)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403"""
    words = _said(exception) or _("Your role does not reach that far. Ask an owner of the brand.")
    return _wrong(request, 403, _("Not yours to do"), words)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404"""
    words = _said(exception) or _("There is no such page, or it is not yours to see.")
    return _wrong(request, 404, _("Nothing here"), words)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token does not fit: usually a page left open since before a sign-in."""
    words = _(
        "This form was opened before you signed in, or in another window. Load the page again, then send it."
    )
    return _wrong(request, 403, _("The form is too old"), words)


def broken(request: HttpRequest) -> HttpResponse:
    """500: nothing of it may need the database or the person."""
    try:
        request.user = AnonymousUser()
        if isinstance(error := sys.exc_info()[1], OperationalError):
            return _away(request, error)
        if isinstance(error, StoreFailed):
            log.error("what is stored cannot be read: %s", error)
            words = _(
                "Old mentions are kept in files, and these cannot be read just now. A shorter, later period may work; "
                "whoever runs this counter finds out why with “comptoir doctor”."
            )
            return _wrong(request, 503, _("Not now"), words)
        words = _("Something broke on our side. It was written down; trying again may help.")
        return _wrong(request, 500, _("Something broke"), words)
    except Exception:
        return HttpResponse("Something broke on our side.", status=500, content_type="text/plain")


def _away(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """503: the database is away, or its disk is full."""
    if getattr(error.__cause__, "sqlstate", None) == DISK_FULL:
        words = _(
            "The disk of this counter is full: nothing can be kept until there is room again. Nothing is lost that "
            "was here; leave this page open if you were writing."
        )
    else:
        words = _(
            "The database of this counter does not answer. Nothing is lost that was here: try again in a moment."
        )
    response = _wrong(request, 503, _("Not now"), words)
    response["Retry-After"] = "10"
    return response
