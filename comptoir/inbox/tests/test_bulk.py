"""One act on many threads: any selection, its progress, its undo, and a worker that dies in the middle."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox import jobs
from comptoir.inbox.models import Bulk, BulkChange, Thread, bulk, sorting
from comptoir.inbox.models.sorting import Tag, put_on
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.organisation.models import Notice, Team

pytestmark = pytest.mark.django_db
BULK = "/b/verdier/bulk/"


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said(f"m{n}", f"lost number {n}", 60 - n, n) for n in range(7)])
    return made


def body(response: Any) -> str:
    return unescape(str(response.content.decode()))


def threads(verdier: House) -> Any:
    return Thread.objects.of(verdier.brand).order_by("last_at")


def ask(verdier: House, who: str = "agent", **data: Any) -> Any:
    return browser(verdier.people[who]).post(BULK, data, follow=True)


def run(verdier: House) -> Bulk:
    made = Bulk.objects.of(verdier.brand).latest("pk")
    for _twice in range(2):
        jobs.bulk.func(bulk_id=made.pk)
    made.refresh_from_db()
    return made


def undo(verdier: House) -> Bulk:
    made = Bulk.objects.of(verdier.brand).latest("pk")
    browser(verdier.people["agent"]).post(f"{BULK}{made.pk}/undoing/")
    return run(verdier)


def test_what_was_ticked_is_closed_and_opened_again(verdier: House) -> None:
    first, second, third, *_rest = threads(verdier)
    third.close(verdier.people["owner"])
    page = body(ask(verdier, do="close", thread=[first.pk, second.pk, third.pk]))
    assert "Close threads" in page
    assert "It begins in a moment." in page
    assert run(verdier).state == "done"
    assert [t.state == "closed" for t in threads(verdier)] == [True, True, True, False, False, False, False]
    made = Bulk.objects.of(verdier.brand).get()
    page = body(browser(verdier.people["agent"]).get(f"{BULK}{made.pk}/"))
    assert "2 threads changed. 1 was so already." in page
    assert undo(verdier).state == "undone"
    assert [t.state == "closed" for t in threads(verdier)] == [False, False, True, False, False, False, False]


def test_a_whole_list_is_what_it_lists(verdier: House) -> None:
    agent = verdier.people["agent"]
    threads(verdier)[0].close(agent)
    ask(verdier, do="tag", tag="Storm", all="on", show="open", q="")
    run(verdier)
    assert BulkChange.objects.count() == 6
    ask(verdier, do="close", all="on", show="all", q="tag:storm AND NOT 3")
    run(verdier)
    assert sum(t.state == "closed" for t in threads(verdier)) == 6
    ask(verdier, do="priority", priority="2", all="on", show="all", q="number 3")
    run(verdier)
    assert [t.priority for t in threads(verdier)] == [0, 0, 0, 2, 0, 0, 0]


def test_giving_many_and_getting_them_back(verdier: House) -> None:
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    night = Team.make(verdier.brand, "Night", [agent], owner)
    first, second, *_rest = threads(verdier)
    first.assign(owner, owner)
    chosen = [first.pk, second.pk]
    ask(verdier, do="assign", to=f"team:{night.pk}", thread=chosen)
    run(verdier)
    assert [(t.assignee, t.team) for t in threads(verdier)[:2]] == [(None, night)] * 2
    undo(verdier)
    assert [(t.assignee, t.team) for t in threads(verdier)[:2]] == [(owner, None), (None, None)]
    ask(verdier, do="assign", to=str(agent.pk), thread=chosen)
    run(verdier)
    assert [t.assignee for t in threads(verdier)[:2]] == [agent] * 2
    ask(verdier, do="assign", to="", thread=chosen)
    run(verdier)
    assert [t.assignee for t in threads(verdier)[:2]] == [None] * 2


@pytest.mark.parametrize(
    ("data", "holds"),
    [
        ({"do": "pause", "until": "person"}, lambda t: t.waits == "person"),
        ({"do": "pause", "until": "week"}, lambda t: t.waits == "moment"),
        ({"do": "untag", "tag": "old"}, lambda t: not t.taggings.exists()),
        ({"do": "priority", "priority": "-1"}, lambda t: t.priority == -1),
    ],
)
def test_each_act_and_its_undo(verdier: House, data: dict[str, str], holds: Any) -> None:
    agent = verdier.people["agent"]
    for thread in threads(verdier):
        put_on(thread, Tag.called(verdier.brand, "old", agent), agent)
    ask(verdier, all="on", show="open", **data)
    run(verdier)
    assert all(map(holds, threads(verdier)))
    undo(verdier)
    assert not any(map(holds, threads(verdier)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"do": "close"}, "Choose some threads first."),
        ({"do": "tag", "tag": "–", "all": "on"}, "A tag has at least a letter"),
        ({"do": "pause", "until": "date", "all": "on"}, "Say what the threads are to wait for."),
        ({"do": "assign", "to": "999999", "all": "on"}, "This person cannot take threads"),
        ({"do": "close", "all": "on", "q": "a AND b OR c"}, "parentheses have to say which goes first"),
        ({"do": "dance", "all": "on"}, "dance"),
    ],
)
def test_what_cannot_be_done_is_refused(verdier: House, data: dict[str, str], words: str) -> None:
    refused = ask(verdier, **data)
    assert refused.status_code == 400
    assert words in body(refused)
    assert not Bulk.objects.of(verdier.brand).exists()


def test_a_brand_full_of_tags(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "TAGS_MOST", 1)
    ask(verdier, do="tag", tag="new", all="on", show="open")
    Tag.called(verdier.brand, "old", None)
    made = run(verdier)
    assert (made.state, made.changes.count()) == ("done", 0)
    refused = ask(verdier, do="tag", tag="other", all="on", show="open")
    assert refused.status_code == 400
    assert "remove some first" in body(refused)
    ask(verdier, do="untag", tag="never", all="on", show="open")
    assert run(verdier).state == "done"
    assert [tag.name for tag in Tag.objects.of(verdier.brand)] == ["old"]


def test_rights_and_walls(verdier: House) -> None:
    other = house("lebrun")
    hear(other.channel, [said("theirs")])
    assert ask(verdier, who="reader", do="close", all="on").status_code == 403
    ask(verdier, do="close", thread=[other.thread().pk, threads(verdier)[0].pk])
    made = run(verdier)
    assert len(made.threads) == 1
    assert other.thread().state == "new"
    assert browser(other.people["owner"]).get(f"/b/lebrun/bulk/{made.pk}/").status_code == 404


def test_a_worker_that_dies_in_the_middle_is_followed_by_another(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bulk, "AT_ONCE", 2)
    done = bulk._DO["close"]
    seen: list[int] = []

    def dies(thread: Thread, act: Bulk) -> Any:
        seen.append(thread.pk)
        if len(seen) == 4:
            raise SystemExit
        return done(thread, act)

    ask(verdier, do="close", all="on", show="open")
    made = Bulk.objects.of(verdier.brand).get()
    monkeypatch.setitem(bulk._DO, "close", dies)
    with pytest.raises(SystemExit):
        jobs.bulk.func(bulk_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.done) == ("running", 2)
    page = body(browser(verdier.people["agent"]).get(f"{BULK}{made.pk}/"))
    assert "2 of 7" in page
    monkeypatch.setitem(bulk._DO, "close", done)
    run(verdier)
    assert all(t.state == "closed" for t in threads(verdier))
    assert BulkChange.objects.count() == 7
    assert all(t.closures.count() == 1 for t in threads(verdier))


def test_those_who_follow_are_told_in_one_statement_for_all(verdier: House) -> None:
    owner, agent = verdier.people["owner"], verdier.people["agent"]
    first, second, third, *_rest = threads(verdier)
    for thread, who in ((first, owner), (second, owner), (second, agent), (third, agent)):
        thread.follow(who)
    ask(verdier, do="close", all="on", show="open")
    with CaptureQueriesContext(connection) as asked:
        run(verdier)
    assert all(each.state == "closed" for each in threads(verdier))
    assert sum('FROM "inbox_follow"' in each["sql"] for each in asked) == 1
    assert sum("INSERT INTO organisation_notice" in each["sql"] for each in asked) == 1
    told = Notice.objects.of(verdier.brand).filter(code="thread_followed").values_list("about", "to")
    # Whoever did it knows.
    assert set(told) == {(f"thread:{first.pk}", owner.pk), (f"thread:{second.pk}", owner.pk)}
    assert {each["by"] for each in Notice.objects.of(verdier.brand).values_list("facts", flat=True)} == {
        "Agent"
    }


def test_the_list_has_boxes_for_those_who_may(verdier: House) -> None:
    client = browser(verdier.people["agent"])
    assert "Choose several" in body(client.get(verdier.url()))
    assert "Choose several" not in body(browser(verdier.people["reader"]).get(verdier.url()))
    page = body(client.get(verdier.url("?choose=1")))
    assert len(re.findall(r'type="checkbox" name="thread"', page)) == 7
    assert 'id="bulk"' in page
