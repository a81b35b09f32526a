"""A house whose brand has a page of its own, and what stands on it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from comptoir.networks import jobs as network_jobs
from comptoir.networks.models import Delivery
from comptoir.networks.sending import PARTS
from comptoir.publishing import jobs
from comptoir.publishing.models import Content, OwnPage, PageEntry, PageGiven, Post
from comptoir.publishing.tests.building import House, content, house

GIVEN = PageGiven(
    "verdier",
    "Maison Verdier",
    ("fr", "en"),
    {"fr": "Du pain depuis 1921.", "en": "Bread since 1921."},
    (),
    True,
)


def opened_house() -> House:
    """A brand with its people and an open page."""
    made = house()
    OwnPage.settle(made.brand, made.people["manager"], GIVEN)
    return made


def page_of(of: House) -> OwnPage:
    return OwnPage.objects.of(of.brand).select_related("channel", "brand").get()


def leave(times: int = 3) -> None:
    """What the workers would do, each job twice."""
    for _ in range(times):
        for _twice in range(2):
            jobs.depart.func(timestamp=0)
            for part in range(PARTS):
                network_jobs.deliver_posts.func(part=part)
            ids = list(Delivery.objects.everywhere().order_by("pk").values_list("pk", flat=True))
            for pk in ids:
                network_jobs.deliver.func(delivery_id=pk)
            jobs.follow.func(ids=ids, state="")


def published(of: House, words: Content | None = None, **said: Any) -> Post:
    """A post that left for the page."""
    by, channel = of.people["agent"], page_of(of).channel
    post = Post.make(of.brand, by, words or content(channel, **said))
    post.belong(by, None, "a test")
    post.publish(by)
    leave()
    post.refresh_from_db()
    assert post.state == "published"
    return post


def entries(of: House) -> list[PageEntry]:
    return list(PageEntry.objects.of(of.brand).newest())


def read(path: str, language: str = "fr", **headers: str) -> Any:
    return Client().get(path, headers={"Accept-Language": language, **headers})


def said(answer: Any) -> str:
    return str(answer.content.decode())


def letters(number: int) -> str:
    return "abcdefghij"[number // 10] + "abcdefghij"[number % 10]
