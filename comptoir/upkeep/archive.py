"""The file of a backup: a ZIP archive that any tool opens, whole or not there at all.

    manifest.json      what it is, of which version and moment; rows, size and checksum of every table
    tables/NAME.copy   the rows of one table, as COPY writes them in its text format
    stored/NAME        old mentions, as they stand in files of columns
    keys/NAME          the keys, where they were asked for

Written under another name and renamed when it is on the disk, so that a file with the name asked for is complete.
Readable by its owner alone: everything that people wrote is in it.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from comptoir.kernel.stores import settle

FORMAT = 2
"""Raised when an older program could not read the archive any more."""
_WITHOUT_FILES = 1
"""The format of what holds nothing stored: older programs read it."""
_MANIFEST = "manifest.json"
_BLOCK = 1 << 18
_MANIFEST_MOST = 10_000_000


class Damaged(Exception):
    """The file is no backup, or not whole. The text says what is wrong with it."""


class TooNew(Exception):
    """A newer program made it. The text says which."""


@dataclass(frozen=True)
class Table:
    """What the manifest says of one table: its columns in the order of the rows, and what to find in the file."""

    columns: list[str]
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Stored:
    """What the manifest says of a file that is stored."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What an archive says of itself. `migrations` are the applied ones, by app; `keys` the names of those in it;
    `stored` the files that the database knows by these names."""

    version: str
    made: str
    postgres: str
    migrations: dict[str, list[str]]
    sequences: dict[str, int] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    stored: dict[str, Stored] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When the backup was made."""
        return datetime.fromisoformat(self.made)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())


class Writer:
    """An archive being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive

    def table(self, name: str, columns: list[str], chunks: Iterable[Any]) -> Table:
        """Write the rows of a table as they come; what the manifest has to say of them."""
        digest, size, rows = sha256(), 0, 0
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            for block in _blocks(chunks):
                digest.update(block)
                size += len(block)
                rows += block.count(b"\n")
                member.write(block)
        return Table(columns, rows, size, digest.hexdigest())

    def stored(self, name: str, source: IO[bytes]) -> Stored:
        """Put a stored file in; it is as small as it gets already."""
        digest, size = sha256(), 0
        with self._zip.open(zipfile.ZipInfo(f"stored/{name}"), "w", force_zip64=True) as member:
            while block := source.read(_BLOCK):
                digest.update(block)
                size += len(block)
                member.write(block)
        return Stored(size, digest.hexdigest())

    def key(self, name: str, content: str) -> str:
        """Put a key in; its checksum."""
        self._zip.writestr(f"keys/{name}", content)
        return sha256(content.encode()).hexdigest()

    def manifest(self, manifest: Manifest) -> None:
        """Say what it is: the last thing to write."""
        said = asdict(manifest)
        if not manifest.stored and manifest.format == FORMAT:
            said |= {"format": _WITHOUT_FILES}
            del said["stored"]
        self._zip.writestr(_MANIFEST, json.dumps(said, indent=1, sort_keys=True))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive at `path`, there once the block ends well; FileExistsError when something is there already."""
    if path.exists():
        raise FileExistsError(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        _name(draft, path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _name(draft: Path, path: Path) -> None:
    """Give the draft its name, over nothing that is there, and have it stay even if the power fails now."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system that has no links
        draft.rename(path)
    settle(path.parent)


class Reader:
    """An archive to read. `reading` opens one."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip = archive
        self.manifest = manifest

    def check(self) -> None:
        """Read all of it once. Damaged when anything is not what the manifest says."""
        for name, table in self.manifest.tables.items():
            digest, size = sha256(), 0
            for block in self.rows(name):
                digest.update(block)
                size += len(block)
            if (size, digest.hexdigest()) != (table.size, table.sha256):
                raise Damaged(f"{name} is not what it was")
        for name, file in self.manifest.stored.items():
            digest, size = sha256(), 0
            for block in self.stored(name):
                digest.update(block)
                size += len(block)
            if (size, digest.hexdigest()) != (file.size, file.sha256):
                raise Damaged(f"{name} is not what it was")
        for name, checksum in self.manifest.keys.items():
            if sha256(self.key(name).encode()).hexdigest() != checksum:
                raise Damaged(f"{name} is not what it was")

    def rows(self, table: str) -> Iterator[bytes]:
        """The rows of a table, a block at a time."""
        return self._blocks(_member(table))

    def stored(self, name: str) -> Iterator[bytes]:
        """A stored file, a block at a time."""
        return self._blocks(f"stored/{name}")

    def _blocks(self, name: str) -> Iterator[bytes]:
        with _sound(), self._zip.open(name) as member:
            while block := member.read(_BLOCK):
                yield block

    def key(self, name: str) -> str:
        """A key that is in it."""
        with _sound():
            return self._zip.read(f"keys/{name}").decode()


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open an archive. Damaged when it is none or cut short, TooNew when we cannot know what is in it."""
    with path.open("rb") as file:
        with _sound():
            archive = zipfile.ZipFile(file)
            if archive.getinfo(_MANIFEST).file_size > _MANIFEST_MOST:
                raise Damaged("its manifest is far too long")
            manifest = _manifest(json.loads(archive.read(_MANIFEST)))
        with archive:
            yield Reader(archive, manifest)


def _manifest(said: dict[str, Any]) -> Manifest:
    if said["format"] > FORMAT:
        raise TooNew(str(said["version"]))
    tables = {name: Table(**table) for name, table in said.pop("tables").items()}
    stored = {name: Stored(**file) for name, file in said.pop("stored", {}).items()}
    return Manifest(**said, tables=tables, stored=stored)


@contextmanager
def _sound() -> Iterator[None]:
    """What is found wrong with a file, in one kind of error."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Damaged(str(error) or "it ends too early") from error
    except (KeyError, TypeError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Damaged(f"it is no backup of Comptoir ({error})") from error


def _member(table: str) -> str:
    return f"tables/{table}.copy"


def _blocks(chunks: Iterable[Any]) -> Iterator[bytes]:
    """The same bytes in pieces that are worth compressing."""
    kept: list[bytes] = []
    size = 0
    for chunk in chunks:
        kept.append(bytes(chunk))
        size += len(chunk)
        if size >= _BLOCK:
            yield b"".join(kept)
            kept, size = [], 0
    if kept:
        yield b"".join(kept)
