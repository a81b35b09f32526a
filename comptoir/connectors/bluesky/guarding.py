"""Blocking accounts, which are records of one's own, and reporting to the service that moderates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from comptoir.connectors.bluesky import reading, writing
from comptoir.connectors.bluesky.hearing import Hearing
from comptoir.connectors.bluesky.session import Session
from comptoir.networks.connector import Activity, Actor, Ground, Json, Refused, TryLater, Unanswered

BLOCK = "app.bsky.graph.block"
TRIES = 4
"""Record keys that are tried for one block: the first is taken once in a million times."""
PAGE = 100
PAGES = 200
"""Pages of blocks that are looked through for one account's."""
_REASONS = "com.atproto.moderation.defs#reason"
GROUNDS = (
    Ground("spam", "Spam or advertising"),
    Ground("violation", "Breaks the law or the network’s rules"),
    Ground("misleading", "Pretends to be somebody else, or misleads"),
    Ground("sexual", "Unwanted or unmarked sexual content"),
    Ground("rude", "Insult or harassment"),
    Ground("other", "Another reason"),
)


class Guard:
    """What an account does against another."""

    def __init__(self, session: Session, ears: Hearing) -> None:
        self._session = session
        self._ears = ears

    def block(self, who: Actor, key: str, at: datetime) -> None:
        """Write the record under the key's own record key; if it stands there already, that is it."""
        record = {"$type": BLOCK, "subject": who.remote_id, "createdAt": writing.timestamp(at)}
        for attempt in range(TRIES):
            rkey = writing.record_key(key, at, attempt)
            body: dict[str, Json] = {**self._where(rkey), "record": record, "swapRecord": None}
            try:
                self._session.tell("com.atproto.repo.putRecord", body)
            except Refused as error:
                if error.facts.get("error") != "InvalidSwap":
                    raise
                found = self._ears.record(f"at://{self._session.did}/{BLOCK}/{rkey}")
                value = found.get("value") if found else None
                if not isinstance(value, dict) or value.get("subject") != who.remote_id:
                    continue
            return
        raise Refused("key_taken")

    def unblock(self, who: Actor) -> None:
        """Delete all records that block an account. The server that holds them is asked: it is behind nobody."""
        for rkey in list(self._blocks_of(who.remote_id)):
            self._session.tell("com.atproto.repo.deleteRecord", self._where(rkey))

    def _blocks_of(self, did: str) -> Iterator[str]:
        """The record keys of the blocks of an account."""
        cursor = ""
        for _ in range(PAGES):
            params: dict[str, Json] = {"repo": self._session.did, "collection": BLOCK, "limit": PAGE}
            page = self._session.ask(
                "com.atproto.repo.listRecords", params | ({"cursor": cursor} if cursor else {})
            )
            for each in page.get("records") or ():
                value = each.get("value")
                if isinstance(value, dict) and value.get("subject") == did:
                    yield str(each.get("uri", "")).rpartition("/")[2]
            cursor = str(page.get("cursor") or "")
            if not cursor:
                return
        raise Refused("server_cannot")

    def report(self, who: Actor, message: Activity | None, ground: str, words: str) -> str:
        """Tell those who moderate; the report's number. Nobody can look for it, so doubt stays doubt."""
        subject: dict[str, Json] = {"$type": "com.atproto.admin.defs#repoRef", "did": who.remote_id}
        if message is not None:
            subject = {"$type": "com.atproto.repo.strongRef", **self._ref(message.remote_id)}
        body = {"reasonType": f"{_REASONS}{ground.capitalize()}", "reason": words, "subject": subject}
        try:
            return str(self._session.tell("com.atproto.moderation.createReport", body).get("id", ""))
        except TryLater as error:
            if error.code == "rate_limited":
                raise
            raise Unanswered(error.code) from error

    def _ref(self, uri: str) -> dict[str, str]:
        """A message as it stands now. It is asked of its own server: who is blocked is not shown."""
        found = self._ears.record(uri) if reading.is_post(uri) else None
        if found is None:
            raise Refused("target_gone")
        return {"uri": uri, "cid": str(found.get("cid", ""))}

    def _where(self, rkey: str) -> dict[str, Json]:
        return {"repo": self._session.did, "collection": BLOCK, "rkey": rkey}
