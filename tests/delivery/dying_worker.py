"""A real worker that is killed (-9) at one step of the first delivery that it meets: `dying_worker STEP`."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.settings")
django.setup()

from django.db import transaction  # noqa: E402

from comptoir.command.roles import worker  # noqa: E402
from comptoir.networks import sending  # noqa: E402
from comptoir.networks.models import Delivery  # noqa: E402


def die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(real: Callable[..., Any]) -> Callable[..., Any]:
    """Do the real thing, then die."""

    def both(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        return die()

    return both


def before_commit(real: Callable[..., Any]) -> Callable[..., Any]:
    """Die inside the transaction that writes down that it was sent, all its rows written."""

    def settle(*args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            real(*args, **kwargs)
            die()

    return settle


def arm(step: str) -> None:
    """Set the moment of death."""
    match step:
        case "before-claim":
            Delivery.claim = die  # type: ignore[method-assign]
        case "after-claim":
            Delivery.claim = then_die(Delivery.claim)  # type: ignore[method-assign]
        case "after-sending":
            sending._say = then_die(sending._say)
        case "before-commit":
            sending.settle = before_commit(sending.settle)
        case _:
            raise SystemExit(f"no such step: {step}")


if __name__ == "__main__":
    arm(sys.argv[1])
    worker()
