"""One database for the whole run: the one on board, in a temporary folder, unless DATABASE_URL names another."""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest_plugins = ["tests.servers.fixtures"]
_stack = ExitStack()


def _prepare() -> None:
    folder = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="ct-", ignore_cleanup_errors=True)))
    folder.chmod(0o755)
    os.environ["COMPTOIR_DATA"] = str(folder)
    os.environ["COMPTOIR_TESTING"] = "1"
    os.environ.setdefault("SEND_DELAY", "0")
    if "DATABASE_URL" not in os.environ:
        from comptoir.kernel import onboard

        _stack.enter_context(onboard.running(folder, fsync=False))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "prove: slow proofs, run by `make prove` alone")
    config.addinivalue_line(
        "markers", "database: behaviour that must hold on every PostgreSQL that we support"
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    _stack.close()


_prepare()
