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
        most = _COLUMN if isinstance(error, DataError) else _WORD
        if any(_is_strange(text, most) for text in (*_address(request), *_form(request))):
            log.info("nonsense: %s", error)
            raise BadRequest(_sentence()) from error


def _sentence() -> str:
    return _("The address or the form holds something that makes no sense here.")


def _is_strange(text: str, most: int) -> bool:
    # Long numbers are not turned into one: Python refuses from 4,300 digits on.
    numbers = _LONG.findall(text)
    return bool(_UNSTORABLE.search(text)) or any(len(n) > 20 or int(n) >= most for n in numbers)


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
