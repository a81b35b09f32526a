"""The program as it was at the last tag: its source taken from the history, its environment made by its own lock."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.servers.install import ROOT, Unavailable, alone_in, cache_folder, run

KNOWN = ROOT / "tests" / "upgrade-from.txt"
"""A commit to upgrade from where the tags are missing, as in a clone made without them."""


def git(*words: str) -> str:
    """What git says, "" when it fails."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def former() -> str:
    """The commit of the newest tag before this one. Unavailable where there is neither tag nor history."""
    tag = git("describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^")
    if tag:
        return git("rev-parse", f"{tag}^{{commit}}")
    known = KNOWN.read_text().strip()
    if git("cat-file", "-t", known) == "commit":
        return known
    raise Unavailable("no tag and no commit to upgrade from: this is no clone with its history")


def installed(commit: str) -> Path:
    """The folder of that program, ready to run; made once, whoever else asks for it meanwhile."""
    folder = cache_folder().parent / "former" / commit[:12]
    with alone_in(folder.parent):
        if not (folder / ".venv" / "stamp-run").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            install(commit, folder)
    return folder


def install(commit: str, folder: Path) -> None:
    """Put it into an empty folder; Unavailable with its last words when it fails."""
    with tempfile.TemporaryFile() as packed:
        subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=packed, check=True)
        packed.seek(0)
        subprocess.run(["tar", "-x", "-C", str(folder)], stdin=packed, check=True)
    ours = f"{ROOT}/.cache/uv/bin:{os.environ['PATH']}"
    run("sh", folder / "bin" / "environment", cwd=folder, env={"PATH": ours, "VIRTUAL_ENV": ""})


def command(folder: Path) -> list[str]:
    """How it is started."""
    return [str(folder / ".venv" / "bin" / "comptoir")]
