"""The process that has read the whole program and forks the others off it (started by `comptoir up`).

Reading the program takes a second and 50 MB: done once here, its forks start in milliseconds and share the
memory. To keep it so, this process opens no connection and starts no thread: forks do what needs them.
"""

import gc
import os
import shutil
import socket
import sys
import time
from pathlib import Path

from comptoir.command import preparing, roles, saying
from comptoir.command.keeping import FATAL, Forked, Keeper
from comptoir.kernel import config, lifeline

_PATIENCE = 2.5


def main() -> int:
    """Read the program, prepare the database at the first start, then keep the roles running."""
    saying.to_a_log()
    read()
    link = _prepare() if sys.argv[1:] == ["first"] else None
    children = [Forked("web", roles.web), Forked("live", roles.live), Forked("worker", roles.worker)]
    welcome = Welcome(link)
    keeper = Keeper(children, patience=_PATIENCE, each_turn=welcome)
    return 0 if keeper.run() else FATAL


def read() -> None:
    """Load what the roles will want, so that it is shared: modules, connectors, addresses, translations."""
    since = time.monotonic()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.settings")
    import django

    django.setup()
    import asyncio  # noqa: F401

    import granian  # noqa: F401
    import procrastinate.psycopg_connector  # noqa: F401
    from django.conf import settings
    from django.core.handlers import wsgi  # noqa: F401
    from django.template import engines
    from django.urls import reverse
    from django.utils import translation

    import comptoir.web.live
    import comptoir.web.wsgi  # noqa: F401
    from comptoir.networks.found import networks

    networks()
    engines.all()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")
            reverse("home")
    gc.collect()
    gc.freeze()
    saying.line("program", "read", since)


def _prepare() -> str:
    """Migrate and set up in a fork, which hands the sign-in link back."""
    reading, writing = os.pipe()
    parent = os.getpid()
    number = os.fork()
    if number == 0:
        code = 1
        try:
            lifeline.tie(parent)
            os.write(writing, preparing.prepare().encode())
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as file:
        link = file.read()
    code = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    if code != 0:
        raise SystemExit(FATAL)
    return link


def _command() -> str:
    """How the person calls us: by the path of the environment, unless that is in theirs."""
    ours = Path(sys.executable).with_name("comptoir")
    if shutil.which("comptoir") == str(ours) or not ours.exists():
        return "comptoir"
    return os.path.relpath(ours) if ours.is_relative_to(Path.cwd()) else str(ours)


class Welcome:
    """Says, once, that the pages answer, and where; with the sign-in link when there is one."""

    def __init__(self, link: str | None) -> None:
        self._link = link
        self._since = saying.began() if link is not None else time.monotonic()
        self._waiting = {config.port(), config.port() + 1}

    def __call__(self) -> float | None:
        if not self._waiting:
            return None
        where = "127.0.0.1" if config.bind() == "0.0.0.0" else config.bind()  # noqa: S104
        for port in list(self._waiting):
            with socket.socket(socket.AF_INET6 if ":" in where else socket.AF_INET) as line:
                if line.connect_ex((where, port)) == 0:
                    self._waiting.discard(port)
        if self._waiting:
            return 0.02
        saying.line("ready", config.public_url(), self._since)
        if self._link and saying.is_a_log():
            saying.plain(f"Nobody has signed in yet. For a sign-in link: {_command()} owner-link")
        elif self._link == "":
            saying.plain(f"\nA new sign-in link, should you need one: {_command()} owner-link\n")
        elif self._link:
            saying.plain(f"\nSign in, once and within 15 minutes: {self._link}\n")
        return None


if __name__ == "__main__":
    sys.exit(main())
