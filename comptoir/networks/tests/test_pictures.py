"""Pictures of elsewhere, from a real server: for members only, kept within bounds, never a way to hang the pages."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from comptoir.kernel.media import Unusable, media_token
from comptoir.kernel.tests.loopback import Server, serving
from comptoir.networks import pictures
from comptoir.organisation.models import Brand, Membership, User

pytestmark = pytest.mark.django_db


def png(side: int = 400) -> bytes:
    out = BytesIO()
    Image.new("RGB", (side, side // 2), "red").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def server(settings: Any, tmp_path: Path) -> Iterator[Server]:
    with serving() as server:
        settings.DATA = tmp_path
        settings.INSIDE_ALLOWED = frozenset({server.place})
        pictures._client.cache_clear()
        pictures._silent.clear()
        server.routes["/a.png"] = lambda visit: visit.give(200, png(), Content_Type="text/html")
        server.routes["/evil.svg"] = lambda visit: visit.give(
            200, b"<svg onload='alert(1)'/>", Content_Type="image/png"
        )
        yield server
    pictures._client.cache_clear()


@pytest.fixture
def brand() -> Brand:
    return Brand.objects.create(name="Brand", slug="brand")


@pytest.fixture
def member(client: Client, brand: Brand) -> Client:
    user = User.objects.create_user("a@x.test")
    Membership.objects.create(user=user, brand=brand, role="reader")
    client.force_login(user)
    return client


def address(brand: Brand, url: str, size: str = "face") -> str:
    return reverse("media", args=[brand.slug, size, media_token(url, f"brand:{brand.pk}")])


def test_a_member_sees_it_drawn_again(server: Server, member: Client, brand: Brand) -> None:
    answer = member.get(address(brand, server.url("/a.png")))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    with Image.open(BytesIO(answer.content)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (112, 56))


def test_it_is_fetched_once(server: Server, member: Client, brand: Brand) -> None:
    first, second = (member.get(address(brand, server.url("/a.png"))) for _ in range(2))
    assert first.content == second.content
    assert len(server.seen) == 1
    assert "cookie" not in {name.lower() for name in server.seen[0].headers}


def test_nobody_else_sees_it(server: Server, member: Client, brand: Brand) -> None:
    url = address(brand, server.url("/a.png"))
    assert Client().get(url).status_code == 302
    stranger = Client()
    stranger.force_login(User.objects.create_user("b@x.test"))
    assert stranger.get(url).status_code == 404
    other = Brand.objects.create(name="Other", slug="other")
    token = url.rstrip("/").rpartition("/")[2]
    Membership.objects.create(user=User.objects.get(email="a@x.test"), brand=other)
    assert member.get(reverse("media", args=["other", "face", token])).status_code == 404
    assert member.get(reverse("media", args=["brand", "huge", token])).status_code == 404
    assert member.get(reverse("media", args=["brand", "face", token[:-1] + "x"])).status_code == 404
    assert not server.seen


def test_what_is_no_picture_is_not_asked_for_again_at_once(
    server: Server, member: Client, brand: Brand
) -> None:
    for path in ("/evil.svg", "/gone.png"):
        for _time in range(2):
            assert member.get(address(brand, server.url(path))).status_code == 404
    assert len(server.seen) == 2


def test_the_inside_is_not_looked_at(server: Server, member: Client, brand: Brand, settings: Any) -> None:
    settings.INSIDE_ALLOWED = frozenset()
    pictures._client.cache_clear()
    assert member.get(address(brand, server.url("/a.png"))).status_code == 404
    assert not server.seen


def test_a_server_that_is_silent_is_left_alone_for_a_while(server: Server, settings: Any) -> None:
    port = server.port
    settings.INSIDE_ALLOWED = frozenset({f"127.0.0.1:{port}", "127.0.0.1:1"})
    pictures._client.cache_clear()
    with pytest.raises(Unusable, match="unreachable"):
        pictures.picture("http://127.0.0.1:1/a.png", 100)
    assert "127.0.0.1:1" in pictures._silent
    with pytest.raises(Unusable, match="unreachable"):
        pictures.picture("http://127.0.0.1:1/b.png", 100)
    assert pictures.picture(server.url("/a.png"), 100)


def test_slow_servers_do_not_take_all_threads(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_WAIT", 0.05)
    go, in_hand = threading.Event(), threading.Semaphore(0)

    def slow(visit: Any) -> None:
        in_hand.release()
        go.wait(5)
        visit.give(200, png())

    server.routes["/slow.png"] = slow
    threads = [
        threading.Thread(target=pictures.picture, args=(server.url(f"/slow.png?{n}"), 100)) for n in range(2)
    ]
    for thread in threads:
        thread.start()
        assert in_hand.acquire(timeout=5)
    with pytest.raises(Unusable, match="busy"):
        pictures.picture(server.url("/slow.png?3"), 100)
    go.set()
    for thread in threads:
        thread.join(5)
    assert pictures.picture(server.url("/slow.png?3"), 100)


def test_the_least_looked_at_go_first(tmp_path: Path) -> None:
    for n in range(30):
        path = tmp_path / f"{n}.webp"
        path.write_bytes(b"x" * 1_000_000)
        os.utime(path, (n, n))
    pictures.sweep(tmp_path, most=20_000_000)
    left = sorted(int(path.stem) for path in tmp_path.iterdir())
    assert left == list(range(30 - len(left), 30))
    assert 8 <= len(left) <= 10
