"""The inside guard: no address that somebody else supplied leads to a machine or a service of our own.

It sits where connections are opened, below redirects, pooling and TLS, so a caller cannot go round it: a name
is resolved once, every address of the answer is judged, and the very address judged is the one connected to.
"""

import socket
import ssl
import time
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpcore2

from comptoir.kernel.faults import Forbidden, Unreachable

type Address = IPv4Address | IPv6Address
type HostPort = tuple[str, int]

_IN_PIECES = 64 * 1024

# Written out, and not left to ipaddress.is_global, whose answer changes with the version of Python.
_INSIDE_4 = [
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for loopback
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; a cloud's metadata at 100.100.100.200
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public number that a large cloud answers inside each machine
        "169.254.0.0/16",  # link-local, with the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
_GLOBAL_6 = IPv6Network("2000::/3")
_INSIDE_6 = [
    IPv6Network(net)
    for net in (
        "2001::/23",  # Teredo, benchmarks, ORCHID and other assignments of the protocol itself
        "2001:db8::/32",
        "2002::/16",  # 6to4, retired: only of use to hide an IPv4 address
        "3fff::/20",
    )
]
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = 0x5EFE


def is_inside(address: Address) -> bool:
    """Whether an address is anything but a plain public one, also when it only wraps one that is not."""
    if isinstance(address, IPv4Address):
        return any(address in net for net in _INSIDE_4)
    if address.ipv4_mapped is not None:
        return is_inside(address.ipv4_mapped)
    if address in _NAT64:
        return is_inside(IPv4Address(int(address) & 0xFFFFFFFF))
    if address.scope_id is not None or address not in _GLOBAL_6:
        return True
    isatap = (int(address) >> 32) & 0xFDFFFFFF == _ISATAP
    return isatap or any(address in net for net in _INSIDE_6)


def plain(host: str) -> str:
    """One spelling for a host: lower case, no brackets, no trailing dot, an address in its shortest form."""
    bare = host.strip().lower().removeprefix("[").removesuffix("]").removesuffix(".")
    try:
        return str(ip_address(bare))
    except ValueError:
        return bare


def allowed_places(entries: Iterable[str]) -> frozenset[HostPort]:
    """INSIDE_ALLOWED, read: "host:port" each, IPv6 in brackets. ValueError names an entry that is neither."""
    places = set()
    for entry in entries:
        host, colon, port = entry.rpartition(":")
        if not (host and colon and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise ValueError(f"INSIDE_ALLOWED wants host:port, not {entry!r}")
        places.add((plain(host), int(port)))
    return frozenset(places)


@dataclass
class Trip:
    """One request under way: when it must be over (monotonic seconds), and what happened on the wire."""

    deadline: float
    sent: bool = False
    ended: bool = False

    def left(self, timeout: float | None) -> float:
        """Seconds that the next step may take. Unreachable("slow") when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Unreachable("slow", sent=self.sent)
        return left if timeout is None else min(left, timeout)


trip: ContextVar[Trip] = ContextVar("trip")


def resolve(host: str, port: int, timeout: float) -> list[Address]:
    """The addresses of a name, asked once. Unreachable("dns") when none comes in `timeout` seconds.

    getaddrinfo knows no time-out and whoever owns the name may answer slowly, hence the thread.
    """
    answer: SimpleQueue[list[str]] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put([str(info[4][0]) for info in found if info[0] in (socket.AF_INET, socket.AF_INET6)])
        except (OSError, ValueError):
            answer.put([])

    Thread(target=ask, daemon=True, name="resolve").start()
    try:
        addresses = [ip_address(text) for text in dict.fromkeys(answer.get(timeout=timeout))]
    except Empty:
        addresses = []
    if not addresses:
        raise Unreachable("dns", host, sent=False)
    return addresses


class Wire(httpcore2.NetworkStream):
    """A connection that minds the deadline of the trip it serves, however slowly the other side drips."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes; none at the end."""
        now = trip.get()
        data = self._stream.read(max_bytes, now.left(timeout))
        now.ended = now.ended or not data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of it, in pieces, so that a reader that drinks by drops meets the deadline too."""
        now = trip.get()
        view = memoryview(buffer)
        while view:
            left = now.left(timeout)
            now.sent = True  # before it is so: a write that fails half-way may have left something behind
            self._stream.write(bytes(view[:_IN_PIECES]), left)
            view = view[_IN_PIECES:]

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same wire under TLS, the certificate verified for the name. Unreachable("tls") otherwise."""
        try:
            left = trip.get().left(timeout)
            return Wire(self._stream.start_tls(ssl_context, server_hostname, left))
        except httpcore2.ConnectTimeout:
            raise Unreachable("connect_timeout", server_hostname or "", sent=False) from None
        except (httpcore2.ConnectError, ValueError):
            raise Unreachable("tls", server_hostname or "", sent=False) from None

    def get_extra_info(self, info: str) -> Any:
        """What the pool asks: whether the other side hung up, the TLS object."""
        return self._stream.get_extra_info(info)


class Gate(httpcore2.NetworkBackend):
    """Opens connections, to nowhere inside but the places allowed. Knows no Unix sockets."""

    def __init__(self, allowed: frozenset[HostPort]) -> None:
        self._allowed = allowed
        self._opener = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address that answers. Forbidden("inside") if any of them is inside."""
        give_up = time.monotonic() + trip.get().left(timeout)
        addresses = resolve(host, port, give_up - time.monotonic())
        if (plain(host), port) not in self._allowed and any(map(is_inside, addresses)):
            raise Forbidden("inside", host)
        code = "connect_timeout"
        for tried, address in enumerate(addresses):
            share = (give_up - time.monotonic()) / (len(addresses) - tried)
            if share <= 0:
                break
            try:
                return Wire(
                    self._opener.connect_tcp(str(address), port, share, local_address, socket_options)
                )
            except httpcore2.ConnectTimeout:
                code = "connect_timeout"
            except httpcore2.ConnectError as error:
                code = "refused" if isinstance(error.__cause__, ConnectionRefusedError) else "no_route"
        raise Unreachable(code, host, sent=False)
