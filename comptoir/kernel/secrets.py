"""Secrets at rest: sealed with Fernet, keys rotated by putting a new one first."""

import os
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from comptoir.kernel import config


class Unreadable(Exception):
    """The secret was sealed with a key that we do not have."""


@lru_cache(maxsize=1)
def _keys() -> MultiFernet:
    """`COMPTOIR_KEYS` (newest first, separated by spaces), else the key in the data folder."""
    given = os.environ.get("COMPTOIR_KEYS", "").split() or [config.secret("grant.key")]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(key.encode()).digest())) for key in given])


def seal(plain: str) -> bytes:
    """Encrypt a text."""
    return _keys().encrypt(plain.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Decrypt what `seal` gave. Unreadable when the key is not ours."""
    try:
        return _keys().decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise Unreadable from error
