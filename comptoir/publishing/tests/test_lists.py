"""The list of posts: narrowed, searched, and gone through to its end; nothing in it is another brand's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.kernel import clock
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing.models import Campaign, Destination, Post, Variant
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, draft, house
from comptoir.publishing.views.posts import LISTED

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HERE = "/b/verdier/posts/"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


def many(desk: House, count: int) -> list[str]:
    """So many posts, the first the newest."""
    now = clock.now()
    posts = Post.objects.bulk_create(
        Post(brand=desk.brand, title=f"Post {n:03}", reason="a test", changed=now - timedelta(minutes=n))
        for n in range(count)
    )
    Variant.objects.bulk_create(Variant(post=post, parts=[f"Words {n:03}"]) for n, post in enumerate(posts))
    channel = desk.channel
    Destination.objects.bulk_create(Destination(post=post, channel=channel) for post in posts)
    return [post.title for post in posts]


def test_it_goes_on_to_the_last_one(desk: House) -> None:
    titles = many(desk, 2 * LISTED + 7)
    client, seen, address = browser(desk.people["reader"]), [], HERE
    while address:
        page = client.get(address).text
        seen += re.findall(r">(Post \d{3})</a>", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = HERE + older[1].replace("&amp;", "&") if older else ""
    assert seen == titles
    assert client.get(f"{HERE}?before=x").status_code == 400


def test_a_page_takes_as_many_queries_however_many_there_are(desk: House) -> None:
    client = browser(desk.people["reader"])
    counts = []
    for more in (2, LISTED):
        many(desk, more)
        client.get(HERE)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(HERE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_it_is_narrowed_and_searched(desk: House) -> None:
    by = desk.people["owner"]
    wall, other = channel_of(desk.brand), channel_of(desk.brand, "other")
    fete = draft(desk.brand, by, wall, text='The "fête" begins\nat noon')
    rain = draft(desk.brand, by, other, text="Rain on the 100% of us")
    Post.objects.of(desk.brand).filter(pk=fete.pk).update(title="June")
    campaign = Campaign.objects.create(brand=desk.brand, name="Summer", purpose="Joy")
    rain.belong(by, campaign, "")
    rain.cancel(by)

    def found(**asked: str | int) -> set[int]:
        client = browser(desk.people["reader"])
        return {int(pk) for pk in re.findall(rf'"{HERE}(\d+)/"', client.get(HERE, asked).text)}

    assert found() == {fete.pk, rain.pk}
    assert found(q="june") == {fete.pk}
    assert found(q="fête noon") == {fete.pk}
    assert found(q='"fête"') == {fete.pk}
    assert found(q="100%") == {rain.pk}
    assert found(q="1%s") == set()
    assert found(state="cancelled") == {rain.pk}
    assert found(channel=wall.pk) == {fete.pk}
    assert found(campaign=campaign.pk) == {rain.pk}
    assert found(channel="x", state="?") == {fete.pk, rain.pk}
    page = browser(desk.people["reader"]).get(HERE, {"q": "nothing of this"}).text
    assert "No post is like this" in page
    program = Program(desk.people["agent"])
    here = "brands/verdier/posts"
    assert [each["id"] for each in program.get(f"{here}?q=noon&channel={wall.pk}")["items"]] == [fete.pk]
    assert [each["id"] for each in program.get(f"{here}?campaign={campaign.pk}")["items"]] == [rain.pk]
    first = program.get(f"{here}?limit=1")
    assert len(first["items"]) == 1
    second = program.get(first["next"])
    assert {first["items"][0]["id"], second["items"][0]["id"]} == {fete.pk, rain.pk}
    assert second["next"] is None
    assert problem(program.ask("GET", f"{here}?cursor=x")) == "invalid"
