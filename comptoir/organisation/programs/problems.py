"""What a program is told when something is wrong: RFC 9457's problem details, each with a type that never changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

CONTENT_TYPE = "application/problem+json"
PLACE = "/api/docs#"
"""Where a problem's type leads: the page that explains it, on whichever house answers."""


class Kind(NamedTuple):
    """A kind of problem: its status, its title, and what it means for whoever reads the reference."""

    status: HTTPStatus
    title: str
    means: str


KINDS = {
    "nonsense": Kind(
        HTTPStatus.BAD_REQUEST,
        gettext_noop("That makes no sense here"),
        gettext_noop("The address, a header or the body cannot be read."),
    ),
    "token-missing": Kind(
        HTTPStatus.UNAUTHORIZED,
        gettext_noop("A token is needed"),
        gettext_noop(
            "The request has no header Authorization: Bearer with a token. Sessions open nothing here."
        ),
    ),
    "token-unknown": Kind(
        HTTPStatus.UNAUTHORIZED,
        gettext_noop("This token opens nothing"),
        gettext_noop("The token is mistyped, ended or too old, or its person may no longer sign in."),
    ),
    "scope-missing": Kind(
        HTTPStatus.FORBIDDEN,
        gettext_noop("The token does not reach that far"),
        gettext_noop("The token was made without the scope that this takes."),
    ),
    "role-too-low": Kind(
        HTTPStatus.FORBIDDEN,
        gettext_noop("Not yours to do"),
        gettext_noop("The person of the token has a role on the brand that this is more than."),
    ),
    "access-ended": Kind(
        HTTPStatus.FORBIDDEN,
        gettext_noop("The access has ended"),
        gettext_noop("The token's person no longer works for the brand, or their agreed time there is over."),
    ),
    "second-step-missing": Kind(
        HTTPStatus.FORBIDDEN,
        gettext_noop("Your person needs a second step"),
        gettext_noop(
            "The brand asks its members for a second step when they sign in, and the token's person has none."
        ),
    ),
    "not-found": Kind(
        HTTPStatus.NOT_FOUND,
        gettext_noop("Nothing here"),
        gettext_noop("There is no such thing, or it is not the token's to see."),
    ),
    "method-not-allowed": Kind(
        HTTPStatus.METHOD_NOT_ALLOWED,
        gettext_noop("Not done this way"),
        gettext_noop("The address exists and knows other methods: the header Allow names them."),
    ),
    "answered-meanwhile": Kind(
        HTTPStatus.CONFLICT,
        gettext_noop("Somebody answered meanwhile"),
        gettext_noop(
            "A colleague's answer is newer than the one seen. It is in reply: read it, then say it was seen."
        ),
    ),
    "locked": Kind(
        HTTPStatus.CONFLICT,
        gettext_noop("A colleague is writing the answer"),
        gettext_noop(
            "Who it is stands in lock. Taking it over tells them; it lapses by itself after a while."
        ),
    ),
    "hands-full": Kind(
        HTTPStatus.CONFLICT,
        gettext_noop("The hands are full"),
        gettext_noop("The token's person has as many open threads in hand as they take at once."),
    ),
    "not-seen": Kind(
        HTTPStatus.CONFLICT,
        gettext_noop("Not what was looked at"),
        gettext_noop(
            "Who would be answered is not who was shown: read the exceptions again, and give back the version "
            "that stands on their last page."
        ),
    ),
    "cannot-answer": Kind(
        HTTPStatus.CONFLICT,
        gettext_noop("Nothing can leave here now"),
        gettext_noop(
            "The channel is lost or off, its network takes no answers, or no message is left to answer."
        ),
    ),
    "too-late": Kind(
        HTTPStatus.CONFLICT,
        gettext_noop("Too late"),
        gettext_noop("It has left, or was done otherwise since."),
    ),
    "too-large": Kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        gettext_noop("Too large"),
        gettext_noop("The body is longer than a megabyte."),
    ),
    "not-json": Kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        gettext_noop("Only JSON is read here"),
        gettext_noop("A body comes as application/json, in UTF-8."),
    ),
    "invalid": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        gettext_noop("Something in it will not do"),
        gettext_noop("What is wrong stands in errors, each with its place."),
    ),
    "key-reused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        gettext_noop("This key was used for other words"),
        gettext_noop("An Idempotency-Key stands for one answer with one text."),
    ),
    "too-many-requests": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        gettext_noop("Too many requests"),
        gettext_noop("Wait for as many seconds as Retry-After says."),
    ),
    "broken": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        gettext_noop("Something broke"),
        gettext_noop(
            "A fault of ours, written down. Trying again may help; with an Idempotency-Key it is safe."
        ),
    ),
}
OF_STATUS = {kind.status.value: name for name, kind in reversed(KINDS.items())}
"""The kind that a bare status is told as."""


class Problem(Exception):
    """Answer with a problem. `errors`: [{"at": "text", "detail": "..."}]; `facts` are members of its own."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}
        self.facts = facts

    def response(self) -> HttpResponse:
        """The problem as it is sent, in the language of the moment."""
        kind = KINDS[self.kind]
        said: dict[str, Any] = {
            "type": PLACE + self.kind,
            "title": _(kind.title),
            "status": kind.status.value,
            "detail": self.detail or _(kind.means),
        }
        if self.errors:
            said["errors"] = list(self.errors)
        content = json.dumps({**said, **self.facts}, ensure_ascii=False)
        answer = HttpResponse(
            content, status=kind.status, content_type=CONTENT_TYPE, headers=dict(self.headers)
        )
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def problem_of_status(status: int, detail: str = "") -> HttpResponse:
    """The problem that a status stands for, when nothing more is known of it."""
    return Problem(OF_STATUS.get(status, "nonsense" if status < 500 else "broken"), detail).response()
