"""Saying things for an account, each once: a record under a key that is the same for every try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from comptoir.connectors.bluesky import reading, writing
from comptoir.connectors.bluesky.hearing import Hearing
from comptoir.connectors.bluesky.session import Session
from comptoir.networks.connector import Activity, Json, Refused, Sent, Upload

TRIES = 4
"""Record keys that are tried for one delivery: the first is taken once in a million times."""


class Voice:
    """What an account says and takes back."""

    def __init__(self, session: Session, ears: Hearing, language: str = "") -> None:
        self._session = session
        self._ears = ears
        self._language = language

    def answer(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Answer a message that is still there."""
        if not reading.is_post(to.remote_id):
            raise Refused("refused")
        shown = self._ears.posts([to.remote_id]).get(to.remote_id) or self._just_said(to.remote_id)
        if shown is None:
            if sent := self._already(text, to.remote_id, key, at):
                return sent
            raise Refused("target_gone")
        viewer = shown.get("viewer")
        if isinstance(viewer, dict) and viewer.get("replyDisabled"):
            raise Refused("not_allowed")
        parent = {"uri": to.remote_id, "cid": str(shown.get("cid", ""))}
        above = reading.reply_of(shown.get("record") or {})
        return self._put(
            text,
            media,
            key,
            at,
            known={to.actor.handle.lower(): to.actor.remote_id},
            reply={"root": above[0] if above else parent, "parent": parent},
            langs=[said] if (said := self._language or to.language) else [],
        )

    def _just_said(self, uri: str) -> Mapping[str, Json] | None:
        """An own post that stands on our data server, though those who show posts have not heard of it yet."""
        if reading.parts(uri)[0] != self._session.did:
            return None
        found = self._ears.record(uri)
        return {"cid": found["cid"], "record": found["value"]} if found else None

    def post(self, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Say something that answers nobody."""
        return self._put(text, media, key, at, known={}, langs=[self._language] if self._language else [])

    def take_back(self, uri: str) -> None:
        """Delete an own post; one that is gone already is as good."""
        if not reading.is_post(uri) or reading.parts(uri)[0] != self._session.did:
            raise Refused("not_ours")
        self._session.tell("com.atproto.repo.deleteRecord", self._where(reading.parts(uri)[2]))

    def _put(
        self,
        text: str,
        media: Sequence[Upload],
        key: str,
        at: datetime,
        known: Mapping[str, str],
        **more: Json,
    ) -> Sent:
        """Write the record under the key's own record key; if it is there already, that is our answer."""
        record = writing.post(
            text,
            at,
            facets=writing.facets(text, lambda handle: known.get(handle) or self._did_of(handle)),
            embed=writing.images(media, self._session.upload) if media else None,
            **more,
        )
        parent = str(more["reply"]["parent"]["uri"]) if "reply" in more else ""
        for attempt in range(TRIES):
            body = {**self._where(writing.record_key(key, at, attempt)), "record": record, "swapRecord": None}
            try:
                return _sent(self._session.tell("com.atproto.repo.putRecord", body), record)
            except Refused as error:
                if error.facts.get("error") != "InvalidSwap":
                    raise
            if sent := self._ours(text, parent, key, at, attempt):
                return sent
        raise Refused("key_taken")

    def _where(self, rkey: str) -> dict[str, str]:
        return {"repo": self._session.did, "collection": reading.POST, "rkey": rkey}

    def _already(self, text: str, parent: str, key: str, at: datetime) -> Sent | None:
        """What an earlier try of this delivery left on the network."""
        tries = (self._ours(text, parent, key, at, attempt) for attempt in range(TRIES))
        return next(filter(None, tries), None)

    def _ours(self, text: str, parent: str, key: str, at: datetime, attempt: int) -> Sent | None:
        """The record under this key if it says what we say; None if it is another, or none."""
        rkey = writing.record_key(key, at, attempt)
        found = self._ears.record(f"at://{self._session.did}/{reading.POST}/{rkey}")
        record = found.get("value") if found else None
        if not found or not isinstance(record, dict):
            return None
        above = reading.reply_of(record)
        same = record.get("text") == text and (above[1]["uri"] if above else "") == parent
        return _sent(found, record) if same and record.get("createdAt") == writing.timestamp(at) else None

    def _did_of(self, handle: str) -> str:
        try:
            answer = self._session.ask("com.atproto.identity.resolveHandle", {"handle": handle})
        except Refused:
            return ""
        return str(answer.get("did", ""))


def _sent(made: Mapping[str, Json], record: Mapping[str, Json]) -> Sent:
    uri, cid = str(made["uri"]), str(made["cid"])
    above = reading.reply_of(record)
    return Sent(
        uri, reading.address(uri), {"cid": cid, "root": above[0] if above else {"uri": uri, "cid": cid}}
    )
