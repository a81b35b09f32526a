"""A real WordPress: Debian's, on PHP's own web server, with a MariaDB of its own behind a socket."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from comptoir.kernel.ports import free_port
from tests.servers.install import HERE, WORDPRESS, Unavailable, reason_for
from tests.servers.running import end, temporary_folder, unprivileged, with_us

OURS = HERE / "wordpress"
TITLE = "Maison Verdier"
OPTIONS: dict[str, Any] = {"comment_moderation": 0, "comment_previously_approved": 0}
"""As strangers like it: what they write is seen at once. A test asks for `comment_moderation` where it matters."""
_PHP = (
    "-d", "display_errors=0", "-d", "opcache.enable_cli=1", "-d", "upload_max_filesize=32M", "-d", "post_max_size=32M"
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A user of the site, with an application password."""

    id: int
    login: str
    password: str


@dataclass(frozen=True)
class WordPress:
    """A site of its own, empty but for what WordPress puts into every new one."""

    url: str
    folder: Path
    user: str | None

    @property
    def address(self) -> str:
        """host:port, as the inside guard's exception wants it."""
        return self.url.split("://")[1]

    def act(self, do: str, **facts: Any) -> dict[str, Any]:
        """What the site's owner does in its pages: see act.php."""
        said = json.dumps({"do": do, "url": self.url, **facts})
        done = subprocess.run(
            [*with_us("TERM", self.user), "php", *_PHP, str(OURS / "act.php"), str(self.folder / "root")],
            input=said, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(f"WordPress: {done.stdout.strip()[-300:]} {done.stderr.strip()[-300:]}")
        return dict(json.loads(done.stdout.strip().splitlines()[-1]) or {})

    def person(self, role: str = "editor", name: str = "") -> Person:
        """Somebody new with this role: subscriber, contributor, author, editor, administrator."""
        login = f"{role}{uuid.uuid4().hex[:6]}"
        return Person(**self.act("user", login=login, role=role, name=name or login))

    def option(self, name: str, value: Any) -> None:
        """Set one of the site's options."""
        self.act("option", name=name, value=value)

    def revoke(self, person: Person) -> None:
        """The person's application passwords are worth nothing from now on."""
        self.act("revoke", id=person.id)


class Visitor:
    """Somebody who reads the site and writes to it: signed in as one of its users, or not."""

    def __init__(self, site: WordPress, person: Person | None = None) -> None:
        self.site, self.person = site, person
        auth = (person.login, person.password) if person else None
        self.http = httpx2.Client(base_url=site.url, auth=auth, timeout=30)

    def call(self, method: str, path: str, **body: Any) -> Any:
        """One request to the REST API."""
        rest: Mapping[str, Any] = {"params": body} if method == "GET" else {"json": body}
        answer = self.http.request(method, f"/wp-json/wp/v2/{path}", **rest)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def post(self, title: str, content: str = "<p>Words.</p>", **rest: Any) -> int:
        """Publish a post; its number."""
        return int(self.call("POST", "posts", title=title, content=content, status="publish", **rest)["id"])

    def comment(self, post: int, text: str, parent: int = 0) -> int:
        """Comment as a user of the site; the comment's number."""
        return int(self.call("POST", "comments", post=post, content=text, parent=parent)["id"])

    def fill_in(
        self, post: int, text: str, name: str = "Zoé Tremblay", mail: str = "", parent: int = 0
    ) -> int:
        """Comment without an account, through the form below a post; the comment's number."""
        form = {
            "comment_post_ID": str(post), "comment": text, "author": name, "url": "", "comment_parent": str(parent),
            "email": mail or f"{name.encode().hex()[:12]}@example.org",
        }  # fmt: skip
        answer = self.http.post("/wp-comments-post.php", data=form)
        assert answer.status_code == 302, answer.text
        # Where the writer is sent names the comment, whether it is seen or held.
        return int(answer.headers["location"].rsplit("#comment-", 1)[1])


def install_site(folder: Path, url: str, user: str | None) -> WordPress:
    """Copy the program, make the database and the site's first content."""
    root = folder / "root"
    shutil.copytree(WORDPRESS, root, symlinks=False, ignore_dangling_symlinks=True)
    (root / "wp-content" / "mu-plugins").mkdir()
    (root / "wp-content" / "uploads").mkdir()
    shutil.copy(OURS / "config.php", root / "wp-config.php")
    shutil.copy(OURS / "quiet.php", root / "wp-content" / "mu-plugins")
    if user:
        shutil.chown(root / "wp-content" / "uploads", user)
    site = WordPress(url, folder, user)
    site.act("install", title=TITLE, options=OPTIONS)
    return site


@contextmanager
def mariadb(folder: Path, user: str | None) -> Iterator[None]:
    """A MariaDB behind the socket `my.sock` of the folder, with an empty database `site`."""
    data, socket, log = folder / "data", folder / "my.sock", folder / "my.log"
    make = [
        "mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
        "--skip-test-db", "--skip-name-resolve",
    ]  # fmt: skip
    made = subprocess.run(
        [*with_us("TERM", user), *make], capture_output=True, text=True, timeout=120, cwd=folder, check=False
    )
    if made.returncode:
        raise Unavailable(f"mariadb-install-db failed: {(made.stdout + made.stderr).strip()[-300:]}")
    command = [
        "mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", f"--pid-file={folder}/my.pid",
        "--skip-networking", "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0",
        "--performance-schema=OFF", "--skip-log-bin",
    ]  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*with_us("TERM", user), *command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder,
            start_new_session=True,
        )  # fmt: skip
    try:
        until = time.monotonic() + 60
        create = ["mariadb", "--no-defaults", f"--socket={socket}", "-uroot", "-e", "CREATE DATABASE site"]
        while subprocess.run(create, capture_output=True, check=False, timeout=30).returncode:
            if process.poll() is not None or time.monotonic() > until:
                raise Unavailable(f"MariaDB did not start: {log.read_text(errors='replace')[-300:]}")
            time.sleep(0.1)
        yield
    finally:
        end(process, signal.SIGTERM)


@contextmanager
def wordpress_site() -> Iterator[WordPress]:
    """The site, for as long as the block lasts."""
    if reason := missing():
        raise Unavailable(reason)
    user = unprivileged()
    with temporary_folder("wp") as folder:
        if user:
            shutil.chown(folder, user)
        with mariadb(folder, user):
            port = free_port()
            site = install_site(folder, f"http://127.0.0.1:{port}", user)
            with (folder / "php.log").open("wb") as out:
                serve = [
                    "php",
                    *_PHP,
                    "-S",
                    f"127.0.0.1:{port}",
                    "-t",
                    str(folder / "root"),
                    str(OURS / "router.php"),
                ]
                process = subprocess.Popen(
                    [*with_us("TERM", user), *serve], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder,
                    start_new_session=True, env={**os.environ, "SITE": str(folder / "root")},
                )  # fmt: skip
            try:
                wait_for(site, process, folder / "php.log")
                yield site
            finally:
                end(process, signal.SIGTERM)


def missing() -> str:
    """Why there can be no WordPress here, "" when there can."""
    absent = [name for name in ("mariadbd", "mariadb-install-db", "mariadb", "php") if not shutil.which(name)]
    absent += [] if (WORDPRESS / "wp-load.php").exists() else ["wordpress"]
    if not absent:
        return ""
    return reason_for("debian") or f"{', '.join(absent)} not installed: python -m tests.servers.install"


def wait_for(site: WordPress, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when it answers."""
    until = time.monotonic() + 30
    while True:
        try:
            if httpx2.get(f"{site.url}/wp-json/", timeout=10).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        if process.poll() is not None or time.monotonic() > until:
            raise Unavailable(f"WordPress did not start: {log.read_text(errors='replace')[-600:]}")
        time.sleep(0.1)
