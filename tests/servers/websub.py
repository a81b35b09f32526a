"""A real WebSub hub: flask-websub from PyPI, pinned with hashes in `websub.txt`, in an environment of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

from comptoir.kernel.ports import free_port
from tests.servers.install import HERE, Unavailable, cache_folder, reason_for
from tests.servers.running import end, temporary_folder, with_us

STEP = "websub"
LIST = HERE / "websub.txt"
BUILT = "flask-websub"
"""It is published as source alone."""


def program() -> Path:
    """The hub's Python."""
    return cache_folder() / STEP / "bin" / "flask"


@dataclass(frozen=True)
class Hub:
    """The hub, running."""

    url: str

    @property
    def address(self) -> str:
        """host:port, as the inside guard's exception wants it."""
        return self.url.removeprefix("http://").partition("/")[0]

    def publish(self, topic: str) -> None:
        """Its publisher says that a topic has something new; returns once everybody was told."""
        said = urlencode({"hub.mode": "publish", "hub.topic": topic, "hub.url": topic}).encode()
        with urllib.request.urlopen(self.url, said, timeout=20):
            pass


@contextmanager
def websub_hub() -> Iterator[Hub]:
    """A hub on a port of its own, to which nobody has subscribed."""
    if not program().exists() or reason_for(STEP):
        raise Unavailable(
            reason_for(STEP) or "flask-websub is not installed: python -m tests.servers.install"
        )
    with temporary_folder("ws") as folder:
        port = free_port()
        hub = Hub(f"http://127.0.0.1:{port}/hub")
        log = folder / "log"
        command = [str(program().with_name("python")), str(HERE / "websub_hub.py"), str(port), str(folder)]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*with_us("TERM"), *command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder,
                start_new_session=True,
                env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            )  # fmt: skip
        try:
            _wait(process, hub, log)
            yield hub
        finally:
            end(process, signal.SIGTERM)


def _wait(process: subprocess.Popen[bytes], hub: Hub, log: Path) -> None:
    """Return when it answers."""
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(hub.url, timeout=5).close()
        except HTTPError:
            return
        except (URLError, OSError):
            if process.poll() is not None or time.monotonic() > until:
                raise Unavailable(
                    f"the hub did not start: {log.read_text(errors='replace')[-300:]}"
                ) from None
            time.sleep(0.1)
        else:
            return
