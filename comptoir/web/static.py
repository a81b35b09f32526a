"""Our own files, at addresses that change when any of them does: cached for ever, compressed, no step of the host's.

All files of all rooms are copied once a version, with compressed twins, into the data folder. The version stands in
front of the path, so what they say of each other by relative addresses holds without rewriting.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware

_FOUND: dict[Path, dict[str, Any]] = {}
"""What to answer for each file of a folder: found out once in a process."""
_LATELY = 24 * 3600
"""Seconds for which an older version is kept: its processes may still be serving."""


class HashedStorage(StaticFilesStorage):
    """Gives a file the address that holds the version."""

    def url(self, name: str | None, force: bool = False) -> str:
        return f"{settings.STATIC_URL}{version()}/{name}"


class StaticMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Answers for our own files before anything else is asked."""

    def __init__(self, get_response: Any = None, settings: Any = settings) -> None:
        super().__init__(get_response, settings)
        home = folder()
        if home in _FOUND:
            self.files: dict[str, Any] = _FOUND[home]
            return
        self.add_files(str(home), prefix=f"{settings.STATIC_URL}{version()}/")
        _FOUND[home] = self.files

    def immutable_file_test(self, path: str, url: str) -> bool:
        """All of them: a changed file has another address."""
        return True


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    """Every file by its path in an address; the first room that has one wins."""
    found: dict[str, Path] = {}
    for finder in finders.get_finders():
        for name, storage in finder.list(["*.map", ".*"]):
            found.setdefault(name, Path(storage.path(name)))
    return dict(sorted(found.items()))


@lru_cache(maxsize=1)
def version() -> str:
    """A short word that changes when any file does."""
    digest = sha256()
    for name, path in _files().items():
        content = path.read_bytes()
        digest.update(f"{name}:{len(content)}:".encode() + content)
    return digest.hexdigest()[:12]


def folder() -> Path:
    """The folder of this version, made if missing. Processes that start together may all make it: one is kept."""
    home: Path = settings.DATA / "static"
    ours = home / version()
    if not ours.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".", dir=home))
        draft.chmod(0o755)
        _fill(draft)
        try:
            draft.rename(ours)
        except OSError:
            shutil.rmtree(draft)
        _forget_others(home, ours)
    os.utime(ours)
    return ours


def _fill(draft: Path) -> None:
    compressor = Compressor(quiet=True)
    for name, path in _files().items():
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        if compressor.should_compress(name):
            compressor.compress(str(target))


def _forget_others(home: Path, ours: Path) -> None:
    for other in home.iterdir():
        if other != ours and other.stat().st_mtime < time.time() - _LATELY:
            shutil.rmtree(other, ignore_errors=True)
