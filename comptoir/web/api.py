"""The interface for programs, put together: the rooms' routers under /api/v1, each answer as programs expect it.

Read when somebody first asks for it, because the library behind it takes memory that a house without programs can do
without.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.cache import get_conditional_response, patch_vary_headers
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

from comptoir.inbox.api import router as inbox
from comptoir.inbox.api_acts import router as acts
from comptoir.inbox.api_cases import router as cases
from comptoir.inbox.api_clerks import router as clerks
from comptoir.inbox.api_correcting import router as correcting
from comptoir.inbox.api_enclosing import router as enclosing
from comptoir.inbox.api_fields import router as fields
from comptoir.inbox.api_guarding import router as guarding
from comptoir.inbox.api_persons import router as persons
from comptoir.inbox.api_queues import router as queues
from comptoir.inbox.api_releases import router as releases
from comptoir.inbox.api_rules import router as rules
from comptoir.inbox.api_said import router as said
from comptoir.inbox.api_saved import router as saved
from comptoir.inbox.api_sorting import router as sorting
from comptoir.listening.api import router as listening
from comptoir.listening.api_alerts import router as alerts
from comptoir.listening.api_events import router as events
from comptoir.listening.api_explore import router as exploring
from comptoir.listening.api_mentions import router as mentions
from comptoir.listening.api_sources import router as sources
from comptoir.measurement.api import router as measurement
from comptoir.measurement.api_posts import router as figures_of_posts
from comptoir.measurement.api_surge import router as surge
from comptoir.networks.api import router as networks
from comptoir.networks.api_communities import router as communities
from comptoir.organisation.api import router as organisation
from comptoir.organisation.api_duty import router as duty
from comptoir.organisation.programs.problems import Problem, problem_of_status
from comptoir.organisation.programs.wrong import wrong_words
from comptoir.publishing.api import router as publishing
from comptoir.publishing.api_approvals import router as approvals
from comptoir.publishing.api_campaigns import router as campaigns
from comptoir.publishing.api_curation import router as curation
from comptoir.publishing.api_days import router as publishing_days
from comptoir.publishing.api_evergreen import router as evergreen
from comptoir.publishing.api_holds import router as holds
from comptoir.publishing.api_imports import router as post_imports
from comptoir.publishing.api_library import router as library
from comptoir.publishing.api_links import router as links
from comptoir.publishing.api_mentionees import router as mentionees
from comptoir.publishing.api_own_page import router as own_page
from comptoir.publishing.api_segments import router as segments
from comptoir.publishing.api_short_links import router as short_links
from comptoir.publishing.api_slots import router as publishing_slots
from comptoir.publishing.api_standing import router as publishing_standing
from comptoir.web.api_brand import router as brand
from comptoir.web.api_corrections import router as corrections
from comptoir.web.api_hours import router as hours
from comptoir.web.api_people import router as people
from comptoir.web.api_shifts import router as shifts

ROUTERS = (
    organisation,
    brand,
    people,
    duty,
    shifts,
    hours,
    networks,
    communities,
    inbox,
    enclosing,
    persons,
    fields,
    said,
    acts,
    guarding,
    correcting,
    corrections,
    cases,
    queues,
    clerks,
    sorting,
    saved,
    rules,
    listening,
    sources,
    exploring,
    alerts,
    events,
    mentions,
    publishing,
    campaigns,
    holds,
    publishing_days,
    publishing_slots,
    publishing_standing,
    library,
    links,
    segments,
    post_imports,
    short_links,
    own_page,
    approvals,
    evergreen,
    mentionees,
    curation,
    measurement,
    figures_of_posts,
    surge,
    releases,
)
BODY_MOST = 1_000_000
"""Bytes of a body."""
FILE_MOST = 12_000_000
"""Bytes of a body that brings a file."""


class _Reader(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body)


class _Writer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


@lru_cache(maxsize=1)
def interface() -> NinjaAPI:
    """All operations. Its documentation is a page of ours."""
    api = NinjaAPI(
        title="Comptoir", version="1", urls_namespace="api", docs_url=None, openapi_url=None,
        parser=_Reader(), renderer=_Writer(),
    )  # fmt: skip
    for router in ROUTERS:
        api.add_router("/v1", router)
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)
    return api


def _invalid(error: ValidationError) -> Problem:
    """What will not do, each with its place: a field of the body, a part of the query or a header."""
    wrong = [{"at": str(each["loc"][-1]), "detail": wrong_words(each)} for each in error.errors]
    return Problem("invalid", errors=wrong)


_HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Problem: lambda request, problem: problem.response(),
    Http404: lambda request, error: problem_of_status(404),
    HttpError: lambda request, error: problem_of_status(error.status_code),
    ValidationError: lambda request, error: _invalid(error).response(),
}


def addresses() -> list[URLPattern]:
    """The interface's addresses, below /api/."""
    patterns = [
        each for each in interface().urls[0] if isinstance(each, URLPattern) and each.name != "api-root"
    ]
    for pattern in patterns:
        pattern.callback = _answering(pattern.callback)
    return patterns


def _answering(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """What all operations share: bounded bodies of JSON, HEAD and OPTIONS, problems for bare statuses, headers."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        try:
            _check_body(request)
            answer: HttpResponse = view(request, *args, **kwargs)
        except Problem as problem:
            answer = problem.response()
        finally:
            request.method = asked
        if answer.status_code == 405:
            answer = _not_that_way(answer["Allow"], asked or "")
        return _dressed(request, answer)

    return answered


def _check_body(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    most = FILE_MOST if request.path.endswith(("/enclosures", "/library")) else BODY_MOST
    if not length.isdecimal() or int(length) > most:
        raise Problem("too-large")
    if (
        int(length)
        and request.method in ("POST", "PUT", "PATCH")
        and request.content_type != "application/json"
    ):
        raise Problem("not-json")


def _not_that_way(allowed: str, asked: str) -> HttpResponse:
    """405, or for OPTIONS what there is."""
    methods = {"OPTIONS", *allowed.split(", ")}
    allow = {"Allow": ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))}
    if asked == "OPTIONS":
        return HttpResponse(status=204, headers=allow)
    return Problem("method-not-allowed", headers=allow).response()


def _dressed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """With the headers of every answer; 304 where the client has it already."""
    for name, value in getattr(request, "paced", {}).items():
        answer.headers.setdefault(name, value)
    patch_vary_headers(answer, ["Authorization"])
    if request.method not in ("GET", "HEAD") or answer.status_code != 200:
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer
    answer["Cache-Control"] = "private, no-cache"
    answer["ETag"] = f'"{sha256(answer.content).hexdigest()[:32]}"'
    told: HttpResponse = get_conditional_response(request, etag=answer["ETag"], response=answer)  # type: ignore[assignment]
    return told


def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address that no operation has."""
    return _dressed(request, Problem("not-found").response())
