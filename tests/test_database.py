"""The tests' own database."""

import os
import re
import threading

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from django.utils import translation

from comptoir.kernel.tests.waiting import until
from comptoir.organisation.models import Brand
from comptoir.web.tests.processes import dsn

WAITS = "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"


@pytest.mark.django_db(transaction=True)
def test_emptying_gives_way_to_a_process_that_still_reads() -> None:
    Brand.objects.create(name="Left over", slug="left-over")
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    [truncate] = connection.ops.sql_flush(no_style(), names, allow_cascade=False)
    *others, last = re.findall(r'"(\w+)"', truncate)
    holding, finished = threading.Event(), threading.Event()

    def read() -> None:
        """Hold the table that is emptied last, and once the emptying waits for it, want all the others."""
        with psycopg.connect(dsn()) as beside, psycopg.connect(dsn(), autocommit=True) as looking:
            beside.execute(f'LOCK TABLE "{last}" IN ACCESS SHARE MODE')  # type: ignore[arg-type]
            holding.set()
            until(lambda: looking.execute(WAITS).fetchone())
            for name in others:
                beside.execute(f'LOCK TABLE "{name}" IN ACCESS SHARE MODE')  # type: ignore[arg-type]
        finished.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert holding.wait(10)
    call_command("flush", verbosity=0, interactive=False, allow_cascade=False, inhibit_post_migrate=True)
    reader.join(10)
    assert finished.is_set()
    assert not Brand.objects.everywhere().exists()


@pytest.mark.django_db
def test_a_request_speaks_the_language_of_its_browser() -> None:
    Client(headers={"accept-language": "fr"}).get("/account/login/")
    assert translation.get_language() == "fr", "as Django has it: the next request brings its own"


def test_what_comes_after_it_speaks_that_of_the_house() -> None:
    assert translation.get_language() == "en"


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="one process runs everything")
def test_a_part_stays_in_one_process(request: pytest.FixtureRequest) -> None:
    """pytest-xdist sends a test where the end of its name says: without it, each part would be in every process."""
    assert request.node.nodeid.endswith("@rooms")
