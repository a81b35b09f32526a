"""Words that open a door once. They are handed out and never stored: their hash is."""

import secrets
from hashlib import sha256


def fresh() -> tuple[str, str]:
    """A new token and its digest."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode(errors="replace")).hexdigest()
