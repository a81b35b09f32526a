"""The first run on an empty house, and each later one."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from comptoir.kernel import clock
from comptoir.listening import jobs
from comptoir.listening.models import Mention, Query, Source
from comptoir.networks import fetching, rehearsing
from comptoir.networks.models import Activity, Channel
from comptoir.organisation.models import Brand, Membership, Notice, Role, SignInLink, User
from comptoir.publishing.looking import looks
from comptoir.publishing.models import Post
from comptoir.publishing.outgoing import Links
from comptoir.publishing.stock import DRY, warn
from comptoir.web import first

pytestmark = pytest.mark.django_db


def counts() -> list[int]:
    everywhere = [Brand.objects.everywhere(), Channel.objects.everywhere()]
    return [User.objects.count(), Membership.objects.count(), *(rows.count() for rows in everywhere)]


def test_an_empty_house_shows_life() -> None:
    made = first.prepare()
    assert made.made
    assert made.owner.email == "owner@localhost"
    assert not made.owner.has_usable_password()
    assert Membership.objects.get().role == Role.OWNER
    assert made.channel is not None
    assert made.brand.name == made.channel.name
    assert made.channel.history_done is False
    fetching.look_back(made.channel)
    assert Activity.objects.of(made.brand).exists()


def test_an_empty_house_speaks() -> None:
    """The calendar of whoever looks round has posts in it: to come, in the queue, a draft and an idea; nobody is told
    that the queue runs dry."""
    made = first.prepare()
    assert made.channel is not None
    posts = Post.objects.of(made.brand)
    states = Counter(posts.values_list("state", flat=True))
    assert states == {"scheduled": 5, "draft": 1, "idea": 1}
    assert posts.filter(queued=True).count() == 3
    soon = posts.filter(due__gt=clock.now(), due__lt=clock.now() + timedelta(days=2))
    assert soon.exists()
    for each in posts:
        assert not any(
            look.stops
            for look in looks(list(each.variants.all()), "fr", [(made.channel, "")], [], Links.of(made.brand))
        ), each
    warn(made.brand)
    assert not Notice.objects.of(made.brand).filter(code=DRY).exists()


def test_an_empty_house_listens() -> None:
    """The queries and the public place are there by themselves; the past is poured by a job, so the first page is not
    kept waiting."""
    made = first.prepare()
    (source,) = Source.objects.of(made.brand)
    assert Query.objects.of(made.brand).count() == 2
    assert source.past == {"cursor": None, "told": 0, "over": False}
    assert not Mention.objects.of(made.brand).exists()
    jobs.recall(source.pk)
    source.refresh_from_db()
    assert source.past["over"]
    assert source.past["told"] > 2_000
    heard = Mention.objects.of(made.brand).count()
    assert 1_000 < heard < source.past["told"]
    assert all(query.mentions.count() > 100 for query in Query.objects.of(made.brand))
    end = source.past["cursor"]["end"]
    again = {"told": end - 36_000_000, "end": end}
    Source.objects.of(made.brand).update(past={**source.past, "cursor": again, "over": False})
    jobs.recall(source.pk)
    assert Mention.objects.of(made.brand).count() == heard


def test_a_later_run_finds_what_is_there(django_assert_max_num_queries: Any) -> None:
    made = first.prepare()
    before = counts()
    with django_assert_max_num_queries(5):
        found = first.prepare()
    assert not found.made
    assert (found.owner, found.brand, found.channel) == (made.owner, made.brand, made.channel)
    assert counts() == before == [1, 1, 1, 1]


def test_what_the_host_took_down_stays_down() -> None:
    made = first.prepare()
    Channel.objects.of(made.brand).delete()
    assert first.prepare().channel is None
    assert counts() == [1, 1, 1, 0]


def test_the_owner_is_whom_the_host_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_EMAIL", " Boss@Brand.test ")
    assert first.prepare().owner.email == "boss@brand.test"


@pytest.mark.parametrize("wrong", ["boss", "a@b", "@", "a b@c.test"])
def test_an_owner_without_an_address_is_told(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("OWNER_EMAIL", wrong)
    with pytest.raises(SystemExit, match="OWNER_EMAIL"):
        first.prepare()


@pytest.mark.parametrize(
    ("url", "email"),
    [
        ("https://desk.brand.test", "owner@desk.brand.test"),
        ("http://192.168.1.9:8000", "owner@localhost"),
        ("http://desk", "owner@localhost"),
    ],
)
def test_the_owner_gets_an_address_to_sign_in_with(settings: Any, url: str, email: str) -> None:
    settings.PUBLIC_URL = url
    assert first.prepare().owner.email == email


def test_the_link_signs_the_owner_in(settings: Any, client: Client) -> None:
    settings.PUBLIC_URL = "https://desk.brand.test"
    with pytest.raises(first.NoOwner):
        first.owner_link()
    made = first.prepare()
    link = first.owner_link()
    assert link.startswith("https://desk.brand.test/owner/")
    client.post(link.removeprefix("https://desk.brand.test"))
    assert client.get(reverse("home"), follow=True).redirect_chain == [
        (f"/b/{made.brand.slug}/threads/", 302)
    ]


def test_the_link_is_the_longest_standing_owners_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    made = first.prepare()
    other = User.objects.create_user("other@brand.test")
    Membership.objects.create(user=other, brand=made.brand, role=Role.OWNER)
    first.owner_link()
    assert SignInLink.objects.get().user == made.owner
    monkeypatch.setenv("OWNER_EMAIL", "other@brand.test")
    first.owner_link()
    assert SignInLink.objects.filter(user=other).exists()


@pytest.mark.django_db(transaction=True)
def test_two_first_runs_at_once_make_one_house() -> None:
    def run(_n: int) -> bool:
        try:
            return first.prepare().made
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(run, range(4))) == [False, False, False, True]
    assert counts() == [1, 1, 1, 1]


def test_a_storm_is_ordered_on_the_stage() -> None:
    made = first.prepare()
    assert made.channel is not None
    assert rehearsing.rehearse("badbuzz", 2, 30) == [made.channel]
    changed = Channel.objects.of(made.brand).get()
    assert changed.settings != made.channel.settings
    for wrong in (("nothing", 1, 1), ("badbuzz", 0, 1), ("badbuzz", 1, float("nan")), ("badbuzz", 1e9, 1)):
        with pytest.raises(ValueError, match=r"."):
            rehearsing.rehearse(*wrong)


def test_no_storm_without_a_stage() -> None:
    with pytest.raises(rehearsing.NoStage):
        rehearsing.rehearse("badbuzz", 1, 1)
