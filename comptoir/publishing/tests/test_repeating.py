"""What was said before in nearly the same words is pointed out, and asked about before it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from time import perf_counter

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.kernel import clock
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.publishing.models import Content, Destination, Post, Variant
from comptoir.publishing.models.variant import bands_of
from comptoir.publishing.repeating import repeats
from comptoir.publishing.tests.building import House, Wall, browser, house

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SAID = "The bread of the week leaves the oven at half past six. Come and taste it!"
NEARLY = "The bread of the week leaves the oven at seven. Come and taste it: https://bakery.example/week"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


def left(desk: House, *texts: str, days: int = 20, state: str = "published") -> Post:
    """A post that left some days ago, on the first channel."""
    words = Content("en", [Variant(parts=list(texts))], [(desk.channel.pk, "")])
    post = Post.make(desk.brand, desk.people["agent"], words, title="Week")
    Post.objects.of(desk.brand).filter(pk=post.pk).update(state=state, due=clock.now() - timedelta(days=days))
    return post


def like(desk: House, *texts: str, but: int = 0) -> list[int]:
    return [each.post.pk for each in repeats(desk.brand, [Variant(parts=list(texts))], but)]


def test_what_left_in_nearly_the_same_words_is_found(desk: House) -> None:
    one = left(desk, SAID)
    assert like(desk, NEARLY) == [one.pk]
    assert like(desk, NEARLY, but=one.pk) == []
    assert like(desk, "Closed on Sunday.") == []
    assert like(desk, "https://bakery.example/week") == []
    assert like(desk, "") == []


@pytest.mark.parametrize(
    ("state", "days", "found"),
    [
        ("published", 364, True), ("published", 366, False), ("partly", 1, True), ("scheduled", -3, True),
        ("draft", 1, False), ("idea", 1, False), ("cancelled", 1, False), ("failed", 1, False),
    ],
)  # fmt: skip
def test_only_what_left_within_a_year_or_waits(desk: House, state: str, days: int, found: bool) -> None:
    one = left(desk, SAID, state=state, days=days)
    assert like(desk, NEARLY) == ([one.pk] if found else [])


def test_another_brand_s_words_are_its_own(desk: House) -> None:
    from comptoir.organisation.models import Brand

    left(desk, SAID)
    other = Brand.objects.create(name="Other", slug="other")
    assert repeats(other, [Variant(parts=[SAID])]) == []


def test_words_of_a_language_or_a_channel_count_as_well(desk: House) -> None:
    one = left(desk, "Something else entirely, of which nobody spoke.")
    changed = Content(
        "en",
        [Variant(parts=["Something else"]), Variant(language="fr", parts=[SAID])],
        [(desk.channel.pk, "")],
    )
    Post.objects.of(desk.brand).filter(pk=one.pk).update(state="draft")
    one.refresh_from_db()
    one.rewrite(desk.people["agent"], 1, changed)
    Post.objects.of(desk.brand).filter(pk=one.pk).update(state="partly")
    written = [Variant(parts=["Nothing of the kind here"]), Variant(network="wall", parts=[NEARLY])]
    assert [each.post.pk for each in repeats(desk.brand, written)] == [one.pk]


def test_the_composer_points_it_out_and_asks_once(desk: House) -> None:
    agent, one = browser(desk.people["agent"]), left(desk, SAID)
    form = {"part-||": NEARLY, "channel": desk.channel.pk, "reason": "a test"}
    live = agent.post("/b/verdier/posts/looks/", form).content.decode()
    assert "Nearly the same left on" in live
    assert f'/b/verdier/posts/{one.pk}/">Week</a>' in live
    assert "me (Wall)" in live
    asked = agent.post("/b/verdier/posts/new/", {**form, "act": "publish"}, follow=True).content.decode()
    assert f'name="repeats" value="{one.pk}"' in asked
    post = Post.objects.of(desk.brand).exclude(pk=one.pk).get()
    assert post.state == "draft"
    other = left(desk, NEARLY)
    again = {**form, "number": 1, "act": "publish", "repeats": one.pk}
    agent.post(f"/b/verdier/posts/{post.pk}/", again)
    post.refresh_from_db()
    assert post.state == "draft", "a yes is for what was shown"
    agent.post(f"/b/verdier/posts/{post.pk}/", {**again, "repeats": f"{other.pk},{one.pk}"})
    post.refresh_from_db()
    assert post.state == "scheduled"
    live = agent.post(f"/b/verdier/posts/looks/?post={one.pk}", form).content.decode()
    assert f"/posts/{one.pk}/" not in live


def test_wordings_kept_before_are_found_as_well(desk: House) -> None:
    one = left(desk, SAID)
    Variant.objects.of(desk.brand).update(bands=[])
    assert like(desk, NEARLY) == []
    import_module("comptoir.publishing.migrations.0014_likeness").mark(OfAllBrands(), None)
    assert like(desk, NEARLY) == [one.pk]


class OfAllBrands:
    """The models as a migration sees them: without walls."""

    def get_model(self, room: str, name: str) -> type[object]:
        found = apps.get_model(room, name)
        return type("Historical", (), {"objects": found._base_manager.all()})


def test_twenty_thousand_posts_are_asked_with_five_statements(desk: House) -> None:
    many(desk, [text_of(n) for n in range(20_000)])
    one = left(desk, SAID)
    took = []
    for _n in range(5):
        began = perf_counter()
        with CaptureQueriesContext(connection) as asked:
            found = repeats(desk.brand, [Variant(parts=[NEARLY])])
            assert [each.where for each in found] == [["me (Wall)"]]
        took.append(perf_counter() - began)
        assert len(asked) == 5
    assert found[0].post == one
    assert min(took) < 0.1, took
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE publishing_variant")
    began = perf_counter()
    assert repeats(desk.brand, [Variant(parts=[text_of(123)])])[0].likeness == 1
    print("\none like it:", min(took), "all a little:", perf_counter() - began)


def text_of(n: int) -> str:
    """Words that 20,000 posts have in common, and some of their own."""
    return f"Post {n} says {n * 7919 % 10_007} of its own, and {n * 104_729 % 99_991} else"


def many(desk: House, texts: Sequence[str]) -> None:
    """Posts that left, as a brand has them after years."""
    at = clock.now() - timedelta(days=200)
    posts = Post.objects.bulk_create(
        (Post(brand=desk.brand, state="published", due=at + timedelta(minutes=n)) for n in range(len(texts))),
        batch_size=2_000,
    )
    Variant.objects.bulk_create(
        (
            Variant(post=post, parts=[text], bands=bands_of([text]))
            for post, text in zip(posts, texts, strict=True)
        ),
        batch_size=2_000,
    )
    Destination.objects.bulk_create(
        (Destination(post=post, channel=desk.channel, state="published") for post in posts[:200]),
        batch_size=2_000,
    )
