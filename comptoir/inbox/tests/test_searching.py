"""Searches: plain words, the language of queries, and every thread within reach."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox import jobs
from comptoir.inbox.models import Tag, Thread, searching
from comptoir.inbox.models.listed import listed
from comptoir.inbox.models.searching import matching
from comptoir.inbox.models.sorting import put_on
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.networks.connector import Kind, Media
from comptoir.networks.indexing import searchable
from comptoir.networks.proposing import proposing, tsquery
from comptoir.organisation.models import Team
from comptoir.organisation.query_words import read, sentence_of
from comptoir.reading.folding import words
from comptoir.reading.query import Code, Document, parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [
        said("bag", "My suitcase is lost, nobody answers.fin.Merci", 50, 1, language="en"),
        said("bill", "Ma facture d’électricité est fausse", 40, 2, language="fr"),
        said("praise", "Bravo, l'équipe est formidable ❤", 30, 3, language="fr"),
        said("photo", "Look at this", 20, 4, media=[Media("https://example.org/a.png", "image", "a")]),
        said("dm", "Please call me back about my suitcase", 10, 5, kind=Kind.MESSAGE),
    ])  # fmt: skip
    return made


def body(response: Any) -> str:
    return unescape(str(response.content.decode()))


def found(verdier: House, query: str, show: str = "all", who: str = "agent", **more: Any) -> list[str]:
    user = verdier.people[who]
    result = matching(verdier.brand.pk, user.pk, show, parse(query), me=str(user), **more)
    conversations = dict(Thread.objects.of(verdier.brand).values_list("pk", "conversation"))
    return [conversations[pk] for pk in result.threads]


def thread(verdier: House, name: str) -> Any:
    return Thread.objects.of(verdier.brand).get(conversation=name)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("suitcase", ["dm", "bag"]),
        ("suitcase AND NOT lost", ["dm"]),
        ('"suitcase is lost"', ["bag"]),
        ('"lost suitcase"', []),
        ("suitcase NEAR/2 lost", ["bag"]),
        ("merci", ["bag"]),
        ("electricite", ["bill"]),
        ("équipe OR facture", ["praise", "bill"]),
        ("❤", ["praise"]),
        ("suit*", ["dm", "bag"]),
        ("type:dm", ["dm"]),
        ("has:image", ["photo"]),
        ('author:"Person 4"', ["photo"]),
        ("lang:fr", ["praise", "bill"]),
        ("followers:>1000 AND type:dm", ["dm"]),
        ("followers:>5000", []),
        ("network:rehearsal AND state:new AND lost", ["bag"]),
        ("assignee:nobody AND type:dm", ["dm"]),
    ],
)
def test_a_query_finds_what_it_is_true_of(verdier: House, query: str, names: list[str]) -> None:
    assert found(verdier, query) == names


def test_what_colleagues_did_can_be_asked_for(verdier: House) -> None:
    agent = verdier.people["agent"]
    put_on(thread(verdier, "bag"), Tag.called(verdier.brand, "Bagages perdus", agent), agent)
    thread(verdier, "bill").assign(agent, agent)
    thread(verdier, "photo").assign(Team.make(verdier.brand, "Night", [], agent), agent)
    thread(verdier, "praise").prioritise(2, agent)
    thread(verdier, "dm").close(agent)
    assert found(verdier, 'tag:"bagages perdus"') == ["bag"]
    assert found(verdier, "tag:bag*") == ["bag"]
    assert found(verdier, "assignee:me") == ["bill"]
    assert found(verdier, "assignee:me", who="owner") == []
    assert found(verdier, "assignee:Agent", who="owner") == ["bill"]
    assert found(verdier, "assignee:Night") == ["photo"]
    assert found(verdier, "priority:urgent") == ["praise"]
    assert found(verdier, "state:closed") == ["dm"]
    assert found(verdier, "state:open") == ["photo", "praise", "bill", "bag"]
    assert found(verdier, "state:open", show="closed") == []
    thread(verdier, "bag").reply("We found it in Lyon", agent)
    assert found(verdier, "is:own") == []


def test_tone_and_language_are_read_where_nobody_says_them(verdier: House) -> None:
    hear(verdier.channel, [said("rage", "C'est une honte, je suis furieux et très déçu de vous", 5, 9)])
    rage = thread(verdier, "rage")
    for _twice in range(2):
        jobs.read.func(threads=[rage.pk, thread(verdier, "praise").pk])
    rage.refresh_from_db()
    assert (rage.language, rage.tone) == ("fr", "negative")
    assert found(verdier, "sentiment:negative AND honte") == ["rage"]
    assert "praise" not in found(verdier, "sentiment:negative")
    assert found(verdier, "lang:fr AND honte") == ["rage"]
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{rage.pk}/")))
    assert "French · displeased" in page


def test_reading_gives_way_to_what_nobody_can_see_yet(verdier: House) -> None:
    rage = thread(verdier, "bag")
    verdier.channel.receive([said("late", "Where are you?", 1, 9)])
    jobs.read.func(threads=[rage.pk])
    rage.refresh_from_db()
    assert rage.tone == ""
    again = ProcrastinateJob.objects.get(task_name="comptoir.inbox.jobs.read", scheduled_at__isnull=False)
    jobs.read.func(**again.args | {"waited": jobs.PATIENCE})
    rage.refresh_from_db()
    assert rage.tone != ""


def test_what_waits_to_be_read_is_read_together(verdier: House) -> None:
    hear(verdier.channel, [said("rage", "C'est une honte, je suis furieux et très déçu de vous", 5, 9)])
    waiting = ProcrastinateJob.objects.filter(task_name="comptoir.inbox.jobs.read", status="todo")
    assert waiting.count() > 1
    jobs.read.func(threads=[thread(verdier, "bag").pk])
    assert thread(verdier, "rage").tone == "negative"
    assert not waiting.exists()


def test_every_thread_can_be_reached(verdier: House) -> None:
    items = [said(f"n{n}", f"lost number {n}", 60 + n, 20 + n) for n in range(130)]
    hear(verdier.channel, items)
    client = browser(verdier.people["agent"])
    seen: list[str] = []
    url = verdier.url("?q=lost+AND+number&show=all")
    for _page in range(4):
        page = body(client.get(url))
        seen += re.findall(r'<li id="t(\d+)">', page)
        more = re.search(r'id="older"><a[^>]* href="([^"]+)"', page)
        if not more:
            break
        url = more[1]
    assert len(seen) == len(set(seen)) == 130
    back = re.search(r'href="([^"]+)" rel="prev"', page)
    assert back
    before = re.findall(r'<li id="t(\d+)">', body(client.get(back[1])))
    assert before == seen[50:100]


def test_a_search_that_takes_long_says_how_far_it_came_and_goes_on(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PATIENCE", -1.0)
    monkeypatch.setattr(searching, "AT_ONCE", (2, 2))
    page = body(browser(verdier.people["agent"]).get(verdier.url("?q=author:%22Person+1%22&show=all")))
    assert "Looked back to" in page
    url = re.search(r'href="([^"]+)" rel="next">Look further back', page)
    assert url
    page = body(browser(verdier.people["agent"]).get(url[1]))
    url = re.search(r'href="([^"]+)" rel="next">Look further back', page)
    assert url
    assert "My suitcase is lost" in body(browser(verdier.people["agent"]).get(url[1]))


def test_common_words_are_read_down_from_the_newest(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for common in (False, True):
        monkeypatch.setattr("comptoir.inbox.models.listed.is_common", lambda *_proposed: common)  # noqa: B023
        monkeypatch.setattr(searching, "is_common", lambda *_proposed: common)  # noqa: B023
        assert found(verdier, "suitcase") == ["dm", "bag"]
        rows = listed(verdier.brand.pk, verdier.people["agent"].pk, "all", "suitcase")
        assert [row.last_text[:6] for row in rows] == ["Please", "My sui"]


def test_days_are_the_reader_s(verdier: House) -> None:
    zone = ZoneInfo("Pacific/Kiritimati")
    today = clock.now().astimezone(zone).date()
    assert len(found(verdier, f"since:{today - timedelta(days=1)}", zone=zone)) == 5
    assert found(verdier, f"since:{today + timedelta(days=1)}", zone=zone) == []


def test_nobody_finds_what_is_another_brand_s(verdier: House) -> None:
    other = house("lebrun")
    hear(other.channel, [said("theirs", "suitcase", 5, 9)])
    assert found(verdier, "suitcase") == ["dm", "bag"]
    assert found(other, "suitcase") == ["theirs"]


def test_a_search_takes_few_questions_however_many_threads_there_are(verdier: House) -> None:
    client = browser(verdier.people["agent"])

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(verdier.url("?q=lost+AND+NOT+found&show=all"))
        return len(asked)

    questions()
    few = questions()
    hear(verdier.channel, [said(f"n{n}", f"lost number {n}", 60 + n, 20 + n) for n in range(45)])
    assert questions() == few


# --- what is wrong


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("a AND b OR c", "OR and AND stand side by side"),
        ('"lost bag', "This quote is not closed"),
        ("colour:red", "There is no field colour."),
        ("NOT lost", "This only says what must not be"),
        ("state:(", "This parenthesis is not closed"),
    ],
)
def test_what_is_no_query_says_why(verdier: House, query: str, words: str) -> None:
    page = body(browser(verdier.people["agent"]).get(verdier.url(), {"q": query}))
    assert words in page
    assert "This query cannot be asked" in page


def test_one_click_mends_it(verdier: House) -> None:
    client = browser(verdier.people["agent"])
    page = body(client.get(verdier.url(), {"q": "suitcase AND lost OR facture", "show": "all"}))
    url = re.search(r'<a href="([^"]+)">Write it so:', page)
    assert url
    mended = body(client.get(url[1]))
    assert "This query cannot be asked" not in mended
    assert len(re.findall(r'<li id="t\d+">', mended)) == 2


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("code", list(Code))
def test_every_problem_has_a_sentence(code: Code, language: str) -> None:
    from comptoir.reading.query import FACTS, Problem

    with translation.override(language):
        sentence = sentence_of(Problem(code, 0, 1, dict.fromkeys(FACTS[code], "X")))
    assert "%(" not in sentence
    assert all(name not in sentence for name in ("field)", "given)"))


@pytest.mark.parametrize("plain", ["lost bag", "porte-clé", "l'équipe", "AF123", "et moi", "vol annulé !"])
def test_plain_words_are_looked_for_in_names_as_well(verdier: House, plain: str) -> None:
    assert read(plain) is None


@given(st.text(max_size=60))
def test_whatever_a_message_says_the_index_holds_what_a_query_needs(text: str) -> None:
    held = set(words(text))
    for word in words(text):
        proposed = tsquery(parse(f'"{word}"')) if word.isascii() and word.isalnum() else ""
        if proposed and parse(f'"{word}"').matches(Document(text=text)):
            assert any(f"'{each}'" in proposed for each in held)


_AWKWARD = (
    "air", "Air", "france", "FRANCE", "l'été", "cœur", "coeur", "sœurs", "™", "№", "ʻ", "❤", "Ⓜ", "ℹ", "½", "1e5", "3G",
    "https://x.org/air", "HTTPS://france.fr", "air_france", "@air", "#France", "e\u0301te", "\u0345", "\u200d", "日本",
    "-5", "air-france", "orange.fr", "end.Begin", "$AF", "\u20e3", "x²", "①", "ﬁn", "𝐚𝐢𝐫",
)  # fmt: skip
_SOUGHT = ("air france", "france air", "l'été", "coeur air", "sœurs france", "franc* air", "air tm", "3g 1e5")


@given(
    st.lists(st.sampled_from(_AWKWARD), max_size=9),
    st.lists(st.sampled_from(_AWKWARD), max_size=3),
    st.sampled_from(["", " ", " ", ", ", "\n"]),
    st.sampled_from(_SOUGHT),
)
@example(["air", "ʻ", "france"], [], " ", "air france")
@example(["air", "HTTPS://france.fr", "france"], [], " ", "air france")
@example(["air"] * 300 + ["france"], [], " ", "air france")
@example(["Air™ France"], [], "", "france")
def test_the_index_proposes_each_phrase_that_a_query_finds(
    said: list[str], title: list[str], between: str, sought: str
) -> None:
    text, head = between.join(said), between.join(title)
    query = parse(f'"{sought}"')
    if query.matches(Document(text=text, title=head)):
        says, values = proposing(query)
        message = (
            "(SELECT to_tsvector('simple', %(folded)s) search, %(title)s::text title, %(text)s::text text) a"
        )
        values |= {"folded": searchable(head, text, "", ""), "title": head, "text": text}
        assert ask(f"SELECT {says} FROM {message}", values) == [(True,)]


def test_a_phrase_is_found_and_its_words_apart_are_not(verdier: House) -> None:
    hear(
        verdier.channel,
        [said("apart", "Lost: my suitcase", 5, 6), said("long", f"{'is ' * 300} is lost", 4, 7)],
    )
    assert found(verdier, '"is lost"') == ["long", "bag"]
    assert found(verdier, '"suitcase is"') == ["bag"]
