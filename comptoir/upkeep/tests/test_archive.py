"""The file of a backup: there when it is whole, and found out when it is not."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.upkeep.archive import FORMAT, Damaged, Manifest, TooNew, reading, writing


def write(path: Path, rows: bytes = b"1\tone\n2\ttwo\n", **said: object) -> None:
    manifest = Manifest("0.1.0", "2026-11-02T08:00:00+00:00", "18.6", {"inbox": ["0001_initial"]})
    with writing(path) as archive:
        manifest.tables["things"] = archive.table("things", ["id", "name"], [rows[:5], rows[5:]])
        manifest.keys["grant.key"] = archive.key("grant.key", "a word")
        for name, value in said.items():
            setattr(manifest, name, value)
        archive.manifest(manifest)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with reading(path) as archive:
        archive.check()
        assert archive.manifest.tables["things"].rows == archive.manifest.rows == 2
        assert b"".join(archive.rows("things")) == b"1\tone\n2\ttwo\n"
        assert archive.key("grant.key") == "a word"
        assert archive.manifest.moment.year == 2026


def test_it_goes_over_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_text("something dear")
    with pytest.raises(FileExistsError):
        write(path)
    assert path.read_text() == "something dear"


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"1\n"
        raise ConnectionError

    with pytest.raises(ConnectionError), writing(tmp_path / "a.zip") as archive:
        archive.table("things", ["id"], breaking())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_each_bit_counts(tmp_path: Path, at: float) -> None:
    path = tmp_path / "a.zip"
    write(path, b"".join(b"%d\tword %d\n" % (n, n * n) for n in range(5000)))
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 1
    path.write_bytes(content)
    with pytest.raises(Damaged), reading(path) as archive:
        archive.check()


def test_a_table_that_is_not_what_the_manifest_says(tmp_path: Path) -> None:
    from comptoir.upkeep.archive import Table

    path = tmp_path / "a.zip"
    write(path, tables={"things": Table(["id", "name"], 2, 12, "0" * 64)})
    with pytest.raises(Damaged, match="things"), reading(path) as archive:
        archive.check()


def test_one_of_a_later_format(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write(path, format=FORMAT + 1, version="7.0.0")
    with pytest.raises(TooNew, match=r"7\.0\.0"), reading(path):
        pass
