"""The audit log as a page: whose entries one sees, how it is narrowed, and what one takes along."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.kernel.acting import acts
from comptoir.organisation.audit import record, record_each
from comptoir.organisation.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> House:
    made = house("ours")
    hear(made.channel, [said("m1"), said("m2", by=1)])
    return made


def page(house: House, role: str = "owner", query: str = "", **headers: str) -> Any:
    return browser(house.people[role]).get(f"/b/{house.brand.slug}/audit/{query}", headers=headers)


def words(answer: Any) -> list[str]:
    return [line.words for line in answer.context["lines"]]


def whole(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def test_what_was_done_reads_as_sentences(ours: House) -> None:
    thread, agent = ours.thread(), ours.people["agent"]
    client = browser(agent)
    client.post(ours.url(f"{thread.pk}/notes/"), {"text": "hush"}, REMOTE_ADDR="192.0.2.4")
    answer = page(ours, "manager")
    assert words(answer) == [f"Agent wrote a note in thread {thread.pk}."]
    assert "hush" not in answer.content.decode()
    assert "192.0.2.4" in answer.content.decode()
    assert f'href="/b/ours/threads/{thread.pk}/"' in answer.content.decode()
    french = page(ours, "manager", **{"Accept-Language": "fr"})
    assert words(french) == [f"Agent a écrit une note interne dans la conversation {thread.pk}."]


@pytest.mark.parametrize(
    ("role", "status"), [("reader", 403), ("agent", 403), ("manager", 200), ("owner", 200)]
)
def test_managers_and_owners_read_it(ours: House, role: str, status: int) -> None:
    assert page(ours, role).status_code == status


def test_brands_do_not_see_each_other(ours: House) -> None:
    theirs = house("theirs")
    record("channel_off", theirs.brand, channel="@theirs")
    record("signed_in", None, theirs.people["owner"], by=theirs.people["owner"])
    assert words(page(ours)) == ["Owner signed in."], "one's own sign-in, nobody else's"
    assert len(words(page(theirs))) == 3
    export = browser(ours.people["owner"]).get("/b/ours/audit/export/?as=jsonl")
    assert "@theirs" not in whole(export)


def test_owners_see_the_accounts_of_their_people_and_managers_do_not(ours: House) -> None:
    agent = ours.people["agent"]
    with acts("page", address="198.51.100.9"):
        record("sign_in_failed", None, agent, account=str(agent))
    assert "Somebody tried to sign in as Agent and failed." in words(page(ours, "owner", "?kind=access"))
    assert words(page(ours, "manager", "?kind=access")) == []


def test_the_log_is_narrowed_by_person_kind_day_and_thread(ours: House) -> None:
    one, other = ours.thread(), ours.people["agent"]
    one.close(other)
    one.note("n", ours.people["manager"])
    record("channel_off", ours.brand, ours.channel, by=other, channel="c")
    old = clock.now() - timedelta(days=40)
    AuditEntry.objects.bulk_create([AuditEntry(brand=ours.brand, what="held", via="job", at=old)])
    assert len(words(page(ours, "manager"))) == 4
    assert len(words(page(ours, "manager", f"?person={other.pk}"))) == 2
    assert len(words(page(ours, "manager", f"?person={other.pk}&kind=threads"))) == 1
    day = old.date().isoformat()
    assert words(page(ours, "manager", f"?since={day}&until={day}")) == [
        "Comptoir stopped everything that leaves."
    ]
    assert len(words(page(ours, "manager", f"?since={clock.now().date().isoformat()}"))) == 3
    about = page(ours, "manager", f"?thread={one.pk}")
    assert len(words(about)) == 2
    assert "History of thread" in about.content.decode()


def test_a_threads_history_tells_what_became_of_its_answers(ours: House) -> None:
    thread, agent = ours.thread(), ours.people["agent"]
    delivery = thread.reply("yes", agent).delivery
    delivery.move("waiting", "uncertain")
    delivery.settle(agent, sent=True)
    assert words(page(ours, "owner", f"?thread={thread.pk}")) == [
        f"Agent noted that delivery {delivery.pk} is on the network.",
        f"Agent answered thread {thread.pk}.",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "?kind=none",
        "?person=x",
        "?thread=-1",
        "?since=tomorrow",
        "?until=0001-01-01",
        "?older=1",
        "?since=2026-13-01",
    ],
)
def test_nonsense_is_told_so(ours: House, query: str) -> None:
    assert page(ours, "owner", query).status_code == 400


def test_pages_follow_each_other_without_loss_in_few_queries(
    ours: House, django_assert_max_num_queries: Any
) -> None:
    threads = [ours.thread()] * 120
    record_each("closed", ours.brand, threads, by=ours.people["agent"])
    seen: list[str] = []
    client, query = browser(ours.people["manager"]), "?"
    while True:
        with django_assert_max_num_queries(6):
            answer = client.get(f"/b/ours/audit/{query}")
        seen += words(answer)
        if not answer.context["older"]:
            break
        query = f"?{answer.context['older']}"
    assert len(seen) == 120


def test_the_people_to_choose_from_are_those_who_did_something_also_when_they_left(ours: House) -> None:
    agent = ours.people["agent"]
    ours.thread().close(agent)
    Membership.objects.filter(user=agent).delete()
    assert page(ours, "manager").context["people"] == [(agent.pk, "Agent", False)]


def test_it_is_taken_along_as_csv_that_runs_nothing(ours: House, client: Client) -> None:
    agent = ours.people["agent"]
    agent.name = '=HYPERLINK("http://x")'
    agent.save()
    ours.thread().close(agent)
    answer = browser(ours.people["manager"]).get("/b/ours/audit/export/?as=csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "audit-ours.csv" in answer["Content-Disposition"]
    text = whole(answer)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["what"] for row in rows] == ["audit_exported", "closed"], "taking it along is an entry too"
    assert rows[1]["who"].startswith("'=")
    assert rows[1]["sentence"].startswith("'=")


def test_it_is_taken_along_as_json_lines_in_chunks(ours: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.web.audit.CHUNK", 7)
    record_each("closed", ours.brand, [ours.thread()] * 30, by=ours.people["agent"])
    text = whole(browser(ours.people["owner"]).get("/b/ours/audit/export/?as=jsonl&kind=threads"))
    rows = [json.loads(line) for line in text.splitlines()]
    assert len(rows) == 30
    assert rows[0]["about"] == "thread"
    assert len({row["id"] for row in rows}) == 1


def test_tries_to_sign_in_are_there_with_the_place_they_came_from(ours: House) -> None:
    """Also those that were too many; for accounts that do not exist no more than that somebody tried."""
    mail = ours.people["agent"].email
    for email in (mail, "who@nowhere.example", *[mail] * 5):
        Client().post(
            "/account/login/", {"login": email, "password": "not this one"}, REMOTE_ADDR="203.0.113.5"
        )
    found = AuditEntry.objects.everywhere().filter(address="203.0.113.5").order_by("pk")
    codes = [entry.what for entry in found]
    assert codes[:2] == ["sign_in_failed", "sign_in_unknown"]
    assert codes[-1] == "sign_in_locked"
    assert "who@nowhere" not in str([(entry.who, entry.facts) for entry in found])
