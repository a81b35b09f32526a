"""The sub-commands that work with the database: the one on board is started for them, if need be."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

from comptoir.command import saying, up
from comptoir.kernel import config, onboard
from comptoir.kernel.acting import acts

_STAYING = frozenset({"web", "live", "worker"})
"""What runs until it is stopped. It does what others ask: who acts is known for each request and each job."""


@contextmanager
def at_hand() -> Iterator[None]:
    """Django set up, its database running."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.settings")
    if os.environ.get("DATABASE_URL"):
        yield from _set_up()
        return
    with onboard.running(config.data_folder(), say=lambda text: print(f"database: {text}", file=sys.stderr)):
        yield from _set_up()


def _set_up() -> Iterator[None]:
    import django
    from django.db import connections

    django.setup()
    try:
        yield
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()
            if hasattr(connection, "close_pool"):
                connection.close_pool()


def run(asked: argparse.Namespace) -> int:
    """Run one of them."""
    if asked.command == "bench":
        return _bench(
            asked.name,
            asked.json,
            {"match": {"queries": asked.queries}, "explore": {"mentions": asked.mentions}},
        )
    does = {
        "web": _web,
        "live": _live,
        "worker": _worker,
        "migrate": _migrate,
        "owner-link": _owner_link,
        "person": _person,
        "connect": _connect,
        "rehearse": _rehearse,
        "brand": _brand,
        "hold": _hold,
        "lift": _lift,
        "member": _member,
        "account": _account,
        "token": _token,
        "backup": _backup,
        "key": _key,
    }[asked.command]
    if asked.command in _STAYING:
        saying.to_a_log()
    else:
        up.join()
    try:
        with at_hand():
            if asked.command in _STAYING:
                return _with_database(asked, does)
            with acts("command", name=_who()):
                return _with_database(asked, does)
    except onboard.Unusable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _who() -> str:
    """Whoever types, as the machine knows them; behind sudo, the person and not root."""
    from getpass import getuser

    try:
        return os.environ.get("SUDO_USER") or getuser()
    except (KeyError, OSError):
        return ""


def _with_database(asked: argparse.Namespace, does: Callable[[argparse.Namespace], int]) -> int:
    """Run it once the database answers: what stays running waits for it, the others refuse at once."""
    import psycopg
    from django.db import DatabaseError

    from comptoir.command import preparing

    try:
        if asked.command in {*_STAYING, "migrate"}:
            preparing.reach()
        else:
            preparing.knock()
        if asked.command in {"web", "worker"}:
            preparing.check()
        return does(asked)
    except preparing.Unfit as error:
        print(error, file=sys.stderr)
        return 1
    except (DatabaseError, psycopg.Error) as error:
        print(f"The database cannot be used: {str(error).strip()}\nSee: comptoir doctor", file=sys.stderr)
        return 1


def _web(asked: argparse.Namespace) -> int:
    from comptoir.command import roles

    roles.web()
    return 0


def _live(asked: argparse.Namespace) -> int:
    from comptoir.command import roles

    roles.live()
    return 0


def _worker(asked: argparse.Namespace) -> int:
    from comptoir.command import roles

    roles.worker()
    return 0


def _migrate(asked: argparse.Namespace) -> int:
    from comptoir.command import preparing

    applied = preparing.migrate()
    saying.plain(f"{applied} migrations applied." if applied else "Nothing to migrate.")
    return 0


def _owner_link(asked: argparse.Namespace) -> int:
    from comptoir.web import first

    try:
        saying.plain(first.owner_link())
    except first.NoOwner:
        print("Nobody owns a brand here yet: start Comptoir once (comptoir up).", file=sys.stderr)
        return 1
    return 0


def _person(asked: argparse.Namespace) -> int:
    from comptoir.command import persons

    return persons.person(asked.act, asked.network, asked.name, asked.out, asked.brand, asked.yes, asked.back)


def _connect(asked: argparse.Namespace) -> int:
    from comptoir.command import channels

    return channels.connect(asked.network, asked.brand, asked.answers)


def _rehearse(asked: argparse.Namespace) -> int:
    from comptoir.command import drills

    return drills.rehearse(asked.scenario, asked.messages, asked.rate, asked.seconds)


def _brand(asked: argparse.Namespace) -> int:
    from comptoir.command import brands

    return brands.brand(asked.act, asked.name, asked.slug, asked.owner)


def _hold(asked: argparse.Namespace) -> int:
    from comptoir.command import holds

    return holds.hold(asked.reason, asked.brand, asked.country, asked.replies)


def _lift(asked: argparse.Namespace) -> int:
    from comptoir.command import holds

    return holds.lift(asked.number)


def _member(asked: argparse.Namespace) -> int:
    from comptoir.command import members

    if asked.off or asked.on:
        return members.switch(asked.email, asked.on)
    return members.member(asked.email, asked.role, asked.brand, asked.name, asked.remove)


def _backup(asked: argparse.Namespace) -> int:
    from comptoir.command import backups

    return backups.backup(asked.file, asked.with_key)


def _key(asked: argparse.Namespace) -> int:
    from comptoir.command import keys

    return keys.rotate()


def _account(asked: argparse.Namespace) -> int:
    from comptoir.command import accounts

    return accounts.account(asked.email, asked.unlock, asked.reset_second_step, asked.end_sessions)


def _token(asked: argparse.Namespace) -> int:
    from comptoir.command import programs

    return programs.token(asked.email, asked.name, asked.scope, asked.brand, asked.days, asked.end)


def _bench(name: str, as_json: bool, sizes: dict[str, dict[str, int | None]]) -> int:
    asked = {each: size for each, size in sizes.get(name, {}).items() if size}
    figures = import_module(f"comptoir.bench.{name}").run(**asked)
    if as_json:
        saying.plain(json.dumps(figures))
    else:
        for key, value in figures.items():
            saying.plain(f"{key:<24} {value}")
    return 0
