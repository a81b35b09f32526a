"""What no page could make sense of becomes a 400 with a sentence, before it reaches the database or when it got there.

Only what came with the request is blamed: an error raised for a request with nothing strange in it stays a bug of ours.
Forms are left to say what is wrong with their fields in their own words.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LONG = re.compile(r"\d{10,}")
_COLUMN, _WORD = 2**31, 2**63
"""What the smallest of our columns holds, and the largest."""
_OUT_OF_RANGE = frozenset({"22003", "22008"})
"""PostgreSQL's codes for numbers and for moments."""


class NonsenseMiddleware:
    """Refuses what cannot be text, and explains what the database could not take."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(_UNSTORABLE.search(text) for text in _address(request)):
            raise BadRequest(_sentence())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """What the asker wrote cannot be stored, or is a number beyond all bounds: the asker's mistake."""
        if not isinstance(error, DataError | OverflowError | ValueError):
            return
        texts = [*_address(request), *_form(request)]
        if any(_UNSTORABLE.search(text) for text in texts) or _too_large(error, texts):
            log.info("nonsense: %s", error)
            raise BadRequest(_sentence()) from error


def _sentence() -> str:
    return _("The address or the form holds something that makes no sense here.")


def _too_large(error: Exception, texts: list[str]) -> bool:
    """Whether it is about a number, or a moment, that is out of range, and such a number was asked for."""
    most = _WORD
    if isinstance(error, DataError):
        if getattr(error.__cause__, "sqlstate", "") not in _OUT_OF_RANGE:
            return False
        most = _COLUMN
    # Long ones are not turned into a number: Python refuses from 4,300 digits on.
    return any(len(n) > 20 or int(n) >= most for text in texts for n in _LONG.findall(text))


def _address(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    yield from _both(request.GET.lists())
    for name, value in request.COOKIES.items():
        yield name
        yield str(value)


def _form(request: HttpRequest) -> Iterator[str]:
    if request.method == "POST":
        yield from _both(request.POST.lists())
        for field, files in request.FILES.lists():
            yield field
            for file in files:
                yield file.name or ""


def _both(lists: Any) -> Iterator[str]:
    for name, values in lists:
        yield name
        yield from values
