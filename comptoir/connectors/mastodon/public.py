"""What an instance tells to whoever listens, with an account on it or without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from comptoir.connectors.mastodon import overhearing, reading, walking
from comptoir.connectors.mastodon.reading import Me, Unreadable
from comptoir.connectors.mastodon.session import Missing, Session, server
from comptoir.networks.connector import (
    Activity,
    Actor,
    Connector,
    Json,
    Overheard,
    Overhears,
    Page,
    Place,
    Refused,
    Searches,
    TryLater,
    Unusable,
)


class Listener(Overhears, Searches, Connector):
    """Hears what is said in public on one instance: as the account of a channel, or as a stranger."""

    public_form = overhearing.FORM
    # A small instance says nothing for hours.
    hush = timedelta(hours=6)
    reach = "server"

    @property
    def _session(self) -> Session:
        return Session(self.http, str(self.settings["server"]), self.grant.get("token"), self.now)

    @property
    def _who(self) -> Me:
        settings, session = self.settings, self._session
        if "id" not in settings:
            return overhearing.stranger(session, settings)
        me = self.me or Actor("", "")
        known = Actor(me.remote_id, me.handle, me.name, me.avatar, str(settings.get("url", "")))
        snac = settings.get("software") == "snac"
        return Me(str(settings["id"]), known, session.host, str(settings["domain"]), snac)

    def public(self, answers: Mapping[str, str]) -> Place:
        """All that an instance shows in public."""
        session = Session(self.http, server(answers.get("server", "")), "", self.now)
        return overhearing.place(session, answers)

    def overhear(self, cursor: Json) -> Iterator[Overheard]:
        """What the instance streams, or has on its timeline."""
        ears = overhearing.Ears(self.http, self._session, self._who, self.settings)
        return ears.overhear(cursor, lambda: self.now)

    def search(self, words: str, cursor: Json) -> Page:
        """What the instance finds: among what its people see, and only where its keepers switched that on."""
        return search(self._session, words, self._who, cursor, self.now)


def search(session: Session, words: str, me: Me, cursor: Json, now: datetime) -> Page:
    """One page of what is found for some words, newest first, down to what was found before."""
    tag = words.strip().removeprefix("#") if words.strip().startswith("#") else ""
    lone = tag and all(letter.isalnum() or letter == "_" for letter in tag)

    def ask(below: str, since: str) -> Sequence[Json]:
        between = [(name, value) for name, value in (("max_id", below), ("since_id", since)) if value]
        if lone:
            return session.ask_list(
                f"/api/v1/timelines/tag/{tag}", [("limit", str(overhearing.PAGE)), *between]
            )
        asked = {"q": words, "type": "statuses", "limit": str(overhearing.PAGE), **dict(between)}
        found = session.ask_object("/api/v2/search", asked).get("statuses")
        if not isinstance(found, list):
            raise TryLater("bad_answer")
        return found

    try:
        if cursor is None:
            top = ask("", "")
            return Page(_found(top, me), walking.begin(top) | {"deep": now.timestamp()})
        step = walking.step(dict(cursor), ask, now)
    except Missing as error:
        raise Refused("server_cannot") from error
    return Page(_found(step.fresh, me), step.state, step.more)


def _found(views: Sequence[Json], me: Me) -> list[Activity | Unusable]:
    found: list[Activity | Unusable] = []
    for view in views:
        try:
            if said := overhearing.spoken(view, me):
                found.append(said)
        except Unreadable as why:
            found.append(reading.unusable(view, why))
    return found
