"""What a video is, is read from its file by a program apart; what is none, or broken, is said to be so."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.kernel import films
from comptoir.kernel.films import film_in, looks_like_film
from comptoir.kernel.media import Unusable
from tests.films import film
from tests.servers.stranger import jpeg


@pytest.mark.parametrize(
    ("name", "mime", "codec", "sound", "says_where"),
    [
        ("quay.mp4", "video/mp4", "AVC", "AAC", False),
        ("quay.webm", "video/webm", "VP9", "", False),
        ("quay.mov", "video/quicktime", "AVC", "", True),
    ],
)
def test_a_video_says_what_it_is(name: str, mime: str, codec: str, sound: str, says_where: bool) -> None:
    found = film_in(BytesIO(film(name)))
    assert (found.mime, found.codec, found.sound) == (mime, codec, sound)
    assert (found.width, found.height, found.frames) == (64, 48, 10)
    assert found.seconds == pytest.approx(2, abs=0.05)
    assert found.says_where is says_where


def test_a_file_on_the_disk_is_read_on_where_it_stood(tmp_path: Path) -> None:
    path = tmp_path / "quay.mp4"
    path.write_bytes(film("quay.mp4"))
    with path.open("rb") as file:
        assert film_in(file).mime == "video/mp4"
        file.seek(0)
        assert file.read() == film("quay.mp4")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_film"),
        (b"no video at all, but words enough", "not_film"),
        (jpeg(), "not_film"),
        (film("quay.mp4")[:3000], "cut_short"),
        (film("quay.webm")[:700], "cut_short"),
        (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 400, "not_film"),
        (b"\x1aE\xdf\xa3" + b"\xff" * 400, "not_film"),
    ],
)
def test_what_is_no_whole_video_is_not_taken(content: bytes, reason: str) -> None:
    with pytest.raises(Unusable) as why:
        film_in(BytesIO(content))
    assert why.value.reason == reason


def test_pictures_in_the_same_kind_of_box_are_no_videos() -> None:
    assert looks_like_film(b"\x00\x00\x00\x18ftypisom")
    assert not looks_like_film(b"\x00\x00\x00\x18ftypavif")


def test_what_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "SECONDS_TO_READ", 0.001)
    with pytest.raises(Unusable) as why:
        film_in(BytesIO(film("quay.mp4")))
    assert why.value.reason == "too_long_to_read"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_spoilt_video_is_taken_or_refused(data: st.DataObject) -> None:
    content = bytearray(film(data.draw(st.sampled_from(["quay.mp4", "quay.webm", "quay.mov"]))))
    for at in data.draw(st.lists(st.integers(12, len(content) - 1), min_size=1, max_size=40)):
        content[at] = data.draw(st.integers(0, 255))
    try:
        found = film_in(BytesIO(bytes(content)))
    except Unusable:
        return
    assert found.seconds > 0
    assert found.width > 0
