"""What programs may do at the counter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from comptoir.inbox import jobs
from comptoir.inbox.models import Reply, Thread, View
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.connector import Kind
from comptoir.networks.models import Activity, Channel, Delivery
from comptoir.organisation.models import AuditEntry, Team
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> House:
    made = house()
    hear(made.channel, [said(f"m{n}", f"word{n} tea", 60 - n, by=n) for n in range(7)])
    return made


@pytest.fixture
def agent(ours: House) -> Program:
    return Program(ours.people["agent"])


def at(thread: Any, rest: str = "") -> str:
    return f"brands/verdier/threads/{thread.pk}{rest}"


def test_threads_are_listed_as_on_the_page(ours: House, agent: Program) -> None:
    threads = agent.get("brands/verdier/threads")["items"]
    assert [each["last_text"] for each in threads] == [f"word{n} tea" for n in reversed(range(7))]
    first = threads[0]
    assert first["person"]["name"] == "Person 6"
    assert first["channel"] == {"id": ours.channel.pk, "network": "rehearsal", "handle": "@verdier"}
    assert (first["unread"], first["answered"], first["closed"]) == (True, False, None)


def test_lists_are_narrowed(ours: House, agent: Program) -> None:
    newest, *rest = Thread.objects.of(ours.brand).order_by("-last_at")
    newest.assign(agent.token.user, agent.token.user)
    rest[0].close(agent.token.user)
    rest[1].read(agent.token.user)

    def count(query: str) -> int:
        return len(agent.get(f"brands/verdier/threads?{query}")["items"])

    counts = {"": 6, "show=all": 7, "show=closed": 1, "show=mine": 1, "show=unread": 5, "q=tea": 6, "q=word3": 1,
              "q=word3+nothing": 0, "q=%21": 0, f"assignee={agent.token.user_id}": 1, "assignee=0": 5,
              f"channel={ours.channel.pk}": 6, "channel=99999": 0, "show=all&q=tea&assignee=0": 6}  # fmt: skip
    assert {query: count(query) for query in counts} == counts
    assert problem(agent.ask("GET", "brands/verdier/threads?show=some")) == "invalid"
    assert problem(agent.ask("GET", f"brands/verdier/threads?q={'x' * 4_097}")) == "invalid"


def test_pages_follow_each_other_whatever_comes_meanwhile(ours: House, agent: Program) -> None:
    first = agent.get("brands/verdier/threads?limit=3")
    hear(ours.channel, [said("late", minutes_ago=0, by=50)])
    second = agent.get(first["next"])
    third = agent.get(second["next"])
    texts = [each["last_text"] for page in (first, second, third) for each in page["items"]]
    assert texts == [f"word{n} tea" for n in reversed(range(7))]
    assert third["next"] is None


def test_a_page_takes_few_queries(ours: House, agent: Program) -> None:
    agent.get("me")
    for path, most in {
        "brands/verdier/threads": 3,
        at(ours.thread()): 3,
        at(ours.thread(), "/messages"): 5,
    }.items():
        with CaptureQueriesContext(connection) as asked:
            agent.get(path)
        assert len(asked) <= most, path


def test_messages_newest_first_page_by_page(ours: House, agent: Program) -> None:
    thread = ours.thread()
    same: dict[str, Any] = {
        "kind": Kind.REPLY,
        "in_reply_to": "m6",
        "by": 6,
        "published": clock.now() - timedelta(minutes=1),
    }
    hear(ours.channel, [said(f"r{n}", f"more {n}", **same) for n in range(5)])
    hear(ours.channel, [said("gone", "", deleted=True, **same)])
    listed = agent.all(at(thread, "/messages?limit=2"))
    assert len({each["id"] for each in listed}) == len(listed) == 7
    assert listed[-1]["text"] == "word6 tea"
    assert [each["deleted"] for each in listed if each["text"] == ""] != [None]
    one = agent.get(at(thread, f"/messages/{listed[-1]['id']}"))
    assert one == listed[-1]
    assert one["author"]["handle"] == "@person6.example"
    other = Thread.objects.of(ours.brand).order_by("last_at")[0]
    assert problem(agent.ask("GET", at(other, f"/messages/{one['id']}"))) == "not-found"


def test_the_person_of_a_thread(ours: House, agent: Program) -> None:
    assert agent.get(at(ours.thread(), "/person"))["followers"] == 1200


def test_an_answer_leaves_once_under_its_key(ours: House, agent: Program) -> None:
    path = at(ours.thread(), "/replies")
    first = agent.ask("POST", path, {"text": "Hello!"}, Idempotency_Key="mine-1")
    again = agent.ask("POST", path, {"text": "Hello!"}, Idempotency_Key="mine-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Delivery.objects.of(ours.brand).count() == 1
    assert problem(agent.ask("POST", path, {"text": "Else"}, Idempotency_Key="mine-1")) == "key-reused"
    assert agent.ask("POST", path, {"text": "And one more"}).status_code == 201
    assert [each["text"] for each in agent.get(path)["items"]] == ["And one more", "Hello!"]
    shown = agent.get(at(ours.thread(), f"/replies/{first.json()['id']}"))
    assert (shown["state"], shown["author"]["name"]) == ("waiting", "Agent")


def test_two_programs_keys_are_apart(ours: House, agent: Program) -> None:
    owner, path = Program(ours.people["owner"]), at(ours.thread(), "/replies")
    first = agent.ask("POST", path, {"text": "Hello!"}, Idempotency_Key="k").json()
    second = owner.ask("POST", path, {"text": "Hello!", "seen": first["id"]}, Idempotency_Key="k")
    assert second.json()["id"] != first["id"]


def test_nobody_answers_over_a_colleagues_answer(ours: House, agent: Program) -> None:
    thread = ours.thread()
    theirs = thread.reply("I have it.", ours.people["owner"])
    refused = agent.ask("POST", at(thread, "/replies"), {"text": "Me too"})
    assert problem(refused) == "answered-meanwhile"
    assert refused.json()["reply"]["text"] == "I have it."
    seen = agent.get(at(thread))["newest_reply"]
    assert seen == theirs.pk
    assert agent.ask("POST", at(thread, "/replies"), {"text": "Me too", "seen": seen}).status_code == 201


def test_what_cannot_be_answered(ours: House, agent: Program) -> None:
    path = at(ours.thread(), "/replies")
    bodies: tuple[Any, ...] = (
        {},
        {"text": ""},
        {"text": 7},
        {"text": "x", "more": 1},
        {"text": "x" * 100_001},
        [],
        "x",
    )
    for body in bodies:
        assert problem(agent.ask("POST", path, body)) == "invalid", body
    assert problem(agent.ask("POST", path, {"text": "x" * 5_000})) == "invalid"
    assert problem(agent.ask("POST", path, b"{")) == "nonsense"
    assert problem(agent.ask("POST", path, b'{"text": "\\ud800"}')) == "invalid"
    assert problem(agent.ask("POST", path, b" " * 1_000_001)) == "too-large"
    assert problem(agent.ask("POST", path, b"text=x", Content_Type="text/plain")) == "not-json"
    assert problem(agent.ask("POST", path, {"text": "x"}, Idempotency_Key="k" * 201)) == "invalid"
    Channel.objects.of(ours.brand).update(state="off")
    assert problem(agent.ask("POST", path, {"text": "x"})) == "cannot-answer"
    Channel.objects.of(ours.brand).update(state="active")
    Activity.objects.of(ours.brand).update(deleted=clock.now())
    assert problem(agent.ask("POST", path, {"text": "x"})) == "cannot-answer"
    assert not Reply.objects.exists()


def test_an_answer_is_kept_from_leaving(ours: House, agent: Program) -> None:
    thread = ours.thread()
    mine = agent.ask("POST", at(thread, "/replies"), {"text": "Oh"}).json()["id"]
    owner = Program(ours.people["owner"])
    assert problem(owner.ask("DELETE", at(thread, f"/replies/{mine}"))) == "not-found"
    assert agent.ask("DELETE", at(thread, f"/replies/{mine}")).status_code == 204
    assert agent.get(at(thread, f"/replies/{mine}"))["state"] == "withdrawn"
    assert problem(agent.ask("DELETE", at(thread, f"/replies/{mine}"))) == "too-late"


def test_notes(ours: House, agent: Program) -> None:
    path = at(ours.thread(), "/notes")
    made = agent.ask("POST", path, {"text": "He is a friend."})
    assert made.status_code == 201
    assert agent.get(path)["items"] == [made.json()]
    assert problem(agent.ask("POST", path, {"text": "  "})) == "invalid"
    assert problem(Program(ours.people["owner"]).ask("DELETE", f"{path}/{made.json()['id']}")) == "not-found"
    assert agent.ask("DELETE", f"{path}/{made.json()['id']}").status_code == 204
    assert agent.get(path)["items"] == []


def test_assign_close_and_read(ours: House, agent: Program) -> None:
    thread, owner = ours.thread(), ours.people["owner"]
    assert agent.ask("POST", at(thread, "/assignment"), {"to": owner.pk}).json()["assignee"]["id"] == owner.pk
    for to in (ours.people["reader"].pk, ours.stranger.pk, 10**15):
        assert problem(agent.ask("POST", at(thread, "/assignment"), {"to": to})) == "invalid"
    assert agent.ask("DELETE", at(thread, "/assignment")).json()["assignee"] is None
    assert agent.ask("POST", at(thread, "/closure")).json()["closed"] is not None
    assert agent.ask("POST", at(thread, "/closure")).status_code == 200
    assert agent.ask("DELETE", at(thread, "/closure")).json()["closed"] is None
    assert agent.get(at(thread))["unread"] is True
    reader = Program(ours.people["reader"])
    assert reader.ask("POST", at(thread, "/reading")).status_code == 204
    assert reader.get(at(thread))["unread"] is False
    assert agent.get(at(thread))["unread"] is True
    assert reader.ask("DELETE", at(thread, "/reading")).status_code == 204
    assert problem(reader.ask("POST", at(thread, "/closure"))) == "role-too-low"
    log = AuditEntry.objects.of(ours.brand).filter(via="api").order_by("pk")
    assert list(log.values_list("what", flat=True)) == ["assigned", "unassigned", "closed", "reopened"]
    assert set(log.values_list("user", flat=True)) == {agent.token.user_id}


def test_a_token_without_the_scope_writes_nothing(ours: House) -> None:
    reading = Program(ours.people["owner"], ["threads:read"])
    for method, rest in (("POST", "/closure"), ("DELETE", "/assignment"), ("POST", "/reading")):
        assert problem(reading.ask(method, at(ours.thread(), rest))) == "scope-missing"


PATHS = ["threads", "threads?show=all", "threads?q=tea", "channels", "people", "threads/{thread}",
         "threads/{thread}/messages", "threads/{thread}/messages/{message}", "threads/{thread}/replies",
         "threads/{thread}/replies/{reply}", "threads/{thread}/notes", "threads/{thread}/person",
         "channels/{channel}", "people/{person}"]  # fmt: skip


def _filled(slug: str) -> tuple[House, dict[str, int]]:
    made = house(slug)
    made.channel.handle = f"{slug}-handle"
    made.channel.save()
    hear(made.channel, [said(f"{slug}-{n}", f"{slug}-words tea", n + 1) for n in range(3)])
    thread, agent = made.thread(), made.people["agent"]
    thread.note(f"{slug}-note", agent)
    reply = thread.reply(f"{slug}-reply", agent)
    return made, {
        "thread": thread.pk, "message": thread.entries.all()[0].pk, "reply": reply.pk,
        "channel": made.channel.pk, "person": agent.pk,
    }  # fmt: skip


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_token_of_one_brand_never_sees_anything_of_another(data: st.DataObject, walls: Any) -> None:
    (_ours, mine), (_theirs, other), program = walls
    path = data.draw(st.sampled_from(PATHS))
    ids = {name: data.draw(st.sampled_from([mine[name], other[name]])) for name in mine}
    brand = data.draw(st.sampled_from(["ours", "theirs"]))
    query = data.draw(
        st.sampled_from(["", f"channel={other['channel']}", f"assignee={other['person']}", "limit=1"])
    )
    whole = f"brands/{brand}/{path.format(**ids)}"
    answer = program.ask("GET", f"{whole}{'&' if '?' in whole else '?'}{query}")
    assert "theirs-" not in answer.content.decode(), whole
    if brand == "theirs":
        assert answer.status_code == 404


@pytest.fixture
def walls(settings: Any) -> Any:
    settings.API_RATE = 100_000
    ours, theirs = _filled("ours"), _filled("theirs")
    return ours, theirs, Program(ours[0].people["owner"])


def test_the_list_takes_queries(ours: House, agent: Program) -> None:
    def found(query: str, rest: str = "") -> list[str]:
        from urllib.parse import quote

        items = agent.get(f"brands/verdier/threads?show=all&q={quote(query)}{rest}")["items"]
        return [each["last_text"] for each in items]

    assert found("word3 OR word5") == ["word5 tea", "word3 tea"]
    assert found("tea AND NOT word6", "&limit=2") == ["word5 tea", "word4 tea"]
    assert found("tea AND state:closed") == []
    assert found("word3 OR word5", "&channel=99999") == []
    assert problem(agent.ask("GET", "brands/verdier/threads?q=a+AND+b+OR+c")) == "invalid"
    page = agent.get("brands/verdier/threads?show=all&q=tea+OR+coffee&limit=3")
    second = agent.get(page["next"])
    assert [each["last_text"] for each in second["items"]] == ["word3 tea", "word2 tea", "word1 tea"]


def test_tags_views_and_many_at_once(ours: House, agent: Program) -> None:
    thread = ours.thread()
    agent.ask("POST", at(thread, "/tags"), {"name": "Storm"})
    [tag] = agent.get(at(thread, "/tags"))["items"]
    assert agent.get("brands/verdier/tags")["items"] == [tag]
    assert problem(agent.ask("POST", at(thread, "/tags"), {"name": "–"})) == "invalid"
    agent.ask("DELETE", at(thread, f"/tags/{tag['id']}"))
    assert agent.get(at(thread, "/tags"))["items"] == []
    View.keep(ours.brand, "Mine", agent.token.user, False, show="open", q="tea")
    View.keep(ours.brand, "Theirs", ours.people["owner"], False, show="open", q="tea")
    assert [each["name"] for each in agent.get("brands/verdier/views")["items"]] == ["Mine"]
    made = agent.ask(
        "POST", "brands/verdier/bulk", {"do": "close", "show": "open", "q": "word3 OR word5"}
    ).json()
    assert made["state"] == "waiting"
    jobs.bulk.func(bulk_id=made["id"])
    done = agent.get(f"brands/verdier/bulk/{made['id']}")
    assert (done["state"], done["threads"], done["changed"]) == ("done", 2, 2)
    assert agent.ask("DELETE", f"brands/verdier/bulk/{made['id']}").json()["state"] == "undoing"
    assert problem(agent.ask("DELETE", f"brands/verdier/bulk/{made['id']}")) == "too-late"
    unfit: list[dict[str, Any]] = [
        {"do": "close"},
        {"do": "close", "show": "odd"},
        {"do": "tag", "tag": "–", "show": "open"},
        {"do": "close", "show": "open", "q": "a AND b OR c"},
        {"do": "assign", "to": "9", "show": "open"},
    ]
    for wrong in unfit:
        assert problem(agent.ask("POST", "brands/verdier/bulk", wrong)) == "invalid"


def test_standing_through_the_interface(ours: House, agent: Program) -> None:
    thread, owner = ours.thread(), ours.people["owner"]
    assert agent.get(at(thread))["state"] == "new"
    paused = agent.ask("POST", at(thread, "/pause"), {"waits": "person"}).json()
    assert paused["state"] == "person"
    assert agent.ask("DELETE", at(thread, "/pause")).json()["state"] == "open"
    for until in ("2020-01-01T00:00:00Z", "2027-01-01T00:00:00"):
        assert (
            problem(agent.ask("POST", at(thread, "/pause"), {"waits": "moment", "until": until})) == "invalid"
        )
    assert agent.ask("POST", at(thread, "/priority"), {"priority": 2}).json()["priority"] == 2
    night = Team.make(ours.brand, "Night", [owner], owner)
    given = agent.ask("POST", at(thread, "/assignment"), {"team": night.pk}).json()
    assert given["team"] == {"id": night.pk, "name": "Night"}
    assert problem(agent.ask("POST", at(thread, "/assignment"), {})) == "invalid"
    assert agent.get("brands/verdier/teams") if "people:read" in agent.token.scopes else True
    other = Thread.objects.of(ours.brand).order_by("last_at")[0]
    merged = agent.ask("POST", at(other, "/merges"), {"into": thread.pk}).json()
    assert agent.get(at(other))["merged_into"] == thread.pk
    assert agent.ask("DELETE", at(other, f"/merges/{merged['id']}")).status_code == 204
    assert problem(agent.ask("POST", at(other, "/merges"), {"into": other.pk})) == "invalid"


def test_a_hand_on_an_answer(ours: House, agent: Program) -> None:
    thread = ours.thread()
    owner = Program(ours.people["owner"])
    assert owner.ask("POST", at(thread, "/lock"), {}).json()["by"]["name"] == "Owner"
    assert problem(agent.ask("POST", at(thread, "/lock"), {})) == "locked"
    assert problem(agent.ask("POST", at(thread, "/replies"), {"text": "Hello"})) == "locked"
    assert agent.get(at(thread, "/presence"))["items"][0]["state"] == "writing"
    assert agent.ask("POST", at(thread, "/lock"), {"take_over": True}).json()["by"]["name"] == "Agent"
    assert agent.ask("POST", at(thread, "/replies"), {"text": "Hello"}).status_code == 201
    assert agent.ask("DELETE", at(thread, "/lock")).status_code == 204
