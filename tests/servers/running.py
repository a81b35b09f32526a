"""Start the real servers that the tests talk to, and stop them whatever happens.

Each is a context manager: `with atproto_network() as network`. `Unavailable` says in words why one cannot be
had. A server is a child of the test run: it is stopped at the end, on Ctrl-C, and by the kernel should the
run be killed.
"""

from __future__ import annotations

import base64
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import urlencode

from comptoir.kernel.ports import free_port
from tests.servers.install import HERE, Unavailable, node, node_folder, postgres_binaries, reason_for

PREFIX = "comptoir-test-"


def sweep() -> None:
    """Remove the folders of test runs that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def temporary_folder(name: str) -> Iterator[Path]:
    """A folder that is gone afterwards. Its path is short, as a socket's must be, and names who owns it."""
    if Path("/proc").is_dir():
        sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def with_us(death: str, user: str | None = None) -> list[str]:
    """The beginning of a command that dies with its parent, and runs as `user` if one is given."""
    setpriv = shutil.which("setpriv")
    if setpriv:
        as_user = (
            [f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"] if user else []
        )
        return [setpriv, f"--pdeathsig={death}", *as_user, "--"]
    if user:
        raise Unavailable("setpriv, which would start PostgreSQL as somebody other than root, is missing")
    return []


def end(process: subprocess.Popen[Any], how: signal.Signals, patience: float = 10) -> None:
    """Stop a child, first kindly."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# PostgreSQL -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Postgres:
    """A private PostgreSQL on the loop-back, everybody trusted, nothing kept."""

    port: int
    binaries: Path
    user: str = "postgres"

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """Create an empty database; its address."""
        command = [str(self.binaries / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user]
        subprocess.run([*command, database], check=True, capture_output=True, timeout=60)
        return self.url(database)


def unprivileged() -> str | None:
    """Whom PostgreSQL can run as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise Unavailable("PostgreSQL refuses to run as root and there is no other user")


SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
"""


@contextmanager
def debian_postgres() -> Iterator[Postgres]:
    """A fresh cluster made with Debian's own PostgreSQL."""
    binaries = postgres_binaries()
    if binaries is None:
        raise Unavailable(
            reason_for("debian") or "PostgreSQL is not installed: python -m tests.servers.install"
        )
    user = unprivileged()
    with temporary_folder("pg") as folder:
        if user:
            shutil.chown(folder, user)
        data, log = folder / "data", folder / "log"
        initdb = [str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8"]
        made = subprocess.run(
            [*with_us("TERM", user), *initdb, "--locale=C", "--no-sync"],
            capture_output=True, text=True, timeout=120, cwd="/", check=False,
        )  # fmt: skip
        if made.returncode:
            raise Unavailable(f"initdb failed: {made.stderr.strip()[-300:]}")
        with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        server = Postgres(free_port(), binaries)
        command = [str(binaries / "postgres"), "-D", str(data), "-p", str(server.port)]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*with_us("INT", user), *command],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", start_new_session=True,
            )  # fmt: skip
        try:
            wait_for_postgres(process, server, log)
            yield server
        finally:
            end(process, signal.SIGINT)


def wait_for_postgres(process: subprocess.Popen[bytes], server: Postgres, log: Path) -> None:
    """Return when it answers."""
    ready = [str(server.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(server.port)]
    until = time.monotonic() + 30
    while subprocess.run(ready, check=False).returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise Unavailable(f"PostgreSQL did not start: {log.read_text(errors='replace')[-300:]}")
        time.sleep(0.05)


# The AT Protocol network ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """Somebody on the network."""

    handle: str
    did: str
    password: str
    app_password: str
    access: str
    """A token of the account's own, good for two hours."""


@dataclass(frozen=True)
class AtprotoNetwork:
    """A whole AT Protocol network of its own: directory, personal data server, AppView, and those who moderate it."""

    plc: str
    pds: str
    appview: str
    ozone: str

    @property
    def addresses(self) -> list[str]:
        """host:port of each server, as the inside guard's exception wants them."""
        return [url.split("://")[1] for url in (self.plc, self.pds, self.appview)]

    def call(self, method: str, body: Mapping[str, Any], token: str = "") -> dict[str, Any]:
        """A procedure of the data server."""
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(f"{self.pds}/xrpc/{method}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))

    def reports_of(self, did: str) -> list[tuple[str, str, list[str]]]:
        """What those who moderate were told of somebody: the ground, the words, the addresses of messages."""
        asked = {
            "types": "tools.ozone.moderation.defs#modEventReport",
            "subject": did,
            "includeAllUserRecords": "true",
            "limit": "100",
        }
        key = base64.b64encode(b"admin:admin-pass").decode()  # as the development environment has it
        request = urllib.request.Request(
            f"{self.ozone}/xrpc/tools.ozone.moderation.queryEvents?{urlencode(asked)}",
            headers={"authorization": f"Basic {key}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            events = json.load(answer)["events"]
        return [
            (
                each["event"]["reportType"].rpartition("#reason")[2].lower(),
                each["event"].get("comment", ""),
                [each["subject"]["uri"]] if "uri" in each["subject"] else [],
            )
            for each in events
        ]

    def new_account(self, name: str = "someone") -> Account:
        """A new account whose handle begins with `name`: letters and digits, at most 9."""
        handle = f"{name}{uuid.uuid4().hex[:8]}.test"
        password = uuid.uuid4().hex
        made = self.call(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@example.com", "password": password},
        )
        app = self.call("com.atproto.server.createAppPassword", {"name": "comptoir"}, made["accessJwt"])
        return Account(handle, made["did"], password, app["password"], made["accessJwt"])


@contextmanager
def atproto_network(postgres: Postgres | None = None) -> Iterator[AtprotoNetwork]:
    """The network, its AppView in a database of `postgres`, or of a cluster of its own."""
    if not node().exists() or reason_for("npm") or reason_for("better-sqlite3"):
        why = reason_for("npm") or reason_for("better-sqlite3")
        raise Unavailable(why or "the AT Protocol network is not installed: python -m tests.servers.install")
    if postgres is None:
        with debian_postgres() as own, atproto_network(own) as network:
            yield network
        return
    database = postgres.create(f"atproto_{uuid.uuid4().hex[:8]}")
    with temporary_folder("at") as folder:
        log = folder / "log"
        with log.open("wb") as err:
            process = subprocess.Popen(
                [*with_us("TERM"), str(node()), str(HERE / "atproto" / "net.mjs"), str(node_folder())],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, start_new_session=True,
                env={**os.environ, "DATABASE_URL": database, "TMPDIR": str(folder), "NODE_ENV": "test"},
            )  # fmt: skip
        try:
            yield AtprotoNetwork(**first_line(process, log))
        finally:
            end(process, signal.SIGTERM)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()


def first_line(process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    """What the network says when it is ready; one that says nothing for a minute is stopped."""
    assert process.stdout is not None
    impatience = Timer(60, process.kill)
    impatience.start()
    try:
        for line in process.stdout:
            if line.startswith(b'{"plc"'):
                return dict(json.loads(line))
    finally:
        impatience.cancel()
    raise Unavailable(f"the AT Protocol network did not start: {log.read_text(errors='replace')[-600:]}")
