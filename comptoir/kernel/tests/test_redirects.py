"""Redirects: what they keep, what they leave behind, where they may not lead."""

import pytest

from comptoir.kernel.http import Forbidden, Outside
from comptoir.kernel.tests.loopback import Server, fault, serving


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        (301, "POST", "GET", b""),
        (302, "POST", "GET", b""),
        (303, "POST", "GET", b""),
        (303, "PUT", "GET", b""),
        (303, "HEAD", "HEAD", b""),
        (307, "POST", "POST", b"{}"),
        (308, "PUT", "PUT", b"{}"),
    ],
)
def test_redirects_keep_the_meaning(
    server: Server, outside: Outside, status: int, method: str, then: str, body: bytes
) -> None:
    server.routes["/from"] = lambda visit: visit.give(status, Location="to?q=1#part")
    server.routes["/to"] = lambda visit: visit.give(200, b"here")
    content = None if method == "HEAD" else b"{}"
    answer = outside.request(
        method, server.url("/from"), content=content, headers={"Authorization": "Bearer s"}, follow=1
    )
    assert answer.url == server.url("/to?q=1")
    last = server.seen[-1]
    assert (last.method, last.path, last.body) == (then, "/to?q=1", body)
    assert last.headers["Authorization"] == "Bearer s"


def test_redirects_are_counted_and_not_followed_unasked(server: Server, outside: Outside) -> None:
    server.routes["/"] = lambda visit: visit.give(302, Location="/")
    assert outside.request("GET", server.url()).status == 302
    found = fault(outside, "GET", server.url(), follow=3)
    assert (found.code, len(server.seen)) == ("too_many_redirects", 5)


def test_credentials_stay_at_home(server: Server) -> None:
    with serving() as other, Outside(frozenset({server.place, other.place})) as client:
        server.routes["/"] = lambda visit: visit.give(302, Location=other.url("/to"))
        server.routes["/kept"] = lambda visit: visit.give(307, Location=other.url("/to"))
        other.routes["/to"] = lambda visit: visit.give(200)
        secrets = {"Authorization": "a", "Cookie": "b", "X-Api-Key": "c", "Accept": "text/plain"}
        client.request("POST", server.url(), headers=secrets, json={"password": "d"}, follow=1)
        got = other.seen[0]
        assert set(got.headers) == {"Host", "Accept", "Accept-Encoding", "User-Agent"}
        assert (got.method, got.body) == ("GET", b"")
        found = fault(client, "POST", server.url("/kept"), json={"password": "d"}, follow=1)
        assert isinstance(found, Forbidden)
        assert (found.code, found.sent, len(other.seen)) == ("body_elsewhere", True, 1)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "javascript:1", "http://u:p@example.org/", "http://["]
)
def test_bad_redirects(server: Server, outside: Outside, location: str) -> None:
    server.routes["/"] = lambda visit: visit.give(302, Location=location)
    found = fault(outside, "POST", server.url(), follow=2)
    assert found.code in {"scheme", "userinfo", "address"}
    assert found.sent
