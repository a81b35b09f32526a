"""A video of several pieces goes with a backup, and comes back with it, byte by byte."""

from __future__ import annotations

from pathlib import Path

from tests.command.started import run
from tests.operations.houses import inside
from tests.servers.running import Postgres

FILL = """
from io import BytesIO
from comptoir.inbox.tests.building import house
from comptoir.publishing.models import Video
from tests.films import film
made = house("verdier")
free = bytes(range(256)) * 10_001
whole = film("quay.mp4") + (len(free) + 8).to_bytes(4, "big") + b"free" + free
asset = Video.bring(made.brand, made.people["agent"], BytesIO(whole), "quay.mp4")
answer = asset.video.pieces.count()
"""
LOOK = """
from hashlib import sha256
from comptoir.publishing.models import Video
video = Video.objects.everywhere().get()
whole = b"".join(video.read(0, video.size - 1))
answer = [len(whole), sha256(whole).hexdigest(), video.asset.name, video.length]
"""


def test_a_video_goes_with_a_backup(debian_postgres: Postgres, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    houses = [
        {"DATABASE_URL": debian_postgres.create(f"film_{name}"), "COMPTOIR_DATA": str(tmp_path / name)}
        for name in ("one", "two")
    ]
    assert run("migrate", **houses[0]).returncode == 0
    assert inside(FILL, **houses[0]) == 3
    before = inside(LOOK, **houses[0])
    assert before[0] > 2_500_000
    saved = run("backup", str(path), **houses[0])
    assert saved.returncode == 0, saved.stderr
    brought = run("restore", str(path), **houses[1])
    assert brought.returncode == 0, brought.stderr
    assert inside(LOOK, **houses[1]) == before
