"""Videos that somebody brings: what they are, read apart from everything else. None of them is ever drawn here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from comptoir.kernel.media import Unusable

SECONDS_TO_READ = 20
"""How long the reading of one file may take."""
SIDE_MOST = 16_384
LENGTH_MOST = 86_400
_STILLS = (b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1")
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_EBML = b"\x1aE\xdf\xa3"
_MIMES = {"WebM": "video/webm", "QuickTime": "video/quicktime", "MPEG-4": "video/mp4"}


@dataclass(frozen=True, slots=True)
class Film:
    """A video as its file says it is.

    mime       of the file: MP4, MOV or WebM
    seconds    how long it is
    width, height    in pixels, as it is looked at: turned where the file says so
    frames     in a second, 0 where it is not said
    codec, sound     how pictures and sound are written, such as AVC and AAC; sound is "" where there is none
    says_where whether the file names the place where it was filmed
    """

    mime: str
    seconds: float
    width: int
    height: int
    frames: float
    codec: str
    sound: str
    says_where: bool


def looks_like_film(start: bytes) -> bool:
    """Whether a file that begins so is a video of a kind that is taken, or claims to be."""
    if start.startswith(_EBML):
        return True
    return start[4:8] in _BOXES and start[8:12] not in _STILLS


def film_in(file: IO[bytes]) -> Film:
    """What a video is. Unusable says why it cannot be taken:

    not_film, no_length, cut_short (a part of the file is missing), too_long_to_read, broken.
    """
    file.seek(0)
    start = file.read(16)
    if not looks_like_film(start):
        raise Unusable("not_film")
    with TemporaryFile() as copy:
        try:
            file.fileno()
            source = file
        except OSError:  # a small one that stands in memory
            file.seek(0)
            shutil.copyfileobj(file, copy)
            copy.flush()
            source = copy
        handle = source.fileno()
        stood = os.lseek(handle, 0, os.SEEK_CUR)
        try:
            return _film(_read(source))
        finally:
            # The reader moved in the same open file; whoever reads on here believes to stand where it stood.
            os.lseek(handle, stood, os.SEEK_SET)


def _read(source: IO[bytes]) -> dict[str, object]:
    reader = [sys.executable, "-I", "-m", "comptoir.kernel.film_facts"]
    try:
        done = subprocess.run(
            reader, stdin=source, capture_output=True, timeout=SECONDS_TO_READ, env={}, cwd="/", check=False
        )
    except subprocess.TimeoutExpired:
        raise Unusable("too_long_to_read") from None
    try:
        said = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unusable("broken")
    return said


def _film(said: dict[str, object]) -> Film:
    mime = _MIMES.get(str(said["container"]), "")
    if mime == "video/mp4" and said["brand"] == "qt":
        mime = "video/quicktime"
    seconds, wide, high = (float(str(said[name])) for name in ("seconds", "width", "height"))
    if not mime or not said["films"]:
        raise Unusable("not_film")
    if not said["whole"]:
        raise Unusable("cut_short")
    if not 0 < wide <= SIDE_MOST or not 0 < high <= SIDE_MOST:
        raise Unusable("broken")
    if not 0 < seconds <= LENGTH_MOST:
        raise Unusable("no_length")
    return Film(
        mime, seconds, int(wide), int(high), float(str(said["frames"])), str(said["codec"]), str(said["sound"]),
        bool(said["place"]),
    )  # fmt: skip
