"""Queries brought over from other tools, into the editor and for programs: what was changed, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.organisation.query_words import tidy
from comptoir.reading.query.importing import Change, Imported, Tool, Why, guessed, imported

TOOLS: Mapping[Tool, str] = {
    Tool.AWARIO: "Awario",
    Tool.BRANDWATCH: "Brandwatch",
    Tool.MELTWATER: "Meltwater",
    Tool.RADIAN6: "Radian6",
    Tool.TALKWALKER: "Talkwalker",
    Tool.X: "X (Twitter)",
    Tool.YOUSCAN: "YouScan",
}
WHYS: Mapping[Why, str] = {
    Why.OPERATOR: gettext_noop("The operator is written otherwise here."),
    Why.DISTANCE: gettext_noop("Words between two are counted otherwise here."),
    Why.CONDITION: gettext_noop("The condition has another name here."),
    Why.EXACT: gettext_noop("Braces ask for this case and these signs."),
    Why.QUOTES: gettext_noop("Quotes of a word processor became plain ones."),
    Why.PARENTHESES: gettext_noop("Parentheses say what the order of operators meant there."),
    Why.LEFT_OUT: gettext_noop(
        "There is nothing like it here. It stays as a comment, and the query finds more."
    ),
}


@dataclass(frozen=True)
class Said:
    """One change, in words. `given` and `read` are empty where the whole query was meant."""

    words: str
    given: str
    read: str
    lost: bool

    @classmethod
    def of(cls, change: Change, text: str) -> Said:
        whole = change.given == text
        words = _(WHYS[change.why])
        return cls(
            words, "" if whole else change.given, "" if whole else change.read, change.why == Why.LEFT_OUT
        )


@dataclass(frozen=True)
class TakenOver:
    """A query that was read as another tool's: the editor's answers with it, where it comes from, what was changed."""

    data: Any
    given: str
    tool: Tool | None
    changes: list[Said]
    lost: list[Said]

    @property
    def label(self) -> str:
        """The tool's name; "" where nothing told it."""
        return TOOLS[self.tool] if self.tool else ""


def read_as(text: str, name: str) -> tuple[Tool | None, Imported]:
    """A query of the tool of that name, or of the one that it looks like."""
    tool = Tool(name) if name in set(Tool) else guessed(text)
    return tool, imported(text, tool)


def taken_over(request: HttpRequest) -> TakenOver | None:
    """What an editor was sent with, its query read as that of another tool, if that was asked for."""
    if request.method != "POST" or "take" not in request.POST:
        return None
    data = request.POST.copy()
    given = tidy(str(data.get("text", ""))[:5_000])
    tool, read = read_as(given, str(data.get("tool", "")))
    data["text"] = read.text
    said = [Said.of(each, given) for each in dict.fromkeys(read.changes)]
    return TakenOver(
        data, given, tool, [each for each in said if not each.lost], [each for each in said if each.lost]
    )
