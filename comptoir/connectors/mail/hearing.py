"""What is new in a mailbox: the folder where mail arrives, and the one where what was sent lies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.connectors.mail import bodies, guessing, reading
from comptoir.connectors.mail.headers import MOST, Headers
from comptoir.connectors.mail.mailbox import Mailbox, State, day
from comptoir.connectors.mail.reading import Box, Letter
from comptoir.connectors.mail.structure import Part, structure
from comptoir.connectors.mail.wire import Garbled, Item
from comptoir.networks.connector import Activity, Page, Unusable

type Heard = Activity | Unusable

PAGE = 25
_BARE = f"INTERNALDATE BODY.PEEK[HEADER]<0.{MOST}>"
HEAD = f"{_BARE} BODYSTRUCTURE"
_WHEN = re.compile(rb" ?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")
_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"\r\n]{1,100})"|([^\s;"]{1,100}))', re.IGNORECASE)
_AGAIN = timedelta(days=2)
"""How far back a folder that was numbered anew is read again."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The names of the folders that are read, by what they are to us."""

    inbox: str
    sent: str

    def all(self) -> Mapping[str, str]:
        """Those there are; what was sent first, so that a copy of it in the other is known for what it is."""
        return {key: name for key, name in (("sent", self.sent), ("inbox", self.inbox)) if name}


class Ears:
    """Reads one mailbox. `floors` say where each folder ended when it was connected, at the moment `since`."""

    def __init__(
        self,
        mailbox: Mailbox,
        box: Box,
        folders: Folders,
        floors: Mapping[str, Sequence[int]],
        since: datetime,
        page_size: int = PAGE,
    ) -> None:
        self._mailbox = mailbox
        self._box = box
        self._folders = folders
        self._floors = floors
        # Servers tell seconds: what came in the one in which we connected counts as new.
        self._since = since.replace(microsecond=0)
        self._size = page_size

    def step(self, cursor: Mapping[str, Any] | None, now: datetime) -> Page:
        """A page of each folder from where its cursor stands."""
        state: dict[str, Any] = dict(cursor or {})
        items: list[Heard] = []
        more = False
        for key, name in self._folders.all().items():
            opened = self._mailbox.examine(name)
            place = self._place(key, state.get(key), opened)
            fresh, rest = self._next(place["n"], opened)
            items += self._told(
                key, name, opened, fresh, known_since=self._since if place.get("again") else None
            )
            read = fresh[-1] + 1 if fresh else place["n"]
            if rest:
                place["n"] = read
            else:
                place = {"v": place["v"], "n": max(opened.next, read), "at": now.timestamp()}
            state[key] = place
            more = more or rest
        return Page(items, state, more)

    def past(self, since: datetime, cursor: Mapping[str, Any] | None) -> Page:
        """A page of what was there before the mailbox was connected, folder after folder."""
        names = self._folders.all()
        state: dict[str, Any] = dict(cursor or {"list": next(iter(names)), "n": 1})
        key = str(state["list"])
        if key not in names:
            return Page([], state, False)
        opened = self._mailbox.examine(names[key])
        validity, floor = (*self._floors.get(key, (0, 0)), 0, 0)[:2]
        same = validity == opened.validity
        begin = int(state["n"]) if state.get("v", opened.validity) == opened.validity else 1
        last = (floor if same else opened.next) - 1
        fresh: list[int] = []
        rest = False
        if begin <= last:
            found = self._mailbox.search("UID", f"{begin}:{last}", "SINCE", day(since.date()))
            found = [uid for uid in found if begin <= uid <= last]
            fresh, rest = found[: self._size], len(found) > self._size
        items = self._told(
            key, names[key], opened, fresh, earliest=since, latest=None if same else self._since
        )
        state |= {"v": opened.validity, "n": fresh[-1] + 1 if fresh else begin}
        if not rest:
            keys = list(names)
            following = keys[keys.index(key) + 1 :]
            state = {"list": following[0] if following else "", "n": 1}
        return Page(items, state, bool(state["list"]))

    def _place(self, key: str, kept: Mapping[str, Any] | None, opened: State) -> dict[str, Any]:
        """Where to go on in a folder. One that was numbered anew is read from shortly before it was last read."""
        validity, floor = (*self._floors.get(key, (0, 0)), 0, 0)[:2]
        if kept is None:
            kept = {"v": validity, "n": floor, "at": self._since.timestamp()}
        if kept["v"] == opened.validity:
            return dict(kept)
        at = datetime.fromtimestamp(float(kept["at"]), UTC) - _AGAIN
        found = self._mailbox.search("SINCE", day(at.date()))
        first = found[0] if found else opened.next
        return {"v": opened.validity, "n": first, "at": kept["at"], "again": True}

    def _next(self, begin: int, opened: State) -> tuple[list[int], bool]:
        if 0 < opened.next <= begin:
            return [], False
        found = [uid for uid in self._mailbox.search("UID", f"{begin}:*") if uid >= begin]
        return found[: self._size], len(found) > self._size

    def _told(
        self,
        key: str,
        name: str,
        opened: State,
        uids: Sequence[int],
        known_since: datetime | None = None,
        earliest: datetime | None = None,
        latest: datetime | None = None,
    ) -> list[Heard]:
        """The messages of these numbers, those that arrived in the time asked for."""
        found = self._letters(f"{key}/{opened.validity}", uids)
        own = key == "sent"
        told: list[Heard] = []
        claims: list[Letter] = []
        for letter in found:
            if isinstance(letter, Unusable):
                told.append(letter)
                continue
            after = letter.arrived >= (earliest or letter.arrived)
            before = letter.arrived <= (latest or letter.arrived)
            late = known_since is not None and max(letter.arrived, reading.published(letter)) < known_since
            if not after or not before or late:
                continue
            if not own and reading.is_claimed(letter.headers, self._box):
                claims.append(letter)
            if not own and self._folders.sent and guessing.is_lost(letter):
                letter.answers = guessing.answered(self._mailbox, self._folders.sent, letter)
                self._mailbox.examine(name)
            told.append(self._read(letter, own))
        return self._without_copies(told, claims, name)

    def _read(self, letter: Letter, own: bool) -> Heard:
        try:
            return reading.activity(letter, self._box, own)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raw = letter.raw[:10_000].decode("utf-8", "replace")
            return Unusable(self._box.id(letter.message_id), f"unreadable: {error}"[:300], raw)

    def _without_copies(self, told: list[Heard], claims: list[Letter], name: str) -> list[Heard]:
        """Leave out what we sent and got a copy of: it is told as ours, from where it was sent."""
        if not claims or not self._folders.sent:
            return told
        self._mailbox.examine(self._folders.sent)
        ours = {
            self._box.id(letter.message_id)
            for letter in claims
            if self._mailbox.with_id(letter.message_id, letter.arrived.date() - timedelta(days=2))
        }
        self._mailbox.examine(name)
        return [item for item in told if item.remote_id not in ours]

    def _letters(self, place: str, uids: Sequence[int]) -> list[Letter | Unusable]:
        """Each message with the parts that hold its words; one that cannot be read does not stop the others."""
        if not uids:
            return []
        try:
            return self._together(place, uids)
        except Garbled:
            return [each for uid in uids for each in self._alone(place, uid)]

    def _alone(self, place: str, uid: int) -> list[Letter | Unusable]:
        """One message; where nobody could describe its parts its text is taken as it lies there."""
        for what in (HEAD, _BARE):
            try:
                return self._together(place, [uid], what)
            except Garbled:
                continue
        return [Unusable(self._box.id(f"{place}/{uid}"), "unreadable")]

    def _together(self, place: str, uids: Sequence[int], what: str = HEAD) -> list[Letter | Unusable]:
        found = self._mailbox.fetch(uids, what)
        letters = {
            uid: letter for uid in uids if uid in found and (letter := _letter(found[uid], f"{place}/{uid}"))
        }
        alike: dict[tuple[str, ...], list[int]] = {}
        for uid, letter in letters.items():
            if wanted := letter.wanted():
                alike.setdefault(tuple(wanted), []).append(uid)
        for sections, group in alike.items():
            bodies_of = " ".join(f"BODY.PEEK[{section}]<0.{bodies.MOST_BYTES}>" for section in sections)
            for uid, values in self._mailbox.fetch(group, bodies_of).items():
                letters[uid].contents.update(_contents(values))
        return list(letters.values())


def _contents(values: Mapping[str, Item]) -> dict[str, bytes]:
    """The sections of a FETCH answer, "BODY[1.2]<0>" say, by their name."""
    return {
        name[5:].split("]")[0]: value
        for name, value in values.items()
        if name.startswith("BODY[") and isinstance(value, bytes)
    }


def _letter(values: Mapping[str, Item], place: str) -> Letter | None:
    """A message from its description; one whose parts cannot be told apart is a text of its own."""
    header = _contents(values).get("HEADER")
    arrived = arrived_at(values.get("INTERNALDATE"))
    if header is None or arrived is None:
        raise Garbled("no head")
    try:
        root = structure(values.get("BODYSTRUCTURE"))
        if root.is_multipart and not any(part.size for part in root.walk()):
            raise Garbled("nothing in it")
    except Garbled:
        found = _BOUNDARY.search(header.decode("ascii", "replace"))
        root = Part(bodies.RAW, "text/plain", {"boundary": found[1] or found[2]} if found else {})
    return Letter(place, arrived, Headers(header), header, root)


def arrived_at(value: Item) -> datetime | None:
    """When a server says that a message arrived."""
    found = _WHEN.fullmatch(value) if isinstance(value, bytes) else None
    if not found:
        return None
    try:
        month = _MONTHS.index(found[2].lower()) + 1
        hour, minute, second = int(found[4]), int(found[5]), int(found[6])
        local = datetime(int(found[3]), month, int(found[1]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    return local - offset if found[7] == b"+" else local + offset
