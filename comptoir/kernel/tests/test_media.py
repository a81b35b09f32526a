"""Pictures from elsewhere, from a real server on loopback; and the tokens that stand for them."""

import struct
import time
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from comptoir.kernel.http import Outside
from comptoir.kernel.media import (
    MAX_FRAMES,
    Media,
    Unusable,
    fetch_media,
    fit,
    media_token,
    media_url_from,
    mime_of,
)
from comptoir.kernel.tests.loopback import Server

KINDS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    """A picture of some kind, freshly drawn."""
    out = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def reason(content: bytes) -> str:
    with pytest.raises(Unusable) as caught:
        mime_of(content)
    return caught.value.reason


@pytest.mark.parametrize("kind", KINDS)
def test_the_bytes_say_the_type_not_the_header(server: Server, outside: Outside, kind: str) -> None:
    content = picture(kind)
    server.routes["/lie.html"] = lambda visit: visit.give(200, content, Content_Type="text/html")
    assert fetch_media(outside, server.url("/lie.html")) == Media(content, KINDS[kind])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not_image"),
        (b"<!doctype html><script>alert(1)</script>", "not_image"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_image"),
        (b"%PDF-1.4", "not_image"),
        (b"BM" + b"\x00" * 60, "not_image"),
        (b"GIF89a/*<svg onload=alert(1)>*/=1;", "broken"),
        (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "broken"),
        (b"\xff\xd8\xff\xe0<script>alert(1)</script>", "broken"),
        (picture("PNG", (300, 300))[:-40], "broken"),
        (picture("JPEG", (300, 300))[:-400], "broken"),
        (picture("WEBP", (300, 300))[:-40], "broken"),
    ],
)
def test_what_is_not_a_picture_is_not_shown(
    server: Server, outside: Outside, content: bytes, why: str
) -> None:
    server.routes["/a.png"] = lambda visit: visit.give(200, content, Content_Type="image/png")
    with pytest.raises(Unusable) as caught:
        fetch_media(outside, server.url("/a.png"))
    assert caught.value.reason in {why, "not_image"}


def test_a_polyglot_is_a_picture_and_nothing_else(server: Server, outside: Outside) -> None:
    both = picture("GIF") + b"<html><script>alert(1)</script>"
    server.routes["/"] = lambda visit: visit.give(200, both, Content_Type="text/html")
    assert fetch_media(outside, server.url()).mime == "image/gif"
    assert b"script" not in fit(both, 100)


def test_where_it_may_not_be_fetched_from(server: Server, outside: Outside) -> None:
    server.routes["/in"] = lambda visit: visit.give(302, Location="http://169.254.169.254/")
    server.routes["/loop"] = lambda visit: visit.give(302, Location="/loop")
    server.routes["/big"] = lambda visit: visit.give(200, b"x" * 2000)
    server.routes["/angry"] = lambda visit: visit.give(403)
    for path, why in {
        "/in": "forbidden", "/loop": "bad_answer", "/big": "too_large", "/none": "gone", "/angry": "status",
    }.items():  # fmt: skip
        with pytest.raises(Unusable) as caught:
            fetch_media(outside, server.url(path), max_bytes=1000)
        assert caught.value.reason == why
    for url, why in {"http://10.0.0.1/": "forbidden", "data:image/png,": "forbidden"}.items():
        with pytest.raises(Unusable) as caught:
            fetch_media(outside, url)
        assert caught.value.reason == why
    assert len([seen for seen in server.seen if seen.path == "/loop"]) == 4


# Bombs


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, rows: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(rows, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(8_000, 5_001), (20_000, 20_000), (2_000_000_000, 2_000_000_000)])
def test_too_many_pixels_are_not_unpacked(size: tuple[int, int]) -> None:
    began = time.monotonic()
    assert reason(png(*size, b"\x00" * 5_000_000)) == "too_many_pixels"
    assert time.monotonic() - began < 0.5


def test_a_gif_of_very_many_frames_is_counted_cheaply() -> None:
    head = b"GIF89a" + struct.pack("<HHBBB", 6000, 6000, 0x80, 0, 0) + b"\x00" * 6
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 6000, 6000, 0) + b"\x02\x02\x44\x01\x00"
    began = time.monotonic()
    assert reason(head + frame * 300_000 + b";") == "too_many_frames"
    assert time.monotonic() - began < 0.5


def test_frames_up_to_the_limit_pass() -> None:
    frames = [Image.new("L", (4, 4), number % 256) for number in range(MAX_FRAMES + 1)]

    def film(kind: str, count: int) -> bytes:
        out, rest = BytesIO(), frames[1:count]
        frames[0].save(out, kind, save_all=True, append_images=rest, duration=20, lossless=True)
        return out.getvalue()

    for kind in ("GIF", "PNG", "WEBP"):
        assert mime_of(film(kind, 30)) == KINDS[kind]
        assert mime_of(film(kind, MAX_FRAMES)) == KINDS[kind]
        assert reason(film(kind, MAX_FRAMES + 1)) == "too_many_frames"


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    honest = picture("JPEG", (200, 200), progressive=True)
    assert mime_of(honest) == "image/jpeg"
    last = honest.rindex(b"\xff\xda")
    assert reason(honest[:last] + honest[last:-2] * 100 + b"\xff\xd9") == "too_many_scans"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_damaged_pictures_are_usable_or_not_but_never_an_accident(kind: str, data: st.DataObject) -> None:
    content = bytearray(picture(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    for look in (mime_of, lambda whole: fit(whole, 20)):
        with suppress(Unusable):
            look(bytes(content))


# Thumbnails


def test_fit_turns_shrinks_and_forgets() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "where I live"
    small = fit(picture("JPEG", (800, 400), exif=exif, comment=b"where I live"), 100)
    with Image.open(BytesIO(small)) as seen:
        assert (seen.format, seen.size) == ("WEBP", (50, 100))
        assert not seen.getexif()
    assert b"where I live" not in small


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_fit_takes_every_mode(mode: str) -> None:
    out = BytesIO()
    if mode == "I;16":
        Image.new(mode, (30, 20), 40_000).save(out, "PNG")
    else:
        source = "RGBA" if "A" in mode else "RGB"
        Image.new("RGBA", (30, 20), (156, 156, 156, 128)).convert(source).convert(mode).save(out, "PNG")
    with Image.open(BytesIO(fit(out.getvalue(), 1000))) as seen:
        assert seen.size == (30, 20)
        assert seen.mode == ("RGBA" if "A" in mode else "RGB")
        if mode not in ("1", "P"):
            red = seen.convert("RGB").getpixel((5, 5))
            assert isinstance(red, tuple)
            assert abs(red[0] - 156) < 6


def test_fit_takes_the_cmyk_of_printers() -> None:
    with Image.open(BytesIO(fit(picture("JPEG", mode="CMYK"), 10))) as seen:
        assert seen.size == (10, 8)


# Tokens

URL = "https://media.example/a?size=1&x=é"


def test_a_token_stands_for_an_address() -> None:
    assert media_url_from(media_token(URL), 60) == URL
    assert media_url_from(media_token(URL, "brand 7"), 60, "brand 7") == URL
    assert "media.example" not in media_token(URL)


def test_a_token_is_ours_and_for_whom_it_was_made() -> None:
    token = media_token(URL, "brand 7")
    wrong = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "x" + token,
        token.replace(":", "."),
        "",
        ":",
        "\x00",
        "é",
        "\ud800",
    ]
    for text in wrong:
        with pytest.raises(Unusable, match="bad_token"):
            media_url_from(text, 60, "brand 7")
    for audience in ("brand 8", ""):
        with pytest.raises(Unusable, match="bad_token"):
            media_url_from(token, 60, audience)


def test_a_token_ages_and_keeps_its_address_for_browsers() -> None:
    with time_machine.travel("2026-11-21T06:00:01Z", tick=False) as clock:
        token = media_token(URL)
        clock.shift(5 * 3600)
        assert media_token(URL) == token
        clock.shift(2 * 3600)
        assert media_token(URL) != token
        assert media_url_from(token, 24 * 3600) == URL
        clock.shift(30 * 3600)
        with pytest.raises(Unusable, match="old_token"):
            media_url_from(token, 24 * 3600)
