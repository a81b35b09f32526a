"""Asking the author of a picture whether the brand may show it, and writing down what they answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.kernel.media import Unusable, media_token
from comptoir.kernel.numbers import number_of
from comptoir.networks.answering import answering
from comptoir.networks.files import is_on_the_web, original
from comptoir.networks.models import Activity
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.forms_of_library import AnswerForm, QuestionForm
from comptoir.publishing.models import Permission
from comptoir.publishing.telling import not_usable
from comptoir.publishing.views.library import asset_of

PICTURES_MOST = 8


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def asking(request: BrandRequest, pk: int) -> HttpResponse:
    """Ask the author of a message about the pictures beside it."""
    message = _message(request, pk)
    pictures = _pictures(request, message)
    channels = answering(request.brand.pk, message.network)
    wrong: list[str] = []
    if request.method == "POST":
        chosen = [n - 1 for each in request.POST.getlist("picture") if (n := number_of(each))]
        places = [place for place, _src, _alt in pictures if place - 1 in chosen]
        form = QuestionForm(request.POST)
        wanted = number_of(request.POST.get("channel", ""))
        channel = next((each for each in channels if wanted in (None, each.pk)), None)
        if not places:
            wrong.append(_("Choose at least one picture."))
        elif not form.is_valid():
            wrong.append(_("Write what they are asked."))
        elif channel is None:
            wrong.append(_("No account of the brand can answer there just now."))
        else:
            try:
                contents = [original(request.brand, message, place - 1) for place in places]
                made = Permission.ask(
                    request.brand, request.user, channel, message, contents, form.cleaned_data["question"]
                )
            except Unusable as why:
                wrong.append(not_usable(why.reason))
            except ValueError:
                wrong.append(_("No account of the brand can answer there just now."))
            else:
                messages.success(
                    request, _("They are asked. The picture waits in the library for their answer.")
                )
                return redirect("asset", request.brand.slug, made[0].asset_id)
    context = {
        "brand": request.brand, "here": "publishing", "message": message, "pictures": pictures,
        "channels": channels, "wrong": wrong, "language": message.language or "",
        "question": request.POST.get("question") or _question(request, message),
    }  # fmt: skip
    return render(request, "publishing/asking.html", context, status=422 if wrong else 200)


@require_POST
@on_brand("agent")
def permission(request: BrandRequest, pk: int) -> HttpResponse:
    """Write down what they answered: state=granted or refused, with the answer that says so, or other proof."""
    found = asset_of(request, pk)
    asked: Permission | None = getattr(found, "permission", None)
    form = AnswerForm(request.POST)
    if asked is None:
        raise Http404(_("Nobody was asked about this picture."))
    if not form.is_valid():
        raise BadRequest(_("Say whether they agree or refuse."))
    said = form.cleaned_data
    answer = next((each for each in asked.answers() if each.pk == said["answer"]), None)
    proof = said["proof"].strip() or (answer.text if answer else "")
    url = answer.url if answer and not said["proof"].strip() else ""
    try:
        asked.settle(request.user, said["state"] == "granted", proof, url)
    except ValueError:
        messages.error(request, _("Choose the message in which they agree, or write down what they said."))
    else:
        messages.success(request, _("Noted."))
    return redirect("asset", request.brand.slug, pk)


def _message(request: BrandRequest, pk: int) -> Activity:
    rows = Activity.objects.of(request.brand).filter(pk=pk, deleted=None, erased=None)
    found = rows.select_related("actor").first()
    if found is None or found.actor is None:
        raise Http404(_("There is no such message here."))
    return found


def _pictures(request: BrandRequest, message: Activity) -> list[tuple[int, str, str]]:
    """The pictures beside a message: the place of each from 1, its address here, and what it shows."""
    found = []
    media: list[Any] = message.media
    for place, each in enumerate(media[:PICTURES_MOST]):
        if not isinstance(each, dict) or each.get("kind") != "image" or not isinstance(each.get("url"), str):
            continue
        url = each["url"] if is_on_the_web(each["url"]) else f"lying:{message.pk}/{place}"
        token = media_token(url, f"brand:{request.brand.pk}")
        src = reverse("media", args=[request.brand.slug, "full", token])
        found.append((place + 1, src, str(each.get("alt") or "")[:2_000]))
    return found


def _question(request: BrandRequest, message: Activity) -> str:
    """A question to begin with, in the language of the message where we speak it."""
    with translation.override(
        message.language[:2] if message.language[:2] in ("fr", "en") else translation.get_language()
    ):
        return _(
            "Your picture speaks to us. May %(brand)s show it on its channels, with your name? Answer yes, and we do."
        ) % {"brand": request.brand.name}
