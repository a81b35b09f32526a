"""One database for each process of the run: the one on board, in a temporary folder, unless DATABASE_URL names another.

And which process runs what, where there are three.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import OperationalError, ProgrammingError, connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import timezone, translation
from hypothesis import settings as examples

pytest_plugins = ["tests.servers.fixtures"]
_stack = ExitStack()
_PARTS = {
    "networks": re.compile("/tests/(command|contract|delivery|listening|mail|servers)/"),
    "house": re.compile("/tests/(journeys|operations/(?!test_keys))"),
}

# How long one example takes says nothing where other tests run beside it.
examples.register_profile("house", deadline=None)
examples.load_profile("house")
# A password takes a sixth of a second to look at, as it should. Here thousands are, and nobody is after them.
ScryptPasswordHasher.work_factor = 2**8


def _empty(self: DatabaseOperations, sql_list: list[str]) -> None:
    """Empty the tables after a test, also while pages and workers beside it still read them.

    Their locks and the exclusive ones that emptying takes may wait for each other in a ring. The ring is looked for at
    once, so that it is this statement which gives way and tries again, and never a process of the product.
    """
    for tries_left in reversed(range(20)):
        try:
            with suppress(ProgrammingError), connection.cursor() as cursor:  # not every database user may
                cursor.execute("SET comptoir.purging_audit = 'on'")
                cursor.execute("SET deadlock_timeout = '20ms'")
            return _execute_sql_flush(self, sql_list)
        except OperationalError as error:
            if not tries_left or "deadlock detected" not in str(error):
                raise
        finally:
            with suppress(ProgrammingError), connection.cursor() as cursor:
                cursor.execute("RESET comptoir.purging_audit")
                cursor.execute("RESET deadlock_timeout")


def _prepare() -> None:
    folder = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="ct-", ignore_cleanup_errors=True)))
    folder.chmod(0o755)
    os.environ["COMPTOIR_DATA"] = str(folder)
    os.environ["COMPTOIR_TESTING"] = "1"
    os.environ.setdefault("SEND_DELAY", "0")
    if "DATABASE_URL" not in os.environ:
        from comptoir.kernel import onboard

        _stack.enter_context(onboard.running(folder, fsync=False))


_execute_sql_flush = DatabaseOperations.execute_sql_flush


def pytest_configure(config: pytest.Config) -> None:
    DatabaseOperations.execute_sql_flush = _empty
    config.addinivalue_line("markers", "prove: slow proofs, run by `make prove` alone")
    config.addinivalue_line(
        "markers", "database: behaviour that must hold on every PostgreSQL that we support"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Three parts of about the same length: what waits for other networks' servers most of the time, what starts the
    whole house, and the rest.

    Before pytest-xdist, whose own look at these marks would find none. Each part stays in the order that pytest-django
    gives it: tests that commit come after those that do not.
    """
    for item in items:
        path = item.path.as_posix()
        part = next((name for name, pattern in _PARTS.items() if pattern.search(path)), "rooms")
        item.add_marker(pytest.mark.xdist_group(part))


@pytest.fixture(autouse=True)
def _at_home() -> Iterator[None]:
    """A request leaves its language and time zone to the thread: the next one brings its own, a command does not."""
    yield
    translation.deactivate()
    timezone.deactivate()


def pytest_unconfigure(config: pytest.Config) -> None:
    _stack.close()


_prepare()
