"""`comptoir evaluate spikes`: a table comes back with its scores, whole or not at all, and a bad row is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.command.main import main
from comptoir.reading.tests.shared import path_of
from training import spikes as benchmark


def test_a_table_comes_back_with_its_scores(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"\xef\xbb\xbftimestamp,value\r\n2026-03-02 00:00:00,3\r\n2026-03-02 00:05:00,4.0\r\n")
    assert main(["evaluate", "spikes", str(source), str(target)]) == 0
    rows = "timestamp,value,anomaly_score\n2026-03-02 00:00:00,3,0\n2026-03-02 00:05:00,4.0,0\n"
    assert target.read_text() == rows
    assert main(["evaluate", "spikes", str(source), str(source)]) == 0, "in place, too"
    assert source.read_text() == rows


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (b"", "in.csv, line 1: the first line has to be timestamp,value"),
        (b"timestamp,value\n\n2026-03-02,1\n2 mars,2\n", "line 4: \u201c2 mars\u201d is no time"),
        (b"timestamp,value\n2026-03-02,-\xff\n", "line 2: \u201c-?\u201d is no number"),
        (b"timestamp,value\n2026-03-02\n", "line 2: two columns are needed"),
    ],
)
def test_a_bad_row_is_named_and_nothing_written(
    rows: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(rows)
    target.write_text("as it was")
    assert main(["evaluate", "spikes", str(source), str(target)]) == 1
    assert said in capsys.readouterr().err
    assert target.read_text() == "as it was"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    assert main(["evaluate", "spikes", str(tmp_path / "none.csv"), str(tmp_path / "out.csv")]) == 1
    assert "none.csv\u00a0: " in capsys.readouterr().err


def test_every_series_of_the_benchmark_is_read(tmp_path: Path) -> None:
    folder = path_of("spikes/nab")
    for source in sorted(folder.glob("real*/*.csv"))[::6]:
        assert main(["evaluate", "spikes", str(source), str(tmp_path / "out.csv")]) == 0
        before, after = source.read_text().splitlines(), (tmp_path / "out.csv").read_text().splitlines()
        assert [row.rpartition(",")[0] for row in after] == before
    assert benchmark.read(folder, "realTweets/Twitter_volume_CVS")[0].windows
