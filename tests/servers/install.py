"""Install the real servers that the tests talk to.

    python -m tests.servers.install

What comes from npm, snac2 and the stand-in for Mastodon go into `.cache/servers/` (`COMPTOIR_CACHE` names another
cache folder); the rest comes from Debian, where this is a Debian and we are root. A step that is done leaves a stamp,
so the next run takes no time. A step that cannot be done leaves its reason in plain words: the tests that want the
server show it when they skip. Needs nothing but the standard library.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
POLICY = Path("/usr/sbin/policy-rc.d")
APT_INSTALL = ("apt-get", "install", "-qy", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600")
WORDPRESS = Path("/usr/share/wordpress")
PLENTY = 1500
"""Seconds before a step that hangs is given up."""


class Unavailable(Exception):
    """A server cannot be had on this machine; the message says why, for the summary of a test run."""


def cache_folder() -> Path:
    """Where the servers are installed."""
    return Path(os.environ.get("COMPTOIR_CACHE") or ROOT / ".cache").absolute() / "servers"


def node_folder() -> Path:
    """Where the AT Protocol network and its Node are installed; the folder that holds `node_modules`."""
    return cache_folder() / "atproto"


def node() -> Path:
    """The Node that runs the network: its own, because others abort in the network's database module."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return node_folder() / "node_modules" / f"node-linux-{machine}" / "bin" / "node"


def postgres_binaries() -> Path | None:
    """Debian's PostgreSQL, the oldest that we support and find."""
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("[0-9]*") if int(folder.name) >= 15]
    for folder in sorted(versions, key=lambda folder: int(folder.name)):
        if (folder / "bin" / "initdb").exists():
            return folder / "bin"
    return None


def chromium() -> str | None:
    """A Chromium for the browser tests."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def sbin(name: str) -> str | None:
    """A daemon, which an ordinary user's path does not lead to."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def reason_for(step: str) -> str:
    """Why a step failed when it was last tried, "" when it did not."""
    note = cache_folder() / "reasons" / step
    return note.read_text(encoding="utf-8") if note.exists() else ""


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Run a command to its end; Unavailable with its last words when it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=PLENTY,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{command[0]} took more than {PLENTY} seconds") from None
    if done.returncode:
        last = " / ".join(line.strip() for line in done.stdout.strip().splitlines()[-4:])
        raise Unavailable(f"{command[0]} failed with {done.returncode}: {last[:600]}")


# Debian packages ------------------------------------------------------------------------------------------


def missing_packages() -> list[str]:
    """The Debian packages without which some test would have to skip, and that are not there."""
    wanted = {
        "postgresql-15": postgres_binaries() is not None,
        "chromium": chromium() is not None,
        "npm": shutil.which("npm") is not None,
        "g++": shutil.which("g++") is not None,
        "make": shutil.which("make") is not None,
        "nginx-light": shutil.which("nginx") is not None or Path("/usr/sbin/nginx").exists(),
        "mariadb-server-core": shutil.which("mariadbd") is not None or Path("/usr/sbin/mariadbd").exists(),
        "php-cli": shutil.which("php") is not None,
        "wordpress": (WORDPRESS / "wp-load.php").exists(),
        "wordpress-theme-twentytwentythree": (WORDPRESS / "wp-content/themes/twentytwentythree").exists(),
        "postfix": sbin("postfix") is not None,
        "dovecot-imapd": Path("/usr/lib/dovecot/imap").exists(),
        "dovecot-lmtpd": Path("/usr/lib/dovecot/lmtp").exists(),
    }
    return [name for name, there in wanted.items() if not there]


@contextmanager
def no_service_started() -> Iterator[None]:
    """Keep Debian from starting what it installs: the tests start their own, and stop it."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def install_packages() -> str:
    """Install what is missing from Debian."""
    missing = missing_packages()
    if not missing:
        return "there"
    if not shutil.which("apt-get"):
        raise Unavailable(f"{', '.join(missing)} missing, and this is not a Debian")
    if os.geteuid() != 0:
        raise Unavailable(f"{', '.join(missing)} missing: as root, apt-get install {' '.join(missing)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with no_service_started():
        run("apt-get", "update", "-q", env=quiet)
        refused: list[str] = []
        # One by one only if together fails: a Debian without one of them should still give the others.
        try:
            run(*APT_INSTALL, *missing, env=quiet)
        except Unavailable as together:
            for name in missing:
                try:
                    run(*APT_INSTALL, name, env=quiet)
                except Unavailable:
                    refused.append(name)
            if refused:
                raise Unavailable(f"Debian does not give {', '.join(refused)}: {together}") from None
    return f"installed {', '.join(missing)}"


# What comes from npm --------------------------------------------------------------------------------------


def fingerprint() -> str:
    """What the npm step depends on: every version that it installs, and the machine it builds for."""
    parts = [(HERE / "atproto" / name).read_bytes() for name in ("package.json", "package-lock.json")]
    return hashlib.sha256(b"\0".join([*parts, platform.machine().encode()])).hexdigest()


def install_modules() -> str:
    """Install Node and the network's packages beside the old ones, none of their scripts run."""
    npm = shutil.which("npm")
    if not npm:
        raise Unavailable("npm is missing")
    fresh = cache_folder() / "atproto.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / "atproto" / name, fresh / name)
    run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=fresh)
    shutil.rmtree(node_folder(), ignore_errors=True)
    fresh.rename(node_folder())
    return "installed"


def build_sqlite() -> str:
    """Compile the one module that has to be, for our Node; a build of the same versions is taken again."""
    module = node_folder() / "node_modules" / "better-sqlite3"
    if not module.is_dir() or not node().exists():
        raise Unavailable("the npm packages are not installed")
    target = module / "build" / "Release" / "better_sqlite3.node"
    kept = cache_folder() / "built" / f"better_sqlite3-{fingerprint()[:16]}.node"
    if not kept.exists():
        headers = node().parent.parent
        run(
            "nice", "npm", "rebuild", "better-sqlite3", "--ignore-scripts=false", "--loglevel=error",
            cwd=node_folder(),
            env={
                "PATH": f"{node().parent}:{os.environ['PATH']}",
                "npm_config_nodedir": str(headers),
                "npm_config_build_from_source": "true",
                "JOBS": str(os.cpu_count() or 1),
            },
        )  # fmt: skip
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(target, kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copy(kept, target)
    run(node(), "-e", "new (require('better-sqlite3'))(':memory:')", cwd=node_folder())
    return "built"


# What comes from PyPI --------------------------------------------------------------------------------------


def wheels_key(names: Path) -> str:
    """What such a step depends on: every version that it installs, and the Python that runs it."""
    return hashlib.sha256(names.read_bytes() + sys.version.encode()).hexdigest()


def install_wheels(step: str, names: Path, built: str = ":none:") -> str:
    """Make an environment of its own in the cache folder, with the versions and hashes of a list; `built` of it has no
    wheel."""
    folder = cache_folder() / step
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "venv", folder)
    pip = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    run(*pip, "--require-hashes", "--only-binary=:all:", f"--no-binary={built}", "-r", names)
    return "installed"


# Doing it once --------------------------------------------------------------------------------------------


def once(step: str, key: str, work: Callable[[], str], made: Callable[[], Path] = node) -> str | None:
    """Do a step unless its stamp says that it is done for this key and what it `made` is there; else its reason."""
    stamp = cache_folder() / "stamps" / step
    note = cache_folder() / "reasons" / step
    if key and stamp.exists() and stamp.read_text(encoding="utf-8") == key and made().exists():
        return None
    began = time.monotonic()
    note.unlink(missing_ok=True)
    try:
        outcome = work()
    except (Unavailable, OSError) as why:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(str(why), encoding="utf-8")
        print(f"  {step}: cannot be had: {why}", flush=True)
        return str(why)
    if key:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(key, encoding="utf-8")
    print(f"  {step}: {outcome} ({time.monotonic() - began:.1f} s)", flush=True)
    return None


def install() -> list[str]:
    """Every step, in order, side by side where they are strangers; the reasons of those that failed."""
    key = fingerprint()
    debian = ("debian", "", install_packages)
    modules = ("npm", key, install_modules)
    if shutil.which("npm") is None:
        outcomes = [once(*debian), once(*modules)]
    else:
        with ThreadPoolExecutor(2) as together:
            outcomes = list(together.map(lambda step: once(*step), (debian, modules)))
    outcomes.append(once("better-sqlite3", key, build_sqlite))
    from tests.servers import mastodon_mock, openid, seaweed, snac, synapse, websub

    outcomes.append(once(openid.STEP, openid.fingerprint(), openid.install_provider, openid.program))
    outcomes.append(once(snac.STEP, snac.fingerprint(), snac.install_snac, snac.binary))
    for server in (mastodon_mock, seaweed, synapse, websub):
        work = partial(install_wheels, server.STEP, server.LIST, getattr(server, "BUILT", ":none:"))
        outcomes.append(once(server.STEP, wheels_key(server.LIST), work, server.program))
    return [reason for reason in outcomes if reason]


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """That folder, made, to one process at a time: two that install do not fight, the second finds the work done."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Install; in CI a missing server is a failure."""
    began = time.monotonic()
    with alone_in(cache_folder()):
        reasons = install()
    print(f"test servers: {'ready' if not reasons else 'some missing'} ({time.monotonic() - began:.1f} s)")
    return 1 if reasons and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
