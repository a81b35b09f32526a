"""A certified OpenID provider (npm's `oidc-provider`), on the loop of this machine."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from tests.servers.install import HERE, Unavailable, cache_folder, node, reason_for, run
from tests.servers.running import end, temporary_folder, with_us

STEP = "oidc"
SOURCE = HERE / "oidc"
CLIENT, SECRET = "comptoir", "a secret of the tests"


def folder() -> Path:
    """Where it is installed."""
    return cache_folder() / "oidc"


def program() -> Path:
    """What is there once it is installed."""
    return folder() / "node_modules" / "oidc-provider" / "package.json"


def fingerprint() -> str:
    """Every version that the step installs."""
    parts = [(SOURCE / name).read_bytes() for name in ("package.json", "package-lock.json")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install_provider() -> str:
    """Install its packages beside the old ones, none of their scripts run."""
    npm = shutil.which("npm")
    if not npm:
        raise Unavailable("npm is missing")
    fresh = cache_folder() / "oidc.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(SOURCE / name, fresh / name)
    run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=fresh)
    shutil.rmtree(folder(), ignore_errors=True)
    fresh.rename(folder())
    return "installed"


@dataclass(frozen=True)
class OpenIdProvider:
    """Whoever types an address at its sign-in page is the person of that address."""

    issuer: str

    @property
    def place(self) -> str:
        """host:port, as the inside guard's exception wants it."""
        return self.issuer.split("://")[1]

    def settings(self) -> dict[str, str]:
        """What a host sets to have people sign in through it."""
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_NAME": "Verdier Identity",
        }


@contextmanager
def openid_provider(public_url: str) -> Iterator[OpenIdProvider]:
    """A provider that sends people back to these pages."""
    if not program().exists() or not node().exists():
        raise Unavailable(reason_for(STEP) or "oidc-provider is missing: python -m tests.servers.install")
    with temporary_folder("oi") as place:
        log = place / "log"
        words = [
            str(node()),
            str(SOURCE / "provider.mjs"),
            str(folder()),
            f"{public_url}/account/login/sso/back/",
        ]
        with log.open("wb") as err:
            process = subprocess.Popen(
                [*with_us("TERM"), *words],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, start_new_session=True, env={**os.environ},
            )  # fmt: skip
        try:
            yield OpenIdProvider(**_first_line(process, log))
        finally:
            end(process, signal.SIGTERM)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()


def _first_line(process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    """What it says when it listens; one that says nothing for half a minute is stopped."""
    assert process.stdout is not None
    impatience = Timer(30, process.kill)
    impatience.start()
    try:
        for line in process.stdout:
            if line.startswith(b'{"issuer"'):
                return dict(json.loads(line))
    finally:
        impatience.cancel()
    raise Unavailable(f"the OpenID provider did not start: {log.read_text(errors='replace')[-600:]}")
