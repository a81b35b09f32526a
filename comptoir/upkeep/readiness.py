"""Whether Comptoir can do its work now, asked by whoever sends people here."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

import psycopg
from django.apps import apps
from django.conf import settings

from comptoir.kernel.beside import beside
from comptoir.upkeep.known import DEPARTED

SECONDS = 2
"""How long the database gets to answer."""
_BEAT = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"


def missing() -> list[str]:
    """What is missing, in words for a host; nothing when Comptoir is ready."""
    try:
        with beside("comptoir health", connect_timeout=SECONDS) as line:
            line.execute(f"SET statement_timeout = '{SECONDS}s'")
            applied = set(line.execute("SELECT app, name FROM django_migrations").fetchall())
            found = [*_tables({(str(app), str(name)) for app, name in applied})]
            beat = None if found else line.execute(_BEAT).fetchone()
    except psycopg.errors.UndefinedTable:
        return ["tables: none yet"]
    except (psycopg.Error, OSError):
        return ["database: it does not answer"]
    if beat is not None and (beat[0] is None or beat[0] > 2 * settings.WORKER_DEAD_AFTER):
        found.append("worker: none is alive")
    return found


def _tables(applied: set[tuple[str, str]]) -> list[str]:
    ours = names()
    if ours - applied:
        return ["tables: migrations are to be applied"]
    if {key for key in applied - ours if key[0] not in DEPARTED}:
        return ["tables: a newer Comptoir made them"]
    return []


@lru_cache(maxsize=1)
def names() -> frozenset[tuple[str, str]]:
    """The migrations of this program as (app, name), found by their files: to read them would cost memory."""
    found = set()
    for app in apps.get_app_configs():
        if os.path.isdir(os.path.join(app.path, "migrations")):
            folder = import_module(f"{app.name}.migrations").__path__
            found |= {
                (app.label, each.name) for each in iter_modules(folder) if not each.name.startswith("_")
            }
    return frozenset(found)
