"""`comptoir key rotate`: what is kept sealed gets a new key, and the old one opens nothing any more."""

import os
import secrets as chance
import time

from comptoir.command import saying
from comptoir.kernel import config, secrets
from comptoir.kernel.secrets import Unreadable

_GRACE = 2.0
"""Seconds for those who sealed something with the old key a moment ago to have stored it."""


def rotate() -> int:
    """Seal everything with the newest key: one made now, or the first of `COMPTOIR_KEYS`."""
    from comptoir.organisation import audit

    ours = not os.environ.get("COMPTOIR_KEYS")
    new = secrets.words()[0]
    if ours:
        new = chance.token_urlsafe(48)
        config.replace_secret(secrets.FILE, " ".join([new, *secrets.words()]))
        saying.line("key", f"a new one is first in {config.data_folder() / secrets.FILE}")
    changed, closed = _reseal()
    saying.line("sealed anew", f"{changed} values")
    for about in dict.fromkeys(closed):
        saying.line("left", f"{about}: no key here opens it, the old ones neither")
    time.sleep(_GRACE)
    _reseal()
    audit.record("keys_rotated", None)
    if ours:
        config.replace_secret(secrets.FILE, new)
        saying.plain(
            "The old key opens nothing any more. Keep it for as long as you keep backups from before now."
        )
    else:
        saying.plain("Everything is sealed with the first of COMPTOIR_KEYS: the others can go, everywhere.")
    return 0


def _reseal() -> tuple[int, list[str]]:
    """Seal what is kept with the newest key: how many values changed, and what no key opens."""
    changed, closed = 0, []
    for each in (each for place in secrets.places for each in place()):
        try:
            new = secrets.reseal(each.value)
        except Unreadable:
            closed.append(each.about)
            continue
        if new != each.value:
            each.keep(new)
            changed += 1
    return changed, closed
