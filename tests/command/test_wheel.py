"""`pip install` of the built wheel gives the same command, with everything that it shows in it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEPT = (".html", ".css", ".js", ".svg", ".toml", ".mo", ".png", ".webmanifest", ".weights", ".words")


@pytest.fixture(scope="module")
def uv() -> str:
    """uv, as `make` finds or brings it."""
    brought = ROOT / ".cache" / "uv" / "bin" / "uv"
    found = shutil.which("uv") or (str(brought) if brought.exists() else None)
    if found is None:
        pytest.skip("no uv here: `make` brings it where there is none")
    return found


def test_the_wheel_is_whole(uv: str, tmp_path: Path) -> None:
    build = [uv, "build", "--quiet", "--wheel", "--offline", "--out-dir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "comptoir"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    wanted = {path for path in tracked if path.endswith(KEPT) or "/migrations/" in path}
    assert wanted
    assert not wanted - inside
    target = tmp_path / "installed"
    install = [uv, "pip", "install", "--quiet", "--no-deps", "--offline", "--target", str(target), str(wheel)]
    subprocess.run([*install, "--python", sys.executable], check=True, timeout=120)
    path = os.pathsep.join([str(target), sysconfig.get_path("purelib")])
    said = subprocess.run(
        [str(target / "bin" / "comptoir"), "--help"],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert "owner-link" in said
