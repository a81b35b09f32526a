"""The pages on which a cluster is answered together: words, who gets what, the release, its progress."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox import jobs
from comptoir.inbox.models import Release, Reply, SavedReply
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.inbox.tests.test_release import ask, cluster, read

pytestmark = pytest.mark.django_db
SURGE = "/b/verdier/surge/"
TEXT = "Hello {{first_name}}, no ferry leaves before Thursday."


@pytest.fixture
def verdier() -> House:
    built = house()
    ask(built)
    hear(built.channel, [said("more", "Anybody? My son is asthmatic.", 1, by=0, in_reply_to="ask4")])
    read(built, ["more"])
    return built


def body(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.content.decode())


def prepared(of: House, text: str = TEXT) -> Any:
    there = f"{SURGE}clusters/{cluster(of).pk}/"
    data = {"language": "en", "text": text}
    return browser(of.people["agent"]).post(f"{there}releases/", data, follow=True)


def draft(of: House) -> Release:
    return Release.objects.of(of.brand).get()


def test_from_the_words_to_one_answer_each(verdier: House) -> None:
    client = browser(verdier.people["agent"])
    page = body(client.get(f"{SURGE}clusters/{cluster(verdier).pk}/"))
    assert "6 people wait with these words, or almost." in page
    assert "has written more since" in page
    page = body(prepared(verdier))
    assert "5 of 6 are chosen. Nothing has left yet." in page
    assert "Hello Ada0, no ferry leaves before Thursday." in page
    assert re.search(r"\d+ / 300", page)
    assert (
        page.index("Like the others") < page.index("The last exceptions") < page.index("Release the answers")
    )
    parts = list(draft(verdier).parts.order_by("pk"))
    assert not Reply.objects.exists()
    choice = f"{SURGE}releases/{draft(verdier).pk}/choice/"
    everybody = {"shown": [part.pk for part in parts], "part": [part.pk for part in parts[1:4]]}
    page = body(client.post(choice, {**everybody, "do": "keep"}, follow=True))
    assert "3 of 6 are chosen." in page
    page = body(client.post(choice, {**everybody, "do": "release"}, follow=True))
    assert "0 of 3 answers have left." in page
    jobs.release.func(release_id=draft(verdier).pk)
    part = body(client.get(f"{SURGE}releases/{draft(verdier).pk}/", headers={"HX-Request": "true"}))
    assert part.lstrip().startswith('<div id="progress"')
    assert "3 are on their way" in part
    assert Reply.objects.count() == 3
    body(client.post(choice, {**everybody, "do": "release"}, follow=True))
    assert Reply.objects.count() == 3
    body(client.post(f"{SURGE}releases/{draft(verdier).pk}/stop/", follow=True))
    jobs.release.func(release_id=draft(verdier).pk)
    page = body(client.get(f"{SURGE}releases/{draft(verdier).pk}/"))
    assert "Stopped. 0 of 3 answers have left." in page
    assert page.count("taken back before it left") == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write something first."),
        ("Hello {{nobody}}", "There is no variable {{nobody}}."),
        ("Hello {{first_name", "Two braces are opened and not closed"),
    ],
)
def test_words_that_will_not_do_come_back_with_the_reason(verdier: House, text: str, words: str) -> None:
    page = body(prepared(verdier, text), 422)
    assert words in page
    assert not Release.objects.of(verdier.brand).exists()


def test_what_nothing_fills_is_said(verdier: House) -> None:
    verdier.people["agent"].name = ""
    verdier.people["agent"].save()
    page = body(prepared(verdier, "Hello {{first_name}}, I am {{me}}."))
    assert "left out, because nothing fills it: me" in page


def test_a_saved_reply_gives_the_words_with_their_variables(verdier: House) -> None:
    agent = verdier.people["agent"]
    saved = SavedReply.make(verdier.brand, agent, "Ash", "ash", {"en": "Dear {{person}}, wait."})
    client = browser(agent)
    page = body(client.get(f"{SURGE}clusters/{cluster(verdier).pk}/?saved={saved.pk}"))
    assert "Dear {{person}}, wait.</textarea>" in page


def test_a_colleague_prepares_it_as_theirs_before_it_leaves(verdier: House) -> None:
    prepared(verdier)
    first, owner = draft(verdier), verdier.people["owner"]
    client, there = browser(owner), f"{SURGE}releases/{first.pk}/"
    page = body(client.get(there))
    assert "as answers of theirs" in page
    assert "Release the answers" not in page
    page = body(client.post(f"{there}choice/", {"do": "release"}, follow=True))
    assert "prepare it as yours" in page
    page = body(client.post(f"{there}copies/", follow=True))
    assert "Hello Ada0, no ferry leaves before Thursday." in page
    mine = Release.objects.of(verdier.brand).get(by=owner)
    page = body(client.post(f"{SURGE}releases/{mine.pk}/choice/", {"do": "release"}, follow=True))
    assert "0 of 5 answers have left." in page
    first.refresh_from_db()
    assert first.state == Release.State.DRAFT


def test_rights_and_walls(verdier: House) -> None:
    prepared(verdier)
    there = f"{SURGE}releases/{draft(verdier).pk}/"
    reader = browser(verdier.people["reader"])
    assert "Release the answers" not in body(reader.get(there))
    assert reader.post(f"{there}choice/", {"do": "release"}).status_code == 403
    assert reader.post(f"{there}stop/").status_code == 403
    other = house("lebrun")
    assert browser(other.people["owner"]).get(there.replace("verdier", "lebrun")).status_code == 404
    theirs = f"/b/lebrun/surge/clusters/{cluster(verdier).pk}/"
    assert browser(other.people["owner"]).get(theirs).status_code == 404
    assert not Reply.objects.exists()


def test_the_pages_ask_as_much_for_many_as_for_few(verdier: House) -> None:
    prepared(verdier)
    client = browser(verdier.people["agent"])
    pages = [f"{SURGE}clusters/{cluster(verdier).pk}/", f"{SURGE}releases/{draft(verdier).pk}/"]
    few = []
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        few.append(len(asked))
    ask(verdier, 60, first=100)
    prepared(verdier)
    for number, page in enumerate([pages[0], f"{SURGE}releases/{draft(verdier).pk}/"]):
        with CaptureQueriesContext(connection) as asked:
            text = body(client.get(page))
        assert len(asked) <= few[number] + 1 <= 16, [each["sql"][:150] for each in asked]
        assert len(text) < 60_000
