"""The list of erasures that does not go with the database: a restored backup must not bring people back.

`erasures.jsonl` in the data folder, readable by its owner alone, holds the key of the hashes and one line an erasure:
a hash, a network, a moment. Whoever restores has them applied through `comptoir.kernel.restored`, by itself; on another
machine, copy the file into the data folder first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from comptoir.kernel.restored import after_restoring
from comptoir.networks.models.objection import Erasure, PersonKey

NAME = "erasures.jsonl"


def path() -> Path:
    """Where the list is."""
    return Path(settings.DATA) / NAME


def write_down(erasures: Iterable[Erasure]) -> None:
    """Add erasures to the list, on disk before this returns."""
    key = bytes(PersonKey.get().key).hex()
    lines = [] if key in _keys() else [{"key": key}]
    lines += [
        {"account": each.of_account, "network": each.network, "at": each.at.isoformat(), "under": key[:8]}
        for each in erasures
    ]
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("".join(f"{json.dumps(line)}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def catch_up() -> int:
    """Add what other machines erased; how many were missing here."""
    known = {(line["account"], line["at"]) for line in _lines() if "account" in line}
    missing = [
        each for each in Erasure.objects.order_by("at") if (each.of_account, each.at.isoformat()) not in known
    ]
    if missing:
        write_down(missing)
    return len(missing)


def last_key() -> bytes | None:
    """The key of the newest hashes, None when nobody was erased yet."""
    keys = list(_keys())
    return bytes.fromhex(keys[-1]) if keys else None


@after_restoring
def apply_again(moment: datetime) -> Iterator[str]:
    """Erase whom the backup brought back: everybody on the list whom it still knows."""
    from comptoir.networks.persons import erase_again

    lines = [line for line in _lines() if "account" in line]
    for key in _keys():
        hashes: dict[str, datetime] = {}
        for line in lines:
            if line["under"] == key[:8]:
                hashes[line["account"]] = datetime.fromisoformat(line["at"])
        if hashes and (count := erase_again(hashes, bytes.fromhex(key))):
            yield f"{count} people who were erased after the backup was made were erased again."


def _lines() -> Iterator[dict[str, str]]:
    """The list's lines; half a line that a full disk left behind is passed over."""
    try:
        text = path().read_text()
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def _keys() -> list[str]:
    return list(dict.fromkeys(line["key"] for line in _lines() if "key" in line))
