"""Processes of the product beside a test, on the test's own database."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from django.db import connection


def database_url() -> str:
    """The address of the test's database, as DATABASE_URL wants it."""
    it = connection.settings_dict
    who = quote(it["USER"]) + (f":{quote(it['PASSWORD'])}" if it["PASSWORD"] else "")
    query = urlencode({"host": it["HOST"]}) if str(it["HOST"]).startswith("/") else ""
    place = "" if query else f"{it['HOST']}{':' + str(it['PORT']) if it['PORT'] else ''}"
    return f"postgresql://{who}@{place}/{it['NAME']}{'?' + query if query else ''}"


def start(*words: str, allowed: Sequence[str] = (), **environment: str) -> subprocess.Popen[bytes]:
    """Start `python -m words…` with the test's database, data folder and exceptions of the inside guard."""
    env = {**os.environ, "DATABASE_URL": database_url(), "INSIDE_ALLOWED": ",".join(allowed), **environment}
    return subprocess.Popen([sys.executable, "-m", *words], env=env)


@contextmanager
def running(
    *words: str, allowed: Sequence[str] = (), **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """The same for as long as a block lasts."""
    process = start(*words, allowed=allowed, **environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(done: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something is true, at most so long."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.1)
