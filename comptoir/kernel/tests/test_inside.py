"""The guard, with nothing allowed unless a test says so.

There is no DNS server here: names are answered by replacing socket.getaddrinfo. Everything behind it is real,
and where sockets went is taken from the interpreter's audit events, not from our own words.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from comptoir.kernel.http import Forbidden, Outside, OutsideError, Patience, Unreachable
from comptoir.kernel.inside import allowed_places, is_inside, plain
from comptoir.kernel.tests.loopback import Handle, Server, connections, serving

QUICK = Patience(0.5, 1, 3)
type Names = dict[str, list[list[str]]]


@pytest.fixture(scope="module")
def inner() -> Iterator[Server]:
    """A service of our own that nobody outside may make us ask."""
    with serving() as running:
        running.routes["/"] = lambda visit: visit.give(200, b"secret")
        yield running


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Answers of a name server, by name: each question takes the next, the last one stays."""
    answers: Names = {}
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host not in answers:
            return real(host, port, *args, **more)
        turn = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        return [info for address in turn for info in real(address, port, *args, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return answers


def refusal(url: str, allowed: frozenset[str] = frozenset(), **more: Any) -> OutsideError:
    """Why a fresh client did not bring back an answer."""
    with Outside(allowed, timeout=QUICK) as client, pytest.raises(OutsideError) as caught:
        client.request("GET", url, **more)
    return caught.value


# Judging addresses

INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::10.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fe80::1%1", "2600::1%1", "fec0::1", "ff02::1", "2600:0:0:1:0:5efe:7f00:1", "2600:0:0:1:200:5efe:808:808",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "223.255.255.255",
    "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_what_is_inside(text: str) -> None:
    assert is_inside(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_what_is_outside(text: str) -> None:
    assert not is_inside(ip_address(text))


@given(st.ip_addresses(v=4))
def test_version_4_is_no_laxer_than_python(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert is_inside(address)


@given(st.ip_addresses(v=6))
@example(IPv6Address("2001:4:112::1"))
def test_version_6_is_no_laxer_than_python(address: IPv6Address) -> None:
    if not address.is_global or address.is_multicast or address.is_site_local:
        assert is_inside(address) or address.ipv4_mapped is not None


WRAPPED: list[Callable[[int], int]] = [
    lambda four: 0xFFFF << 32 | four,
    lambda four: four,
    lambda four: 0x0064FF9B << 96 | four,
    lambda four: 0x2002 << 112 | four << 80 | 1,
    lambda four: 0x20010000 << 96 | four << 64,
    lambda four: 0x20010000 << 96 | 0x08080808 << 64 | (four ^ 0xFFFFFFFF),
    lambda four: 0x2606 << 112 | 0x5EFE << 32 | four,
]


@given(st.ip_addresses(v=4).filter(is_inside), st.sampled_from(WRAPPED))
def test_wrapping_an_inside_address_hides_nothing(address: IPv4Address, wrap: Callable[[int], int]) -> None:
    assert is_inside(IPv6Address(wrap(int(address))))


# Spellings


@st.composite
def spelled(draw: st.DrawFn) -> str:
    """An address of loopback, in one of the ways that resolvers have understood since 4.2BSD."""
    last = draw(st.integers(1, 254))
    parts = [127, 0, 0, last]
    count = draw(st.integers(1, 4))
    head, tail = parts[: count - 1], parts[count - 1 :]
    numbers = [*head, int.from_bytes(bytes(tail))]

    def write(number: int) -> str:
        style = draw(st.sampled_from(["{}", "0x{:x}", "0X{:X}", "0{:o}", "000{:o}", "0x000{:x}"]))
        return style.format(number)

    text = ".".join(write(number) for number in numbers)
    six = [f"[::ffff:127.0.0.{last}]", f"[::FFFF:7f00:{last:x}]", f"[0:0:0:0:0:ffff:7f00:{last:x}]", "[::1]"]
    wide = f"127.0.0.{last}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    dotted = f"127\u30020\uff0e0\uff61{last}"
    return draw(st.sampled_from([text, text, text + ".", *six, wide, dotted, "localhost", "LOCALHOST."]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spelled())
@example("0x7f.1")
@example("2130706433")
@example("127.1")
@example("0177.0.0.1")
@example("0")
@example("127.0.0.1.")
@example("[::ffff:127.0.0.1]")
@example("[::]")
def test_no_spelling_of_loopback_gets_through(inner: Server, host: str) -> None:
    before = len(inner.seen)
    with connections() as went:
        found = refusal(f"http://{host}:{inner.port}/")
    assert (found.code, found.sent) in {("inside", False), ("dns", False), ("address", False)}
    assert (went, len(inner.seen)) == ([], before)


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "localhost", "[::ffff:127.0.0.1]", "0"])
def test_the_usual_tricks_are_understood_and_refused(inner: Server, host: str) -> None:
    found = refusal(f"http://{host}:{inner.port}/")
    assert isinstance(found, Forbidden)
    assert found.reason == "inside"


# Names


def test_one_inside_address_among_many_is_enough(names: Names) -> None:
    names["mixed.test"] = [["8.8.8.8", "10.0.0.7"]]
    with connections() as went:
        assert refusal("http://mixed.test/").code == "inside"
    assert went == []


def test_an_answer_that_changes_is_asked_for_once(inner: Server, names: Names) -> None:
    """DNS rebinding: a public address when judged, loopback ever after."""
    names["rebind.test"] = [["8.8.8.8"], ["127.0.0.1"]]
    before = len(inner.seen)
    with connections() as went:
        found = refusal(f"http://rebind.test:{inner.port}/")
    assert isinstance(found, Unreachable)
    assert (found.code, found.sent) == ("refused", False)
    assert went == [("8.8.8.8", inner.port)]
    assert names["rebind.test"] == [["127.0.0.1"]]
    assert len(inner.seen) == before
    assert refusal(f"http://rebind.test:{inner.port}/").code == "inside"


def test_what_was_judged_is_what_is_connected_to(inner: Server, names: Names) -> None:
    names["counter.test"] = [["127.0.0.1"], ["10.255.255.1"]]
    with connections() as went, Outside(frozenset({f"counter.test:{inner.port}"}), timeout=QUICK) as client:
        assert client.request("GET", f"http://counter.test:{inner.port}/").content == b"secret"
    assert went == [("127.0.0.1", inner.port)]
    assert inner.seen[-1].headers["Host"] == f"counter.test:{inner.port}"


def test_the_next_address_is_tried(inner: Server, names: Names) -> None:
    names["two.test"] = [["127.0.0.9", "127.0.0.1"]]
    with Outside(frozenset({f"two.test:{inner.port}"}), timeout=QUICK) as client:
        assert client.request("GET", f"http://two.test:{inner.port}/").status == 200


# Redirects


def moved(status: int, location: str) -> Handle:
    """A page that sends its visitors on."""
    return lambda visit: visit.give(status, Location=location)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_the_inside_is_refused(inner: Server, status: int) -> None:
    with serving() as outer:
        for number, target in enumerate(["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"]):
            outer.routes[f"/{number}"] = moved(status, f"http://{target}:{inner.port}/")
        outer.routes["/meta"] = moved(status, "//169.254.169.254/latest/meta-data/")
        before = len(inner.seen)
        for path in ("/0", "/1", "/2", "/3", "/meta"):
            with connections() as went:
                found = refusal(outer.url(path), frozenset({outer.place}), follow=5)
            assert (found.code, found.sent) == ("inside", True)
            assert went == [("127.0.0.1", outer.port)]
        assert len(inner.seen) == before


# What is allowed


def test_allowed_is_exact(inner: Server, names: Names) -> None:
    allowed = frozenset({f"127.0.0.1:{inner.port}", "counter.test:1"})
    names["counter.test"] = [["127.0.0.1"]]
    with Outside(allowed, timeout=QUICK) as client:
        assert client.request("GET", inner.url()).status == 200
    for host in ("localhost", "127.1", "counter.test", "[::ffff:127.0.0.1]"):
        assert refusal(f"http://{host}:{inner.port}/", allowed).code == "inside"
    assert refusal(f"http://127.0.0.1:{inner.port - 1}/", allowed).code == "inside"


def test_one_client_opens_nothing_for_another(inner: Server) -> None:
    with Outside(frozenset({inner.place})) as friend:
        friend.request("GET", inner.url())
        assert refusal(inner.url()).code == "inside"


def test_refusals_leave_the_pool_usable(inner: Server) -> None:
    with Outside(frozenset({inner.place}), timeout=QUICK) as client:
        for _ in range(60):
            with pytest.raises(Forbidden):
                client.request("GET", "http://10.0.0.1/")
        assert client.request("GET", inner.url()).status == 200


def test_how_places_are_written() -> None:
    assert allowed_places(["LocalHost.:80", "[::0001]:81", "127.0.0.1:82"]) == {
        ("localhost", 80),
        ("::1", 81),
        ("127.0.0.1", 82),
    }
    assert plain("[2001:DB8:0::1]") == "2001:db8::1"
    for wrong in (
        "localhost",
        ":80",
        "localhost:",
        "localhost:0",
        "localhost:99999",
        "localhost:http",
        "a:²",
    ):
        with pytest.raises(ValueError, match="INSIDE_ALLOWED"):
            allowed_places([wrong])


# TLS


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for a name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{name}.pem", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return public, private


def test_tls_is_for_the_name_not_for_the_address(tmp_path: Path, names: Names) -> None:
    public, private = certificate(tmp_path, "shop.test")
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    names["shop.test"] = names["other.test"] = [["127.0.0.1"]]
    trust = ssl.create_default_context(cafile=str(public))
    with serving() as server:
        server.routes["/"] = lambda visit: visit.give(200, b"over tls")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        places = frozenset({f"{host}:{server.port}" for host in ("shop.test", "other.test", "127.0.0.1")})
        with Outside(places, timeout=QUICK, trust=trust) as client:
            for _ in range(2):
                assert client.request("GET", f"https://shop.test:{server.port}/").content == b"over tls"
            assert asked == ["shop.test"]
            for host in ("other.test", "127.0.0.1"):
                with pytest.raises(Unreachable) as caught:
                    client.request("POST", f"https://{host}:{server.port}/", json={})
                assert (caught.value.code, caught.value.sent) == ("tls", False)
        stranger = refusal(f"https://shop.test:{server.port}/", places)
        assert (stranger.code, stranger.sent) == ("tls", False)
        assert len(server.seen) == 2
