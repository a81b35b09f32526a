"""Who was erased stays erased when a backup from before comes back."""

from __future__ import annotations

from pathlib import Path

import psycopg

from tests.command.started import Up, data_folder, run, until
from tests.operations.houses import inside

SOMEBODY = """
SELECT p.handle FROM networks_actor p JOIN inbox_thread t ON t.person_id = p.id JOIN networks_activity a
ON a.actor_id = p.id WHERE a.text <> '' AND length(p.handle) > 6 ORDER BY p.id LIMIT 1
"""
LOOK = """
from comptoir.networks.models import Activity, Actor, Erasure
from comptoir.networks.persons import find
answer = {
    "found": len(find("rehearsal", HANDLE)),
    "erasures": Erasure.objects.count(),
    "empty": Activity.objects.everywhere().exclude(erased=None).filter(text="").count(),
    "others": Activity.objects.everywhere().filter(erased=None).exclude(text="").count(),
}
"""


def test_a_restored_house_does_not_know_whom_it_has_erased_since(tmp_path: Path) -> None:
    saved = tmp_path / "before.zip"
    with data_folder() as data:
        here = {"COMPTOIR_DATA": str(data)}
        house = Up(data)
        try:
            with psycopg.connect(house.url()) as line:
                until(lambda: bool(line.execute("SELECT count(*) > 50 FROM inbox_entry").fetchone()[0]))  # type: ignore[index]
                handle = str(line.execute(SOMEBODY).fetchone()[0])  # type: ignore[index]
            house.run("backup", str(saved))
            assert "Erased:" in house.run("person", "erase", "rehearsal", handle, "--yes")
        finally:
            house.stop()
        done = run("restore", str(saved), "--replace", **here)
        assert done.returncode == 0, done.stderr
        assert "1 people who were erased after the backup was made were erased again" in done.stdout
        from comptoir.kernel import onboard

        with onboard.running(data) as url:
            seen = inside(LOOK.replace("HANDLE", repr(handle)), DATABASE_URL=url, **here)
    assert seen["found"] == 0
    assert seen["erasures"] == 1
    assert seen["empty"] >= 1
    assert seen["others"] > 20
