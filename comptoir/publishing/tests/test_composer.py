"""The composer as people use it: written, looked at, asked about, sent on its way, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comptoir.kernel import clock
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.publishing.models import Asset, Campaign, Content, Destination, Post, Variant
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, content, house
from comptoir.publishing.tests.test_leaving import run
from tests.servers.stranger import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Small(Wall):
    """A network that takes twenty letters, and answers itself."""

    def length(self, text: str) -> Any:
        counted = super().length(text)
        return type(counted)(counted.count, 20, counted.count - 20)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> House:
    made = house()
    every_network_is(monkeypatch, Small)
    Wall.said.clear()
    Wall.raises.clear()
    return made


@pytest.fixture
def agent(desk: House) -> Client:
    return browser(desk.people["agent"])


def given(channels: list[Channel], text: str | list[str] = "Hello", **more: Any) -> dict[str, Any]:
    """A form as a browser sends it."""
    return {
        "channel": [each.pk for each in channels],
        "part-||": text,
        "language": "en",
        "reason": "a test",
        **more,
    }


def at(desk: House, rest: str) -> str:
    """An address of the brand."""
    return f"/b/{desk.brand.slug}/{rest}"


def only(desk: House) -> Post:
    return Post.objects.of(desk.brand).get()


def test_it_is_written_and_leaves(
    desk: House, agent: Client, django_capture_on_commit_callbacks: Any
) -> None:
    channel = channel_of(desk.brand)
    page = agent.get(at(desk, "posts/new/"))
    assert (page.status_code, b"New post" in page.content) == (200, True)
    done = agent.post(at(desk, "posts/new/"), given([channel], act="publish"), follow=True)
    post = only(desk)
    assert (post.state, post.reason) == ("scheduled", "a test")
    assert "It leaves now." in done.content.decode()
    run()
    shown = agent.get(at(desk, f"posts/{post.pk}/")).content.decode()
    assert "https://wall.example/" in shown
    assert "What became of it" in shown


def test_a_wording_of_its_own_a_thread_and_a_comment(desk: House, agent: Client) -> None:
    plain, own = channel_of(desk.brand, "plain"), channel_of(desk.brand, "own")
    key = f"||{own.pk}"
    form = given([plain, own], ["one", "two", ""], wording=[key], act="keep", **{"comment-||": "below"})
    agent.post(at(desk, "posts/new/"), form | {f"part-{key}": "just here", f"no-comment-{key}": "yes"})
    said = {each.channel.handle: only(desk).said_on(each.channel) for each in only(desk).destinations.all()}
    assert (said["plain"].parts, said["plain"].comment) == (("one", "two"), "below")
    assert (said["own"].parts, said["own"].comment) == (("just here",), "")
    page = agent.get(at(desk, f"posts/{only(desk).pk}/")).content.decode()
    assert "<del>one" in page
    assert f'name="part-{key}"' in page
    again = agent.post(
        at(desk, f"posts/{only(desk).pk}/"),
        form | {f"part-{key}": "just here", f"no-comment-{key}": "yes", "number": "1"},
    )
    assert (again.status_code, only(desk).number) == (302, 1)


@pytest.mark.parametrize("act", ["part:||", "add", "look", ""])
def test_a_button_that_changes_fields_keeps_nothing(desk: House, agent: Client, act: str) -> None:
    channel = channel_of(desk.brand)
    page = agent.post(at(desk, "posts/new/"), given([channel], "my words", act=act, add="fr||"))
    assert page.status_code == 200
    assert "my words" in page.content.decode()
    assert not Post.objects.of(desk.brand).exists()
    assert ('value="fr||"><p' in page.content.decode()) is (act == "add")


def test_what_is_wrong_is_said_before_it_leaves_and_nothing_is_lost(desk: House, agent: Client) -> None:
    channel = channel_of(desk.brand)
    page = agent.post(at(desk, "posts/new/"), given([channel], "x" * 25, act="publish"), follow=True)
    assert "Too long by 5." in page.content.decode()
    assert (only(desk).state, only(desk).said_on(channel).parts) == ("draft", ("x" * 25,))


def test_it_counts_as_its_network_does_while_somebody_writes(desk: House, agent: Client) -> None:
    channel = channel_of(desk.brand)
    looks = agent.post(at(desk, "posts/looks/"), given([channel], "x" * 25)).content.decode()
    assert "<b>25</b> / 20" in looks
    assert "too long by 5" in looks
    assert not Post.objects.of(desk.brand).exists()
    listens = channel_of(desk.brand, "listens")
    Channel.objects.of(desk.brand).filter(pk=listens.pk).update(listen_only=True)
    looks = agent.post(at(desk, "posts/looks/"), given([listens], "hello")).content.decode()
    assert "only listens" in looks
    linked = agent.post(at(desk, "posts/looks/"), given([channel], "see https://a.bc/x")).content.decode()
    assert "Preview of a.bc" in linked


def test_a_picture_asks_for_its_description(desk: House, agent: Client) -> None:
    channel = channel_of(desk.brand)
    file = SimpleUploadedFile("quay.jpg", jpeg(), "image/jpeg")
    page = agent.post(at(desk, "posts/new/"), given([channel], file=file, act="look"))
    asset = Asset.objects.of(desk.brand).get()
    assert f'name="alt-{asset.pk}"' in page.content.decode()
    form = given([channel], picture=[asset.pk], act="publish")
    page = agent.post(at(desk, "posts/new/"), form, follow=True)
    assert "1 picture has no description" in page.content.decode()
    post = only(desk)
    assert post.state == "draft"
    told = form | {f"alt-{asset.pk}": "The quay at dawn", "number": post.number}
    agent.post(at(desk, f"posts/{post.pk}/"), told)
    run()
    assert [said[2] for said in Wall.said.values()] == [["The quay at dawn"]]
    seen = agent.get(at(desk, f"posts/pictures/{asset.pk}/"))
    assert (seen["Content-Type"], seen["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    broken = SimpleUploadedFile("notes.jpg", b"not a picture", "image/jpeg")
    assert agent.post(at(desk, "posts/new/"), given([channel], file=broken, act="look")).status_code == 422


def test_another_account_than_last_time_is_asked_about(desk: House, agent: Client) -> None:
    usual, other = channel_of(desk.brand, "usual"), channel_of(desk.brand, "other")
    agent.post(at(desk, "posts/new/"), given([usual], act="publish"))
    assert only(desk).state == "scheduled"
    words = "Another word"
    page = agent.post(at(desk, "posts/new/"), given([other], words, act="publish"), follow=True)
    assert "you last posted as usual. This leaves as other." in page.content.decode()
    post = Post.objects.of(desk.brand).get(state="draft")
    form = given([other], words, act="publish", number=post.number, sure=str(other.pk))
    agent.post(at(desk, f"posts/{post.pk}/"), form | {"channel": [usual.pk, other.pk]})
    post.refresh_from_db()
    assert post.state == "draft"  # the yes was for other accounts
    agent.post(at(desk, f"posts/{post.pk}/"), form | {"number": post.number})
    post.refresh_from_db()
    assert post.state == "scheduled"


def test_two_people_write_and_both_are_shown(desk: House, agent: Client) -> None:
    channel = channel_of(desk.brand)
    post = Post.make(desk.brand, desk.people["manager"], content(channel, text="first words"))
    post.rewrite(desk.people["manager"], 1, content(channel, text="their words"))
    page = agent.post(at(desk, f"posts/{post.pk}/"), given([channel], "my words", number=1, act="keep"))
    text = page.content.decode()
    assert (page.status_code, "<del>their</del>" in text, "my words</textarea>" in text) == (409, True, True)
    agent.post(at(desk, f"posts/{post.pk}/"), given([channel], "my words", number=2, act="keep"))
    assert post.variants.get().parts == ["my words"]


def test_it_is_scheduled_by_a_clock_and_made_a_draft_again(desk: House, agent: Client) -> None:
    channel = channel_of(desk.brand)
    day = (clock.now() + timedelta(days=40)).date()
    form = given([channel], day=str(day), hour="09:30", zone="Indian/Reunion", act="schedule")
    agent.post(at(desk, "posts/new/"), form)
    post = only(desk)
    assert (post.state, post.due.hour if post.due else 0) == ("scheduled", 5)
    agent.post(at(desk, f"posts/{post.pk}/state/"), {"state": "draft"})
    post.refresh_from_db()
    assert post.state == "draft"
    agent.post(at(desk, f"posts/{post.pk}/state/"), {"state": "cancelled"})
    post.refresh_from_db()
    assert post.state == "cancelled"
    page = agent.post(
        at(desk, "posts/looks/"), given([channel], day="2027-03-28", hour="02:30", zone="Europe/Paris")
    )
    assert "clocks jump over this time" in page.content.decode()
    timeless = agent.post(at(desk, "posts/new/"), given([channel], act="schedule"), follow=True)
    assert "on which day" in timeless.content.decode()
    past = agent.post(
        at(desk, "posts/new/"), given([channel], day="2020-01-01", hour="10:00", act="schedule"), follow=True
    )
    assert "That time is over." in past.content.decode()


def test_what_is_to_check_is_settled_and_what_was_refused_tried_again(desk: House, agent: Client) -> None:
    doubtful, refused, late = (channel_of(desk.brand, name) for name in ("doubtful", "refused", "late"))
    post = Post.make(desk.brand, desk.people["agent"], content(doubtful, refused, late))
    post.belong(desk.people["agent"], None, "a test")
    post.publish(desk.people["agent"])
    run(1)
    deliveries = {each.channel_id: each for each in Delivery.objects.of(desk.brand)}
    for channel, state, code in ((doubtful, "uncertain", "uncertain"), (refused, "refused", "refused")):
        Delivery.objects.of(desk.brand).filter(pk=deliveries[channel.pk].pk).update(state=state, code=code)
        Destination.objects.of(desk.brand).filter(channel=channel).update(state=state, code=code)
    Destination.objects.of(desk.brand).filter(channel=late).update(state="asking", code="late")
    Delivery.objects.of(desk.brand).filter(channel=late).delete()
    Post.settle_each([post])
    page = agent.get(at(desk, f"posts/{post.pk}/")).content.decode()
    for words in ("It is there", "Try again", "Should it still leave now?"):
        assert words in page
    for channel, do in ((doubtful, "there"), (refused, "again"), (late, "never")):
        row = post.destinations.get(channel=channel)
        assert agent.post(at(desk, f"posts/{post.pk}/destinations/{row.pk}/"), {"do": do}).status_code == 302
    run()
    assert [each.state for each in post.destinations.order_by("pk")] == [
        "published",
        "published",
        "withdrawn",
    ]
    row = post.destinations.get(channel=refused)
    assert not row.decide(desk.people["agent"], "again")


def test_readers_see_and_do_not_write(desk: House) -> None:
    channel = channel_of(desk.brand)
    post = Post.make(desk.brand, desk.people["agent"], content(channel, text="to be read"))
    reader = browser(desk.people["reader"])
    assert "to be read" in reader.get(at(desk, f"posts/{post.pk}/")).content.decode()
    for path in (f"posts/{post.pk}/", "posts/new/", "posts/looks/", f"posts/{post.pk}/state/"):
        assert reader.post(at(desk, path), given([channel], act="keep")).status_code == 403


def test_hostile_words_stay_words(desk: House, agent: Client) -> None:
    channel = channel_of(desk.brand, "<b>x</b>")
    page = agent.post(at(desk, "posts/looks/"), given([channel], "<script>x</script> http://[x"))
    assert "<script>" not in page.content.decode()
    assert "<b>x</b>" not in page.content.decode()
    assert agent.post(at(desk, "posts/new/"), {"part-||": ["x"] * 30, "act": "keep"}).status_code == 400
    odd = {
        "number": "x",
        "channel": "99999999999999999999",
        "picture": "7",
        "campaign": "é",
        "zone": "../../x",
    }
    assert (
        agent.post(
            at(desk, "posts/new/"), odd | {"act": "keep", "part-||": "a\x00b", "hour": "25:99", "day": "x"}
        ).status_code
        == 302
    )


@pytest.mark.parametrize("many", [2, 20])
def test_the_page_and_the_list_ask_little(
    desk: House, agent: Client, many: int, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    by = desk.people["agent"]
    channels = [channel_of(desk.brand, f"c{n}") for n in range(many)]
    campaign = Campaign.make(desk.brand, by, "Spring", "People try the bread")
    asset = Asset.bring(desk.brand, by, jpeg())
    words = [Variant(parts=["a"]), *(Variant(channel=each, parts=[str(each.pk)]) for each in channels)]
    for _n in range(many):
        made = Post.make(
            desk.brand, by, Content("en", words, [(c.pk, "") for c in channels], [(asset.pk, "x")])
        )
        made.belong(by, campaign)
    with django_assert_max_num_queries(22):
        assert agent.get(at(desk, f"posts/{made.pk}/")).status_code == 200
    with django_assert_max_num_queries(10):
        assert agent.get(at(desk, "posts/")).status_code == 200
    made.publish(by)
    run()
    with django_assert_max_num_queries(20):
        assert agent.get(at(desk, f"posts/{made.pk}/")).status_code == 200
