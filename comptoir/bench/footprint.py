"""What Comptoir weighs and how long it takes to come up: `make run` on a fresh clone, someone who looks around, rest.

    first_page_s   from `make run` on a fresh clone (uv's cache as it is) to the first page
    restart_s      from `make run` again to the first page
    stop_s         from Ctrl-C to no process left
    idle_mb        sum of PSS of every process (two web workers), at rest after pages were read
    installed_mb   the environment, run-time packages only

Outside a checkout there is no `make run`: `comptoir up` is measured, and nothing is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from comptoir.kernel.ports import free_port

SOURCE = Path(__file__).resolve().parents[2]
ROUNDS = 30
REST = 15.0
SLOW = 120.0


def run() -> dict[str, Any]:
    """Bring it up twice in a folder of its own, and measure."""
    with tempfile.TemporaryDirectory(prefix="ctb-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        line = _clone(folder)
        port = free_port(2)
        figures: dict[str, Any] = {"started_with": " ".join(line)}
        with _up(line, folder, port) as first:
            figures["first_page_s"] = first.took
            first.look_around()
            time.sleep(REST)
            figures["idle_mb"] = round(sum(map(_pss, _below(first.process.pid))) / 1024, 1)
        figures["stop_s"] = first.stopped
        figures["installed_mb"] = _installed(folder / "clone" / ".venv")
        with _up(line, folder, port) as again:
            figures["restart_s"] = again.took
    return figures


def _clone(folder: Path) -> list[str]:
    """What brings it up: make in a fresh clone, else the installed command."""
    if not (SOURCE / ".git").exists() or not shutil.which("make"):
        return [sys.executable, "-m", "comptoir.command.main", "up"]
    subprocess.run(["git", "clone", "--quiet", str(SOURCE), str(folder / "clone")], check=True)
    return ["make", "--no-print-directory", "-C", str(folder / "clone"), "run"]


class _Up:
    """One that runs."""

    def __init__(self, line: list[str], folder: Path, port: int) -> None:
        self.output = folder / "output"
        self.address = f"http://127.0.0.1:{port}"
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "PYTHONPATH"}}
        given = {"PORT": str(port), "COMPTOIR_DATA": str(folder / "data"), "WEB_WORKERS": "2"}
        self._began = time.monotonic()
        self.stopped = 0.0
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                line, env={**kept, **given}, stdout=out, stderr=out, process_group=0
            )

    def wait(self) -> None:
        """Until the first page comes."""
        while not self._page():
            if self.process.poll() is not None or time.monotonic() - self._began > SLOW:
                raise SystemExit(f"It did not come up:\n{self.output.read_text(errors='replace')}")
            time.sleep(0.02)
        self.took = round(time.monotonic() - self._began, 2)

    def _page(self) -> bool:
        with suppress(URLError, OSError), build_opener().open(self.address, timeout=5) as page:
            return int(page.status) == 200
        return False

    def look_around(self) -> None:
        """Sign in by the printed link and read pages, so that what idles has worked."""
        person: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        until = time.monotonic() + 10
        while not (link := re.search(r"https?://\S+(/owner/\S+/)", self.output.read_text(errors="replace"))):
            if time.monotonic() > until:
                raise SystemExit("no sign-in link was printed")
            time.sleep(0.05)
        door = self.address + link[1]
        form = person.open(door, timeout=20).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        sent = urlencode({"csrfmiddlewaretoken": token[1] if token else ""}).encode()
        home = person.open(door, data=sent, timeout=20).read().decode()
        pages = ["/", *re.findall(r'href="(/[^"#]*threads?/\d+/)"', home)[:10]]
        for _ in range(ROUNDS):
            for page in pages:
                person.open(self.address + page, timeout=20).read()

    def stop(self) -> None:
        """As Ctrl-C in a terminal does it: every process of the foreground group hears it."""
        every = _below(self.process.pid)
        began = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(60)
        while any(Path(f"/proc/{number}").exists() for number in every) and time.monotonic() - began < 60:
            time.sleep(0.02)
        self.stopped = round(time.monotonic() - began, 2)


@contextmanager
def _up(line: list[str], folder: Path, port: int) -> Iterator[_Up]:
    running = _Up(line, folder, port)
    try:
        running.wait()
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()


def _below(number: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):
                parent = int(Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1])
                parents.setdefault(parent, []).append(int(entry))
    found = [number]
    for one in found:
        found += parents.get(one, [])
    return found


def _installed(environment: Path) -> float:
    """Megabytes on the disk of an environment; 0 when there is none of our own."""
    files = (Path(base) / name for base, _, names in os.walk(environment) for name in names)
    return round(sum(file.lstat().st_blocks * 512 for file in files) / 1e6, 1)


def _pss(number: int) -> int:
    """The memory of a process in kB, shared pages split among those who share them."""
    with suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
