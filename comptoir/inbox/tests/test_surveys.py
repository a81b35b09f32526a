"""One question: it leaves with an ordinary answer, is answered once, and robots that follow links count for nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from comptoir.inbox.models import SavedReply, Survey
from comptoir.inbox.models.survey import as_long, put_link
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.measurement.asked import Asked
from comptoir.measurement.figures import figures_of
from comptoir.networks.models import Delivery
from comptoir.organisation.tests.programs import Program

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


def found(verdier: House, **given: Any) -> Any:
    return figures_of(Asked.of(verdier.brand, given)).satisfaction


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


def test_figures_tell_of_how_many_they_are(verdier: House) -> None:
    nothing = found(verdier)
    assert (nothing.total.rate, nothing.total.satisfied, nothing.total.mean) == (None, None, None)
    urls = [asked(verdier) for _n in range(4)]
    for url, score in zip(urls, ("5", "4", "1"), strict=False):
        browser().post(url, {"score": score})
    total = found(verdier).total
    assert (total.asked, total.answered, total.rate) == (4, 3, 0.75)
    assert (total.satisfied, round(total.mean, 3)) == (2 / 3, 3.333)
    assert total.spread == [(5, 1), (4, 1), (3, 0), (2, 0), (1, 1)]
    [line] = found(verdier).by["channel"]
    assert (line.key, line.label, line.asked) == (verdier.channel.pk, str(verdier.channel), 4)
    assert found(verdier, since="2020-01-01", until="2020-02-01").total.asked == 0


def test_what_did_not_leave_asked_nobody(verdier: House) -> None:
    asked(verdier)
    Delivery.objects.of(verdier.brand).update(state="withdrawn")
    assert found(verdier).total.asked == 0


def test_the_page_the_file_and_programs_tell_it(verdier: House) -> None:
    reader = verdier.people["reader"]
    assert "Nobody was asked in this period." in browser(reader).get("/b/verdier/figures/").content.decode()
    browser().post(asked(verdier), {"score": "4"})
    asked(verdier)
    page = " ".join(browser(reader).get("/b/verdier/figures/").content.decode().split())
    assert '<th scope="row">All together</th><td>100' in page
    sheet = b"".join(browser(reader).get("/b/verdier/figures/satisfaction.csv"))  # type: ignore[arg-type]
    assert b"all,,,2,1,0.5,1.0,4.0,0,1,0,0,0" in sheet
    told = Program(reader).get("brands/verdier/figures")["satisfaction"]
    assert (told["total"]["asked"], told["total"]["satisfied"], told["total"]["scores"]) == (
        2,
        1.0,
        [0, 0, 0, 1, 0],
    )
    assert set(told["by"]) == {"channel", "team", "language"}
