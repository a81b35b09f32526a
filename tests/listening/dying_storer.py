"""Stores old mentions and is killed on the way, at the place that is named: see test_storing."""

import os
import signal
import sys
from typing import Any

import django

django.setup()

from comptoir.listening import storing  # noqa: E402


def _die(*_given: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


PLACES = {
    "writing": ("_write", lambda out, batches: (out.write(b"PAR1"), out.flush(), _die())),
    "written": ("_note", _die),
    "moved": ("let_go_of_unheld", _die),
}

if __name__ == "__main__":
    where = sys.argv[1]
    if where == "settled":
        times = iter((False, True))
        tidy = storing.tidy
        storing.tidy = lambda: _die() if next(times) else tidy()
    else:
        setattr(storing, *PLACES[where])
    storing.store_old()
