"""The only way out of the product to the network: a small synchronous client that connectors are handed."""

import json as jsonlib
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

import httpcore2
import httpx2

from comptoir.kernel.faults import BadAnswer, Forbidden, OutsideError, TooLarge, Unreachable
from comptoir.kernel.inside import Gate, Trip, allowed_places, trip
from comptoir.kernel.streams import Stream

if TYPE_CHECKING:
    from comptoir.kernel.sockets import Messages

__all__ = [
    "BadAnswer",
    "Forbidden",
    "Outside",
    "OutsideError",
    "Patience",
    "Response",
    "TooLarge",
    "Unreachable",
]

type Params = Mapping[str, str | int | bool | Sequence[str]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What may follow a redirect to another origin. A key can travel in a header of any name, so the rest stays.
_HARMLESS = frozenset({b"accept", b"accept-encoding", b"accept-language", b"user-agent"})
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"})
# A name in its ASCII form or an address: no percent signs, nor what a resolver might read as something else.
_HOST = re.compile(r"[a-z0-9._:-]{1,253}")
_CHARSETS = frozenset({"utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: to connect, for the next bytes, for the whole exchange."""

    connect: float = 5.0
    read: float = 20.0
    total: float = 60.0

    @classmethod
    def of(cls, given: "float | Patience") -> "Patience":
        """A plain number is the read time-out; the others keep their proportion."""
        if isinstance(given, Patience):
            return given
        return cls(connect=min(5.0, given), read=given, total=given * 3)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of any status. `headers` ignores case, `content` is decompressed, `url` is the last hop's."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    url: str = field(repr=False)

    def json(self) -> Any:
        """The content as JSON. BadAnswer("json") when it is none."""
        try:
            return jsonlib.loads(self.content, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise BadAnswer("json", httpx2.URL(self.url).host) from None

    @property
    def text(self) -> str:
        """The content as text, by the header's charset if it is a common one, else UTF-8; never fails."""
        _, _, rest = self.headers.get("content-type", "").lower().partition("charset=")
        charset = rest.split(";")[0].strip(" \"'")
        return self.content.decode(charset if charset in _CHARSETS else "utf-8", errors="replace")


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


class _Counted(httpx2.SyncByteStream):
    """The raw body, no longer than allowed: bytes that decompress to nothing count as well."""

    def __init__(self, answer: httpcore2.Response, limit: int) -> None:
        self._answer = answer
        self._limit = limit

    def __iter__(self) -> Iterator[bytes]:
        seen = 0
        for chunk in self._answer.iter_stream():
            seen += len(chunk)
            if seen > self._limit:
                raise TooLarge("too_large")
            yield chunk

    def close(self) -> None:
        self._answer.close()


@dataclass(frozen=True, slots=True)
class _Ask:
    """One request as it will leave; a redirect makes another."""

    method: str
    url: httpx2.URL
    headers: httpx2.Headers
    content: bytes

    def follow(self, status: int, location: str) -> "_Ask":
        """The request that a redirect asks for. Credentials and bodies stay with the origin they are for."""
        try:
            url = self.url.join(location)
        except (httpx2.InvalidURL, ValueError):
            raise BadAnswer("bad_redirect", self.url.host) from None
        _check(url)
        method, content, headers = self.method, self.content, self.headers.copy()
        if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
            method, content = "GET", b""
            headers.pop("content-type", None)
        if _origin(url) != _origin(self.url):
            if content:
                raise Forbidden("body_elsewhere", url.host)
            headers = httpx2.Headers([(k, v) for k, v in headers.raw if k.lower() in _HARMLESS])
        return _Ask(method, url, headers, content)


def _as_it_is(ask: _Ask) -> list[tuple[bytes, bytes]]:
    """The headers of a request whose answer is not compressed."""
    return [(k, v) for k, v in ask.headers.raw if k.lower() != b"accept-encoding"]


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _check(url: httpx2.URL) -> None:
    if url.scheme not in ("http", "https"):
        raise Forbidden("scheme", url.host)
    if url.userinfo:
        raise Forbidden("userinfo", url.host)
    if not _HOST.fullmatch(url.host) or (url.port is not None and not 0 < url.port < 65536):
        raise Forbidden("address")


def _address(text: str, params: Params | None) -> httpx2.URL:
    """The address, with parameters added to those it has. Forbidden if it is not one that we go to."""
    try:
        url = httpx2.URL(text)
        _check(url)
        return url.copy_merge_params(params) if params else url
    except (httpx2.InvalidURL, UnicodeError):
        raise Forbidden("address") from None


@lru_cache(maxsize=1)
def _public_trust() -> ssl.SSLContext:
    """The authorities of the system. Loading them takes a while, so all clients share them."""
    return httpx2.create_ssl_context(trust_env=False)


class Outside:
    """A client for one connector, job or view: pooled connections, safe in threads, to be closed after use.

    `allowed` is the setting INSIDE_ALLOWED. `timeout` is a Patience, or the read time-out in seconds.
    `max_bytes` bounds an answer's body, both as it comes and decompressed. `trust` replaces the system's
    authorities, and must verify. Nothing is taken from the environment, no cookie is kept, no proxy is used.
    """

    def __init__(
        self,
        allowed: frozenset[str] = frozenset(),
        timeout: float | Patience = Patience(),
        max_bytes: int = 5_000_000,
        *,
        agent: str = "Comptoir",
        trust: ssl.SSLContext | None = None,
    ) -> None:
        if trust is not None and (trust.verify_mode != ssl.CERT_REQUIRED or not trust.check_hostname):
            raise ValueError("trust must verify certificates and names")
        self._patience = Patience.of(timeout)
        self._max_bytes = max_bytes
        self._agent = agent
        self._trust = trust or _public_trust()
        self._gate = Gate(allowed_places(allowed))
        self._pool = httpcore2.ConnectionPool(
            ssl_context=self._trust,
            max_connections=20,
            max_keepalive_connections=10,
            # Common servers hang up after 5 seconds; before that, a request seldom meets a dead connection.
            keepalive_expiry=4.0,
            network_backend=self._gate,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up every connection."""
        self._pool.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        timeout: float | Patience | None = None,
        max_bytes: int | None = None,
        follow: int = 0,
    ) -> Response:
        """Ask, and read the whole answer. Any status is an answer; what is not raises an OutsideError.

        `follow` redirects at most; with 0 a redirect is an answer like any other. `sent` of the error says
        whether anything may have been done there: after a redirect that is always so.
        """
        ask = self._prepare(method, _address(url, params), headers or {}, json, content)
        patience = self._patience if timeout is None else Patience.of(timeout)
        limit = self._max_bytes if max_bytes is None else max_bytes
        deadline = time.monotonic() + patience.total
        answered = False
        for _ in range(follow + 1):
            try:
                answer = self._hop(ask, patience, Trip(deadline), limit)
                answered = True
                location = answer.headers.get("location")
                if not follow or answer.status not in _REDIRECTS or location is None:
                    return answer
                ask = ask.follow(answer.status, location)
            except OutsideError as fault:
                fault.sent = fault.sent or answered
                fault.host = fault.host or ask.url.host
                raise
        raise BadAnswer("too_many_redirects", ask.url.host)

    @contextmanager
    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, quiet: float = 30
    ) -> Iterator[Stream]:
        """GET an answer that goes on, on a line of its own that hangs up at the end of the block.

        Any status is an answer; what is not raises an OutsideError, here or while it is read.
        """
        ask = self._prepare("GET", _address(url, None), headers or {}, None, None)
        with closing(self._line(ask.url, quiet)) as line:
            host = [(b"Host", ask.url.netloc), (b"Connection", b"close")]
            yield Stream(line, ask.url.raw_path, [*host, *_as_it_is(ask)], ask.url.host)

    @contextmanager
    def messages(
        self, url: str, *, headers: Mapping[str, str] | None = None, quiet: float = 30
    ) -> "Iterator[Messages]":
        """Open a WebSocket at an http(s) address, on a line of its own that hangs up at the end of the block.

        Any status is an answer; what is not raises an OutsideError, here or while it is read.
        """
        # Read only where something streams: most processes never do.
        from comptoir.kernel.sockets import Messages

        ask = self._prepare("GET", _address(url, None), headers or {}, None, None)
        with closing(self._line(ask.url, self._patience.read)) as line:
            target = ask.url.raw_path.decode("ascii")
            yield Messages(line, ask.url.netloc.decode("ascii"), target, _as_it_is(ask), quiet)

    def _line(self, url: httpx2.URL, timeout: float) -> socket.socket:
        """A line to the server of an address."""
        tls = url.scheme == "https"
        return self.dial(url.host, url.port or (443 if tls else 80), tls=tls, timeout=timeout)

    def dial(self, host: str, port: int, *, tls: bool, timeout: float = 20) -> socket.socket:
        """A connected socket, under TLS from the start or not; no step on it takes longer than `timeout` seconds.

        Forbidden("inside") and Unreachable as for a request.
        """
        token = trip.set(Trip(time.monotonic() + timeout))
        try:
            line: socket.socket = self._gate.connect_tcp(host, port, timeout).get_extra_info("socket")
        finally:
            trip.reset(token)
        line.settimeout(timeout)
        return self.secure(line, host) if tls else line

    def secure(self, line: socket.socket, host: str) -> socket.socket:
        """The same line under TLS from now on, the certificate verified for the host. Unreachable("tls") otherwise."""
        try:
            return self._trust.wrap_socket(line, server_hostname=host)
        except (OSError, ValueError):
            line.close()
            raise Unreachable("tls", host, sent=False) from None

    def _prepare(
        self, method: str, url: httpx2.URL, given: Mapping[str, str], json: Any, content: bytes | None
    ) -> _Ask:
        if json is not None and content is not None:
            raise ValueError("json or content, not both")
        if mine := _OURS & {name.lower() for name in given}:
            raise ValueError(f"the client writes these headers itself: {', '.join(sorted(mine))}")
        ours = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "User-Agent": self._agent}
        try:
            headers = httpx2.Headers(ours)
            headers.update(given)
        except UnicodeError:
            raise Forbidden("header", url.host) from None
        if json is not None:
            headers.setdefault("Content-Type", "application/json")
            content = jsonlib.dumps(json, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        return _Ask(method.upper(), url, headers, content or b"")

    def _hop(self, ask: _Ask, patience: Patience, now: Trip, limit: int) -> Response:
        """One request, one answer; what the library raises becomes one of our faults, without its words."""
        token = trip.set(now)
        try:
            return self._exchange(ask, patience, limit)
        except httpcore2.PoolTimeout:
            raise Unreachable("busy", sent=False) from None
        except httpcore2.TimeoutException:
            code = "slow" if time.monotonic() >= now.deadline else "timeout"
            raise Unreachable(code, sent=now.sent) from None
        except httpcore2.NetworkError:
            raise Unreachable("reset", sent=now.sent) from None
        except httpcore2.RemoteProtocolError:
            if now.ended:
                raise Unreachable("cut", sent=now.sent) from None
            raise BadAnswer("protocol") from None
        except httpcore2.LocalProtocolError:
            raise Forbidden("header", sent=now.sent) from None
        except httpx2.DecodingError:
            raise BadAnswer("encoding") from None
        finally:
            trip.reset(token)

    def _exchange(self, ask: _Ask, patience: Patience, limit: int) -> Response:
        # The library writes Host and Content-Length; its client, which keeps cookies, reads the environment
        # and logs whole addresses, is left out.
        built = httpx2.Request(ask.method, ask.url, headers=ask.headers, content=ask.content or None)
        url = httpcore2.URL(
            scheme=ask.url.raw_scheme, host=ask.url.raw_host, port=ask.url.port, target=ask.url.raw_path
        )
        connect, read = patience.connect, patience.read
        waits = {"connect": connect, "pool": connect, "read": read, "write": read}
        raw = self._pool.handle_request(
            httpcore2.Request(
                built.method,
                url,
                headers=built.headers.raw,
                content=ask.content,
                extensions={"timeout": waits},
            )
        )
        answer = httpx2.Response(raw.status, headers=raw.headers, stream=_Counted(raw, limit))
        with closing(answer):
            if raw.status < 200:
                raise BadAnswer("protocol")
            declared = answer.headers.get("content-length", "")
            if ask.method != "HEAD" and declared.isascii() and declared.isdigit() and int(declared) > limit:
                raise TooLarge("too_large")
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > limit:
                    raise TooLarge("too_large")
            return Response(raw.status, answer.headers, bytes(body), str(ask.url.copy_with(fragment=None)))
