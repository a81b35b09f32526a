"""snac2, a small real server of the fediverse: two of them, who know each other by signed federation only.

It comes from Debian, unpacked beside the tests and not installed; where the release has none, from its backports. In
front of each stands an nginx, as snac2 wants it, on a loop-back address of its own and port 80: names with a port in
them break mentions. What it lacks of the Mastodon interface: deletion, streaming, polls, keys, rate limits.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from comptoir.kernel.ports import free_port
from tests.servers.install import Unavailable, cache_folder, reason_for, run
from tests.servers.running import end, temporary_folder, unprivileged, with_us

STEP = "snac2"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def binary() -> Path:
    """The program."""
    return cache_folder() / "snac2" / "usr" / "bin" / "snac"


def fingerprint() -> str:
    """What the step depends on: the release of Debian, whose package it is."""
    return _release().get("VERSION_CODENAME", "")


def nginx() -> str | None:
    """The proxy in front of it."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def install_snac() -> str:
    """Fetch the Debian package and unpack it; the machine's own list of sources stays as it is."""
    release = fingerprint()
    if not release or not shutil.which("apt-get"):
        raise Unavailable("snac2 comes from Debian, and this is none")
    folder = cache_folder() / "snac2.new"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("lists/partial", "cache/archives/partial", "package"):
        (folder / name).mkdir(parents=True)
    (folder / "list.sources").write_text(
        f"Types: deb\nURIs: {_archive(release)}\nSuites: {release} {release}-backports\nComponents: main\n"
        f"Signed-By: {KEYRING}\n",
        encoding="utf-8",
    )
    apt = [
        "apt-get", "-q", "-o", f"Dir::Etc::sourcelist={folder}/list.sources", "-o", "Dir::Etc::sourceparts=-",
        "-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache",
        "-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none",
    ]  # fmt: skip
    run(*apt, "update")
    run(*apt, "download", "snac2", cwd=folder)
    (package,) = folder.glob("snac2_*.deb")
    run("dpkg", "-x", package, folder / "package")
    shutil.rmtree(cache_folder() / "snac2", ignore_errors=True)
    (folder / "package").rename(cache_folder() / "snac2")
    shutil.rmtree(folder, ignore_errors=True)
    return package.name.split("_")[1]


def _release() -> dict[str, str]:
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}


def _archive(release: str) -> str:
    """The archive that this machine takes its Debian from."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    for line in listed.stdout.splitlines():
        site, _, suite = line.partition(" ")
        if suite == release:
            return site
    raise Unavailable(f"no source of packages for {release} is configured here")


# Running --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SnacAccount:
    """Somebody on one of the servers, with a token as its owner would make one by hand."""

    name: str
    password: str
    url: str
    token: str

    @property
    def handle(self) -> str:
        """The name that the other server knows."""
        return f"{self.name}@{self.url.removeprefix('http://')}"


@dataclass(frozen=True)
class SnacServer:
    """One instance."""

    url: str
    folder: Path
    program: Path
    user: str | None

    @property
    def address(self) -> str:
        """host:port, as the inside guard's exception wants it."""
        return f"{self.url.removeprefix('http://')}:80"

    def new_account(self, name: str = "someone") -> SnacAccount:
        """A new account whose name begins with `name`: letters and digits."""
        name = f"{name}{uuid.uuid4().hex[:8]}"
        said = _as(self.user, str(self.program), "adduser", str(self.folder), name)
        (line,) = [line for line in said.splitlines() if line.startswith("User password is ")]
        password = line.removeprefix("User password is ").strip()
        form = urlencode({"login": name, "passwd": password}).encode()
        with urlopen(f"{self.url}/oauth/x-snac-get-token", form, timeout=20) as answer:
            return SnacAccount(name, password, self.url, answer.read().decode())

    def forget(self, token: str) -> None:
        """Make a token worthless: those made by hand can be taken back by nobody but the server's owner."""
        (self.folder / "token" / f"{token}.json").unlink()

    def all_said(self, account: SnacAccount) -> list[str]:
        """Every text that an account holds, from where snac2 keeps them: its interface lists the newest 256 alone."""
        kept = (self.folder / "user" / account.name / "public").glob("*.json")
        own = [each for each in map(_read, kept) if each["attributedTo"].endswith(f"/{account.name}")]
        return [re.sub("<[^>]+>", "", each["content"]) for each in own]


@dataclass(frozen=True)
class SnacPair:
    """Two instances that federate: the brand's home, and that of everybody else."""

    home: SnacServer
    away: SnacServer

    @property
    def addresses(self) -> list[str]:
        return [self.home.address, self.away.address]


def _read(file: Path) -> dict[str, str]:
    return json.loads(file.read_bytes())  # type: ignore[no-any-return]


@contextmanager
def snac_pair() -> Iterator[SnacPair]:
    """Both, with the proxy in front of them."""
    if not binary().exists() or reason_for(STEP):
        raise Unavailable(reason_for(STEP) or "snac2 is not installed: python -m tests.servers.install")
    proxy = nginx()
    if proxy is None:
        raise Unavailable(reason_for("debian") or "nginx is not installed: python -m tests.servers.install")
    user = unprivileged()
    with temporary_folder("sn") as folder, ExitStack() as running:
        folder.chmod(0o711)
        program = folder / "snac"
        shutil.copy(binary(), program)
        hosts, ports = _free_addresses(), (free_port(), free_port())
        servers = []
        for host, port in zip(hosts, ports, strict=True):
            server = SnacServer(f"http://{host}", folder / str(port) / "data", program, user)
            running.enter_context(_running(server, host, port))
            servers.append(server)
        running.enter_context(_proxy(proxy, folder / "proxy", dict(zip(hosts, ports, strict=True))))
        yield SnacPair(*servers)


def _free_addresses() -> tuple[str, str]:
    """Two loop-back addresses whose port 80 nobody has: several test runs may share a machine."""
    dice = random.SystemRandom()
    found: list[str] = []
    for _ in range(50):
        host = f"127.{dice.randrange(64, 128)}.{dice.randrange(256)}.{dice.randrange(2, 250)}"
        with socket.socket() as probe:
            try:
                probe.bind((host, 80))
            except PermissionError:
                raise Unavailable("snac2 wants port 80, and we may not open it") from None
            except OSError:
                continue
        found.append(host)
        if len(found) == 2:
            return found[0], found[1]
    raise Unavailable("no loop-back address has its port 80 free")


def _as(user: str | None, *command: str, answers: str = "") -> str:
    """Run a command of the server's to its end, as the server does; what it said."""
    done = subprocess.run(
        [*with_us("TERM", user), *command],
        input=answers, capture_output=True, text=True, timeout=60, cwd="/", check=False,
        env={**os.environ, "HOME": "/tmp"},
    )  # fmt: skip
    if done.returncode:
        raise Unavailable(f"{' '.join(command[:2])} failed: {(done.stdout + done.stderr).strip()[-300:]}")
    return done.stdout + done.stderr


@contextmanager
def _running(server: SnacServer, host: str, port: int) -> Iterator[None]:
    home = server.folder.parent
    home.mkdir()
    if server.user:
        shutil.chown(home, server.user)
    program, data = str(server.program), str(server.folder)
    _as(server.user, program, "init", data, answers=f"127.0.0.1\n{port}\n{host}\n\n\n")
    settings = server.folder / "server.json"
    quick = {
        "protocol": "http",
        "disable_email_notifications": True,
        "queue_retry_minutes": 1,
        # It delivers to its own inbox: with few threads all of them wait for one another, six seconds each.
        "num_threads": 16,
    }
    settings.write_text(json.dumps({**json.loads(settings.read_text()), **quick}), encoding="utf-8")
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [*with_us("TERM", server.user), program, "httpd", data],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
            env={**os.environ, "HOME": "/tmp"},
        )  # fmt: skip
    try:
        _wait(process, ("127.0.0.1", port), home / "log", "snac2")
        yield
    finally:
        end(process, signal.SIGTERM)


@contextmanager
def _proxy(program: str, folder: Path, ports: dict[str, int]) -> Iterator[None]:
    folder.mkdir()
    temporary = "".join(
        f" {name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    places = "\n".join(
        f"server {{ listen {host}:80; location / {{ proxy_pass http://127.0.0.1:{port}; proxy_set_header Host "
        f"$http_host; proxy_set_header X-Forwarded-For $remote_addr; }} }}"
        for host, port in ports.items()
    )
    (folder / "nginx.conf").write_text(
        f"worker_processes 1; pid {folder}/pid; error_log {folder}/log; daemon off;"
        f"{' user root;' if os.geteuid() == 0 else ''}\nevents {{ worker_connections 256; }}\n"
        f"http {{ access_log off; client_max_body_size 50m;{temporary}\n{places}\n}}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [*with_us("TERM"), program, "-e", f"{folder}/log", "-c", f"{folder}/nginx.conf"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        start_new_session=True,
    )  # fmt: skip
    try:
        for host in ports:
            _wait(process, (host, 80), folder / "log", "nginx")
        yield
    finally:
        end(process, signal.SIGTERM)


def _wait(process: subprocess.Popen[bytes], place: tuple[str, int], log: Path, name: str) -> None:
    """Return when somebody listens there."""
    until = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(place) == 0:
                return
        if process.poll() is not None or time.monotonic() > until:
            said = log.read_text(errors="replace")[-300:] if log.exists() else ""
            raise Unavailable(f"{name} did not start: {said}")
        time.sleep(0.05)
