"""What the database shows to somebody who is given some channels of a brand only.

For as long as they are the one who asks, names of tables mean narrowed views of them, in a schema of their own that is
looked into first (`comptoir.web.narrowing` makes it): every statement, also one written by hand, sees only what is
theirs, whoever wrote it and whatever was forgotten. For everybody else nothing is asked and nothing is set.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

SCHEMA = "comptoir_sight"
WHOLE = f"{SCHEMA}.whole"
"""A view that stands on all the others: where it is missing, some are."""
_MARK = "_comptoir_narrowed"


class Blind(Exception):
    """The narrowed views are not there: nothing may be shown rather than everything."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A person's: of these brands, only what came and goes by these channels."""

    person: int
    brands: tuple[int, ...]
    channels: tuple[int, ...]


_sight: ContextVar[Sight | None] = ContextVar("sight", default=None)

_NARROW = f"""
SELECT to_regclass('{WHOLE}') IS NOT NULL, set_config('comptoir.person', %(person)s, false),
    set_config('comptoir.brands', %(brands)s, false), set_config('comptoir.channels', %(channels)s, false),
    set_config('search_path', '{SCHEMA}, ' || current_schema(), false)
"""
_WIDEN = "RESET search_path"


def sight() -> Sight | None:
    """Whose narrowed sight the statements of now have; None for the whole."""
    return _sight.get()


def narrow(to: Sight) -> None:
    """From here on see only this much, until `widen`. Blind when the database is not ready for it."""
    if _sight.get() == to:
        return
    widen()
    _sight.set(to)
    from django.db import connection

    if connection.connection is not None:
        _look(connection.connection)


def widen() -> None:
    """See the whole again."""
    if _sight.get() is None:
        return
    from django.db import connection

    _sight.set(None)
    line = connection.connection
    if line is None or not getattr(line, _MARK, False):
        return
    try:
        line.execute(_WIDEN)
        setattr(line, _MARK, False)
    except Exception:
        # Nobody else may get a connection that sees less: it ends here.
        line.close()
        connection.close()


@contextmanager
def seeing(to: Sight | None) -> Iterator[None]:
    """For as long as a block lasts, see this much; the whole with None."""
    before = _sight.get()
    widen()
    if to is not None:
        narrow(to)
    try:
        yield
    finally:
        widen()
        if before is not None:
            narrow(before)


def opened(sender: Any, connection: Any, **_rest: Any) -> None:
    """A connection was opened: one that is opened for narrowed eyes is narrowed before anything is asked of it."""
    if _sight.get() is not None:
        _look(connection.connection)


def returned(line: Any) -> None:
    """A connection goes back to the pool: one that sees less must not meet anybody else."""
    if getattr(line, _MARK, False):
        line.close()


def _look(line: Any) -> None:
    to = _sight.get()
    if to is None:
        return
    values = {"person": str(to.person), "brands": _array(to.brands), "channels": _array(to.channels)}
    setattr(line, _MARK, True)
    stands = line.execute(_NARROW, values).fetchone()[0]
    if not stands:
        raise Blind("The narrowed views are missing. Bring the tables up to date: comptoir migrate")


def _array(numbers: tuple[int, ...]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
