"""bin/find-python: a Python that is new enough, wherever it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("python3.14", "python3.13", "python3.12", "python3", "python")


def program(path: Path, does: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return path


def find(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run it with an old python3, and shims that lead nowhere, first in PATH."""
    for name in NAMES:
        program(tmp_path / "bin" / name, "echo 'an old one, or a shim without a version' >&2; exit 1")
    environment = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "HOME": str(tmp_path)}
    return subprocess.run(
        [ROOT / "bin" / "find-python"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize(
    "place",
    [
        ".pyenv/versions/{0}.1/bin",
        ".local/share/uv/python/cpython-{0}.1-linux-x86_64-gnu/bin",
        ".asdf/installs/python/{0}.1/bin",
        ".local/share/mise/installs/python/{0}.1/bin",
        "miniconda3/envs/work/bin",
    ],
)
def test_it_is_found_in_the_folder_of_a_version_manager(tmp_path: Path, place: str) -> None:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    mark = tmp_path / "called"
    script = f'touch "{mark}"; exec "{sys.executable}" "$@"'
    program(tmp_path / place.format(version) / f"python{version}", script)
    found = find(tmp_path)
    assert found.returncode == 0, found.stderr
    assert mark.exists()
    answer = subprocess.run(
        [found.stdout.strip(), "-c", "import sys; print(sys.version_info >= (3, 12))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert answer.stdout == "True\n"


def test_an_old_one_is_never_taken(tmp_path: Path) -> None:
    found = find(tmp_path)
    if found.returncode == 0:
        assert not found.stdout.startswith(str(tmp_path))
        assert os.access(found.stdout.strip(), os.X_OK)
    else:
        assert "Comptoir needs Python 3.12 or newer" in found.stderr
        assert "sudo apt install" in found.stderr
