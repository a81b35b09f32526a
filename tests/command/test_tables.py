"""The tables as they are written down are those that the migrations make, and those that a new house gets."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from comptoir.kernel import onboard
from comptoir.upkeep import blueprint
from tests.blueprint import EARLY, dumped
from tests.command.started import data_folder, environment, run

pytestmark = pytest.mark.django_db


def test_what_is_written_down_is_what_the_migrations_make() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "tests.blueprint"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == blueprint.FILE.read_text(), "run: make tables"


def test_a_new_house_has_them_and_knows_that_nothing_is_to_be_migrated() -> None:
    with data_folder() as data, onboard.running(data, fsync=False) as url:
        assert "migrations applied" in run("migrate", COMPTOIR_DATA=str(data)).stdout
        with psycopg.connect(url) as line:
            line.execute("DROP SCHEMA comptoir_sight CASCADE")  # views on the tables, made at each start
        assert dumped(url) == blueprint.FILE.read_text().partition(EARLY)[2]
        assert run("migrate", COMPTOIR_DATA=str(data)).stdout == "Nothing to migrate.\n"


def test_where_tables_are_nothing_is_laid_out() -> None:
    assert not blueprint.lay_out()
