"""One question: it leaves with an ordinary answer, is answered once, and robots that follow links count for nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from comptoir.inbox.models import SavedReply, Survey
from comptoir.inbox.models.survey import as_long, put_link
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m1", "Where is my parcel?")])
    return made


def asked(verdier: House, text: str = "It is there. {{ survey }}") -> str:
    """An answer with the question left: where its link leads."""
    thread = verdier.thread()
    seen = thread.replies.count() and thread.replies.latest("pk").pk
    reply = thread.reply(text, verdier.people["agent"], seen=seen)
    Delivery.objects.of(verdier.brand).filter(pk=reply.delivery_id).update(state="sent")
    words: str = reply.delivery.text
    return words.partition("http://localhost:8000")[2].split()[0]


def test_the_link_leaves_with_the_answer_and_is_answered_once(verdier: House) -> None:
    url = asked(verdier)
    person = browser()
    for _n in range(3):
        page = person.get(url)
        assert person.head(url).status_code == 200
    assert "Were you helped?" in page.content.decode()
    assert not page.cookies
    assert Survey.objects.of(verdier.brand).get().answered_at is None
    assert "Choose one." in person.post(url, {"words": "x"}).content.decode()
    answer = person.post(url, {"score": "4", "words": "Quick."})
    assert "Maison Verdier has your answer." in answer.content.decode()
    assert not answer.cookies
    assert "has your answer" in person.post(url, {"score": "1"}).content.decode()
    kept = Survey.objects.of(verdier.brand).get()
    assert (kept.score, kept.words) == (4, "Quick.")
    assert url.split("/")[2] not in kept.digest


def test_it_expires_and_speaks_the_language_of_the_person(verdier: House) -> None:
    url = asked(verdier)
    Survey.objects.of(verdier.brand).update(language="fr-CA")
    assert "Avons-nous pu vous aider" in browser().get(url).content.decode()
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert browser().get(url).status_code == browser().post(url, {"score": "5"}).status_code == 410
    assert browser().get("/survey/strange/").status_code == 410


@pytest.mark.parametrize("score", ["0", "6", "x", "4.5"])
def test_scores_are_one_to_five(verdier: House, score: str) -> None:
    assert browser().post(asked(verdier), {"score": score}).status_code == 422
    assert Survey.objects.of(verdier.brand).get().score is None


def test_the_count_is_that_of_what_leaves() -> None:
    text, kept = put_link("Hello {{survey}}")
    assert len(as_long("Hello {{survey}}")) == len(text)
    assert len(kept) == 64
    assert put_link("Hello") == ("Hello", "")


def test_a_saved_reply_brings_the_question(verdier: House) -> None:
    agent = verdier.people["agent"]
    SavedReply.make(verdier.brand, agent, "Done", "done", {"en": "Done, {{person}}! {{survey}}"})
    page = browser(agent).get(verdier.url(f"{verdier.thread().pk}/saved-replies/"))
    assert "Done, Person 0! {{survey}}" in page.content.decode()
    given = {"text": "Done! {{survey}}", "seen": "0"}
    browser(agent).post(verdier.url(f"{verdier.thread().pk}/replies/"), given)
    assert "/survey/" in verdier.thread().replies.get().delivery.text
