"""What came of what the brand said: rates by formula, the unknown stays unknown, nobody sees another brand's."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from comptoir.inbox.tests.building import TOWN, House, house
from comptoir.kernel import clock
from comptoir.measurement.asked import Asked
from comptoir.measurement.posts import Posts, posts_of
from comptoir.networks.models import AccountSnapshot, Activity, Actor, Audience, Channel, Delivery, Snapshot
from comptoir.publishing.models import Campaign, Destination, Post, Step

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    made = house()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return made


def says(
    made: House, name: str, days: float, channel: Channel | None = None, **counts: int | None
) -> Activity:
    """Something the brand said so many days ago, with counts if there are some."""
    channel = channel or made.channel
    actor, _new = Actor.objects.get_or_create(network=TOWN, remote_id="us", defaults={"handle": "us"})
    said = Activity.objects.create(
        network=TOWN,
        remote_id=name,
        kind="post",
        actor=actor,
        text=name,
        published=NOW - timedelta(days=days),
    )
    Audience.objects.create(channel=channel, activity=said, own=True, addressed=False)
    if counts:
        Snapshot.objects.create(activity=said, at=NOW - timedelta(days=days / 2), **{"likes": 0} | counts)
    return said


def followed(channel: Channel, days: float, followers: int | None) -> None:
    day = (NOW - timedelta(days=days)).date()
    AccountSnapshot.objects.create(channel=channel, day=day, followers=followers)


def found(made: House, days: int = 7, campaign: int | None = None, post: int | None = None) -> Posts:
    asked = Asked.of(made.brand, {"days": str(days)})
    names = {each.pk: str(each) for each in Channel.objects.of(made.brand)}
    campaigns = dict(Campaign.objects.of(made.brand).values_list("pk", "name"))
    return posts_of(asked, names, campaigns, campaign, post)


def test_the_rate_of_a_post_is_by_the_followers_of_its_day(verdier: House) -> None:
    says(verdier, "one", 2, likes=6, reposts=2, replies=1, quotes=1)
    followed(verdier.channel, 2, 1_000)
    followed(verdier.channel, 1, 9_000)
    (one,) = found(verdier).said
    assert one.counts.interactions == 10
    assert one.rate == pytest.approx(0.01)


def test_what_is_unknown_is_no_nought(verdier: House) -> None:
    says(verdier, "no counts", 2)
    says(verdier, "no likes told", 2, likes=None, replies=3)
    says(verdier, "of a day without followers", 3, likes=5)
    followed(verdier.channel, 2, 100)
    by = {each.text: each for each in found(verdier).said}
    assert by["no counts"].counts.interactions is None
    assert by["no counts"].rate is None
    assert by["no likes told"].counts.interactions == 3
    assert by["of a day without followers"].rate is None
    total = found(verdier).total
    assert (total.posts, total.interactions, total.rated, total.median) == (3, 8, 1, 0.03)


def test_nobody_followed_is_no_rate(verdier: House) -> None:
    says(verdier, "one", 2, likes=5)
    followed(verdier.channel, 2, 0)
    assert found(verdier).said[0].rate is None


def test_the_median_is_not_moved_by_one_lucky_post_and_young_ones_wait(verdier: House) -> None:
    for n, likes in enumerate((1, 2, 3, 4, 500)):
        says(verdier, f"said {n}", 2 + n / 100, likes=likes)
    says(verdier, "young", 0.2, likes=900)
    for days in (0.2, 2):
        followed(verdier.channel, days, 1_000)
    total = found(verdier).total
    assert (total.posts, total.rated) == (6, 5)
    assert total.median == pytest.approx(0.003)
    assert total.mean == pytest.approx(0.102)
    assert total.interactions == 1_410


def test_the_last_count_stands_and_what_is_gone_does_not(verdier: House) -> None:
    said = says(verdier, "one", 2, likes=5)
    Snapshot.objects.create(activity=said, at=NOW, likes=8)
    gone = says(verdier, "gone", 2, likes=5)
    Activity.objects.of(verdier.brand).filter(pk=gone.pk).update(deleted=NOW)
    assert [each.counts.likes for each in found(verdier).said] == [8]


def test_days_channels_campaigns_and_one_post(verdier: House) -> None:
    agent = verdier.people["agent"]
    campaign = Campaign.make(verdier.brand, agent, "Summer", "More people at the beach")
    post = Post.objects.create(brand=verdier.brand, author=agent, campaign=campaign, language="en")
    other = Channel.objects.create(brand=verdier.brand, network=TOWN, remote_id="other", handle="other")
    here = says(verdier, "here", 2, likes=1)
    there = says(verdier, "there", 2, other, likes=2)
    says(verdier, "on the network itself", 4, likes=4)
    for channel, said in ((verdier.channel, here), (other, there)):
        going = Destination.objects.create(post=post, channel=channel, state="published")
        sent = Delivery.objects.create(channel=channel, act="post", state="sent", result=said, text="x")
        Step.objects.create(destination=going, place=0, kind="post", delivery=sent)
    told = found(verdier)
    assert [(line.label, line.posts, line.interactions) for line in told.by["campaign"]] == [
        ("Summer", 2, 3), ("", 1, 4),
    ]  # fmt: skip
    assert sorted(line.interactions or 0 for line in told.by["channel"]) == [2, 5]
    days = {line.key: line.interactions for line in told.by["day"]}
    assert (days[date(2026, 5, 18)], days[date(2026, 5, 16)], days[date(2026, 5, 17)]) == (3, 4, None)
    assert {each.text for each in found(verdier, campaign=campaign.pk).said} == {"here", "there"}
    assert {each.post for each in found(verdier, post=post.pk).said} == {post.pk}


def test_growth_is_drawn_by_time(verdier: House) -> None:
    """The first hour is not as wide as the day after it."""
    said = says(verdier, "grows", 2)
    for hours, likes in ((0, 0), (1, 10), (25, 20), (48, 30)):
        Snapshot.objects.create(activity=said, at=said.published + timedelta(hours=hours), likes=likes)
    client = Client()
    client.force_login(verdier.people["reader"])
    page = client.get(f"/b/{verdier.brand.slug}/figures/posts/{said.pk}/").content.decode()
    (_narrow, wide) = re.findall(r'<path[^>]* d="M ([^"]+)"', page)
    x = [float(each.split()[0]) for each in re.split(r" ?[ML] ?", wide)]
    first, day, whole = (each - x[0] for each in x[1:])
    assert abs(day / first - 25) < 1
    assert abs(whole / first - 48) < 2
    assert {"0 h", "12 h", "1 d", "36 h", "2 d"} <= set(re.findall(r">(\d+ [hd])<", page))


def test_pages_and_files(verdier: House) -> None:
    said = says(verdier, "=cmd", 2, likes=5)
    followed(verdier.channel, 2, 250)
    client = Client()
    client.force_login(verdier.people["reader"])
    here = f"/b/{verdier.brand.slug}/figures/posts/"
    page = client.get(here).content.decode()
    assert "2.00%" in page
    assert "=cmd" in page
    sheet = b"".join(client.get(f"{here}all.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert ",'=cmd," in sheet
    assert ",0.02," in sheet
    grown = client.get(f"{here}{said.pk}/").content.decode()
    assert "=cmd" in grown
    assert client.get(f"{here}?campaign=77").status_code == 400
    assert client.get(f"{here}?order=rate&days=90").status_code == 200
    stranger = Client()
    stranger.force_login(verdier.stranger)
    assert stranger.get(here).status_code == 404
    assert stranger.get(f"{here}{said.pk}/").status_code == 404
    # What others said is nobody's growth.
    heard = Activity.objects.create(network=TOWN, remote_id="q", kind="mention", text="?", published=NOW)
    Audience.objects.create(channel=verdier.channel, activity=heard)
    assert client.get(f"{here}{heard.pk}/").status_code == 404
