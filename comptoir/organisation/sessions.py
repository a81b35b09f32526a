"""Sessions in the database, as Django keeps them, found by a statement of our own."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Stored

from comptoir.kernel import clock
from comptoir.kernel.asking import ask

_FIND = "SELECT session_data FROM django_session WHERE session_key = %(key)s AND expire_date > %(now)s"


class SessionStore(Stored):
    """One session. Only the reading differs: every page does it."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, when there is no such session any more."""
        key = self.session_key
        rows = ask(_FIND, {"key": key, "now": clock.now()}) if key and "\x00" not in key else []
        if rows:
            found: dict[str, Any] = self.decode(rows[0][0])
            return found
        self._session_key = None
        return {}
