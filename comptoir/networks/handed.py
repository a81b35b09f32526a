"""What connectors are handed, as they see it, and how two things of HTTP are read and written. Part of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from comptoir.networks.values import Json, Upload


class Response(Protocol):
    """What the HTTP client answers with."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...
    @property
    def text(self) -> str: ...
    def json(self) -> Json: ...


class Stream(Protocol):
    """An answer that goes on. Iterating gives its bytes as they come, b"" after `quiet` seconds without any."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    def __iter__(self) -> Iterator[bytes]: ...


class Messages(Protocol):
    """A WebSocket. Iterating gives its messages as they come, None after `quiet` seconds without any.

    `status` is 101 where there is one; any other is the server's refusal, and there is nothing to iterate.
    """

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    def __iter__(self) -> Iterator[str | bytes | None]: ...


class Http(Protocol):
    """The way out handed in: times out, guards inside addresses, follows no redirect unless told."""

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | Sequence[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Json = None,
        content: bytes | None = None,
        timeout: float | None = None,
        max_bytes: int | None = None,
        follow: int = 0,
    ) -> Response: ...

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, quiet: float = 30
    ) -> AbstractContextManager[Stream]:
        """GET an answer that goes on until either side ends it."""

    def messages(
        self, url: str, *, headers: Mapping[str, str] | None = None, quiet: float = 30
    ) -> AbstractContextManager[Messages]:
        """Open a WebSocket at an http(s) address. One that is dead is found out within two minutes."""

    def dial(self, host: str, port: int, *, tls: bool, timeout: float = 20) -> Any:
        """A connected `socket.socket` for protocols that are not HTTP, under TLS from the start or not; no step takes
        longer than `timeout` seconds."""

    def secure(self, line: Any, host: str) -> Any:
        """The same line under TLS from now on (STARTTLS), the certificate verified for the host."""


class Secrets(Protocol):
    """The grant's secrets. `keep` stores changed ones at once, in a transaction of its own (tokens that rotate)."""

    def __getitem__(self, name: str) -> str: ...
    def get(self, name: str, default: str = "") -> str: ...
    def keep(self, **changes: str) -> None: ...


def multipart(
    fields: Mapping[str, str], files: Sequence[tuple[str, str, Upload]], boundary: str
) -> tuple[str, bytes]:
    """A form with files as HTTP sends it (RFC 7578): its Content-Type and its content. `files`: (field, name, file).

    ValueError when the boundary stands in what is sent.
    """
    parts: list[bytes] = []
    for name, value in fields.items():
        parts += [f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode(), value.encode()]
    for name, file_name, file in files:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts += [f"{head}Content-Type: {file.mime}\r\n\r\n".encode(), file.content]
    mark = f"--{boundary}".encode()
    if any(mark in part for part in parts):
        raise ValueError("boundary")
    pairs = zip(parts[::2], parts[1::2], strict=True)
    body = b"".join(mark + b"\r\n" + head + content + b"\r\n" for head, content in pairs)
    return f"multipart/form-data; boundary={boundary}", body + mark + b"--\r\n"


def retry_after(response: Response, now: datetime) -> timedelta | None:
    """How long a network asks us to wait: Retry-After in seconds, or RateLimit-Reset as a Unix time or an ISO one."""
    for name in ("retry-after", "ratelimit-reset", "x-ratelimit-reset"):
        seconds = _seconds(response.headers.get(name, "").strip())
        if seconds is not None:
            if seconds > 1_000_000_000:
                seconds = max(1, seconds - int(now.timestamp()))
            return timedelta(seconds=min(seconds, 86_400))
    return None


def _seconds(value: str) -> int | None:
    """Seconds, whether from now on or since 1970."""
    if value.isascii() and value.isdigit():
        return int(value[:15])
    try:
        at = datetime.fromisoformat(value)
        return int(at.replace(tzinfo=at.tzinfo or UTC).timestamp())
    except (ValueError, OverflowError):
        return None
