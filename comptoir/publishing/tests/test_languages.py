"""A post says in which language it is, on networks where messages do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import pytest

from comptoir.networks.connector import Activity, SaysLanguage, Sent, Targets, Upload
from comptoir.networks.models import Activity as Heard
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand, User
from comptoir.publishing.models import Content, Post, Segment, SegmentGiven, Variant
from comptoir.publishing.tests.building import Wall, channel_of
from comptoir.publishing.tests.test_leaving import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


class Tongued(SaysLanguage, Wall):
    """A stand-in whose messages say their language: `tongues` by text."""

    tongues: ClassVar[dict[str, str]] = {}

    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime, language: str = "") -> Sent:
        self.tongues[text] = language
        return self._say(text, "", media, key)

    def reply(
        self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime, language: str = ""
    ) -> Sent:
        self.tongues[text] = language
        return self._say(text, to.remote_id, media, key)


class Aiming(Targets, Wall):
    """A stand-in for a network that shows posts in some countries alone, which none of today's does: where, by text."""

    shown: ClassVar[dict[str, Sequence[str]]] = {}

    def publish(
        self, text: str, media: Sequence[Upload], key: str, at: datetime, countries: Sequence[str] = ()
    ) -> Sent:
        self.shown[text] = countries
        return self._say(text, "", media, key)


def test_where_a_network_can_a_post_is_shown_in_the_countries_of_its_segments_alone(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_network_is(monkeypatch, Aiming)
    for kept in (Wall.said, Wall.raises, Aiming.shown):
        kept.clear()
    brand = Brand.objects.create(name="Brand", slug="brand", time_zone="Europe/Paris")
    by: User = User.objects.create(email="a@example.org", name="Anna")
    channel = channel_of(brand)
    benelux, world = (
        Segment.make(brand, by, SegmentGiven(name, countries, ("fr",)))
        for name, countries in (("Benelux", ("BE", "LU")), ("World", ()))
    )
    for text, segments in (("there", [benelux]), ("everywhere", [benelux, world]), ("plain", [])):
        words = [Variant(parts=[text])]
        aimed = Content("fr", words, [(channel.pk, "")], (), [each.pk for each in segments])
        post = Post.make(brand, by, aimed)
        post.belong(by, None, "a test")
        post.publish(by)
    run()
    assert Aiming.shown == {"there": ["BE", "LU"], "everywhere": (), "plain": ()}


def test_a_post_its_parts_and_its_comment_leave_in_their_language(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_network_is(monkeypatch, Tongued)
    for kept in (Wall.said, Wall.raises, Tongued.tongues):
        kept.clear()
    brand = Brand.objects.create(name="Brand", slug="brand", time_zone="Europe/Paris")
    by: User = User.objects.create(email="a@example.org", name="Anna")
    english, dutch = channel_of(brand, "english"), channel_of(brand, "dutch")
    words = [
        Variant(parts=["good", "morning"], comment="below"),
        Variant(language="nl", parts=["goede", "morgen"], comment="eronder"),
    ]
    post = Post.make(brand, by, Content("en", words, [(english.pk, ""), (dutch.pk, "nl")]))
    post.belong(by, None, "a test")
    post.publish(by)
    run(6)
    assert Tongued.tongues == {
        "good": "en", "morning": "en", "below": "en", "goede": "nl", "morgen": "nl", "eronder": "nl",
    }  # fmt: skip
    # What was said is known to be in it, whatever the network tells later.
    said = Heard.objects.of(brand).filter(text="goede")
    assert list(said.values_list("language", flat=True)) == ["nl"]
