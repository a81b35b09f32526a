"""Processes of Comptoir, started for tests as `comptoir up` starts them, on the tests' own database."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from django.db import connection
from psycopg.conninfo import make_conninfo

from comptoir.kernel.ports import free_port
from comptoir.kernel.tests.waiting import until


def dsn() -> str:
    """The tests' database, for a connection beside Django's."""
    given = connection.settings_dict
    parts = {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    return make_conninfo(dbname=given["NAME"], **{name: value for name, value in parts.items() if value})


def database_url() -> str:
    """The tests' database, as DATABASE_URL names one."""
    given = connection.settings_dict
    who = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "") + "@"
    if given["HOST"].startswith("/"):
        return f"postgresql://{who}/{given['NAME']}?{urlencode({'host': given['HOST']})}"
    return f"postgresql://{who}{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


def status(port: int, path: str) -> int:
    """What a server answers to a GET, 0 when it does not."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path)
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


@contextmanager
def running(role: str, alive: str, answer: int = 200, **env: str) -> Iterator[int]:
    """A role (web, live) as a process of its own; its port, once a GET of `alive` is answered with this status."""
    port = free_port(2)
    served = port + 1 if role == "live" else port
    code = f"import django; django.setup(); from comptoir.command import roles; roles.{role}()"
    settings = {
        "DATABASE_URL": database_url(),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "comptoir.settings",
    }
    with subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **settings, **env}) as process:
        try:
            until(lambda: status(served, alive) == answer)
            yield served
        finally:
            process.terminate()
            began = time.monotonic()
            process.wait(10)
            assert time.monotonic() - began < 5, f"{role} took too long to stop"
