"""The backup of the day: made when it is due, the oldest going, and everybody told when it cannot be made."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from comptoir.inbox.tests.building import house
from comptoir.organisation.models import Notice
from comptoir.upkeep import daily, jobs
from comptoir.upkeep.archive import reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path / "backups"))
    monkeypatch.setenv("BACKUP_KEEP", "3")
    return tmp_path / "backups"


def back_up() -> None:
    jobs.back_up.func(timestamp=0)


def test_one_a_day(place: Path) -> None:
    house()
    back_up()
    back_up()
    (made,) = place.iterdir()
    with reading(made) as archive:
        archive.check()
        assert archive.manifest.tables["organisation_brand"].rows == 2
    made = made.rename(place / f"{daily.PREFIX}-yesterday.zip")
    _age(made, daily.EVERY + 60)
    back_up()
    assert len(daily.made(place)) == 2


def _age(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def test_the_oldest_go_and_what_is_not_ours_stays(place: Path) -> None:
    place.mkdir()
    for days in range(1, 7):
        path = place / f"{daily.PREFIX}-{days}.zip"
        path.write_text("")
        _age(path, days * 86_400)
    (place / "comptoir-by-hand.zip").write_text("")
    (place / f".{daily.PREFIX}-x.zip.1.part").write_text("")
    _age(place / f".{daily.PREFIX}-x.zip.1.part", 2 * 86_400)
    back_up()
    names = {path.name for path in place.iterdir()}
    newest = daily.made(place)[0].name
    assert names == {newest, "daily-1.zip", "daily-2.zip", "comptoir-by-hand.zip"}


def test_when_it_cannot_be_made_everybody_knows_until_it_can(place: Path) -> None:
    ours = house()
    place.write_text("in the way")
    back_up()
    up = Notice.objects.of(ours.brand).filter(settled_at=None)
    assert [notice.code for notice in up] == ["backup_failed"]
    place.unlink()
    back_up()
    assert not up.all().exists()


def test_without_a_folder_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKUP_DIR", raising=False)
    back_up()
    assert daily.folder() is None
