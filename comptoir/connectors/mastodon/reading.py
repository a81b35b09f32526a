"""What an instance shows, turned into activities. Nothing here asks it anything.

A message's id differs from instance to instance, and on some from day to day; its `uri` is the same everywhere and for
ever. So that is what the rooms know it by, and the id it has here is kept in its facts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from comptoir.networks.connector import (
    SENSITIVE,
    Activity,
    Actor,
    Json,
    Kind,
    Marked,
    Media,
    Span,
    Unusable,
    plain,
)

PRIVATE = frozenset({"direct", "private", "limited", "local"})
NOTICES = {
    "mention": Kind.MENTION,
    "quote": Kind.QUOTE,
    "favourite": Kind.LIKE,
    "reblog": Kind.REPOST,
    "follow": Kind.FOLLOW,
}


_NAME = re.compile(r"@([\w.-]+(?:@[\w.:-]+)?)(?:\s+|$)")


class Unreadable(Exception):
    """An object that is not what the interface promises; its text is the reason code."""


@dataclass(frozen=True, slots=True)
class Me:
    """The brand's account: its id on its instance, the actor that the rooms know, and the instance's names.

    `only_private`: the instance is a snac2, which calls everything that is not public "private", also what is for one
    person alone.
    """

    id: str
    actor: Actor
    host: str
    domain: str
    only_private: bool = False

    @property
    def is_nobody(self) -> bool:
        """Whether this is a stranger, without an account there."""
        return not self.actor.remote_id

    def is_author(self, status: Mapping[str, Any]) -> bool:
        """Whether a status is the brand's own."""
        account = status.get("account")
        return isinstance(account, dict) and _text(account.get("id")) == self.id


@dataclass(frozen=True, slots=True)
class Above:
    """What stands above a status, as far as it is known: statuses from the first to the one answered."""

    statuses: Sequence[Mapping[str, Any]] = ()


def moment(value: Json) -> datetime | None:
    """A time as instances write it, aware; None when it is none, or one that no clock ever showed."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if read is None or not 1990 < read.year < 2200:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def original(status: Json) -> dict[str, Any]:
    """The status itself, out of the boost that it may be wrapped in."""
    if not isinstance(status, dict):
        raise Unreadable("no_status")
    inner = status.get("reblog")
    return inner if isinstance(inner, dict) else status


def uri_of(status: Mapping[str, Any]) -> str:
    """What a status is known by everywhere."""
    uri = status.get("uri") or status.get("url")
    if not isinstance(uri, str) or not uri or len(uri) > 2_000:
        raise Unreadable("bad_address")
    return uri


def actor(account: Json, me: Me | None = None) -> Actor:
    """Somebody. The brand is always the actor that it was connected as."""
    if not isinstance(account, dict):
        raise Unreadable("no_author")
    if me is not None and _text(account.get("id")) == me.id:
        return me.actor
    known = _text(account.get("uri")) or _text(account.get("url"))
    acct = _text(account.get("acct")) or _text(account.get("username"))
    if not known or not acct:
        raise Unreadable("no_author")
    followers = account.get("followers_count")
    domain = me.domain if me else urlsplit(known).netloc
    return Actor(
        remote_id=known,
        handle=acct if "@" in acct else f"{acct}@{domain}",
        name=_text(account.get("display_name")) or _text(account.get("username")),
        avatar=_text(account.get("avatar_static") or account.get("avatar")),
        url=_text(account.get("url")),
        about=plain(_text(account.get("note"))).text,
        # Some instances say 0 for all whom they do not count.
        followers=followers if isinstance(followers, int) and followers > 0 else None,
    )


def activity(
    given: Json, me: Me, above: Above = Above(), kind: Kind = Kind.POST, addressed: bool = False
) -> Activity:
    """A status. `kind` is what it is if it does not say itself. Unreadable when it is none."""
    status = original(given)
    uri, who = uri_of(status), actor(status.get("account"), me)
    published = moment(status.get("created_at"))
    if published is None:
        raise Unreadable("no_time")
    if me.only_private and not published.microsecond:
        # snac2 writes whole seconds: at their end, no answer comes before what it answers.
        published += timedelta(milliseconds=999)
    if not isinstance(status.get("content"), str):
        raise Unreadable("no_text")
    own = me.is_author(status)
    url = _text(status.get("url")) or uri
    said = plain(status["content"] + _choices(status.get("poll")), url)
    in_reply_to, conversation = _place(status, above, me, uri)
    names = ""
    if own and (status.get("in_reply_to_id") or visibility(status, me) == "direct"):
        said, names = _without_names(said, status)
    return Activity(
        remote_id=uri,
        kind=_kind(status, me, own, bool(in_reply_to), said.spans) or kind,
        actor=who,
        published=published,
        text=said.text,
        language=_language(status, me),
        url=url if url.startswith(("https://", "http://")) else "",
        in_reply_to=in_reply_to,
        conversation=conversation,
        about=_quoted(status),
        media=tuple(_media(status)),
        spans=said.spans,
        addressed=addressed and not own,
        edited=moment(status.get("edited_at")),
        warning=_warning(status),
        facts={**facts(status, me), **({"names": names} if names else {})},
    )


def _without_names(said: Marked, status: Mapping[str, Any]) -> tuple[Marked, str]:
    """An answer without the names in front, which only say whom it is for, and those names as one types them."""
    named = status.get("mentions")
    accounts: dict[str, str] = {}
    for each in named if isinstance(named, list) else []:
        if isinstance(each, dict) and (acct := _text(each.get("acct"))):
            accounts[acct.lower()] = acct
            accounts.setdefault(acct.partition("@")[0].lower(), acct)
    start, names = 0, ""
    while (found := _NAME.match(said.text, start)) and found[1].lower() in accounts:
        start, names = found.end(), f"{names}@{accounts[found[1].lower()]} "
    rest = [replace(span, start=span.start - start, end=span.end - start) for span in said.spans]
    return replace(said, text=said.text[start:], spans=tuple(span for span in rest if span.start >= 0)), names


def facts(status: Mapping[str, Any], me: Me) -> dict[str, Json]:
    """What is needed to answer a status: its id at which instance, who sees it, and who else is named in it."""
    account = status["account"]
    named = status.get("mentions")
    others = [
        _text(each.get("acct"))
        for each in (named if isinstance(named, list) else [])
        if isinstance(each, dict) and _text(each.get("id")) != me.id and each.get("url") != me.actor.url
    ]
    return {
        "id": _text(status.get("id")),
        "at": me.host,
        "acct": _text(account.get("acct")),
        "others": [name for name in dict.fromkeys(others) if name and name != account.get("acct")][:20],
        "visibility": visibility(status, me),
    }


def visibility(status: Mapping[str, Any], me: Me) -> str:
    """Who sees a status: "direct" is for those named in it."""
    said = _text(status.get("visibility")) or "public"
    return "direct" if me.only_private and said in PRIVATE else said


def _kind(status: Mapping[str, Any], me: Me, own: bool, answers: bool, spans: Sequence[Span]) -> Kind | None:
    """What a status is to the brand, the same from whichever list it comes; None when it does not say."""
    if visibility(status, me) == "direct":
        return Kind.MESSAGE
    if own:
        return Kind.REPLY if answers else Kind.POST
    if _text(status.get("in_reply_to_account_id")) == me.id:
        return Kind.REPLY
    quoted = _quote(status)
    if quoted is not None and me.is_author(quoted):
        return Kind.QUOTE
    named = status.get("mentions")
    ids = (
        {_text(each.get("id")) for each in named if isinstance(each, dict)}
        if isinstance(named, list)
        else set()
    )
    # snac2 lists all who are named but the one who asks.
    linked = any(
        span.kind == "mention" and span.target in (me.actor.url, me.actor.remote_id) for span in spans
    )
    return Kind.MENTION if me.id in ids or linked else None


def _place(status: Mapping[str, Any], above: Above, me: Me, uri: str) -> tuple[str, str]:
    """What a status answers, and its conversation: below a post of the brand's each commenter has one.

    When the brand goes on below its own post it answers nobody: that is a post, and no conversation begins.
    """
    if not above.statuses:
        return "", ""
    first = above.statuses[0]
    spoken_to = status if not me.is_author(status) else next(
        (each for each in reversed(above.statuses) if not me.is_author(each)), None
    )  # fmt: skip
    if spoken_to is None:
        return "", ""
    root = uri_of(first)
    if me.is_author(first):
        root = f"{root}#{actor(spoken_to.get('account'), me).remote_id}"
    return uri_of(above.statuses[-1]), "" if root == uri else root


def gesture(notice: Json, me: Me) -> Activity:
    """A favourite, a boost or a follow, from its notification.

    The interface has no address for them: the same person doing the same to the same message is the same gesture.
    """
    if not isinstance(notice, dict):
        raise Unreadable("no_notification")
    kind = NOTICES[_text(notice.get("type"))]
    who = actor(notice.get("account"), me)
    published = moment(notice.get("created_at"))
    if published is None:
        raise Unreadable("no_time")
    about = "" if kind == Kind.FOLLOW else uri_of(original(notice.get("status")))
    return Activity(
        remote_id=gesture_id(kind, about or me.actor.remote_id, who.remote_id),
        kind=kind,
        actor=who,
        published=published,
        about=about,
    )


def gesture_id(kind: Kind, about: str, who: str) -> str:
    """What a gesture is known by."""
    return f"{about}#{kind.value}:{who}"


def name_of(view: Json) -> str:
    """A short name for an object of a list, the same whenever it is met; one without an id is its content."""
    known = (view.get("uri") or view.get("id")) if isinstance(view, dict) else None
    if not isinstance(known, str) or not known:
        known = json.dumps(view, sort_keys=True, default=str)
    return hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()[:12]


def unusable(view: Json, why: Unreadable) -> Unusable:
    """What could not be read, to be set aside."""
    raw = json.dumps(view, ensure_ascii=False, default=str)[:10_000]
    try:
        return Unusable(uri_of(original(view)), str(why), raw)
    except Unreadable:
        return Unusable(f"unreadable:{name_of(view)}", str(why), raw)


def _choices(poll: Json) -> str:
    """The options of a poll, as more of its text."""
    options = _objects(poll.get("options")) if isinstance(poll, dict) else []
    titles = [_text(each.get("title")) for each in options]
    escaped = [title.replace("&", "&amp;").replace("<", "&lt;") for title in titles if title]
    return f"<ul>{''.join(f'<li>{title}</li>' for title in escaped)}</ul>" if escaped else ""


def _quote(status: Mapping[str, Any]) -> Mapping[str, Any] | None:
    quote = status.get("quote")
    quoted = quote.get("quoted_status", quote) if isinstance(quote, dict) else None
    return quoted if isinstance(quoted, dict) and quoted.get("uri") else None


def _quoted(status: Mapping[str, Any]) -> str:
    quoted = _quote(status)
    return uri_of(quoted) if quoted else ""


def _warning(status: Mapping[str, Any]) -> str:
    """The author's warning; where there is none but the pictures are marked as sensitive, that."""
    said = _text(status.get("spoiler_text")).strip()
    hides = status.get("sensitive") is True and bool(status.get("media_attachments"))
    return said or (SENSITIVE if hides else "")


def _language(status: Mapping[str, Any], me: Me) -> str:
    said = _text(status.get("language"))
    return "" if me.only_private or len(said) > 16 else said


def _media(status: Mapping[str, Any]) -> Iterator[Media]:
    """The pictures, films and sounds beside a text; without any, the card of its link."""
    attached = _objects(status.get("media_attachments"))
    for each in attached:
        url = _text(each.get("url")) or _text(each.get("remote_url"))
        if not url:
            continue
        meta = each.get("meta")
        size = meta.get("original") if isinstance(meta, dict) else None
        width, height = (size.get("width"), size.get("height")) if isinstance(size, dict) else (None, None)
        sized = isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0
        kind = {"gifv": "video", "unknown": "file"}.get(
            _text(each.get("type")), _text(each.get("type")) or "file"
        )
        yield Media(
            url, kind, _text(each.get("description")), width if sized else None, height if sized else None,
            "" if kind == "image" else _still(each),
        )  # fmt: skip
    card = status.get("card")
    if not attached and isinstance(card, dict) and _text(card.get("url")).startswith(("https://", "http://")):
        url = _text(card["url"])
        yield Media(url, "link", _text(card.get("title")) or url, thumbnail=_text(card.get("image")))


def _still(attached: Mapping[str, Any]) -> str:
    """A film's picture; a sound has none, its own address is given instead."""
    preview = _text(attached.get("preview_url"))
    return preview if preview != attached.get("url") else ""


def count(status: Mapping[str, Any], name: str) -> int | None:
    """A public count, None when the instance does not say."""
    value = status.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def is_count(view: Json, name: str) -> bool:
    """Whether an object has this count."""
    return isinstance(view, dict) and count(view, name) is not None


def _objects(value: Json) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
