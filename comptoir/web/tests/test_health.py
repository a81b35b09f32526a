"""What machines ask: health and figures, answered whatever else is wrong, and to nobody who should not know."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from comptoir.inbox.tests.building import hear, house, said
from comptoir.networks.models import Activity
from comptoir.upkeep import readiness
from comptoir.upkeep.models import Tally
from comptoir.web.requests import HEADER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker() -> None:
    """A worker's sign of life."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def get(path: str, **headers: str) -> Any:
    return Client(HTTP_HOST="10.1.2.3:8000").get(path, headers=headers)


def test_it_lives_without_asking_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "nowhere")
    answer = get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_it_is_ready_with_database_tables_and_a_worker(worker: None) -> None:
    answer = get("/health/ready")
    assert (answer.status_code, answer.content) == (200, b"ready\n"), "whatever the probe calls us"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_without_a_worker_it_is_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        assert get("/health/ready").content == b"worker: none is alive\n"
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')"
        )
    assert get("/health/ready").status_code == 503


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM django_migrations WHERE app = 'inbox' AND name = '0001_initial'", "are to be applied"),
        (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('inbox', '0999_x', now())",
            "a newer Comptoir",
        ),
    ],
)
def test_with_other_tables_it_is_not(worker: None, statement: str, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE was AS SELECT * FROM django_migrations")
        try:
            cursor.execute(statement)
            answer = get("/health/ready")
        finally:
            cursor.execute("DELETE FROM django_migrations")
            cursor.execute("INSERT INTO django_migrations OVERRIDING SYSTEM VALUE SELECT * FROM was")
            cursor.execute("DROP TABLE was")
    assert answer.status_code == 503
    assert reason in answer.content.decode()


def test_without_a_database_it_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "beside", lambda *_given, **_options: psycopg.connect("host=/nowhere"))
    answer = get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"database: it does not answer\n")


def test_migrations_are_known_by_their_files() -> None:
    from django.db.migrations.loader import MigrationLoader

    assert readiness.names() == set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_nothing_but_reading(path: str) -> None:
    answer = Client().post(path)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def figure(text: str, name: str) -> float:
    found = re.search(rf"^comptoir_{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"no {name} in\n{text}"
    return float(found[1])


def test_figures_come_from_the_database(worker: None, settings: Any) -> None:
    ours = house()
    hear(ours.channel, [said(f"m{number}", "a very private sorrow", by=number) for number in range(3)])
    ours.thread().reply("our consolation", ours.people["agent"])
    Activity.objects.of(ours.brand).update(received="2020-01-01T00:00Z")
    Tally.count()
    Tally.count()
    text = get("/metrics").content.decode()
    assert figure(text, 'channels{network="rehearsal",state="active"}') == 1
    assert figure(text, 'activities_received_total{network="rehearsal"}') == 3, (
        "once, however often it is counted"
    )
    assert figure(text, 'threads_open{answered="false"}') == 2
    assert figure(text, 'deliveries{network="rehearsal",state="waiting"}') == 1
    assert figure(text, 'jobs{state="todo"}') > 0
    assert figure(text, "workers") == 1
    assert figure(text, "disk_free_bytes") > 0
    for private in ("sorrow", "consolation", "Person", "verdier", "@"):
        assert private not in text


def test_what_is_erased_stays_counted() -> None:
    ours = house()
    hear(ours.channel, [said("m1"), said("m2")])
    Activity.objects.of(ours.brand).update(received="2020-01-01T00:00Z")
    Tally.count()
    Activity.objects.of(ours.brand).filter(remote_id="m1").update(text="")
    hear(ours.channel, [said("m3")])
    Tally.count()
    assert Tally.objects.get().received == 2, "what came this minute is counted in the next"


def test_figures_are_for_this_machine_or_for_who_knows_the_word(monkeypatch: pytest.MonkeyPatch) -> None:
    assert get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get("/metrics").status_code == 403
    assert get("/metrics", **{"X-Forwarded-For": "127.0.0.1"}).status_code == 403, "through a proxy"
    monkeypatch.setenv("METRICS_TOKEN", "a-word")
    assert get("/metrics").status_code == 403
    assert get("/metrics", Authorization="Bearer another").status_code == 403
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer a-word"}).status_code == 200


def test_each_request_has_a_number_of_its_own(settings: Any) -> None:
    first, second = (Client().get("/account/login/", headers={HEADER: "from-outside"}) for _ in range(2))
    assert first[HEADER] != second[HEADER]
    settings.TRUSTED_PROXIES = 1
    assert Client().get("/account/login/", headers={HEADER: "from-the-proxy"})[HEADER] == "from-the-proxy"
    assert Client().get("/account/login/", headers={HEADER: "x y"})[HEADER] != "x y"
