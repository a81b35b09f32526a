"""Synapse, the Matrix server, on a port of its own with nobody in it. It comes from PyPI, into its own environment."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

from comptoir.kernel.ports import free_port
from tests.servers.install import HERE, Unavailable, cache_folder, reason_for
from tests.servers.running import end, temporary_folder, with_us

STEP = "synapse"
LIST = HERE / "synapse.txt"
_SECRET = "only for tests"
_OFTEN = {"per_second": 1000, "burst_count": 1000}


def program() -> Path:
    """The Python that has Synapse."""
    return cache_folder() / STEP / "bin" / "synapse_homeserver"


@dataclass(frozen=True)
class MatrixUser:
    """Somebody on the server, signed in."""

    server: Synapse
    name: str
    token: str

    def call(self, verb: str, path: str, body: Any = None) -> Any:
        """Ask the server for something, as this user."""
        return self.server.call(verb, f"/_matrix/client/v3/{path}", body, self.token)

    def room(self, *invited: str, encrypted: bool = False) -> str:
        """Make a private room; its id."""
        state = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
        asked = {"preset": "private_chat", "name": "The counter", "invite": list(invited)}
        made = self.call("POST", "createRoom", {**asked, "initial_state": state if encrypted else []})
        return str(made["room_id"])

    def say(self, room: str, text: str, below: str = "", fallback: str = "") -> str:
        """Say something, in a thread or not; the event's id."""
        related = {"rel_type": "m.thread", "event_id": below, "m.in_reply_to": {"event_id": below}}
        body = {"msgtype": "m.text", "body": fallback + text, **({"m.relates_to": related} if below else {})}
        path = f"rooms/{quote(room)}/send/m.room.message/{uuid.uuid4().hex}"
        return str(self.call("PUT", path, body)["event_id"])

    def take_back(self, room: str, event: str) -> None:
        """Redact an event."""
        self.call("PUT", f"rooms/{quote(room)}/redact/{quote(event)}/{uuid.uuid4().hex}", {})

    def heard(self, room: str) -> list[dict[str, Any]]:
        """The messages of a room, oldest first."""
        found = self.call("GET", f"rooms/{quote(room)}/messages?dir=f&limit=100")
        return [event for event in found["chunk"] if event["type"] == "m.room.message"]


@dataclass(frozen=True)
class Synapse:
    """The server, running."""

    url: str

    @property
    def address(self) -> str:
        """host:port, as the inside guard's exception wants it."""
        return self.url.removeprefix("http://")

    def call(self, verb: str, path: str, body: Any = None, token: str = "") -> Any:
        """Ask it for something."""
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", content, headers, method=verb)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def new_user(self, name: str, password: str = "pw") -> MatrixUser:
        """A new user whose name begins with `name`, made as the server's own administrators do."""
        name = f"{name}-{uuid.uuid4().hex[:8]}"
        nonce = self.call("GET", "/_synapse/admin/v1/register")["nonce"]
        said = b"\0".join(part.encode() for part in (nonce, name, password, "notadmin"))
        mac = hmac.new(_SECRET.encode(), said, hashlib.sha1).hexdigest()
        asked = {"nonce": nonce, "username": name, "password": password, "mac": mac}
        made = self.call("POST", "/_synapse/admin/v1/register", asked)
        return MatrixUser(self, made["user_id"], made["access_token"])


@contextmanager
def synapse() -> Iterator[Synapse]:
    """The server on a port of its own."""
    if not program().exists() or reason_for(STEP):
        raise Unavailable(reason_for(STEP) or "Synapse is not installed: python -m tests.servers.install")
    with temporary_folder("mx") as folder:
        port = free_port()
        log = folder / "log"
        _configure(folder, port)
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*with_us("TERM"), str(program()), "-c", str(folder / "server.yaml")],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder, start_new_session=True,
                env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            )  # fmt: skip
        server = Synapse(f"http://127.0.0.1:{port}")
        try:
            _wait(process, server, log)
            yield server
        finally:
            end(process, signal.SIGTERM)


def _configure(folder: Path, port: int) -> None:
    """Write its settings: JSON, which is YAML as well."""
    settings = {
        "server_name": "localhost",
        "report_stats": False,
        "pid_file": str(folder / "pid"),
        "listeners": [
            {
                "port": port,
                "type": "http",
                "tls": False,
                "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"], "compress": False}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "registration_shared_secret": _SECRET,
        "macaroon_secret_key": _SECRET,
        "trusted_key_servers": [],
        "bcrypt_rounds": 4,
        "presence": {"enabled": False},
        "rc_login": {"address": _OFTEN, "account": _OFTEN, "failed_attempts": _OFTEN},
        "rc_message": _OFTEN,
        "rc_registration": _OFTEN,
        "rc_joins": {"local": _OFTEN, "remote": _OFTEN},
        "rc_invites": {"per_room": _OFTEN, "per_user": _OFTEN, "per_issuer": _OFTEN},
    }
    (folder / "server.yaml").write_text(json.dumps(settings), encoding="utf-8")
    key = ["--generate-keys", "-c", str(folder / "server.yaml")]
    subprocess.run([str(program()), *key], cwd=folder, check=True, capture_output=True, timeout=60)


def _wait(process: subprocess.Popen[bytes], server: Synapse, log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            server.call("GET", "/_matrix/client/versions")
        except (URLError, OSError):
            if process.poll() is not None or time.monotonic() > until:
                said = log.read_text(errors="replace")[-400:]
                raise Unavailable(f"Synapse did not start: {said}") from None
            time.sleep(0.1)
        else:
            return
