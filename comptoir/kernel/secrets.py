"""Secrets at rest: sealed with Fernet, keys rotated by putting a new one first."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from comptoir.kernel import config

FILE = "grant.key"


class Unreadable(Exception):
    """The secret was sealed with a key that we do not have."""


class Sealed(NamedTuple):
    """One sealed value where it is kept. `about` says whose it is, in words for the host.

    `keep` stores another in its place unless it has changed meanwhile.
    """

    about: str
    value: bytes
    keep: Callable[[bytes], None]


Place = Callable[[], Iterable[Sealed]]
places: list[Place] = []
"""Where sealed values are kept, as the rooms said: a new key has to reach each of them."""


def keeps_sealed(place: Place) -> Place:
    """Decorate a function that goes through the sealed values of a room."""
    places.append(place)
    return place


def column(rows: Any, name: str, about: Callable[[Any], str]) -> Iterator[Sealed]:
    """The sealed values in a column, of bytes or of text, of these rows (a queryset); rows without one are left out."""
    for row in rows.order_by("pk"):
        if old := getattr(row, name):
            value = old.encode() if isinstance(old, str) else bytes(old)
            yield Sealed(about(row), value, partial(_keep, rows, row.pk, name, old))


def _keep(rows: Any, pk: Any, name: str, old: Any, new: bytes) -> None:
    value = new.decode() if isinstance(old, str) else new
    rows.filter(**{name: old}, pk=pk).update(**{name: value})


def words() -> tuple[str, ...]:
    """The keys, newest first: `COMPTOIR_KEYS`, else those in the data folder. Read anew, so that a change is seen."""
    return tuple(os.environ.get("COMPTOIR_KEYS", "").split() or config.secret(FILE).split())


@lru_cache(maxsize=4)
def _fernet(given: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(key.encode()).digest())) for key in given])


def seal(plain: str) -> bytes:
    """Encrypt a text."""
    return _fernet(words()).encrypt(plain.encode())


def unseal(sealed: bytes | memoryview, given: tuple[str, ...] = ()) -> str:
    """Decrypt what `seal` gave, with our keys or with the ones given. Unreadable when none of them fits."""
    try:
        return _fernet(given or words()).decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise Unreadable from error


def reseal(sealed: bytes | memoryview) -> bytes:
    """The same secret sealed with the newest key; the very same bytes where it is already. Unreadable."""
    old = bytes(sealed)
    try:
        unseal(old, words()[:1])
    except Unreadable:
        try:
            return _fernet(words()).rotate(old)
        except InvalidToken as error:
            raise Unreadable from error
    return old
