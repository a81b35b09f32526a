"""Saying things for an account, each once: under a key for the instances that mind it, and looked for first wherever it
may have been said before.

Mastodon forgets a key after an hour and others never look at it. So before anything is said once more we look whether
it stands there already: among the answers to what it answers and among what the account said lately.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from time import sleep
from typing import Any

from comptoir.connectors.mastodon import reading
from comptoir.connectors.mastodon.hearing import Hearing, Known, is_same
from comptoir.connectors.mastodon.reading import Me, moment, original, uri_of
from comptoir.connectors.mastodon.session import Missing, Session
from comptoir.networks.connector import Activity, Json, Refused, Sent, TryLater, Upload, multipart, plain

SKEW = timedelta(minutes=10)
"""How far an instance's clock may be behind ours when we look for what we said."""
PROCESSING = 30
"""Seconds that an instance has to make a picture ready."""
_DRESS = re.compile(r"[\s*_~`\u200b]+")
_SERVER = re.compile(r"(@\w[\w.-]*)@[\w.:-]+")
_TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}


class Voice:
    """What an account says, changes and takes back."""

    def __init__(
        self,
        session: Session,
        ears: Hearing,
        me: Me,
        known: Known,
        first: bool = False,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self._session = session
        self._ears = ears
        self._me = me
        self._known = known
        self._first = first
        self._wait = wait

    def answer(
        self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime, warning: str,
        language: str = "",
    ) -> Sent:  # fmt: skip
        """Answer a message that is still there, to those who see it. Refused("target_gone") when it is not."""
        text, names = addressed(text, to, self._me)
        status_id = self._id_here(to)
        answers = self._answers(status_id)
        if not self._first and (found := self._already(answers or [], text, key, at, status_id)):
            return found
        if answers is None:
            raise Refused("target_gone")
        visibility = str(to.facts.get("visibility") or "public")
        more: dict[str, Json] = {
            "in_reply_to_id": status_id,
            "visibility": visibility,
            "language": language or to.language,
        }
        return self._say(text, media, key, warning, more, {"names": names})

    def post(
        self, text: str, media: Sequence[Upload], key: str, at: datetime, warning: str, language: str = ""
    ) -> Sent:
        """Say something to everybody that answers nobody."""
        if not self._first and (found := self._lately(text, key, at, None)):
            return found
        return self._say(text, media, key, warning, {"visibility": "public", "language": language}, {})

    def find(self, to: Activity | None, text: str, key: str, at: datetime) -> Sent | None:
        """What was said under this key; None when it is surely not there."""
        if to is None:
            return self._lately(text, key, at, None)
        text, _ = addressed(text, to, self._me)
        status_id = self._id_here(to)
        return self._already(self._answers(status_id) or [], text, key, at, status_id)

    def _already(
        self, answers: Sequence[Mapping[str, Any]], text: str, key: str, at: datetime, status_id: str
    ) -> Sent | None:
        return self._ours(answers, text, key, at) or self._lately(text, key, at, status_id)

    def _answers(self, status_id: str) -> list[dict[str, Any]] | None:
        """What stands below a message, None when it is not there itself."""
        try:
            return self._ears.around(status_id) if status_id else None
        except Missing as error:
            if not error.sure:
                raise TryLater("server_error", status=404) from error
            return None

    def change(self, uri: str, text: str) -> None:
        """Say something else instead; pictures, warning, language and the names in front stay as they are."""
        status = self._mine(uri)
        if status is None:
            raise Refused("not_there")
        status_id = str(status["id"])
        try:
            source = self._session.ask_object(f"/api/v1/statuses/{status_id}/source")
        except Missing:
            source = {}
        said = str(self._known([uri]).get(uri, {}).get("names") or "") + text
        if said == source.get("text"):
            return
        body: dict[str, Json] = {
            "status": said,
            "media_ids": [each.get("id") for each in status.get("media_attachments") or ()],
            "spoiler_text": str(source.get("spoiler_text") or status.get("spoiler_text") or ""),
            "sensitive": status.get("sensitive") is True,
        }
        if language := status.get("language"):
            body["language"] = language
        try:
            self._session.tell("PUT", f"/api/v1/statuses/{status_id}", body)
        except Missing as error:
            raise Refused("server_cannot") from error

    def take_back(self, uri: str) -> None:
        """Delete an own message; one that is gone already is as good."""
        status = self._mine(uri)
        if status is None:
            return
        try:
            self._session.tell("DELETE", f"/api/v1/statuses/{status['id']}")
        except Missing as error:
            if self._ears.find(uri) is not None:
                raise Refused("server_cannot") from error

    def _mine(self, uri: str) -> dict[str, Any] | None:
        """An own message as it stands, None when it is gone. Refused("not_ours") when it is somebody else's."""
        status = self._ears.find(uri)
        if status is not None and not self._me.is_author(status):
            raise Refused("not_ours")
        return status

    def _id_here(self, to: Activity) -> str:
        """The id of a message at this instance, "" when it is not there."""
        if to.facts.get("at") == self._me.host and to.facts.get("id"):
            return str(to.facts["id"])
        status = self._ears.find(to.remote_id)
        return str(status["id"]) if status else ""

    def _say(
        self,
        text: str,
        media: Sequence[Upload],
        key: str,
        warning: str,
        more: Mapping[str, Json],
        facts: Mapping[str, Json],
    ) -> Sent:
        body: dict[str, Json] = {"status": text, **{name: value for name, value in more.items() if value}}
        if media:
            body["media_ids"] = [self._upload(one, n, key) for n, one in enumerate(media)]
        if warning:
            body |= {"spoiler_text": warning, "sensitive": bool(media)}
        try:
            made = self._session.tell("POST", "/api/v1/statuses", body, key=key)
        except Missing as error:
            raise Refused("target_gone" if more.get("in_reply_to_id") else "refused") from error
        return self._sent(made, {"key": key, **facts})

    def _upload(self, one: Upload, number: int, key: str) -> str:
        """Bring a picture there, and wait until the instance is done with it; its id."""
        name = f"{number + 1}.{_TYPES.get(one.mime, 'bin')}"
        boundary = sha256(f"{key}/{number}".encode()).hexdigest()
        form = multipart({"description": one.alt}, [("file", name, one)], boundary)
        made = self._session.tell("POST", "/api/v2/media", form=form)
        for _ in range(PROCESSING):
            if made.get("url"):
                return str(made["id"])
            self._wait(1)
            made = self._session.ask_object(f"/api/v1/media/{made.get('id')}")
        raise TryLater("server_error", status=206)

    def _lately(self, text: str, key: str, at: datetime, parent: str | None) -> Sent | None:
        """What we said, among what the account said since; `parent` None for what answers nothing."""
        said = self._ears.said_since(at - SKEW)
        if parent is None:
            said = [status for status in said if not status.get("in_reply_to_id")]
        elif parent:
            # An answer whose message was deleted since answers nothing any more.
            said = [each for each in said if is_same(each.get("in_reply_to_id") or parent, parent)]
        return self._ours(said, text, key, at)

    def _ours(self, statuses: Sequence[Mapping[str, Any]], text: str, key: str, at: datetime) -> Sent | None:
        """The one of these that says what we say, was said since, and is no other delivery's."""
        since = at - SKEW
        recent = [
            status
            for status in statuses
            if self._me.is_author(status) and (moment(status.get("created_at")) or since) >= since
        ]
        facts = self._known([uri_of(status) for status in recent]) if recent else {}
        for status in recent:
            known = facts.get(uri_of(status), {})
            if known.get("key", key) == key and _says(status, text):
                return self._sent(status, {"key": key, "names": known.get("names", "")})
        return None

    def _sent(self, made: Mapping[str, Any], more: Mapping[str, Json]) -> Sent:
        try:
            status = original(dict(made))
            uri = uri_of(status)
            facts = {**reading.facts(status, self._me), **more}
        except (reading.Unreadable, KeyError, AttributeError):
            raise TryLater("bad_answer") from None
        return Sent(uri, str(status.get("url") or uri), facts)


def _says(status: Mapping[str, Any], text: str) -> bool:
    """Whether a status says this. Some instances show what was typed beside what they made of it."""
    shown = plain(str(status.get("content") or "")).text
    typed = status.get("text")
    return bare(shown) == bare(text) or (isinstance(typed, str) and bool(typed) and bare(typed) == bare(text))


def addressed(text: str, to: Activity, me: Me) -> tuple[str, str]:
    """An answer with the names of those whom it is for in front, and these names: who is not named hears nothing.

    Those who stand in the text already are not named twice.
    """
    names = [str(to.facts.get("acct") or to.actor.handle), *map(str, to.facts.get("others") or ())]
    own = {me.actor.handle.lower(), me.actor.handle.split("@")[0].lower()}
    if to.actor.remote_id == me.actor.remote_id:
        names = names[1:]
    missing = [name for name in dict.fromkeys(names) if name.lower() not in own and not _names(text, name)]
    front = "".join(f"@{name} " for name in missing)
    return front + text, front


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w@])@{re.escape(name)}(?![\w@])", text, re.I) is not None


def bare(text: str) -> str:
    """A text without what instances change in it: blanks, signs of emphasis, the server behind a name."""
    return _DRESS.sub("", _SERVER.sub(r"\1", text))
