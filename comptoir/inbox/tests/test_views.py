"""The counter over HTTP: what lists and threads show, what people do, who may, and what it costs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from comptoir.inbox import jobs
from comptoir.inbox.models import Reading, Reply, Thread
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.networks import sending
from comptoir.networks.connector import Actor, Counts, Kind, Media, Span
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Channel, Delivery, Snapshot

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
        "?q=" + "a" * 201,
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
    assert body(desk).lstrip().startswith('<article class="thread"')
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


# --- acts


def post(verdier: House, thread: Any, noun: str, who: str = "agent", htmx: bool = False, **data: Any) -> Any:
    client = browser(verdier.people[who])
    return client.post(verdier.url(f"{thread.pk}/{noun}/"), data, follow=not htmx, **(HTMX if htmx else {}))


@pytest.mark.parametrize("htmx", [False, True])
def test_reply_and_undo(verdier: House, htmx: bool, settings: Any) -> None:
    settings.SEND_DELAY = 4
    thread = say(verdier)
    page = post(verdier, thread, "replies", htmx=htmx, text="Hello Person", seen="0", key="a" * 32)
    assert page.status_code == 200
    assert "Hello Person" in body(page)
    assert "Your reply leaves in a moment." in body(page)
    reply = Reply.objects.get(thread=thread)
    assert reply.delivery.text == "Hello Person"
    undone = post(verdier, thread, f"replies/{reply.pk}/withdrawal", htmx=htmx)
    assert "Hello Person</textarea>" in body(undone)
    assert Delivery.objects.of(verdier.brand).get().state == "withdrawn"
    late = post(verdier, thread, f"replies/{reply.pk}/withdrawal", htmx=htmx)
    assert "Too late to undo" in body(late)


def test_an_answer_that_left_is_taken_back(verdier: House) -> None:
    thread = say(verdier)
    reply = thread.reply("Too fast", verdier.people["owner"])
    url = f"replies/{reply.pk}/deletion"
    assert "nothing was taken back" in body(post(verdier, thread, url))
    sending.attempt(Delivery.objects.of(verdier.brand).select_related("channel", "target__actor").get())
    jobs.gather.func(verdier.channel.pk, [Row.objects.everywhere().latest("pk").pk], [])
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{thread.pk}/")))
    assert f"/{url}/" in page
    assert page.count("Too fast</p>") == 1
    assert "The network is asked to delete it." in body(post(verdier, thread, url))
    assert Delivery.objects.of(verdier.brand).filter(act="delete").count() == 1
    assert post(verdier, thread, "replies/999/deletion").status_code == 404
    assert post(verdier, thread, url, who="reader").status_code == 403


def test_what_the_network_counts_is_shown(verdier: House) -> None:
    thread = say(verdier)
    message = thread.entries.get().activity_id
    Snapshot.keep({message: Counts("m0", likes=1, reposts=0, quotes=None)})
    Snapshot.keep({message: Counts("m0", likes=3, reposts=1, quotes=None)})
    assert "3 likes, 1 repost<" in body(browser(verdier.people["reader"]).get(verdier.url(f"{thread.pk}/")))


def test_a_form_sent_twice_is_one_reply(verdier: House) -> None:
    thread = say(verdier)
    for _ in range(2):
        post(verdier, thread, "replies", text="Once", seen="0", key="b" * 32)
    assert Reply.objects.filter(thread=thread).count() == 1


def test_a_colleague_who_was_faster_is_shown(verdier: House) -> None:
    thread = say(verdier)
    thread.reply("I have it", verdier.people["owner"])
    page = post(verdier, thread, "replies", htmx=True, text="Me too", seen="0", key="c" * 32)
    assert page.status_code == 409
    assert "Owner answered" in body(page)
    assert "Send anyway" in body(page)
    seen = re.search(r'name="seen" value="(\d+)"', body(page))
    assert seen
    again = post(verdier, thread, "replies", htmx=True, text="Me too", seen=seen[1], key="c" * 32)
    assert again.status_code == 200
    assert Reply.objects.filter(thread=thread).count() == 2


@pytest.mark.parametrize(
    ("text", "word"), [("", "Write something"), ("x" * 301, "too long"), ("x" * 200_000, "100000")]
)
def test_words_that_do_not_fit_come_back(verdier: House, text: str, word: str) -> None:
    thread = say(verdier)
    page = post(verdier, thread, "replies", text=text, seen="0", key="d" * 32)
    assert page.status_code == 422
    assert word in body(page)
    assert not Reply.objects.exists()


def test_the_network_counts(verdier: House) -> None:
    thread = say(verdier)
    client = browser(verdier.people["agent"])
    counted = client.post(verdier.url(f"{thread.pk}/length/"), {"text": "👨‍👩‍👧‍👦é"}).json()
    assert counted == {"count": 2, "limit": 300, "over": -298}


def test_note_and_undo(verdier: House) -> None:
    thread = say(verdier)
    page = post(verdier, thread, "notes", text="only us")
    assert "only us" in body(page)
    note = thread.notes.get()
    assert "only us" not in body(post(verdier, thread, f"notes/{note.pk}/withdrawal"))
    assert post(verdier, thread, "notes", text="").status_code == 422


def test_assign_take_give_back_and_undo(verdier: House) -> None:
    thread = say(verdier)
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    assert "You have it now." in body(post(verdier, thread, "assignment", to=agent.pk))
    assert "Owner has it now." in body(post(verdier, thread, "assignment", to=owner.pk))
    last = thread.assignments.latest("pk")
    post(verdier, thread, f"assignments/{last.pk}/withdrawal")
    assert Thread.objects.of(verdier.brand).get().assignee == agent
    assert "Nobody has it now." in body(post(verdier, thread, "assignment", to=""))
    for wrong in (verdier.people["reader"].pk, verdier.stranger.pk, "x", 10**30, -1):
        assert post(verdier, thread, "assignment", to=wrong).status_code == 400


def test_close_reopen_undo(verdier: House) -> None:
    thread = say(verdier)
    assert "Closed." in body(post(verdier, thread, "closure"))
    assert not Thread.objects.of(verdier.brand).filter(closed_at=None).exists()
    assert "Open again." in body(post(verdier, thread, "closure", state="open"))
    client = browser(verdier.people["agent"])
    post(verdier, thread, "closure")
    assert client.delete(verdier.url(f"{thread.pk}/closure/"), **HTMX).status_code == 200
    assert Thread.objects.of(verdier.brand).filter(closed_at=None).count() == 1


def test_unread_again(verdier: House) -> None:
    thread = say(verdier)
    reader = verdier.people["reader"]
    browser(reader).get(verdier.url(f"{thread.pk}/"))
    assert browser(reader).post(verdier.url(f"{thread.pk}/reading/"), {"state": "unread"}).status_code == 302
    assert not Reading.objects.filter(user=reader).exists()
    assert (
        browser(reader).delete(verdier.url(f"{thread.pk}/reading/"), **HTMX)["HX-Location"] == verdier.url()
    )


def test_undo_is_for_one_s_own_acts(verdier: House) -> None:
    thread = say(verdier)
    note = thread.note("mine", verdier.people["owner"])
    assert post(verdier, thread, f"notes/{note.pk}/withdrawal").status_code == 404


def test_a_reader_sees_and_does_nothing(verdier: House) -> None:
    thread = say(verdier)
    page = body(browser(verdier.people["reader"]).get(verdier.url(f"{thread.pk}/")))
    assert "<textarea" not in page
    assert 'id="closure"' not in page
    for noun in ("replies", "notes", "assignment", "closure", "length", "replies/1/withdrawal"):
        answer = post(verdier, thread, noun, who="reader", text="x")
        assert answer.status_code == 403
        assert "role" in body(answer)


def test_a_lost_channel_says_why_nothing_can_leave(verdier: House) -> None:
    thread = say(verdier)
    Channel.objects.of(verdier.brand).update(state="reconnect")
    page = body(browser(verdier.people["manager"]).get(verdier.url(f"{thread.pk}/")))
    assert "has to be connected again" in page
    assert "Connect it again" in page
    assert post(verdier, thread, "replies", text="x", key="e" * 32).status_code == 400


def test_what_became_of_an_answer_is_shown(verdier: House) -> None:
    thread = say(verdier)
    reply = thread.reply("Hello", verdier.people["agent"])
    client = browser(verdier.people["agent"])
    Delivery.objects.of(verdier.brand).update(state="uncertain", code="uncertain")
    page = body(client.get(verdier.url(f"{thread.pk}/")))
    assert "It is not there: send it" in page
    assert f"/b/verdier/deliveries/{reply.delivery_id}/settlement/" in page
    Delivery.objects.of(verdier.brand).update(state="refused", code="target_gone")
    page = body(client.get(verdier.url(f"{thread.pk}/")))
    assert "was taken back by its author" in page
    again = body(client.get(verdier.url(f"{thread.pk}/?again={reply.delivery_id}")))
    assert "Hello</textarea>" in again


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
