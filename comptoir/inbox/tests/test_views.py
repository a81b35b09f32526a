"""The counter over HTTP: what lists and threads show, what people do, who may, and what it costs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from comptoir.inbox.models import Reading, Thread
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.networks.connector import Actor, Kind, Media, Span

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def say(verdier: House, n: int = 1) -> Any:
    hear(verdier.channel, [said(f"m{i}", minutes_ago=30 + i, by=i) for i in range(n)])
    return verdier.thread()


# --- the list


def test_a_list_shows_who_said_what_where_and_when(verdier: House) -> None:
    say(verdier)
    page = body(browser(verdier.people["agent"]).get(verdier.url()))
    assert "Person 0" in page
    assert "is anybody there?" in page
    assert "Rehearsal town" in page
    assert re.search(r"<time datetime=[^>]+>30 min</time>", page)
    assert "Unread" in page


def test_a_list_of_fifty_is_light_and_asks_little(verdier: House) -> None:
    say(verdier, 60)
    client = browser(verdier.people["agent"])
    client.get(verdier.url())
    with CaptureQueriesContext(connection) as asked:
        page = client.get(verdier.url())
    assert body(page).count('<li id="t') == 50
    assert len(page.content) < 60_000
    assert len(asked) < 12, [q["sql"][:90] for q in asked]


def test_a_thread_asks_little(verdier: House) -> None:
    thread = say(verdier, 60)
    agent = verdier.people["agent"]
    thread.note("look", agent)
    thread.assign(agent, verdier.people["owner"])
    thread.reply("Hello", agent)
    client = browser(agent)
    client.get(verdier.url())
    with CaptureQueriesContext(connection) as asked:
        page = client.get(verdier.url(f"{thread.pk}/"))
    assert page.status_code == 200
    assert len(asked) < 15, [q["sql"][:90] for q in asked]


def test_pages_follow_one_another_and_lose_nothing(verdier: House) -> None:
    say(verdier, 120)
    client = browser(verdier.people["reader"])
    seen: list[str] = []
    address = verdier.url()
    previous = ""
    for _ in range(3):
        page = body(client.get(address))
        seen += re.findall(r'<li id="t(\d+)"', page)
        found = re.search(r'rel="next" hx-get="([^"]+)"', page)
        back = re.search(r'href="([^"]+)" rel="prev"', page)
        previous = back[1].replace("&amp;", "&") if back else previous
        address = found[1].replace("&amp;", "&") if found else ""
    assert address == ""
    assert len(seen) == len(set(seen)) == 120
    assert re.findall(r'<li id="t(\d+)"', body(client.get(previous))) == seen[50:100]


def test_filters_and_search(verdier: House) -> None:
    say(verdier, 3)
    agent = verdier.people["agent"]
    first, second, third = Thread.objects.of(verdier.brand).order_by("-last_at")
    first.assign(agent, agent)
    second.close(agent)
    third.read(agent)
    client = browser(agent)

    def shown(query: str) -> set[int]:
        return {int(pk) for pk in re.findall(r'<li id="t(\d+)"', body(client.get(verdier.url(query))))}

    assert shown("") == {first.pk, third.pk}
    assert shown("?show=mine") == {first.pk}
    assert shown("?show=closed") == {second.pk}
    assert shown("?show=unread") == {first.pk}
    assert shown("?show=all") == {first.pk, second.pk, third.pk}
    assert shown("?show=all&q=m1") == {second.pk}
    assert shown("?show=all&q=person") == {first.pk, second.pk, third.pk}
    assert "No thread has all of these words" in body(client.get(verdier.url("?q=zebra")))


@pytest.mark.parametrize(
    "query",
    [
        "?show=odd",
        "?older=x",
        "?older=999999999999999999-1",
        "?newer=1-99999999999999999999",
        "?q=" + "a" * 4_097,
    ],
)
def test_nonsense_in_a_list_s_address_is_refused_with_a_sentence(verdier: House, query: str) -> None:
    answer = browser(verdier.people["reader"]).get(verdier.url(query))
    assert answer.status_code == 400
    assert "lead" in body(answer)


def test_for_htmx_only_what_it_asks_for(verdier: House) -> None:
    thread = say(verdier, 60)
    client = browser(verdier.people["agent"])
    desk = client.get(verdier.url(f"{thread.pk}/"), headers={"HX-Request": "true", "HX-Target": "desk"})
    assert "<title>Person 0 · Maison Verdier" in body(desk)
    assert "<html" not in body(desk)
    assert f'id="t{thread.pk}" hx-swap-oob' in body(desk)
    stream = client.get(verdier.url(f"{thread.pk}/"), headers={"HX-Request": "true", "HX-Target": "stream"})
    assert 'role="feed"' in body(stream)
    assert "<textarea" not in body(stream)
    older = client.get(verdier.url(), headers={"HX-Request": "true", "HX-Target": "older"})
    assert "<html" not in body(older)
    assert "rowset" in body(older)


# --- the thread


def test_a_thread_reads_in_order_and_is_read_by_looking(verdier: House) -> None:
    thread = say(verdier)
    first = said("m0")
    hear(verdier.channel, [said("a", "and another thing", 20, in_reply_to="m0", kind=Kind.REPLY)])
    agent = verdier.people["agent"]
    thread.note("he is a regular", agent)
    page = body(browser(agent).get(verdier.url(f"{thread.pk}/"))).split('id="desk"')[1]
    assert page.index(first.text) < page.index("and another thing") < page.index("he is a regular")
    assert Reading.objects.filter(user=agent, thread=thread).exists()
    assert "Likes tea." in page
    assert "1,200" in page


def test_what_strangers_write_is_shown_harmless(verdier: House) -> None:
    evil = '<script>alert(1)</script> "><img src=x onerror=alert(2)> \u202eabc'
    spans = (Span(0, 8, "link", "javascript:alert(1)"), Span(9, 14, "link", 'https://example.org/?a=1&b="x'))
    who = Actor(
        "evil", "@evil.example", "<b>Evil</b>", about="<i>x</i>", url="javascript:alert(3)", avatar="data:x"
    )
    media = (Media("javascript:alert(4)"), Media("https://example.org/a.png", alt='"><script>'))
    hear(verdier.channel, [said("m0", evil, actor=who, spans=spans, media=media)])
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{verdier.thread().pk}/")))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>Evil" not in page
    assert "<i>x" not in page
    assert "javascript:" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert 'href="https://example.org/?a=1&amp;b=&quot;x"' in page


def test_a_text_of_a_million_characters_is_cut(verdier: House) -> None:
    hear(verdier.channel, [said("m0", "x" * 1_000_000)])
    page = browser(verdier.people["agent"]).get(verdier.url(f"{verdier.thread().pk}/"))
    assert len(page.content) < 60_000


def test_taken_back_and_edited_are_marked(verdier: House) -> None:
    now = datetime.now(UTC)
    hear(
        verdier.channel,
        [said("m0"), said("m1", "changed", 20, edited=now, in_reply_to="m0", kind=Kind.REPLY)],
    )
    hear(verdier.channel, [said("m2", "secret", 10, in_reply_to="m0", kind=Kind.REPLY)])
    hear(verdier.channel, [said("m2", "", 10, deleted=True, in_reply_to="m0", kind=Kind.REPLY)])
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{verdier.thread().pk}/")))
    assert "edited" in page
    assert "Taken back by its author." in page
    assert "secret" not in page


def test_a_long_thread_comes_in_pages(verdier: House) -> None:
    items = [said("m0", minutes_ago=400)]
    items += [said(f"r{i}", f"number {i}.", 390 - i, in_reply_to="m0", kind=Kind.REPLY) for i in range(150)]
    hear(verdier.channel, items)
    client = browser(verdier.people["agent"])
    url = verdier.url(f"{verdier.thread().pk}/")
    page = body(client.get(url))
    assert "number 149." in page
    assert "number 20." not in page
    earlier = re.search(r'href="(\?before=\d+)"', page)
    assert earlier
    before = body(client.get(url + earlier[1])).split('id="desk"')[1]
    assert "number 20." in before
    assert "number 149." not in before


@pytest.mark.parametrize("rest", ["?before=x", "?before=" + "9" * 30, "?again=x", "?again=" + "9" * 30])
def test_nonsense_in_a_thread_s_address_is_refused(verdier: House, rest: str) -> None:
    thread = say(verdier)
    assert browser(verdier.people["agent"]).get(verdier.url(f"{thread.pk}/{rest}")).status_code == 400


def test_a_thread_of_another_brand_is_not_there(verdier: House) -> None:
    thread = say(verdier)
    stranger = browser(verdier.stranger)
    assert stranger.get(verdier.url(f"{thread.pk}/")).status_code == 404
    assert stranger.get(f"/b/not-verdier/threads/{thread.pk}/").status_code == 404
    assert browser().get(verdier.url()).status_code == 302


def test_signed_out_htmx_is_sent_to_the_door_whole(verdier: House) -> None:
    answer = browser().get(verdier.url(), **HTMX)
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/account/login/")


def test_days_are_the_reader_s_own(verdier: House) -> None:
    hear(verdier.channel, [said("m0", published=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))])
    client = browser(verdier.people["agent"])
    url = verdier.url(f"{verdier.thread().pk}/")
    client.cookies["zone"] = "Europe%2FParis"
    assert "2 March 2026" in body(client.get(url))
    for nonsense in ("", "../../etc/passwd", "Mars/Olympus", "x" * 999):
        client.cookies["zone"] = nonsense
        assert "1 March 2026" in body(client.get(url))


def test_in_french(verdier: House) -> None:
    say(verdier)
    with translation.override("fr"):
        page = body(browser(verdier.people["agent"]).get(verdier.url(), headers={"Accept-Language": "fr"}))
    assert '<html lang="fr"' in page
    assert "Non lues" in page


def test_a_person_s_past_is_beside_the_thread(verdier: House) -> None:
    old = datetime.now(UTC) - timedelta(days=3)
    hear(verdier.channel, [said("old", "about the teapot", published=old), said("new", "about the shirt")])
    thread = verdier.thread()
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{thread.pk}/")))
    assert "about the teapot" in page.split('id="person"')[1]


def test_the_reply_box_says_whether_others_will_read_it(verdier: House) -> None:
    hear(verdier.channel, [said("open", by=1), said("aside", by=2, kind=Kind.MESSAGE)])
    client = browser(verdier.people["agent"])
    said_of = {
        thread.kind: body(client.get(verdier.url(f"{thread.pk}/")))
        for thread in Thread.objects.of(verdier.brand)
    }
    assert "Public answer to Person 1" in said_of["mention"]
    assert "Private answer to Person 2" in said_of["message"]
