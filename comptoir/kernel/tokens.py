"""Short-lived signed tokens that a process without Django can check: what they say can be read, not changed."""

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any, NamedTuple

LONGEST = 8_000
"""Characters of a token. Longer ones are not looked into."""


class BadToken(Exception):
    """The token is not ours, not for this purpose, or too old."""


class Token(NamedTuple):
    """What a token says, and the Unix times from and until which it may."""

    said: dict[str, Any]
    made: float
    ends: float


def make(purpose: str, said: dict[str, Any], secret: str, life: float) -> str:
    """A token that says `said` (plain JSON) for `life` seconds, good for one purpose only."""
    now = time.time()
    packed = urlsafe_b64encode(json.dumps([said, now, now + life]).encode())
    return f"{packed.decode()}.{_signature(purpose, packed, secret)}"


def read(purpose: str, token: str, secret: str) -> Token:
    """A token of ours that has not ended. BadToken when it should not be believed."""
    packed, _dot, signature = token.encode("ascii", errors="replace").rpartition(b".")
    if len(token) > LONGEST or not hmac.compare_digest(
        _signature(purpose, packed, secret).encode(), signature
    ):
        raise BadToken
    found = Token(*json.loads(urlsafe_b64decode(packed)))
    if found.ends < time.time():
        raise BadToken
    return found


def _signature(purpose: str, packed: bytes, secret: str) -> str:
    key = sha256(f"comptoir.kernel.tokens:{purpose}:{secret}".encode()).digest()
    return hmac.new(key, packed, sha256).hexdigest()
