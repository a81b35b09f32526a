"""A stage for measuring: a fresh database on board with the settings of a real one, thrown away afterwards."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from comptoir.kernel import onboard


@contextmanager
def fresh() -> Iterator[Path]:
    """Start a database of our own, migrate it and set Django up on it; yields the data folder."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="ctb-", ignore_cleanup_errors=True))
        )
        folder.chmod(0o755)
        os.environ["COMPTOIR_DATA"] = str(folder)
        os.environ.pop("DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "comptoir.settings"
        stack.enter_context(onboard.running(folder))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield folder


@contextmanager
def beside(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a `comptoir` command beside the measurement, stopped at its end."""
    child = subprocess.Popen([sys.executable, "-m", "comptoir.command.main", *words])
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()


def wait(port: int) -> None:
    """Until something listens there."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing listens on port {port} after 30 seconds")


def percentile(times: list[float], which: float) -> float:
    """The nearest-rank percentile of some seconds, in milliseconds."""
    ranked = sorted(times)
    place = max(0, min(len(ranked) - 1, round(which / 100 * len(ranked)) - 1))
    return round(ranked[place] * 1000, 1)
