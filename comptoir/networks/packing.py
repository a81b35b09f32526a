"""Everything that is held of a person in one archive: for machines, for spreadsheets and for eyes."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, cast

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from comptoir.kernel import clock
from comptoir.kernel.http import Outside, Patience
from comptoir.kernel.media import Unusable, fetch_media
from comptoir.kernel.sheets import BOM, csv_rows
from comptoir.networks.models import Actor
from comptoir.networks.persons import HOLDERS, Holder, Row
from comptoir.organisation.models import Brand

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
}
MOST_MEDIA = 2_000


class _Passing:
    """A file that is only written to: what was written is taken away piece by piece."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def pack(person: Actor, brand: Brand | None = None, seconds: float | None = None) -> Iterator[bytes]:
    """A ZIP of all that is held, as it grows: a JSON and a CSV file a holder, the pictures, a README in both languages.

    `brand`: only what this one holds. `seconds`: for how long pictures are fetched; those left out are listed.
    """
    out = _Passing()
    with zipfile.ZipFile(cast(IO[bytes], out), "w", zipfile.ZIP_DEFLATED) as archive:
        counts: dict[str, int] = {}
        for holder in HOLDERS.values():
            rows = [_plain(row) for row in holder.rows(person, brand)]
            counts[holder.name] = len(rows)
            archive.writestr(f"{holder.name}.json", json.dumps(rows, ensure_ascii=False, indent=1))
            archive.writestr(f"{holder.name}.csv", _sheet(rows))
            yield out.taken()
        for name, content in _media(person, brand, seconds):
            archive.writestr(name, content)
            yield out.taken()
        archive.writestr("README.txt", _readme(person, brand, counts))
    yield out.taken()


def _plain(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _sheet(rows: list[Row]) -> str:
    if not rows:
        return BOM
    columns = list(rows[0])
    return BOM + csv_rows([columns, *([_cell(row[name]) for name in columns] for row in rows)])


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _media(person: Actor, brand: Brand | None, seconds: float | None) -> Iterator[tuple[str, bytes]]:
    """The pictures as they came, past the inside guard; then the list of all, with why some are missing."""
    addresses = list(dict.fromkeys(url for holder in _holders() for url in holder.media(person, brand)))
    until = None if seconds is None else time.monotonic() + seconds
    outside = Outside(allowed=settings.INSIDE_ALLOWED, timeout=Patience(connect=3, read=10, total=20))
    listed = []
    for number, url in enumerate(addresses, 1):
        if number > MOST_MEDIA or (until is not None and time.monotonic() > until):
            listed.append({"address": url, "file": "", "why": "not_asked"})
            continue
        try:
            found = fetch_media(outside, url)
        except Unusable as fault:
            listed.append({"address": url, "file": "", "why": fault.reason})
            continue
        name = f"media/{number:04d}.{_ENDINGS[found.mime]}"
        listed.append({"address": url, "file": name, "why": ""})
        yield name, found.content
    yield "media.json", json.dumps(listed, ensure_ascii=False, indent=1).encode()


def _holders() -> list[Holder]:
    return list(HOLDERS.values())


def _readme(person: Actor, brand: Brand | None, counts: dict[str, int]) -> str:
    parts = []
    for language in ("fr", "en"):
        with translation.override(language):
            held = [
                (HOLDERS[name].name, translation.gettext(HOLDERS[name].label), n)
                for name, n in counts.items()
            ]
            told = {"person": person, "brand": brand, "held": held, "made": clock.now()}
            parts.append(render_to_string("networks/person_readme.txt", told).strip())
    return "\n\n---\n\n".join(parts) + "\n"
