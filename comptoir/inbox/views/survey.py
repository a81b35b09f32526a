"""The one question behind a link in an answer, for whoever got it: no account, no cookie, once."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comptoir.inbox.models import Survey
from comptoir.inbox.models.survey import SCORES, WORDS_MOST
from comptoir.kernel.acting import acting
from comptoir.organisation.models.pace import Allowance

_TRIES = Allowance("survey", 30, 60)
_LANGUAGES = {code for code, _name in settings.LANGUAGES}
WORDS = {
    1: gettext_lazy("Not at all"),
    2: gettext_lazy("Not really"),
    3: gettext_lazy("More or less"),
    4: gettext_lazy("Yes"),
    5: gettext_lazy("Yes, very much"),
}


class SurveyForm(forms.Form):
    """How it was, and words about it if they like."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("Were you helped?"), choices=[(n, WORDS[n]) for n in reversed(SCORES)], coerce=int,
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose one.")},
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Anything to add?"), max_length=WORDS_MOST, required=False,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}),
    )  # fmt: skip


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """The question. Looking counts for nothing, so that robots that follow links do not: the button does."""
    found = Survey.open(token)
    language = found.language.partition("-")[0] if found else ""
    with translation.override(language if language in _LANGUAGES else translation.get_language()):
        form = SurveyForm(request.POST if request.method == "POST" else None)
        done = found is not None and found.answered_at is not None
        if found and not done and request.method == "POST" and form.is_valid():
            if not _TRIES.take(f"survey:{acting().address}").allowed:
                words = _("That was too much in a short time. Wait a few minutes, then try again.")
                form.add_error(None, words)
            else:
                found.answer(form.cleaned_data["score"], form.cleaned_data["words"])
                done = True
        status = 410 if found is None else 422 if form.errors and not done else 200
        answer = render(
            request, "inbox/survey.html", {"found": found, "form": form, "done": done}, status=status
        )
    answer["X-Robots-Tag"] = "noindex"
    return answer
