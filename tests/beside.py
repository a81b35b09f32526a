"""Processes of the product beside a test, on the test's own database."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from comptoir.web.tests.processes import database_url


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
