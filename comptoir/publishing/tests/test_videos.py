"""Videos are kept in the library with their rights, as pictures are, and played a stretch at a time."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comptoir.networks.connector import TakesVideo, VideoLimits
from comptoir.networks.models import Delivery
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import User
from comptoir.publishing import departing
from comptoir.publishing.looking import looks
from comptoir.publishing.models import Asset, Content, NotNow, Post, Variant, Video
from comptoir.publishing.models import video as videos
from comptoir.publishing.outgoing import Links
from comptoir.publishing.tests.building import House, Wall, browser, house
from tests.films import film
from tests.servers.stranger import jpeg

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
HERE = "/b/verdier/library/"


@pytest.fixture
def verdier(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    Wall.said.clear()
    Wall.raises.clear()
    return house()


def brought(verdier: House, *files: tuple[str, bytes]) -> str:
    """What the page says once these files were brought."""
    given = [SimpleUploadedFile(name, content) for name, content in files]
    page = browser(verdier.people["agent"]).post(HERE, {"file": given}, follow=True)
    return str(page.content.decode())


def test_videos_are_brought_with_pictures_described_and_found(verdier: House) -> None:
    page = brought(
        verdier, ("quay.mp4", film("quay.mp4")), ("quay.jpg", jpeg()), ("quay.mov", film("quay.mov"))
    )
    assert "In the library now: 3." in page
    assert "0:02" in page
    mp4, mov = Asset.objects.of(verdier.brand).films().order_by("pk")
    assert (mp4.mime, mp4.width, mp4.height, mp4.name) == ("video/mp4", 64, 48, "quay.mp4")
    assert (mp4.video.size, mp4.video.codec, mp4.video.sound) == (len(film("quay.mp4")), "AVC", "AAC")
    assert mov.video.says_where
    agent = browser(verdier.people["agent"])
    given = {
        "name": "The quay",
        "credit": "Ana Ruiz",
        "rights": "ours",
        "tags": "boats",
        "expires": "2001-01-01",
    }
    assert agent.post(f"{HERE}{mp4.pk}/", given).status_code == 302
    page = agent.get(f"{HERE}{mp4.pk}/").content.decode()
    assert "Expired" in page
    assert "AVC + AAC" in page
    assert "names the place" in agent.get(f"{HERE}{mov.pk}/").content.decode()
    for which, there in (({"q": "boats ruiz"}, 1), ({"which": "videos"}, 2), ({"which": "pictures"}, 1)):
        assert agent.get(HERE, which).content.decode().count('<li><a href="/b/verdier/library/') == there
    agent.post(f"{HERE}{mov.pk}/state/", {"state": "away"})
    assert agent.get(HERE, {"which": "videos"}).content.decode().count("0:02") == 1


def test_what_cannot_be_taken_is_said_plainly(verdier: House, settings: Any) -> None:
    assert "MP4, MOV or WebM" in brought(verdier, ("a.mkv", b"\x1aE\xdf\xa3" + b"\xff" * 99))
    assert "A part of the file is missing" in brought(verdier, ("a.mp4", film("quay.mp4")[:3000]))
    settings.VIDEO_MOST = 3_000
    assert "a.mp4: It is too large" in brought(verdier, ("a.mp4", film("quay.mp4")))
    settings.VIDEO_MOST = -999_000
    page = brought(verdier, ("b.mp4", film("quay.mp4")))
    assert "b.mp4: It is too large" in page
    assert not Asset.objects.of(verdier.brand).exists()


def test_a_player_is_given_the_stretch_it_asks_for(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(videos, "PIECE", 1_000)
    monkeypatch.setattr("comptoir.publishing.views.videos.AT_ONCE", 2_000)
    brought(verdier, ("quay.mp4", film("quay.mp4")))
    asset, whole = Asset.objects.of(verdier.brand).get(), film("quay.mp4")
    assert asset.video.pieces.count() == 5
    here, reader = f"{HERE}{asset.pk}/video/", browser(verdier.people["reader"])
    answer: Any = reader.get(here)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, whole)
    assert answer["Accept-Ranges"] == "bytes"
    assert int(reader.head(here)["Content-Length"]) == len(whole)
    for asked, first, last in (
        ("bytes=0-", 0, 1_999), ("bytes=990-1010", 990, 1_010), ("bytes=4000-", 4_000, 4_036),
        ("bytes=-7", 4_030, 4_036), ("bytes=3999-99999", 3_999, 4_036), ("bytes=1000-1999", 1_000, 1_999),
    ):  # fmt: skip
        answer = reader.get(here, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (206, whole[first : last + 1]), asked
        assert answer["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
    assert reader.get(here, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    for unknown in ("bytes=0-1,4-5", "bytes=9-2", "items=1-2", "bytes=-"):
        assert reader.get(here, headers={"Range": unknown}).status_code == 200
    stranger = User.objects.create_user("stranger@elsewhere.example")
    assert browser(stranger).get(here).status_code == 404
    assert reader.get(f"{HERE}{asset.pk + 99}/video/").status_code == 404


def test_a_video_goes_with_its_asset(verdier: House) -> None:
    brought(verdier, ("quay.webm", film("quay.webm")))
    asset, by = Asset.objects.of(verdier.brand).get(), verdier.people["agent"]
    assert browser(by).get(f"/b/verdier/posts/pictures/{asset.pk}/").status_code == 404
    asset.delete()
    assert not Video.objects.of(verdier.brand).exists()


class Filmed(TakesVideo, Wall):
    """A stand-in for a network that says what it takes of a video."""

    video = VideoLimits(1_000, ("video/webm",), 10, seconds=1, pixels=100, frames=5)


def post_with(verdier: House, asset: Asset, alt: str = "") -> Post:
    by, words = verdier.people["agent"], [Variant(parts=["The quay this morning"])]
    made = Post.make(verdier.brand, by, Content("en", words, [(verdier.channel.pk, "")], [(asset.pk, alt)]))
    made.belong(by, None, "a test")
    return made


def said(verdier: House, asset: Asset, alt: str = "", *more: Asset) -> list[str]:
    """What stops it on its channel."""
    pictures = [(asset, alt), *((each, "") for each in more)]
    (look,) = looks(
        [Variant(parts=["The quay"])], "en", [(verdier.channel, "")], pictures, Links.of(verdier.brand)
    )
    assert asset in dict(look.pictures)
    return [each.words for each in look.troubles if each.stops]


def test_the_limits_that_a_network_publishes_are_said_and_that_none_leaves(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(verdier, ("quay.mp4", film("quay.mp4")), ("quay.jpg", jpeg()))
    asset, still = (
        Asset.objects.of(verdier.brand).films().get(),
        Asset.objects.of(verdier.brand).pictures().get(),
    )
    assert said(verdier, asset) == ["No video leaves on Wall: take it off."]
    every_network_is(monkeypatch, Filmed)
    unproved = (
        "Sending a video to Wall is not proved, so none leaves: take it off, and post it there yourself."
    )
    assert said(verdier, asset, "Boats at the quay") == [
        "Wall takes videos as WebM; this one is MP4.",
        "The video has 0.1 MB; Wall takes 0.0 MB.",
        "The video lasts 0:02; Wall takes 0:01.",
        "The video has 64 × 48 pixels; Wall takes 100 in all.",
        "The video has 10 pictures a second; Wall takes 5.",
        "The description of the video has more than 10 letters.",
        unproved,
    ]
    monkeypatch.setattr(Filmed, "video", VideoLimits(0, ("video/mp4",), 0))
    kept = "It keeps to the limits that Wall publishes for videos. Only these were checked."
    assert said(verdier, asset) == [kept, unproved]
    assert said(verdier, asset, "", still)[0].startswith("A video stands beside a post alone")


def test_a_post_with_a_video_is_written_and_not_scheduled(verdier: House) -> None:
    brought(verdier, ("quay.webm", film("quay.webm")))
    asset, agent = Asset.objects.of(verdier.brand).get(), browser(verdier.people["agent"])
    channel = verdier.channel.pk
    page = agent.get("/b/verdier/posts/new/").content.decode()
    assert f"picture:{asset.pk}" in page
    given = {"channels": [channel], "part-": "The quay", "act": f"picture:{asset.pk}", "language": "en"}
    page = agent.post("/b/verdier/posts/new/", given).content.decode()
    assert "What the video shows" in page
    brings = given | {"act": "look", "file": SimpleUploadedFile("quay.mov", film("quay.mov"))}
    page = agent.post("/b/verdier/posts/new/", brings).content.decode()
    assert "It is a video: bring it into the library" in page
    post = post_with(verdier, asset, "Boats")
    assert "No video leaves on Wall" in agent.get(f"/b/verdier/posts/{post.pk}/").content.decode()
    with pytest.raises(NotNow, match="video"):
        post.publish(verdier.people["agent"])
    assert post.pk in [each.pk for each in Post.objects.of(verdier.brand).filter(illustrations__asset=asset)]
    assert post.name in agent.get(f"{HERE}{asset.pk}/").content.decode()
    assert "Video" in agent.get(f"/b/verdier/posts/{post.pk}/approval/").content.decode()


def test_a_video_that_is_put_beside_a_scheduled_post_is_asked_about(verdier: House) -> None:
    brought(verdier, ("quay.webm", film("quay.webm")), ("quay.jpg", jpeg()))
    still, by = Asset.objects.of(verdier.brand).pictures().get(), verdier.people["agent"]
    asset, post = Asset.objects.of(verdier.brand).films().get(), post_with(verdier, still)
    post.publish(by)
    words = Content("en", [Variant(parts=["The quay"])], [(verdier.channel.pk, "")], [(asset.pk, "")])
    post.rewrite(by, post.number, words)
    departing.depart()
    (destination,) = post.destinations.all()
    assert (destination.state, destination.code) == ("asking", "video")
    assert not Delivery.objects.of(verdier.brand).exists()
    page = browser(by).get(f"/b/verdier/posts/{post.pk}/").content.decode()
    assert "A video was put beside it" in page
