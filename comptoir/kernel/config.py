"""What a host sets: the data folder, the database, the keys. Reads the environment, never Django."""

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from comptoir.kernel import onboard
from comptoir.kernel.sight import returned

_SOURCE = Path(__file__).resolve().parents[2]


def flag(name: str) -> bool:
    """Whether an on/off setting is on."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def off(name: str) -> bool:
    """Whether a setting that is on by default is switched off."""
    return os.environ.get(name, "").lower() in {"0", "false", "no", "off"}


def words(name: str) -> list[str]:
    """A setting that lists words, separated by commas or spaces."""
    return os.environ.get(name, "").replace(",", " ").split()


def port() -> int:
    """The port of the pages, from `PORT`. The live stream has the next one."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65535:
        raise SystemExit(f"PORT={given} is not a port: a number from 1 to 65534.")
    return int(given)


def bind() -> str:
    """The address of this machine to listen on, from `BIND`: its own loop by default, nobody else's reach."""
    return os.environ.get("BIND") or "127.0.0.1"


def public_url() -> str:
    """Where people's browsers find the pages, from `PUBLIC_URL`."""
    return (os.environ.get("PUBLIC_URL") or f"http://localhost:{port()}").rstrip("/")


def data_folder() -> Path:
    """Where the database on board and the keys live: `COMPTOIR_DATA`, else a folder of our own. Made if missing.

    That is `var` in the source folder when we run from one, so that `make run` and `comptoir` by hand agree.
    """
    return _folder(os.environ.get("COMPTOIR_DATA", ""), os.environ.get("XDG_DATA_HOME", ""))


@lru_cache(maxsize=4)
def _folder(ours: str, home: str) -> Path:
    shared = Path(home or Path.home() / ".local" / "share") / "comptoir"
    usual = _SOURCE / "var" if (_SOURCE / "bin" / "environment").exists() else shared
    folder = Path(ours or usual).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret(name: str) -> str:
    """A random secret kept in the data folder, written once, readable by its owner alone.

    Several processes may start at once: the first to link its file wins and all read the same.
    """
    path = data_folder() / name
    try:
        now = path.stat()
    except FileNotFoundError:
        draft = _draft(path, secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        now = path.stat()
    return _text(path, now.st_mtime_ns, now.st_ino)


@lru_cache(maxsize=8)
def _text(path: Path, *_as_of: int) -> str:
    """What a file says, read again when it was replaced: every page needs a key."""
    return path.read_text().strip()


def replace_secret(name: str, text: str) -> None:
    """Put another secret in the place of one, whole whatever happens."""
    path = data_folder() / name
    _draft(path, text).replace(path)


def _draft(path: Path, text: str) -> Path:
    """A file beside, readable by its owner alone, on the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def database() -> dict[str, Any]:
    """Django's database settings from `DATABASE_URL` (postgres://user:pass@host/name) or the one on board."""
    url = os.environ.get("DATABASE_URL") or onboard.address(data_folder())
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    query = dict(parse_qsl(parts.query))
    # A connection weighs ten megabytes in the database: what nobody needed for ten seconds is given back.
    pool = {"min_size": 1, "max_size": 8, "timeout": 6, "max_idle": 10, "reset": returned}
    # Only statements that ask for it are prepared (kernel.asking): psycopg would not at all without a threshold.
    options: dict[str, Any] = {"prepare_threshold": 2**31 - 1, "application_name": "comptoir"}
    if not flag("COMPTOIR_TESTING"):
        options["pool"] = pool
    if "sslmode" in query:
        options["sslmode"] = query["sslmode"]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "comptoir",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
    }
