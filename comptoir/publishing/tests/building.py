"""Posts for tests, and a network that says what it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.test import Client

from comptoir.networks.connector import (
    Activity,
    Connector,
    Finds,
    Keyed,
    Length,
    Publishes,
    Replies,
    Sent,
    Upload,
)
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, Membership, User
from comptoir.publishing.models import Content, Post, Variant


class Wall(Keyed, Finds, Replies, Publishes, Connector):
    """A stand-in for a network that honours keys: `said` is what stands on it, by key, in order."""

    network = "wall"
    label = "Wall"
    images = 2
    image_bytes = 1_000_000
    said: ClassVar[dict[str, tuple[str, str, list[str]]]] = {}
    raises: ClassVar[list[Exception]] = []

    def length(self, text: str) -> Length:
        return Length(len(text), 300, len(text) - 300)

    def _say(self, text: str, below: str, media: Sequence[Upload], key: str) -> Sent:
        if type(self).raises:
            raise type(self).raises.pop(0)
        self.said.setdefault(key, (text, below, [one.alt for one in media]))
        return Sent(f"said-{key}", f"https://wall.example/{key}")

    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        return self._say(text, "", media, key)

    def reply(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        return self._say(text, to.remote_id, media, key)

    def find(self, to: Activity | None, text: str, key: str, at: datetime) -> Sent | None:
        return Sent(f"said-{key}") if key in self.said else None


@dataclass
class House:
    """A brand with a member of each role."""

    brand: Brand
    people: dict[str, User]

    @property
    def channel(self) -> Channel:
        """Its first channel, made when it is first asked for."""
        found: Channel | None = Channel.objects.of(self.brand).order_by("pk").first()
        return found or channel_of(self.brand)


def house() -> House:
    """A brand with its people, and no channel yet."""
    brand = Brand.objects.create(name="Maison Verdier", slug="verdier", time_zone="Europe/Paris")
    roles = ("reader", "agent", "manager", "owner")
    people = {role: User.objects.create_user(f"{role}@verdier.example", name=role.title()) for role in roles}
    for role, user in people.items():
        Membership.objects.create(user=user, brand=brand, role=role)
    return House(brand, people)


def browser(user: User) -> Client:
    """A browser, signed in as somebody."""
    client = Client()
    client.force_login(user)
    return client


def channel_of(brand: Brand, name: str = "me", network: str = "wall") -> Channel:
    """A channel of the brand's."""
    return Channel.objects.create(brand=brand, network=network, remote_id=name, handle=name)


def content(
    *channels: Channel, text: str = "Good morning!", language: str = "en", **variants: str
) -> Content:
    """One wording for these channels; `variants` are others by language."""
    words = [Variant(parts=[text])]
    words += [Variant(language=each, parts=[said]) for each, said in variants.items()]
    return Content(language, words, [(each.pk, "") for each in channels])


def draft(brand: Brand, by: User, *channels: Channel, **words: str) -> Post:
    """A draft that lacks nothing but a time."""
    post = Post.make(brand, by, content(*channels, **words))
    post.belong(by, None, "a test")
    return post
