"""mastodon_mock, a stand-in: somebody else's imitation of Mastodon's interface, with memory. It is no Mastodon.

It covers what snac2 lacks: deletion, edits, keys, streaming, rate limits. It federates with nobody. It comes from PyPI,
pinned with hashes in `mastodon_mock.txt`, into an environment of its own among the test servers.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

from comptoir.kernel.ports import free_port
from tests.servers.install import HERE, Unavailable, cache_folder, reason_for
from tests.servers.running import end, temporary_folder, with_us

STEP = "mastodon_mock"
LIST = HERE / "mastodon_mock.txt"


def program() -> Path:
    """The stand-in's command."""
    return cache_folder() / STEP / "bin" / "mastodon_mock"


@dataclass(frozen=True)
class MockAccount:
    """Somebody on the stand-in."""

    name: str
    url: str
    token: str


@dataclass(frozen=True)
class MastodonMock:
    """The stand-in, running."""

    url: str

    @property
    def address(self) -> str:
        """host:port, as the inside guard's exception wants it."""
        return self.url.removeprefix("http://")

    def call(self, verb: str, path: str, body: dict[str, Any] | None = None, token: str = "") -> Any:
        """Ask it for something, as anybody's program would."""
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", content, headers, method=verb)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def new_account(self, name: str = "someone") -> MockAccount:
        """A new account whose name begins with `name`."""
        name = f"{name}{uuid.uuid4().hex[:8]}"
        made = self.call("POST", "/api/v1/_mock/dev_user", {"username": name, "display_name": name.title()})
        return MockAccount(name, self.url, made["access_token"])

    @contextmanager
    def fault(self, path: str, effect: dict[str, Any], *methods: str, count: int = 1) -> Iterator[None]:
        """Have it misbehave on a path, so often, while a block lasts."""
        match = {"path": path, "methods": list(methods) or None}
        made = self.call("POST", "/api/v1/_mock/faults", {"match": match, "effect": effect, "count": count})
        try:
            yield
        finally:
            with suppress(HTTPError):  # it counts down and goes by itself
                self.call("DELETE", f"/api/v1/_mock/faults/{made['id']}")


@contextmanager
def mastodon_mock() -> Iterator[MastodonMock]:
    """The stand-in on a port of its own, with nobody in it."""
    if not program().exists() or reason_for(STEP):
        raise Unavailable(
            reason_for(STEP) or "mastodon_mock is not installed: python -m tests.servers.install"
        )
    with temporary_folder("mm") as folder:
        port = free_port()
        server = MastodonMock(f"http://127.0.0.1:{port}")
        (folder / "mock.toml").write_text(
            f'domain = "{server.address}"\nurl_scheme = "http"\nmedia_storage_path = "{folder}/media"\n'
            '[streaming]\nheartbeat_seconds = 1\n[seed]\n[[seed.accounts]]\nusername = "nobody"\n',
            encoding="utf-8",
        )
        log = folder / "log"
        command = [str(program()), "serve", "--config", str(folder / "mock.toml"), "--in-memory"]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*with_us("TERM"), *command, "--port", str(port)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder, start_new_session=True,
                env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            )  # fmt: skip
        try:
            _wait(process, server, log)
            yield server
        finally:
            end(process, signal.SIGTERM)


def _wait(process: subprocess.Popen[bytes], server: MastodonMock, log: Path) -> None:
    """Return when it answers."""
    until = time.monotonic() + 60
    while True:
        try:
            server.call("GET", "/api/v1/instance")
        except (URLError, OSError):
            if process.poll() is not None or time.monotonic() > until:
                said = log.read_text(errors="replace")[-300:]
                raise Unavailable(f"mastodon_mock did not start: {said}") from None
            time.sleep(0.1)
        else:
            return
