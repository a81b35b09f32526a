"""The fields of the language as a table, for the parser, for forms and for the docs."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal, NamedTuple

type Kind = Literal["word", "number", "choice", "date", "set"]


class Field(NamedTuple):
    """One field. `choices`: all values there are, empty where any goes; `least` and `most` bound a number.

    word      text to be found in it          choice    one value out of some
    number    compared, or within a range     set       several values, of which one is asked for
    date      a day, month, year or minute
    """

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


TYPES = ("post", "comment", "reply", "share", "quote", "review", "dm")
TONES = ("positive", "negative", "neutral")
HAS = ("image", "video", "link", "geo", "hashtag", "mention")
MARKS = ("toxic", "spam", "question")
"""What is read of the words themselves."""
IS = ("verified", "reply", "share", "quote", "own", "first", "late", *MARKS)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        *(Field(name, "word") for name in ("title", "text", "author", "mention", "hashtag")),
        *(Field(name, "word") for name in ("site", "url", "link")),
        *(Field(name, "choice") for name in ("lang", "country", "region", "city", "network", "channel")),
        Field("type", "choice", TYPES),
        Field("sentiment", "choice", TONES),
        Field("rating", "number", least=0, most=5),
        *(Field(name, "number", least=0) for name in ("followers", "engagement", "likes", "shares")),
        *(Field(name, "number", least=0) for name in ("comments", "reach")),
        Field("has", "set", HAS),
        Field("is", "set", IS),
        Field("list", "set"),
        Field("tag", "set"),
        Field("field", "set"),
        *(Field(name, "choice") for name in ("queue", "priority", "state", "assignee")),
        Field("since", "date"),
        Field("until", "date"),
        Field("hour", "number", least=0, most=23),
        Field("weekday", "choice", DAYS),
    )
}
"""Every field by its name."""

PLACES = frozenset({"title", "text"})
"""The fields that say where in the message words stand: inside them everything goes that goes outside."""

MARKED: Mapping[str, str] = {"hashtag": "#", "mention": "@"}
"""The fields whose values are asked for as marks."""

ALIASES: Mapping[str, str] = {
    "from": "author",
    "content": "text",
    "language": "lang",
    "links": "link",
    "domainurl": "site",
    "authorfollowers": "followers",
    "place_country": "country",
    "sourcecountry": "country",
    "sourcelocationcountry": "country",
    "tags": "tag",
    "status": "state",
}
"""Other tools' names of our fields, in lower case."""

VALUES: Mapping[str, Mapping[str, str]] = {
    "is": {"retweet": "share", "repost": "share"},
    "type": {"retweet": "share", "repost": "share", "message": "dm"},
    "has": {"images": "image", "videos": "video", "video_link": "video", "links": "link"}
    | {"hashtags": "hashtag", "mentions": "mention"},
}
"""Other tools' names of our choices, by field."""


def similar(name: str) -> str:
    """The field that somebody may have meant, or ""."""
    return next(iter(get_close_matches(name.lower()[:40], FIELDS, n=1, cutoff=0.7)), "")
