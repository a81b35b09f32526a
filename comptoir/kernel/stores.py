"""Where large files of the house stand for years: a folder, or a bucket of an object store that speaks S3.

A file is written once, whole or not at all, and never changed: whoever wants it otherwise writes another one. What the
host gives to get in is told to nobody, and stands in no message.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from comptoir.kernel import config

_NEEDED = ("duckdb", "ibis", "pyarrow")
INSTALL = "pip install 'comptoir[stored]'"
_SECONDS = 20
_ASKED_AT_ONCE = 8

Write = Callable[[IO[bytes]], object]


class StoreFailed(Exception):
    """The place does not give a file, or does not take it. The text says which place and why."""


class Store(ABC):
    """Files by their names, with slashes in them. What goes wrong is `StoreFailed`."""

    @abstractmethod
    def put(self, name: str, write: Write) -> int:
        """Have a file written; it is there for good when this returns. Its size in bytes."""

    @abstractmethod
    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Read a file."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Have a file be no more; nothing happens where it is gone already."""

    @abstractmethod
    def missing(self, names: Iterable[str]) -> set[str]:
        """Those of these files that are not there."""

    @abstractmethod
    def rows(self, line: Any, names: Iterable[str]) -> Any:
        """What Parquet files say, as one table of an ibis connection to DuckDB. They are read when it is asked."""


class Folder(Store):
    """A folder of this machine, or one that several share."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def put(self, name: str, write: Write) -> int:
        path = self.root / name
        draft = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            draft.replace(path)
            for folder in (path.parent, *path.parent.parents):
                settle(folder)
                if folder == self.root:
                    break
        except OSError as error:
            raise StoreFailed(f"{self}: {error}") from error
        return size

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        try:
            return (self.root / name).open("rb")
        except OSError as error:
            raise StoreFailed(f"{self}: {error}") from error

    def drop(self, name: str) -> None:
        path = self.root / name
        try:
            for each in (path, path.with_name(f".{path.name}.part")):
                each.unlink(missing_ok=True)
            with suppress(OSError):  # others stand in it
                path.parent.rmdir()
        except OSError as error:
            raise StoreFailed(f"{self}: {error}") from error

    def missing(self, names: Iterable[str]) -> set[str]:
        try:
            return {name for name in names if not (self.root / name).is_file()}
        except OSError as error:
            raise StoreFailed(f"{self}: {error}") from error

    def rows(self, line: Any, names: Iterable[str]) -> Any:
        wanted = list(names)
        if missing := self.missing(wanted):
            raise StoreFailed(f"{self}: {min(missing)} is not there")
        return line.read_parquet([str(self.root / name) for name in wanted])


class Bucket(Store):
    """A bucket of an object store, or a part of one. Files appear there when they are whole."""

    def __init__(self, place: str) -> None:
        self.place = place.strip("/")

    def __str__(self) -> str:
        return f"s3://{self.place}"

    def put(self, name: str, write: Write) -> int:
        try:
            with self._system().open_output_stream(f"{self.place}/{name}") as file:
                write(file)
                return int(file.tell())
        except OSError as error:
            raise StoreFailed(f"{self}: {error}") from error

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        try:
            file: AbstractContextManager[IO[bytes]] = self._system().open_input_file(f"{self.place}/{name}")
        except OSError as error:
            raise StoreFailed(f"{self}: {error}") from error
        return file

    def drop(self, name: str) -> None:
        try:
            self._system().delete_file(f"{self.place}/{name}")
        except FileNotFoundError:
            pass
        except OSError as error:
            raise StoreFailed(f"{self}: {error}") from error

    def missing(self, names: Iterable[str]) -> set[str]:
        """The store is asked for each: several at once."""
        wanted, system = list(names), self._system()
        try:
            with ThreadPoolExecutor(_ASKED_AT_ONCE) as threads:
                found = threads.map(lambda name: system.get_file_info(f"{self.place}/{name}").is_file, wanted)
                return {name for name, there in zip(wanted, found, strict=True) if not there}
        except OSError as error:
            raise StoreFailed(f"{self}: {error}") from error

    def rows(self, line: Any, names: Iterable[str]) -> Any:
        """Read through Arrow: DuckDB would fetch an extension for it from elsewhere."""
        from pyarrow import dataset

        paths = [f"{self.place}/{name}" for name in names]
        try:
            found = dataset.dataset(paths, filesystem=self._system(), format="parquet")
        except (OSError, ValueError) as error:
            raise StoreFailed(f"{self}: {error}") from error
        line.con.register("stored", found)
        return line.table("stored")

    def _system(self) -> Any:
        from pyarrow import fs

        given = urlsplit(os.environ.get("STORE_ENDPOINT", ""))
        options: dict[str, Any] = {"connect_timeout": 5, "request_timeout": _SECONDS}
        options["retry_strategy"] = fs.AwsStandardS3RetryStrategy(max_attempts=2)
        if given.netloc:
            options |= {"endpoint_override": given.netloc, "scheme": given.scheme}
        options["access_key"] = os.environ.get("STORE_KEY")
        options["secret_key"] = os.environ.get("STORE_SECRET")
        options["region"] = os.environ.get("STORE_REGION")
        return fs.S3FileSystem(**{name: value for name, value in options.items() if value})


def lacking() -> list[str]:
    """The libraries that it takes and that are not here."""
    return [name for name in _NEEDED if find_spec(name) is None]


def store_at(given: str, usual: str) -> Store:
    """The store that a setting names: a folder, s3://bucket/part, or a folder in the data folder where it is empty."""
    if given.startswith("s3://"):
        return Bucket(given.removeprefix("s3://"))
    return Folder(Path(given).absolute() if given else config.data_folder() / usual)


def settle(folder: Path) -> None:
    """Have the names in a folder stay even if the power fails now."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
