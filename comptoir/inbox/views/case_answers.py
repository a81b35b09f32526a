"""What customer service answers, without an account here: by the link in a mail, or signed by a program."""

from __future__ import annotations

import json
import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.inbox.casework import tidy_number
from comptoir.inbox.forms_of_cases import OutcomeForm
from comptoir.inbox.models import Case, CaseLink, ServiceDesk
from comptoir.inbox.models.case import TEXT_MOST
from comptoir.kernel.acting import acting
from comptoir.kernel.secrets import Unreadable
from comptoir.organisation.calling import EVENT_MOST, is_signed
from comptoir.organisation.models.pace import Allowance

_ANSWERS = Allowance("case", 20, 600)
"""Answers by one link, and tries at one desk's door, in ten minutes."""
_BODY_MOST = 100_000


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of a case: what came of it is written here. Looking changes nothing; the link is the right, so no
    cookie is needed or set."""
    case = CaseLink.open(token)
    if case is None:
        return render(request, "inbox/case_answer.html", {"gone": True}, status=410)
    with translation.override(case.brand.language or translation.get_language()):
        form = OutcomeForm(
            request.POST if request.method == "POST" else None,
            initial={"theirs": case.theirs, "key": uuid.uuid4().hex},
        )
        kept = False
        if request.method == "POST" and form.is_valid():
            if not _ANSWERS.take(f"case:{case.pk}").allowed:
                form.add_error(
                    None, _("That was too much in a short time. Wait a few minutes, then try again.")
                )
            else:
                given = form.cleaned_data
                case.bring_back(given["text"], f"link:{given['key']}", given["theirs"], given["done"])
                kept = True
        context = {"case": case, "form": form, "kept": kept}
        answer = render(request, "inbox/case_answer.html", context, status=422 if form.errors else 200)
    answer["X-Robots-Tag"] = "noindex"
    return answer


@csrf_exempt
@require_POST
def desk_outcomes(request: HttpRequest, pk: int) -> HttpResponse:
    """A desk's program says what came of a case, signed with the desk's secret as our calls to it are."""
    if not _ANSWERS.take(f"desk:{pk}:{acting().address}").allowed:
        return _wrong("too many", "Ask again in a while.", 429)
    desk = (
        ServiceDesk.objects.everywhere().filter(pk=pk, brand__archived_at=None).exclude(sealed=None).first()
    )
    body = request.read(_BODY_MOST + 1)
    if desk is None or len(body) > _BODY_MOST or not _is_theirs(desk, request, body):
        return _wrong("signature", "It is not signed with the secret of a desk of this number.", 403)
    try:
        said = json.loads(body)
        number, text, done = said["case"], said["text"], said.get("done", True)
        fits = type(number) is int and isinstance(text, str) and isinstance(done, bool)
        text = text.replace("\x00", "").strip()
    except (ValueError, KeyError, TypeError, AttributeError):
        fits = False
    if not fits or not 0 < len(text) <= TEXT_MOST or not 0 < number < 2**31:
        return _wrong("case, text", "Say the number of the case and a text that is not too long.", 422)
    cases = Case.objects.of(desk.brand_id).filter(desk=desk, number=number)
    case = cases.select_related("brand", "desk", "thread").first()
    if case is None:
        return _wrong("case", "This desk has no case of that number.", 404)
    key = request.headers["webhook-id"][:EVENT_MOST]
    new = case.bring_back(text, f"program:{key}", tidy_number(said.get("number", "")), done)
    return JsonResponse({"new": new}, status=200)


def _wrong(what: str, why: str, status: int) -> JsonResponse:
    """What a program did wrong, as a word that never changes and as a sentence."""
    return JsonResponse({"wrong": what, "detail": why}, status=status)


def _is_theirs(desk: ServiceDesk, request: HttpRequest, body: bytes) -> bool:
    try:
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        return is_signed([desk.secret()], {name: request.headers.get(name, "") for name in names}, body)
    except Unreadable:
        return False
