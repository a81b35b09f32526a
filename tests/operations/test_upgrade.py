"""From the last tag to this source with the data kept, also when the old one was killed."""

from __future__ import annotations

import signal
from pathlib import Path

import psycopg
import pytest

from comptoir.kernel.ports import free_port
from comptoir.upkeep.archive import reading
from tests.command.started import Up, data_folder, run, until
from tests.operations import former
from tests.operations.houses import Browser, rows
from tests.servers.fixtures import do_without
from tests.servers.install import Unavailable

ANSWER = "Bonjour, le bac part à huit heures."
NOTE = "She called twice already."
BEHIND = """
SELECT count(*) FROM networks_audience u JOIN networks_activity a ON a.id = u.activity_id
LEFT JOIN inbox_entry e ON e.activity_id = a.id WHERE e.id IS NULL AND a.kind IN ('mention', 'reply')
"""
"""Messages that came in and are in no thread yet."""
INDEXING = """
SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'comptoir.networks.jobs.index_anew'
AND status IN ('todo', 'doing')
"""
KEPT = (
    "inbox_entry", "inbox_note", "inbox_reply", "networks_activity", "networks_actor", "networks_audience",
    "networks_delivery", "organisation_membership",
)  # fmt: skip
"""Tables whose rows stay as they are: others gain columns that change by themselves."""


@pytest.fixture(scope="module")
def old() -> list[str]:
    try:
        folder = former.installed(former.former())
    except Unavailable as why:
        do_without(why)
    return former.command(folder)


def count(house: Up, statement: str) -> int:
    with psycopg.connect(house.url()) as line:
        return int(line.execute(statement.encode()).fetchone()[0])  # type: ignore[index]


def fill(house: Up) -> str:
    """A town in uproar, an answer that left and a note; the address of the thread."""
    owner = Browser(house)
    until(
        lambda: count(house, "SELECT count(*) FROM inbox_thread WHERE NOT answered AND closed_at IS NULL") > 3
    )
    with psycopg.connect(house.url()) as line:
        thread, slug = line.execute(  # type: ignore[misc]
            "SELECT t.id, b.slug FROM inbox_thread t JOIN organisation_brand b ON b.id = t.brand_id"
            " WHERE NOT answered AND closed_at IS NULL ORDER BY t.id LIMIT 1"
        ).fetchone()
    place = f"/b/{slug}/threads/{thread}/"
    owner.fill(place, f"{place}replies/", text=ANSWER)
    owner.fill(place, f"{place}notes/", text=NOTE)
    house.run("rehearse", "volcano", "--rate", "80", "--seconds", "4")
    until(lambda: count(house, "SELECT count(*) FROM networks_delivery WHERE state = 'sent'") == 1)
    until(lambda: count(house, "SELECT count(*) FROM networks_activity") > 300)
    return place


def parsed(path: Path, table: str) -> dict[bytes, dict[str, bytes]]:
    """The rows of a table in a backup, by their first column."""
    with reading(path) as archive:
        columns = archive.manifest.tables[table].columns
    every = (dict(zip(columns, row.split(b"\t"), strict=True)) for row in rows(path)[table])
    return {row[columns[0]]: row for row in every}


def test_everything_said_and_done_is_there_afterwards(old: list[str], tmp_path: Path) -> None:
    with data_folder() as data:
        house = Up(data, old, SEND_DELAY="0")
        place = fill(house)
        house.stop()
        saved = _upgraded(data, place, tmp_path)
        _compare(saved, tmp_path / "after.zip")


def test_so_is_it_when_the_old_one_was_killed_at_work(old: list[str], tmp_path: Path) -> None:
    with data_folder() as data:
        house = Up(data, old, SEND_DELAY="0")
        place = fill(house)
        house.run("rehearse", "volcano", "--rate", "200", "--seconds", "30")
        before = count(house, "SELECT count(*) FROM networks_activity")
        until(lambda: count(house, "SELECT count(*) FROM networks_activity") > before + 50)
        house.stop(signal.SIGKILL)
        saved = _upgraded(data, place, tmp_path)
        _compare(saved, tmp_path / "after.zip")


def _upgraded(data: Path, place: str, tmp_path: Path) -> Path:
    """Bring the present program up on that folder, use it; the backup that it made before it changed the tables."""
    house = Up(data, SEND_DELAY="0")
    try:
        said = house.said()
        assert "was done before" in said
        assert said.index("of before, in") < said.index("migrations applied") < said.index("ready")
        owner = Browser(house)
        page = owner.get(place)
        assert ANSWER in page
        assert NOTE in page
        owner.fill(place, f"{place}replies/", text="Et le suivant à dix heures.")
        until(lambda: count(house, "SELECT count(*) FROM networks_delivery WHERE state = 'sent'") == 2)
        until(lambda: count(house, BEHIND) == 0)
        until(lambda: count(house, INDEXING) == 0)
        assert run("backup", str(tmp_path / "after.zip"), **house.own()).returncode == 0
    finally:
        house.stop()
    (saved,) = (data / "backups").glob("before-*.zip")
    return saved


def _compare(before: Path, after: Path) -> None:
    """Every row of before is there, with what it said."""
    for table in KEPT:
        old, new = parsed(before, table), parsed(after, table)
        assert set(old) <= set(new), f"{table} has lost rows"
        changed = {
            column
            for key, row in old.items()
            for column, value in row.items()
            if column in new[key] and new[key][column] != value and not _moved_on(row, new[key])
        }
        # Messages are indexed anew where the rule for it has changed.
        assert changed <= {"handle", "name", "seen", "followers", "passed_on", "search"}, (table, changed)


def _moved_on(old: dict[str, bytes], new: dict[str, bytes]) -> bool:
    """Whether its author edited the message meanwhile, or took it back: the town lives on."""
    return any(old.get(name) != new.get(name) for name in ("edited", "deleted"))


def test_a_database_of_a_newer_program_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with data_folder() as data:
        assert run("migrate", COMPTOIR_DATA=str(data)).returncode == 0
        from comptoir.kernel import onboard

        with onboard.running(data) as url, psycopg.connect(url) as line:
            line.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('inbox', '0999_later', now())"
            )
        for word in ("up", "worker"):
            done = run(word, COMPTOIR_DATA=str(data), PORT=str(free_port(2)))
            assert done.returncode == 1, word
            assert (
                "A newer Comptoir has worked with this database (it has inbox 0999_later)"
                in done.stdout + done.stderr
            )


def test_who_serves_waits_for_the_tables(tmp_path: Path) -> None:
    with data_folder() as data:
        for word in ("web",):
            done = run(word, COMPTOIR_DATA=str(data), PORT=str(free_port(2)))
            assert done.returncode == 1
            assert "migrations are to be applied to the database first: comptoir migrate" in done.stderr


def test_without_room_for_a_backup_nothing_is_changed(old: list[str], tmp_path: Path) -> None:
    with data_folder() as data:
        (data / "taken").write_text("")
        house = Up(data, old)
        house.stop()
        done = run("migrate", COMPTOIR_DATA=str(data), BACKUP_DIR=str(data / "taken" / "not a folder"))
        assert done.returncode == 1
        assert "could not be saved first" in done.stderr
        done = run(
            "migrate",
            COMPTOIR_DATA=str(data),
            BACKUP_DIR=str(data / "taken" / "not a folder"),
            BACKUP_FIRST="no",
        )
        assert done.returncode == 0
        assert "migrations applied" in done.stdout
