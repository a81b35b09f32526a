"""Approvals: bound to what was shown, decided once, by somebody else, in time or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from comptoir.kernel import clock
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Notice
from comptoir.publishing import jobs
from comptoir.publishing.models import Approval, ApprovalStep, Asset, Content, NotNow, Post, Remark, Variant
from comptoir.publishing.tests.building import House, Wall, content, draft, house
from tests.servers.stranger import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    made = house()
    every_network_is(monkeypatch, Wall)
    return made


def steps(verdier: House, *given: tuple[str, str]) -> None:
    ApprovalStep.put(verdier.brand, verdier.people["owner"], given)


def planned(verdier: House, hours: int = 30) -> Post:
    """A post of the agent's that is to leave tomorrow, as far as it may."""
    by = verdier.people["agent"]
    post = draft(verdier.brand, by, verdier.channel)
    at = clock.now() + timedelta(hours=hours)
    post.plan(by, at.date(), at.time().replace(second=0, microsecond=0), "UTC")
    post.schedule(by)
    return post


def asked(post: Post) -> Approval:
    found: Approval = Approval.objects.of(post.brand_id).select_related("post__brand").get(decision="")
    return found


def test_without_steps_nobody_is_asked(verdier: House) -> None:
    assert planned(verdier).state == "scheduled"
    with pytest.raises(NotNow, match="unasked"):
        draft(verdier.brand, verdier.people["agent"], verdier.channel).submit(verdier.people["agent"])


def test_it_waits_for_each_step_in_order_and_then_for_its_time(verdier: House) -> None:
    steps(verdier, ("manager", ""), ("", "The town hall"))
    post = planned(verdier)
    assert (post.state, asked(post).role) == ("review", "manager")
    with pytest.raises(NotNow, match="state"):
        post.publish(verdier.people["agent"])
    assert asked(post).decide("approved", by=verdier.people["manager"])
    post.refresh_from_db()
    assert (post.state, asked(post).who) == ("review", "The town hall")
    assert asked(post).decide("approved")
    post.refresh_from_db()
    assert post.state == "scheduled"


def test_managers_are_told_and_the_author_hears_the_outcome(verdier: House) -> None:
    steps(verdier, ("manager", ""))
    post = planned(verdier)
    waiting = Notice.objects.of(verdier.brand).filter(code="post_to_approve", settled_at=None)
    assert {each.to for each in waiting} == {verdier.people["manager"], verdier.people["owner"]}
    asked(post).decide("changes", "Shorter, please.", verdier.people["manager"])
    post.refresh_from_db()
    assert (post.state, waiting.all().count()) == ("changes", 0)
    told = Notice.objects.of(verdier.brand).get(code="post_sent_back")
    assert told.to == verdier.people["agent"]


def test_what_is_changed_is_asked_about_again(verdier: House) -> None:
    steps(verdier, ("manager", ""))
    post, by = planned(verdier), verdier.people["agent"]
    first = asked(post)
    first.decide("approved", by=verdier.people["manager"])
    post.refresh_from_db()
    post.rewrite(by, post.number, content(verdier.channel, text="Something else"))
    assert (post.state, asked(post).number) == ("review", 2)
    assert [each["parts"] for each in first.shown] == [["Good morning!"]]


def test_a_decision_about_words_that_changed_counts_for_nothing(verdier: House) -> None:
    steps(verdier, ("manager", ""))
    post = planned(verdier)
    seen = asked(post)
    post.rewrite(verdier.people["agent"], 1, content(verdier.channel, text="Something else"))
    assert not seen.decide("approved", by=verdier.people["manager"])
    post.refresh_from_db()
    assert post.state == "review"


def test_of_two_decisions_one_counts(verdier: House) -> None:
    steps(verdier, ("manager", ""))
    post = planned(verdier)
    one, other = asked(post), asked(post)
    assert one.decide("approved", by=verdier.people["manager"])
    assert not other.decide("declined", "No.", verdier.people["owner"])
    post.refresh_from_db()
    assert post.state == "scheduled"


def test_not_approved_in_time_is_not_published_and_says_so(verdier: House) -> None:
    steps(verdier, ("manager", ""))
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False) as now:
        post = planned(verdier, hours=1)
        now.shift(timedelta(minutes=59))
        jobs.miss.func(timestamp=0)
        assert Post.objects.of(verdier.brand).get().state == "review"
        now.shift(timedelta(minutes=2))
        for _twice in range(2):
            jobs.depart.func(timestamp=0)
            jobs.miss.func(timestamp=0)
    post.refresh_from_db()
    assert (post.state, post.destinations.get().state) == ("missed", "waiting")
    assert (
        Notice.objects.of(verdier.brand).filter(code="post_missed", to=verdier.people["agent"]).count() == 1
    )


def test_nobody_approves_their_own_words(verdier: House, client: Client) -> None:
    steps(verdier, ("agent", ""))
    post = planned(verdier)
    page = f"/b/{verdier.brand.slug}/posts/{post.pk}/approval/"
    for role, status in (("agent", 403), ("reader", 403), ("manager", 302)):
        client.force_login(verdier.people[role])
        given = {"decision": "approved", "number": 1, "words": ""}
        assert client.post(f"{page}decision/", given).status_code == status, role
    post.refresh_from_db()
    assert post.state == "scheduled"


def test_whoever_does_not_approve_says_why(verdier: House, client: Client) -> None:
    steps(verdier, ("manager", ""))
    post = planned(verdier)
    client.force_login(verdier.people["manager"])
    page = f"/b/{verdier.brand.slug}/posts/{post.pk}/approval/"
    answer = client.post(f"{page}decision/", {"decision": "declined", "number": 1, "words": " "})
    assert answer.status_code == 422
    assert asked(post).decision == ""


def link_of(verdier: House, post: Post, client: Client) -> str:
    client.force_login(verdier.people["agent"])
    answer = client.post(f"/b/{verdier.brand.slug}/posts/{post.pk}/approval/link/")
    return str(answer.context["link"]).partition("://")[2].partition("/")[2]


def test_a_client_decides_by_a_link_once_without_an_account(verdier: House, client: Client) -> None:
    steps(verdier, ("", "The town hall"))
    post = planned(verdier)
    Remark.say(post, "Only for us", verdier.people["agent"])
    Remark.say(post, "For the town hall", verdier.people["agent"], internal=False)
    link = f"/{link_of(verdier, post, client)}"
    outside = Client()
    shown = outside.get(link)
    words = shown.content.decode()
    assert (shown.status_code, "Good morning!" in words) == (200, True)
    assert ("Only for us" in words, "For the town hall" in words) == (False, True)
    assert (shown["X-Robots-Tag"], dict(shown.cookies)) == ("noindex", {})
    # Programs that follow links decide nothing.
    assert asked(post).decision == ""
    assert outside.post(link, {"decision": "approved", "number": 1}).status_code == 200
    outside.post(link, {"decision": "declined", "number": 1, "words": "No."})
    post.refresh_from_db()
    assert post.state == "scheduled"
    decided = post.approvals.get()
    assert (decided.decision, decided.decider, decided.by) == ("approved", "The town hall", None)


def test_who_decides_sees_the_pictures_and_a_stranger_does_not(verdier: House, client: Client) -> None:
    steps(verdier, ("", "The town hall"))
    agent = verdier.people["agent"]
    shown, other = (Asset.bring(verdier.brand, agent, jpeg()) for _ in range(2))
    words = [Variant(parts=["Good morning!"]), Variant(language="fr", parts=["Bonjour !"])]
    given = Content("en", words, [(verdier.channel.pk, "")], [(shown.pk, "The quay at dawn")])
    post = Post.make(verdier.brand, agent, given)
    post.belong(agent, None, "a test")
    post.submit(agent)
    link = f"/{link_of(verdier, post, client)}"
    for page in (Client().get(link), client.get(f"/b/{verdier.brand.slug}/posts/{post.pk}/approval/")):
        assert b'alt="The quay at dawn"' in page.content
        assert b"<h3>French</h3>" in page.content
    picture = Client().get(f"{link}pictures/{shown.pk}/")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")
    assert Client().get(f"{link}pictures/{other.pk}/").status_code == 404
    assert Client().get(f"/approve/nothing/pictures/{shown.pk}/").status_code == 404


def test_a_link_opens_nothing_once_another_was_made_or_it_is_too_old(verdier: House, client: Client) -> None:
    steps(verdier, ("", "The town hall"))
    post = planned(verdier, hours=24 * 40)
    first, second = (f"/{link_of(verdier, post, client)}" for _ in range(2))
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        assert Client().get(second).status_code == 410


def test_a_link_of_what_was_changed_says_so_and_decides_nothing(verdier: House, client: Client) -> None:
    steps(verdier, ("", "The town hall"))
    post = planned(verdier)
    link = f"/{link_of(verdier, post, client)}"
    post.rewrite(verdier.people["agent"], 1, content(verdier.channel, text="Something else"))
    Client().post(link, {"decision": "approved", "number": 1})
    post.refresh_from_db()
    assert post.state == "review"
    assert b"changed since" in Client().get(link).content


def test_the_page_shows_what_changed_since_it_was_approved(verdier: House, client: Client) -> None:
    steps(verdier, ("manager", ""))
    post = planned(verdier)
    asked(post).decide("approved", by=verdier.people["manager"])
    post.refresh_from_db()
    post.rewrite(verdier.people["agent"], 1, content(verdier.channel, text="Good evening!"))
    client.force_login(verdier.people["manager"])
    words = client.get(f"/b/{verdier.brand.slug}/posts/{post.pk}/approval/").content.decode()
    assert "<del>morning! </del><ins>evening! </ins>" in words


def test_the_page_asks_little(verdier: House, client: Client, django_assert_max_num_queries: Any) -> None:
    steps(verdier, ("manager", ""))
    post = planned(verdier)
    for number in range(10):
        Remark.say(post, f"remark {number}", verdier.people["agent"])
    client.force_login(verdier.people["manager"])
    with django_assert_max_num_queries(22):
        client.get(f"/b/{verdier.brand.slug}/posts/{post.pk}/approval/")


def test_managers_say_who_approves(verdier: House, client: Client) -> None:
    page = f"/b/{verdier.brand.slug}/posts/approval/"
    client.force_login(verdier.people["agent"])
    assert client.get(page).status_code == 403
    client.force_login(verdier.people["manager"])
    assert client.post(page, {"who0": "client"}).status_code == 422
    assert (
        client.post(page, {"who0": "manager", "who2": "client", "name2": "The town hall"}).status_code == 302
    )
    kept = ApprovalStep.objects.of(verdier.brand).values_list("place", "role", "who")
    assert list(kept) == [(0, "manager", ""), (1, "", "The town hall")]
