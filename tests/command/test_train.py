"""`bin/train`: what is missing in the folder is said before anything is installed."""

import subprocess
from pathlib import Path

TRAIN = Path(__file__).parents[2] / "bin" / "train"


def test_it_names_what_the_folder_has_not(tmp_path: Path) -> None:
    (tmp_path / "sentiment").mkdir()
    (tmp_path / "sentiment" / "umsab-fr-train.jsonl").touch()
    said = subprocess.run([str(TRAIN), str(tmp_path)], capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert f"{tmp_path} has no sentiment/umsab-en" in said.stderr
    none = subprocess.run([str(TRAIN), str(tmp_path / "none")], capture_output=True, text=True, check=False)
    assert (none.returncode, none.stderr[:6]) == (2, "Usage:")
