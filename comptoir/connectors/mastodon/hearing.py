"""Asking an instance what was said: to the brand, by the brand, and above and below that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import md5
from typing import Any
from urllib.parse import urlsplit

from comptoir.connectors.mastodon import reading
from comptoir.connectors.mastodon.reading import NOTICES, Above, Me, Unreadable, original, uri_of
from comptoir.connectors.mastodon.session import Missing, Session
from comptoir.connectors.mastodon.walking import SECOND_AND_HASH, Ask, id_of, order
from comptoir.networks.connector import (
    OPENING,
    Activity,
    Actor,
    Gone,
    Json,
    Kind,
    Reconnect,
    TryLater,
    Unusable,
)

PAGE = 40
BATCH = 20
"""Statuses that an instance gives for one question."""
CONTEXT = 10
"""Messages above one addressed to the brand that are handed over, besides the first of the conversation."""
PAGES = 10
"""Pages of what the brand said that are looked through for one message."""
CHAINS = 20
"""Conversations whose beginning is asked for in one step; of more, only the message answered is known."""
SPOKEN = (*(name for name, kind in NOTICES.items() if kind in OPENING), "update")
SILENT = tuple(name for name, kind in NOTICES.items() if kind not in OPENING)

type Heard = Activity | Unusable
type Known = Callable[[Sequence[str]], Mapping[str, Mapping[str, Json]]]
"""The facts that were handed over with messages, by what they are known by."""


class Hearing:
    """An account's questions to its instance."""

    def __init__(self, session: Session, me: Me, known: Known, page: int = PAGE) -> None:
        self._session = session
        self._me = me
        self._known = known
        self._page = page
        self._no_batches = False

    # Lists, as `walking` reads them

    def notifications(self, kinds: Sequence[str]) -> Ask:
        """The list of what others did to the brand, of these kinds, whoever they are."""

        def ask(below: str, since: str) -> Sequence[Json]:
            params = [("limit", str(self._page)), ("include_filtered", "true")]
            params += [("types[]", kind) for kind in kinds]
            return self._session.ask_list("/api/v1/notifications", params + _between(below, since))

        return ask

    def own(self, below: str, since: str) -> Sequence[Json]:
        """The list of what the brand said, wherever it wrote it; the newest each time, for the counts of answers."""
        params = [("limit", str(self._page)), ("exclude_reblogs", "true"), *_between(below, "")]
        return self._session.ask_list(f"/api/v1/accounts/{self._me.id}/statuses", params)

    def said_since(self, since: datetime) -> list[dict[str, Any]]:
        """What the brand said from a moment on. TryLater("uncertain") when it is too much to look through."""
        found: dict[str, dict[str, Any]] = {}
        below = ""
        for _ in range(PAGES):
            page = {str(status["uri"]): status for status in readable(self.own(below, ""))}
            times = [at for status in page.values() if (at := reading.moment(status.get("created_at")))]
            fresh = page.keys() - found.keys()
            found |= page
            below = str(min(map(id_of, page.values()), key=order, default=""))
            if not fresh or not below or min(times, default=since) < since:
                return list(found.values())
        raise TryLater("uncertain")

    # What the objects of those lists say

    def spoken(self, notices: Iterable[Json]) -> list[Heard]:
        """Messages to the brand, after those above them. Edits of what the brand was told of come the same way."""
        wanted = [each for each in notices if not isinstance(each, dict) or each.get("type") in SPOKEN]
        heard: list[Heard] = []
        found: list[tuple[dict[str, Any], Kind, bool]] = []
        for notice in wanted:
            try:
                if not isinstance(notice, dict):
                    raise Unreadable("no_notification")
                name = str(notice["type"])
                found.append((original(notice.get("status")), NOTICES.get(name, Kind.POST), name != "update"))
            except Unreadable as why:
                heard.append(reading.unusable(notice, why))
        chains = self._chains([status for status, _, _ in found])
        for status, kind, addressed in reversed(found):
            above = chains.get(str(status.get("id")), Above())
            heard += self._context(above)
            heard.append(self._read(status, above, kind, addressed))
        return heard

    def silent(self, notices: Iterable[Json]) -> list[Heard]:
        """Favourites, boosts and follows."""
        heard: list[Heard] = []
        for notice in notices:
            if isinstance(notice, dict) and notice.get("type") not in SILENT:
                continue
            try:
                heard.append(reading.gesture(notice, self._me))
            except Unreadable as why:
                heard.append(reading.unusable(notice, why))
        return heard

    def said(self, statuses: Iterable[Json]) -> list[Heard]:
        """The brand's own messages, after those that they answer."""
        heard: list[Heard] = []
        mine: list[dict[str, Any]] = []
        for given in statuses:
            try:
                status = original(given)
                if self._me.is_author(status):
                    mine.append(status)
            except Unreadable as why:
                heard.append(reading.unusable(given, why))
        chains = self._chains(mine)
        for status in reversed(mine):
            above = chains.get(str(status.get("id")), Above())
            heard += self._context(above)
            heard.append(self._read(status, above))
        return heard

    def below(self, status: Mapping[str, Any]) -> list[Heard]:
        """What others answered directly to an own message. Most name the brand and were told; some do not."""
        context = self._context_of(str(status.get("id")))
        answers = [
            each
            for each in context["descendants"]
            if is_same(each.get("in_reply_to_id"), status.get("id")) and not self._me.is_author(each)
        ]
        above = Above((*context["ancestors"], status))
        return [self._read(each, above, Kind.REPLY, addressed=True) for each in answers]

    def _read(self, status: Json, above: Above, kind: Kind = Kind.POST, addressed: bool = False) -> Heard:
        try:
            return reading.activity(status, self._me, above, kind, addressed)
        except Unreadable as why:
            return reading.unusable(status, why)

    def _context(self, above: Above) -> list[Activity]:
        """The messages above one: the first of all and the nearest few."""
        places = range(len(above.statuses))
        wanted = sorted({*places[:1], *places[-CONTEXT:]})
        read = [self._read(above.statuses[n], Above(above.statuses[:n])) for n in wanted]
        return [item for item in read if isinstance(item, Activity)]

    # What stands above

    def _chains(self, statuses: Sequence[Mapping[str, Any]]) -> dict[str, Above]:
        """What stands above each of these statuses, by its id: one question for a conversation, not for a message."""
        known: dict[str, Sequence[dict[str, Any]]] = {}
        parents = {str(s["in_reply_to_id"]) for s in statuses if s.get("in_reply_to_id")}
        if len(parents) > 1:
            shown = self.statuses(sorted(parents))
            known = {_short(i): [each] for i, each in shown.items() if not each.get("in_reply_to_id")}
        chains: dict[str, Above] = {}
        asked = 0
        for status in reversed(statuses):
            parent = _short(status.get("in_reply_to_id"))
            if not parent:
                continue
            if parent not in known and asked < CHAINS:
                asked += 1
                ancestors = self._ancestors(str(status.get("id")))
                known |= {_short(each.get("id")): ancestors[: n + 1] for n, each in enumerate(ancestors)}
                known.setdefault(parent, ancestors)
            chains[str(status.get("id"))] = Above(tuple(known.get(parent, ())))
        return chains

    def _ancestors(self, status_id: str) -> list[dict[str, Any]]:
        try:
            return self._context_of(status_id)["ancestors"]
        except Missing:
            return []

    def _context_of(self, status_id: str) -> dict[str, list[dict[str, Any]]]:
        """The statuses above and below one, out of the boosts that they may be wrapped in, each readable."""
        context = self._session.ask_object(f"/api/v1/statuses/{status_id}/context")
        return {name: readable(context.get(name)) for name in ("ancestors", "descendants")}

    def around(self, status_id: str) -> list[dict[str, Any]]:
        """What stands below a status. Missing when it is not there."""
        return self._context_of(status_id)["descendants"]

    # Statuses by what they are known by

    def statuses(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Statuses by their id here; those that are not shown are missing."""
        if self._no_batches:
            return self._one_by_one(ids)
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(ids), BATCH):
            wanted = ids[start : start + BATCH]
            try:
                given = self._session.ask_list("/api/v1/statuses", [("id[]", each) for each in wanted])
            except (Missing, TryLater) as error:
                if not isinstance(error, Missing) and error.facts.get("status") != 405:
                    raise
                self._no_batches = True
                return found | self._one_by_one(ids[start:])
            found |= {str(status.get("id")): status for status in readable(given)}
        return found

    def _one_by_one(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for each in ids:
            try:
                found[each] = original(self._session.ask_object(f"/api/v1/statuses/{each}"))
            except Missing as error:
                if not error.sure:
                    raise TryLater("server_error", status=404) from error
        return found

    def by_uri(self, uris: Sequence[str]) -> dict[str, dict[str, Any] | None]:
        """Statuses as they are shown now, None for those that are surely gone; what cannot be told is left out."""
        ids = self.ids_of(uris)
        shown = self.statuses([each for each, _ in ids.values()])
        if not self._no_batches:
            # A list leaves out whom the brand has blocked or muted; what is asked for alone is shown.
            shown |= self._one_by_one([each for each, sure in ids.values() if sure and each not in shown])
        found: dict[str, dict[str, Any] | None] = {}
        for uri, (status_id, sure) in ids.items():
            status = shown.get(status_id)
            if status is None and sure:
                found[uri] = None
            elif status is not None and _is(status, uri):
                found[uri] = status
        return found

    def ids_of(self, uris: Sequence[str]) -> dict[str, tuple[str, bool]]:
        """Ids here of what is known by these, and whether each is sure; those that have none we know are left out."""
        facts = self._known(uris)
        found: dict[str, tuple[str, bool]] = {}
        for uri in uris:
            mine = facts.get(uri, {})
            if self._me.only_private:
                # snac2: a hash of what it is known by, behind ten figures that it does not look at.
                found[uri] = f"{'0' * 10}{md5(uri.encode(), usedforsecurity=False).hexdigest()}", True
            elif mine.get("at") == self._me.host and mine.get("id"):
                found[uri] = str(mine["id"]), True
            elif urlsplit(uri).netloc == self._me.host:
                found[uri] = uri.rstrip("/").rsplit("/", 1)[-1], False
        return found

    def find(self, uri: str) -> dict[str, Any] | None:
        """A status wherever it lives: the instance fetches it if it has to. None when it is not there."""
        if (status := self.by_uri([uri]).get(uri)) is not None:
            return status
        params = {"q": uri, "resolve": "true", "type": "statuses", "limit": "5"}
        found = readable(self._session.ask_object("/api/v2/search", params).get("statuses"))
        return next((status for status in found if _is(status, uri)), None)

    def rechecked(self, uris: Sequence[str]) -> list[Activity | Gone | Actor]:
        """Those that are gone, those that were ever edited as they are now, and whoever said the others."""
        found: list[Activity | Gone | Actor] = []
        people: dict[str, Actor] = {}
        try:
            known = self.by_uri(uris)
        except Reconnect:
            if not self._me.is_nobody:
                raise
            # It tells strangers what is new, and not what became of it: the messages themselves are asked.
            return [Gone(uri) for uri in uris if self._session.is_gone(uri)]
        for uri, status in known.items():
            if status is None:
                found.append(Gone(uri))
                continue
            with suppress(Unreadable):
                who = reading.actor(status.get("account"), self._me)
                people[who.remote_id] = who
            if status.get("edited_at"):
                item = self._read(status, Above())
                if isinstance(item, Activity):
                    found.append(item)
        return [*found, *people.values()]


def _is(status: Mapping[str, Any], uri: str) -> bool:
    try:
        return uri_of(status) == uri
    except Unreadable:
        return False


def readable(given: Json) -> list[dict[str, Any]]:
    """The statuses of a list that can be read at all."""
    found = []
    for each in given if isinstance(given, list) else []:
        try:
            status = original(each)
            uri_of(status)
            reading.actor(status.get("account"))
        except Unreadable:
            continue
        found.append(status)
    return found


def is_same(status_id: Json, other: Json) -> bool:
    """Whether two ids are of one status."""
    return _short(status_id) == _short(other) != ""


def _short(status_id: Json) -> str:
    """The part of an id that stays: snac2 writes the second of the last change in front of it."""
    known = status_id if isinstance(status_id, str) else ""
    return known[10:] if SECOND_AND_HASH.fullmatch(known) else known


def _between(below: str, since: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in (("max_id", below), ("since_id", since)) if value]
