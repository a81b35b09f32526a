"""The interface described: as OpenAPI for machines, and as a page for people, drawn from the same description."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from ninja.operation import Operation

from comptoir.organisation.models.api_token import SCOPES
from comptoir.organisation.programs.door import Bearer
from comptoir.organisation.programs.problems import CONTENT_TYPE, KINDS
from comptoir.web.api import ROUTERS, interface

GROUPS = {
    "brands": gettext_lazy("Brands"),
    "people": gettext_lazy("People"),
    "duty": gettext_lazy("On duty"),
    "hours": gettext_lazy("Business hours"),
    "figures": gettext_lazy("Figures"),
    "channels": gettext_lazy("Channels"),
    "communities": gettext_lazy("Communities"),
    "threads": gettext_lazy("Threads"),
    "messages": gettext_lazy("Messages"),
    "replies": gettext_lazy("Answers"),
    "notes": gettext_lazy("Notes"),
    "acts": gettext_lazy("Assign, close, read"),
    "order": gettext_lazy("Hide, block, report"),
    "queues": gettext_lazy("Queues and service targets"),
    "persons": gettext_lazy("People who write"),
    "sorting": gettext_lazy("Tags, views, many at once"),
    "surge": gettext_lazy("When many write at once"),
    "cases": gettext_lazy("Cases"),
    "saved replies": gettext_lazy("Saved replies"),
    "rules": gettext_lazy("Rules"),
    "listening": gettext_lazy("Listening"),
    "posts": gettext_lazy("Posts"),
    "curation": gettext_lazy("Found pieces"),
    "signing": gettext_lazy("Names below answers"),
}
_PARTS = {
    "brand": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 50},
    "number": {"type": "integer", "minimum": 1, "maximum": 10**18 - 1},
}
_PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": [f"/api/docs#{name}" for name in KINDS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["at", "detail"],
                "properties": {"at": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "scope": {"type": "string"},
        "reply": {"$ref": "#/components/schemas/ReplyShown"},
    },
}


def doors() -> dict[str, tuple[Operation, Bearer]]:
    """Each operation by its id, with its door."""
    return {
        operation.operation_id or "": (operation, operation.auth_param)
        for router in ROUTERS
        for view in router.path_operations.values()
        for operation in view.operations
        if isinstance(operation.auth_param, Bearer)
    }


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """The OpenAPI document: the library's, with what it does not know of our door and our problems."""
    document: dict[str, Any] = json.loads(json.dumps(interface().get_openapi_schema(path_prefix="/api/")))
    document["info"]["description"] = "What a program may do at the counter. See /api/docs."
    document["servers"] = [{"url": settings.PUBLIC_URL}]
    document["components"]["schemas"]["Problem"] = _PROBLEM
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    known = doors()
    for methods in document["paths"].values():
        for method, each in methods.items():
            _complete(each, method, known[each["operationId"]][1])
    return document


def _complete(operation: dict[str, Any], method: str, door: Bearer) -> None:
    operation["security"] = [{"token": [door.scope] if door.scope else []}]
    operation["x-role"] = door.role
    parameters = operation.get("parameters", [])
    for each in parameters:
        if each["in"] == "path":
            each["schema"] = _PARTS["brand" if each["name"] == "brand" else "number"]
    of_row = any(each["in"] == "path" for each in parameters)
    statuses = [400, 401, 429, 500, *([403] if door.scope or of_row else []), *([404] if of_row else [])]
    if any(each["in"] != "path" for each in parameters) or "requestBody" in operation:
        statuses.append(422)
    if method != "get":
        statuses += [413, 415]
    if operation["operationId"] in CONFLICTS:
        statuses.append(409)
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(statuses):
        names = [name for name, kind in KINDS.items() if kind.status == status]
        operation["responses"][str(status)] = {"description": ", ".join(names), "content": content}


CONFLICTS = frozenset({"acknowledge", "reply", "undo-reply", "undo-note"})
"""Operations that may come too late."""


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document. It holds nothing of anybody's, so it needs no token."""
    answer = HttpResponse(json.dumps(described()), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@dataclass(slots=True)
class Part:
    """A parameter, or a field of a body or an answer."""

    name: str
    type: str
    words: str = ""
    required: bool = False


@dataclass(slots=True)
class Shown:
    """An operation as the page shows it."""

    id: str
    method: str
    path: str
    title: str
    scope: str
    role: str
    parameters: list[Part] = field(default_factory=list)
    body: list[Part] = field(default_factory=list)
    answer: str = ""
    status: str = ""
    problems: list[str] = field(default_factory=list)


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The page."""
    document = described()
    groups: dict[str, list[Shown]] = {name: [] for name in GROUPS}
    for path, methods in document["paths"].items():
        for method, each in methods.items():
            groups[each["tags"][0]].append(_shown(document, path, method, each))
    shapes = document["components"]["schemas"]
    context = {
        "groups": [(name, GROUPS[name], operations) for name, operations in groups.items()],
        "shapes": [(name, _fields(shapes[name])) for name in sorted(shapes)],
        "kinds": [(name, kind.status.value, _(kind.title), _(kind.means)) for name, kind in KINDS.items()],
        "scopes": SCOPES.items(),
        "rate": settings.API_RATE,
        "here": "api",
        "signed_in": request.user.is_authenticated,
    }
    return render(request, "web/api_reference.html", context)


def _shown(document: dict[str, Any], path: str, method: str, each: dict[str, Any]) -> Shown:
    scopes = each["security"][0]["token"]
    shown = Shown(
        each["operationId"], method.upper(), path, _(each["summary"]), scopes[0] if scopes else "", each["x-role"],
    )  # fmt: skip
    shown.parameters = [
        Part(p["name"], _type(p["schema"]), _said(p.get("description", "")), p["required"])
        for p in each.get("parameters", [])
        if p["in"] != "path"
    ]
    if body := each.get("requestBody"):
        name = _name(body["content"]["application/json"]["schema"])
        shown.body = _fields(document["components"]["schemas"][name])
    for status, answer in each["responses"].items():
        if status.startswith("2"):
            shown.status = status
            shown.answer = _name(answer.get("content", {}).get("application/json", {}).get("schema", {}))
        else:
            shown.problems += [
                name for name in answer["description"].split(", ") if name not in ("broken", "nonsense")
            ]
    return shown


def _fields(shape: dict[str, Any]) -> list[Part]:
    required = shape.get("required", [])
    return [
        Part(name, _type(each), _said(each.get("description", "")), name in required)
        for name, each in shape.get("properties", {}).items()
    ]


def _said(words: str) -> str:
    return _(words) if words else ""


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _type(schema: dict[str, Any]) -> str:
    """A type in a word or two, as people write them."""
    if name := _name(schema):
        return name
    if choices := schema.get("anyOf"):
        return " | ".join(_type(each) for each in choices)
    if choices := schema.get("enum"):
        return " | ".join(map(str, choices)) if len(choices) < 8 else "string"
    if schema.get("type") == "array":
        return f"[{_type(schema['items'])}]"
    words = {"date-time": "date-time"}.get(schema.get("format", ""), schema.get("type", "any"))
    return str(words)
