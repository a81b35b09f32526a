"""Sessions in a table of ours: each knows whose it is, where it was seen and when, and none can be taken from a copy.

Of a session's key, which stands in the browser's cookie, the table has a digest; its data is sealed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.secrets import Unreadable, seal, unseal
from comptoir.organisation.models.session import HANDLE, Session

SEEN_EVERY = timedelta(minutes=5)
"""How exactly "last seen" is kept: a session is not written for every page."""

_FIND = """
SELECT sealed, seen, user_id FROM organisation_session WHERE digest = %(digest)s AND ends > %(now)s
"""


class Client(NamedTuple):
    """Who holds a session: the address that asks and the device's name, "" where they are not known."""

    address: str = ""
    device: str = ""


class SessionStore(SessionBase):
    """One session. `client` is set by the middleware, and called when a row is written."""

    client: Callable[[], Client] = Client
    _get_new_session_key: Callable[[], str]
    _get_session: Callable[..., dict[str, Any]]

    @property
    def handle(self) -> str:
        """What the session is called, "" before it has a row."""
        return digest(self.session_key)[:HANDLE] if self.session_key else ""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, when there is no such session any more."""
        key, now = self.session_key, clock.now()
        rows = ask(_FIND, {"digest": digest(key), "now": now}) if key else []
        if not rows:
            self._session_key = None
            return {}
        sealed, seen, user = rows[0]
        if user is not None and now - seen > SEEN_EVERY:
            client = self.client()
            here = {"address": client.address, "device": client.device} if client.address else {}
            self._row().update(seen=now, **here)
        return self.decode(sealed)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def cycle_key(self) -> None:
        """Another key for the same session. One that is signed in began when it did."""
        before = Session.objects.filter(digest=digest(self.session_key or ""), user__isnull=False)
        began = before.values_list("began", flat=True).first()
        super().cycle_key()
        if began is not None:
            self._row().update(began=began)

    def save(self, must_create: bool = False) -> None:
        """Keep it. CreateError when the key is taken, UpdateError when the session was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)
        kept = {"sealed": self.encode(data), "ends": self.get_expiry_date(), "user_id": _person(data)}
        if must_create:
            client = self.client()
            row = Session(
                digest=digest(self.session_key), address=client.address, device=client.device, **kept
            )
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError as error:
                raise CreateError from error
        elif not self._row().update(**kept):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(digest=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Forget the sessions that are over."""
        Session.objects.filter(ends__lte=clock.now()).delete()

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(json.dumps(session_dict, separators=(",", ":"))).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """What was sealed; nothing when it was with a key that we do not have: that browser signs in again."""
        try:
            sealed = session_data.encode() if isinstance(session_data, str) else session_data
            opened: dict[str, Any] = json.loads(unseal(sealed))
        except Unreadable:
            return {}
        return opened

    def _row(self) -> Any:
        return Session.objects.filter(digest=digest(str(self.session_key)))


def digest(key: str) -> str:
    """What stands in the table of a session's key."""
    return sha256(key.encode(errors="replace")).hexdigest()


def _person(data: dict[str, Any]) -> int | None:
    found = data.get(SESSION_KEY)
    return int(found) if found is not None else None
