"""What stands on the networks is changed there, or taken down, where the network can; it says where it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from comptoir.kernel import clock
from comptoir.networks import jobs
from comptoir.networks.connector import Deletes, Edits, Refused, TryLater
from comptoir.networks.models import Delivery
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing import departing
from comptoir.publishing.carrying import NotThere, change, standing, take_down
from comptoir.publishing.models import (
    Content,
    FoundPiece,
    Piece,
    Post,
    Sharing,
    ShortLink,
    Step,
    Variant,
)
from comptoir.publishing.models.approval import ApprovalStep
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


class Slate(Edits, Deletes, Wall):
    """A stand-in for a network where everything can be changed; `done` is what it was asked, in order."""

    done: ClassVar[list[tuple[str, str]]] = []

    def edit(self, remote_id: str, text: str) -> None:
        if type(self).raises:
            raise type(self).raises.pop(0)
        self.done.append((remote_id, text))

    def delete(self, remote_id: str) -> None:
        self.done.append((remote_id, ""))


@pytest.fixture(autouse=True)
def clean() -> Any:
    Wall.said.clear()
    Slate.done.clear()
    Slate.raises.clear()


def published(monkeypatch: pytest.MonkeyPatch, kind: type[Wall], *parts: str) -> tuple[House, Post]:
    """A post in these parts that stands on two channels of such a network."""
    every_network_is(monkeypatch, kind)
    made = house()
    by = made.people["agent"]
    there = [channel_of(made.brand, name) for name in ("one", "two")]
    words = Content("en", [Variant(parts=list(parts))], [(each.pk, "") for each in there])
    post = Post.make(made.brand, by, words)
    post.belong(by, None, "a test")
    post.publish(by)
    while departing.depart():
        pass
    for _part in parts:
        leave()
    post.refresh_from_db()
    assert post.state == "published"
    return made, post


def leave() -> None:
    """Bring everything that waits a step further, and write down what became of it."""
    waiting = Delivery.objects.everywhere().filter(state="waiting", not_before__lte=clock.now())
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        jobs.deliver.func(delivery_id=pk)
    departing.follow(list(Delivery.objects.everywhere().values_list("pk", flat=True)))


def steps(post: Post) -> Sequence[Step]:
    return list(Step.objects.of(post.brand_id).order_by("destination", "place"))


def states(post: Post) -> list[str]:
    return [each.state for each in standing(post)]


def test_a_change_reaches_each_channel_once_and_shows_what_is_read_by_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, post = published(monkeypatch, Slate, "Doors at eight", "Bring a coat")
    first = steps(post)[0]
    assert change(post, made.people["agent"], {first.pk: "Doors at nine"}) == 1
    assert states(post) == ["moving", ""]
    with pytest.raises(NotThere, match="under_way"):
        change(post, made.people["agent"], {first.pk: "Doors at ten"})
    leave()
    assert states(post) == ["changed", ""]
    assert Slate.done == [(first.delivery.remote_id, "Doors at nine")]
    assert [each.text for each in standing(post)[0].parts] == ["Doors at nine", "Bring a coat"]
    assert change(post, made.people["agent"], {first.pk: "Doors at nine "}) == 0
    assert AuditEntry.objects.of(made.brand).filter(what="post_carried").count() == 1


def test_it_is_taken_down_from_one_channel_its_last_part_first(monkeypatch: pytest.MonkeyPatch) -> None:
    made, post = published(monkeypatch, Slate, "Doors at eight", "Bring a coat")
    two = standing(post)[1]
    assert take_down(post, made.people["agent"], [two.channel.pk]) == 2
    leave()
    assert states(post) == ["", "gone"]
    assert Slate.done == [(each.step.delivery.remote_id, "") for each in reversed(two.parts)]
    assert take_down(post, made.people["agent"], [two.channel.pk]) == 0
    assert AuditEntry.objects.of(made.brand).filter(what="post_taken_down").count() == 1
    with pytest.raises(NotThere, match="not_there"):
        change(post, made.people["agent"], {two.parts[0].step.pk: "Again"})


def test_it_is_taken_down_while_a_change_waits_for_its_network(monkeypatch: pytest.MonkeyPatch) -> None:
    made, post = published(monkeypatch, Slate, "Doors at eight", "Bring a coat")
    one, by = standing(post)[0], made.people["agent"]
    Slate.raises.append(TryLater("rate_limited", timedelta(hours=1)))
    change(post, by, {one.parts[0].step.pk: "Doors at nine"})
    leave()
    assert states(post) == ["moving", ""]
    assert take_down(post, by, [one.channel.pk]) == 2
    assert take_down(post, by, [one.channel.pk]) == 0, "it is on its way"
    leave()
    assert states(post) == ["gone", ""]
    assert {text for _id, text in Slate.done} == {""}


def test_what_cannot_be_carried_out_is_said_and_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    made, post = published(monkeypatch, Slate, "Doors at eight")
    both = {each.pk: "n" * 301 for each in steps(post)}
    with pytest.raises(NotThere) as error:
        change(post, made.people["agent"], both)
    assert (error.value.code, error.value.over) == ("too_long", 1)
    assert states(post) == ["", ""]
    Slate.raises.append(Refused("not_there"))
    change(post, made.people["agent"], {steps(post)[0].pk: "Doors at nine"})
    leave()
    assert states(post) == ["failed", ""]
    assert [each.text for each in standing(post)[0].parts] == ["Doors at eight"]


def test_a_network_that_knows_no_changes_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    made, post = published(monkeypatch, Wall, "Doors at eight")
    page = browser(made.people["agent"])
    address = f"/b/verdier/posts/{post.pk}/standing/"
    assert "Wall lets nothing be changed or taken down from here." in page.get(address).content.decode()
    with pytest.raises(NotThere, match="cannot"):
        change(post, made.people["agent"], {steps(post)[0].pk: "Doors at nine"})
    with pytest.raises(NotThere, match="cannot"):
        take_down(post, made.people["agent"], [made.channel.pk])


def test_the_page_changes_and_takes_down_and_keeps_what_was_typed(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    made, post = published(monkeypatch, Slate, "Doors at eight")
    page, first = browser(made.people["agent"]), steps(post)[0]
    address = f"/b/verdier/posts/{post.pk}/standing/"
    with django_assert_max_num_queries(14):
        assert "Doors at eight" in page.get(address).content.decode()
    long = page.post(address, {f"part-{first.pk}": "n" * 301})
    assert (long.status_code, "n" * 301 in long.content.decode()) == (422, True)
    assert "Too long by 1." in long.content.decode()
    done = page.post(address, {f"part-{first.pk}": "Doors at nine"}, follow=True)
    assert "1 message is changed there." in done.content.decode()
    leave()
    assert "Doors at nine" in page.get(address).content.decode()
    assert browser(made.people["reader"]).get(address).status_code == 403
    page.post(address, {"down": first.destination.channel_id})
    leave()
    assert states(post) == ["gone", ""]


def test_where_posts_are_approved_managers_change_what_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    made, post = published(monkeypatch, Slate, "Doors at eight")
    ApprovalStep.put(made.brand, made.people["owner"], [("manager", "")])
    address, given = f"/b/verdier/posts/{post.pk}/standing/", {f"part-{steps(post)[0].pk}": "Doors at nine"}
    assert browser(made.people["agent"]).post(address, given).status_code == 403
    assert browser(made.people["manager"]).post(address, given).status_code == 302
    assert states(post) == ["moving", ""]


def test_programs_change_and_take_down(monkeypatch: pytest.MonkeyPatch) -> None:
    made, post = published(monkeypatch, Slate, "Doors at eight")
    agent, address = Program(made.people["agent"]), f"brands/verdier/posts/{post.pk}/standing"
    first, second = agent.get(address)["items"]
    (message,) = first["messages"]
    assert (message["text"], first["edits"], first["deletes"]) == ("Doors at eight", True, True)
    long = {"messages": [{"id": message["id"], "text": "n" * 301}]}
    assert problem(agent.ask("PUT", address, long)) == "invalid"
    given = {"messages": [{"id": message["id"], "text": "Doors at nine"}]}
    assert agent.ask("PUT", address, given).json()["items"][0]["state"] == "moving"
    leave()
    agent.ask("POST", f"{address}/removal", {"channels": [second["channel"]]})
    leave()
    assert [each["state"] for each in agent.get(address)["items"]] == ["changed", "gone"]
    ApprovalStep.put(made.brand, made.people["owner"], [("manager", "")])
    assert problem(agent.ask("PUT", address, given)) == "role-too-low"


def test_what_a_post_shares_keeps_its_credit_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where its link left short."""
    link = "https://photos.example/oven"
    made, post = published(monkeypatch, Slate, "The oven at night", f"by Ana Ruiz: {link}")
    by = made.people["agent"]
    piece = FoundPiece.note_down(made.brand, by, Piece("The oven", link, "Ana Ruiz"))
    Sharing.put(post, [piece.pk])
    first, second = steps(post)[:2]
    with pytest.raises(NotThere) as why:
        change(post, by, {second.pk: "by Ana Ruiz"})
    assert (why.value.code, why.value.step) == ("uncredited", second.pk)
    row = first.destination
    row.post = post
    short = ShortLink.of_destination(row, "https://short.example/", [link])[link]
    assert change(post, by, {first.pk: f"The oven at night: {short}", second.pk: "by ANA RUIZ"}) == 2
