"""Pictures of elsewhere at the sizes that pages ask for: fetched once, kept on disk, the least used ones go first."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from comptoir.kernel.http import Outside, Patience
from comptoir.kernel.media import Unusable, fetch_media, fit

SIDES = {"full": 1_600, "face": 112}
"""The longest side, in pixels, of each size of picture that pages ask for."""
MOST = 200_000_000
"""Bytes on disk."""
_SWEEP_AFTER = 5_000_000
"""Bytes that one process writes between two looks at the whole."""
_NO_AGAIN = 300
"""Seconds before a picture that could not be had is tried again, and a server that did not answer is asked again."""
_AT_ONCE = 2
"""Pictures fetched at once by one process: the other threads are for pages."""
_WAIT = 2.0

_slots = threading.BoundedSemaphore(_AT_ONCE)
_silent: dict[str, float] = {}
_written = _SWEEP_AFTER


def picture(url: str, side: int, get: Callable[[str], bytes] | None = None) -> bytes:
    """The picture at an address as WebP, no side over `side` pixels. `get` fetches what is not on the web.

    Unusable says why not; its reason is "busy" when too many are being fetched already.
    """
    kept, refused = _places(url, side)
    with suppress(FileNotFoundError):
        content = kept.read_bytes()
        os.utime(kept)
        return content
    with suppress(FileNotFoundError):
        if refused.stat().st_mtime > time.time() - _NO_AGAIN:
            raise Unusable(refused.read_text())
    try:
        content = fit((get or fetched)(url), side)
    except Unusable as fault:
        if fault.reason != "busy":
            _keep(refused, fault.reason.encode())
        raise
    _keep(kept, content)
    return content


def forget(urls: Iterable[str]) -> None:
    """Take away what this machine keeps of these pictures."""
    for url in urls:
        for side in SIDES.values():
            for path in _places(url, side):
                path.unlink(missing_ok=True)


def _places(url: str, side: int) -> tuple[Path, Path]:
    """Where a picture is kept, and where the reason why it cannot be had."""
    name = sha256(f"{side} {url}".encode(errors="replace")).hexdigest()
    return home() / f"{name}.webp", home() / f"{name}.no"


def fetched(url: str) -> bytes:
    """The picture at an address, as it is there. Unusable says why it cannot be had; "busy": too many are fetched."""
    host = urlsplit(url).netloc
    if _silent.get(host, 0.0) > time.monotonic():
        raise Unusable("unreachable")
    if not _slots.acquire(timeout=_WAIT):
        raise Unusable("busy")
    try:
        return fetch_media(_client(), url).content
    except Unusable as fault:
        if fault.reason == "unreachable":
            now = time.monotonic()
            for past in [each for each, until in _silent.items() if until < now]:
                _silent.pop(past, None)
            _silent[host] = now + _NO_AGAIN
        raise
    finally:
        _slots.release()


@lru_cache(maxsize=1)
def _client() -> Outside:
    """A client with little patience: somebody looks at the page."""
    return Outside(allowed=settings.INSIDE_ALLOWED, timeout=Patience(connect=3, read=5, total=10))


def home() -> Path:
    """The folder of the pictures that this machine keeps."""
    folder: Path = settings.DATA / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keep(path: Path, content: bytes) -> None:
    global _written
    handle, draft = tempfile.mkstemp(prefix=".", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(draft).rename(path)
    _written += len(content) + 4096
    if _written > _SWEEP_AFTER:
        _written = 0
        sweep(path.parent)


def sweep(home: Path, most: int = MOST) -> None:
    """Take away what was not looked at for longest, until what is left fits with room for a while."""
    found: list[tuple[float, int, str]] = []
    with os.scandir(home) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                facts = entry.stat()
                # Even an empty file takes a block of the disk.
                found.append((facts.st_mtime, facts.st_blocks * 512, entry.path))
    room = most - 2 * _SWEEP_AFTER
    total = sum(size for _at, size, _path in found)
    for _at, size, path in sorted(found):
        if total <= room:
            return
        with suppress(FileNotFoundError):
            os.unlink(path)
        total -= size
