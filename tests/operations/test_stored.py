"""What is stored in files goes with a backup, and comes back with it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.command.started import run
from tests.operations.houses import inside
from tests.servers.running import Postgres

FILL = """
from datetime import UTC, date, datetime, timedelta
from comptoir.inbox.tests.building import TOWN, house
from comptoir.listening import storing
from comptoir.listening.hearing import hear
from comptoir.listening.models import Query
from tests.listening.test_counting import _at
from tests.listening.test_hearing import public
made = house("verdier")
Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
days = [datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(60)]
hear(TOWN, [_at(public(f"p{n}", f"A teapot, {n}"), at) for n, at in enumerate(days)])
answer = storing.store_old()
"""
LOOK = """
from datetime import UTC, date
from comptoir.listening import storing
from comptoir.listening.counting import Scope, counted
from comptoir.listening.models import Mention, Query, StoredFile
from comptoir.listening.period import Period
queries = tuple(Query.objects.everywhere().values_list("pk", flat=True))
storing.mend()
rows = counted(Scope(queries, Period.days(date(2026, 3, 1), date(2026, 4, 29), UTC)))
answer = [sum(each.n for each in rows if each.by == "time"), Mention.objects.everywhere().count(),
          sorted(StoredFile.objects.everywhere().values_list("name", flat=True))]
"""


def files(data: Path) -> list[str]:
    return sorted(str(each.relative_to(data / "stored")) for each in (data / "stored").rglob("*.parquet"))


def test_what_is_stored_goes_with_a_backup(debian_postgres: Postgres, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    houses = [
        {"DATABASE_URL": debian_postgres.create(f"stored_{name}"), "COMPTOIR_DATA": str(tmp_path / name),
         "MENTIONS_STORED_AFTER": "60"}
        for name in ("one", "two")
    ]  # fmt: skip
    assert run("migrate", **houses[0]).returncode == 0
    assert inside(FILL, **houses[0]) == 60
    n, left, names = inside(LOOK, **houses[0])
    assert (n, left, names) == (60, 0, files(tmp_path / "one"))
    saved = run("backup", str(path), **houses[0])
    assert saved.returncode == 0, saved.stderr
    with zipfile.ZipFile(path) as archive:
        assert {name for name in archive.namelist() if name.startswith("stored/")} == {
            f"stored/{n}" for n in names
        }
    for more in ((), ("--replace",)):
        done = run("restore", str(path), *more, **houses[1])
        assert done.returncode == 0, done.stderr
        n, left, theirs = inside(LOOK, **houses[1])
        assert (n, left) == (60, 0)
        assert theirs == files(tmp_path / "two")
        assert not set(theirs) & set(names)
    assert files(tmp_path / "one") == names
    (tmp_path / "one/stored" / names[0]).unlink()
    failed = run("backup", str(tmp_path / "again.zip"), **houses[0])
    assert failed.returncode == 1
    assert "Old mentions cannot be read" in failed.stderr
