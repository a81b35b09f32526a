"""A backup made while messages pour in gives the same counter on another machine."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import psycopg
import pytest

from comptoir.upkeep.archive import Manifest, reading
from tests.command.started import COMPTOIR, Up, data_folder, environment, run, until, up
from tests.operations.houses import Browser, different, inside, rows, within
from tests.servers.running import Postgres

BEFORE = """
from comptoir.networks.models import *
from comptoir.organisation.models import *
from comptoir.web.first import owner_link
from comptoir.web.jobs import post_mail
channel = Channel.objects.everywhere().get()
Hold.place("the test wants them to stay", replies=True)
target = Activity.objects.everywhere().filter(audience__own=False, kind="mention").first()
for state in ("waiting", "sending"):
    Delivery.objects.create(channel=channel, target=target, text=f"to be {state}", state=state)
post_mail.defer(sealed="a mail under way")
owner_link()
answer = target.pk
"""
LOOK = """
from comptoir.organisation.models import Session
from django.db import connection
from comptoir.networks.models import *
from comptoir.organisation.models import *
every = lambda model: model.objects.everywhere()
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%post_mail'")
    mails = cursor.fetchone()[0]
answer = {
    "deliveries": sorted(every(Delivery).values_list("text", "state", "code")),
    "channel": every(Channel).get().state,
    "cursor": every(Channel).get().cursor,
    # That many write at once is told as well, or not yet.
    "notices": sorted(
        every(Notice).filter(settled_at=None).exclude(code="surge").values_list("code", flat=True)
    ),
    "sessions": Session.objects.count(),
    "links": SignInLink.objects.count(),
    "mails": mails,
    "audit": every(AuditEntry).filter(what="restored").count(),
}
"""


@dataclass
class Source:
    """A house on one PostgreSQL, saved twice while its town erupted."""

    house: Up
    plain: Path
    keyed: Path
    said: str
    texts: dict[int, list[str]]


@pytest.fixture(scope="module")
def source(debian_postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    folder = tmp_path_factory.mktemp("backups")
    plain, keyed = folder / "plain.zip", folder / "keyed.zip"
    with up(DATABASE_URL=debian_postgres.create("saved")) as house:
        Browser(house)
        here = house.own()
        with psycopg.connect(house.url()) as line:
            until(lambda: bool(line.execute("SELECT count(*) > 100 FROM networks_activity").fetchone()[0]))  # type: ignore[index]
        within(house, BEFORE)
        assert run("rehearse", "volcano", "--rate", "150", "--seconds", "12", **here).returncode == 0
        first = run("backup", str(plain), **here)
        assert first.returncode == 0, first.stderr
        assert run("backup", str(keyed), "--with-key", **here).returncode == 0
        texts: dict[int, list[str]] = {}
        with psycopg.connect(house.url()) as line:
            for thread, text in line.execute(
                "SELECT thread_id, text FROM inbox_entry e JOIN networks_activity a ON a.id = e.activity_id"
                " WHERE text <> '' ORDER BY thread_id LIMIT 40"
            ):
                texts.setdefault(thread, []).append(text)
        yield Source(house, plain, keyed, first.stdout, texts)


def manifest(path: Path) -> Manifest:
    with reading(path) as archive:
        archive.check()
        return archive.manifest


def test_it_is_one_file_of_its_owners_that_says_what_is_in_it(source: Source) -> None:
    assert stat.S_IMODE(source.plain.stat().st_mode) == 0o600
    said = manifest(source.plain)
    assert said.rows > 300
    assert said.keys == {}
    assert not {"django_session", "organisation_signinlink", "cache"} & set(said.tables)
    assert "networks_activity: " in source.said
    assert "keys are not in it" in source.said
    assert sorted(os.listdir(source.plain.parent)) == ["keyed.zip", "plain.zip"], "no draft is left"
    again = run("backup", str(source.plain), **source.house.own())
    assert again.returncode == 1
    assert "is there already" in again.stderr


def test_with_the_key_the_same_counter_comes_up_on_another_postgresql(
    source: Source, debian_postgres: Postgres, tmp_path: Path
) -> None:
    """From Debian's 15 to the one on board, and back: row for row, and in the pages."""
    with data_folder() as data:
        here = {"COMPTOIR_DATA": str(data)}
        done = run("restore", str(source.keyed), **here)
        assert done.returncode == 0, done.stderr
        assert "2 answers that were about to leave" in done.stdout
        assert run("backup", str(tmp_path / "again.zip"), "--with-key", **here).returncode == 0
        changed = different(source.keyed, tmp_path / "again.zip")
        assert changed == {"networks_delivery", "organisation_notice"}
        house = Up(data)
        try:
            owner = Browser(house)
            for thread, texts in list(source.texts.items())[:4]:
                page = unescape(owner.get(f"/b/{_slug(house)}/threads/{thread}/"))
                assert all(text.split("\n")[0] in page for text in texts)
            seen = within(house, LOOK)
        finally:
            house.stop()
    assert seen["channel"] == "active"
    assert seen["notices"] == ["on_hold", "restored"]
    assert (seen["links"], seen["mails"], seen["audit"]) == (1, 0, 1), "the one link is the one of this start"
    back = {"DATABASE_URL": debian_postgres.create("back"), "COMPTOIR_DATA": str(tmp_path / "back")}
    done = run("restore", str(tmp_path / "again.zip"), **back)
    assert done.returncode == 0, done.stderr
    assert run("backup", str(tmp_path / "back.zip"), **back).returncode == 0
    assert different(tmp_path / "again.zip", tmp_path / "back.zip") <= {"organisation_notice"}


def _slug(house: Up) -> str:
    with psycopg.connect(house.url()) as line:
        return str(line.execute("SELECT slug FROM organisation_brand").fetchone()[0])  # type: ignore[index]


def test_without_the_key_all_but_the_grants_comes_back(source: Source) -> None:
    with data_folder() as data:
        here = {"COMPTOIR_DATA": str(data)}
        done = run("restore", str(source.plain), **here)
        assert done.returncode == 0, done.stderr
        assert "has to be connected again: its grant is sealed with a key that is not here" in done.stdout
        from comptoir.kernel import onboard

        with onboard.running(data) as url:
            seen = inside(LOOK, DATABASE_URL=url, **here)
            doctor = run("doctor", DATABASE_URL=url, **here)
    assert seen["channel"] == "reconnect"
    assert seen["notices"] == ["channel_reconnect", "on_hold", "restored"]
    assert seen["deliveries"] == [
        ["to be sending", "uncertain", "restored"],
        ["to be waiting", "uncertain", "restored"],
    ]
    assert (seen["sessions"], seen["links"], seen["mails"]) == (0, 0, 0)
    assert seen["cursor"], "it fetches on from where it was"
    assert "our key does not open" in doctor.stdout


def damaged(path: Path, how: str) -> None:
    """Spoil a copy of a backup."""
    content = bytearray(path.read_bytes())
    if how == "cut":
        path.write_bytes(content[: len(content) * 2 // 3])
    elif how == "flipped":
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)
    elif how == "other":
        path.write_text("Dear all,\nplease find attached nothing.")
    elif how == "strange":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("letter.txt", "no manifest")
    else:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        old, new = (
            (b'"format": 1', b'"format": 9') if how == "format" else (b'"0001_initial"', b'"0999_future"')
        )
        parts["manifest.json"] = parts["manifest.json"].replace(old, new)
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("cut", "cannot be restored"),
        ("flipped", "cannot be restored"),
        ("other", "cannot be restored"),
        ("strange", "it is no backup of Comptoir"),
        ("format", "was made by a newer Comptoir"),
        ("tables", "was made by a newer Comptoir"),
        ("gone", "cannot be read"),
    ],
)
def test_a_file_that_will_not_do_is_refused_and_changes_nothing(
    source: Source, tmp_path: Path, how: str, sentence: str
) -> None:
    path = tmp_path / "backup.zip"
    if how != "gone":
        path.write_bytes(source.plain.read_bytes())
        damaged(path, how)
    with data_folder() as data:
        done = run("restore", str(path), COMPTOIR_DATA=str(data))
        assert done.returncode == 1
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
        from comptoir.kernel import onboard

        if (data / "database").exists():
            with onboard.running(data) as url, psycopg.connect(url) as line:
                assert line.execute("SELECT to_regclass('organisation_brand')").fetchone() == (None,)


def test_it_refuses_where_somebody_works_or_something_is(source: Source) -> None:
    here = source.house.own()
    done = run("restore", str(source.plain), "--replace", **here)
    assert (done.returncode, "Comptoir runs here" in done.stderr) == (1, True)
    with data_folder() as elsewhere:
        done = run("restore", str(source.plain), "--replace", **{**here, "COMPTOIR_DATA": str(elsewhere)})
        assert (done.returncode, "stop it everywhere" in done.stderr) == (1, True)


@pytest.mark.parametrize("point", ["networks_activity", "indexes"])
def test_killed_at_any_point_the_old_is_there_whole(source: Source, point: str, tmp_path: Path) -> None:
    with data_folder() as data:
        here = {"COMPTOIR_DATA": str(data)}
        assert run("migrate", **here).returncode == 0
        assert run("backup", str(tmp_path / "before.zip"), **here).returncode == 0
        restoring = subprocess.Popen(
            [*COMPTOIR, "restore", str(source.plain), "--replace"],
            env=environment(**here), stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        assert restoring.stdout
        for line in restoring.stdout:
            if point in line:
                os.kill(restoring.pid, signal.SIGKILL)
                break
        assert restoring.wait() == -signal.SIGKILL
        assert run("backup", str(tmp_path / "after.zip"), **here).returncode == 0
        assert different(tmp_path / "before.zip", tmp_path / "after.zip") == set()
        assert rows(tmp_path / "after.zip")["organisation_brand"] == []
        assert run("restore", str(source.plain), "--replace", **here).returncode == 0
        assert run("backup", str(tmp_path / "restored.zip"), **here).returncode == 0
        assert different(source.plain, tmp_path / "restored.zip") <= {
            "networks_channel", "networks_delivery", "organisation_notice",
        }  # fmt: skip


def test_a_backup_that_does_not_fit_leaves_nothing(source: Source, tmp_path: Path) -> None:
    here = source.house.own()
    small = f"ulimit -f 8; exec {' '.join(COMPTOIR)} backup {tmp_path}/small.zip"
    done = subprocess.run(
        ["sh", "-c", f"trap '' XFSZ; {small}"],
        env=environment(**here),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert os.listdir(tmp_path) == []
