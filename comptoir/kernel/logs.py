"""What the processes write down of their work: lines for a reader or JSON for a machine, and nothing about people.

Our own code logs numbers, never names, handles or texts. What libraries and errors add is taken out here: addresses,
handles, tokens, the paths of other sites, what a database quotes of a row, and longer quotations of any kind.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that is being answered, "" outside of one."""
_role = ""

_RULES = (
    (re.compile(r"\b(\w+://)[^\s/@'\"]+@"), r"\1"),
    (re.compile(r"\b(https?://[^\s/?#'\"<>)]+)[/?#][^\s'\"<>)]*"), r"\1/…"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[address]"),
    (re.compile(r"(?<![\w/])@[\w-]+(?:[.@][\w-]+)+"), "[handle]"),
    (
        re.compile(r"(?i)\b(password|passwd|token|secret|authorization|bearer)(['\"]?\s*[=:]\s*|\s+)\S+"),
        r"\1\2[…]",
    ),
    (re.compile(r"(DETAIL:|STATEMENT:|CONTEXT:).*"), r"\1 […]"),
    (re.compile(r"\)=\([^)]*\)"), ")=(…)"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{28,}={0,2}"), "[token]"),
)
_QUOTED = re.compile(r"""(['"])(?:(?!\1).){24,}\1""")
_PLACE = re.compile(r'\s*(\| *)*File "')


def as_json() -> bool:
    """Whether `LOG_FORMAT` asks for a JSON object a line."""
    return os.environ.get("LOG_FORMAT", "").lower() == "json"


def speak_as(role: str) -> None:
    """Say which part of Comptoir this process is."""
    global _role
    _role = role


def scrubbed(text: str) -> str:
    """A text without what may be about a person or open a door."""
    for rule, instead in _RULES:
        text = rule.sub(instead, text)
    return text


class Lines(logging.Formatter):
    """A line of text for each record; the lines of an error follow it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        return scrubbed(super().format(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """An error with the places that it came by."""
        lines = super().formatException(ei).split("\n")  # type: ignore[arg-type]
        return "\n".join(line if _PLACE.match(line) else _QUOTED.sub("[text]", line) for line in lines)


class Json(Lines):
    """A JSON object for each record: at, level, role, logger, message and, where there is one, request and error."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        said = {
            "at": moment(record.created),
            "level": record.levelname,
            "role": _role,
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
            "request": request_id.get(),
            "error": scrubbed(self.formatException(record.exc_info)) if record.exc_info else "",
            **getattr(record, "facts", {}),
        }
        return json.dumps({key: value for key, value in said.items() if value != ""}, ensure_ascii=False)


def moment(seconds: float) -> str:
    """A Unix time as logs write it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def told(role: str, text: str) -> str:
    """Something that a process printed, as a line of the log: what is JSON already stays as it is."""
    if text.startswith("{"):
        return text
    said = {"at": moment(time.time()), "level": "INFO", "role": role, "message": scrubbed(text)}
    return json.dumps(said, ensure_ascii=False)
