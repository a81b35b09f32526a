"""A real worker that is killed (-9) at one step of the first answer by mail that it sends: `dying STEP`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.settings")
django.setup()

from comptoir.command.roles import worker  # noqa: E402
from comptoir.connectors.mail.posting import Journal  # noqa: E402
from comptoir.connectors.mail.smtp import Post  # noqa: E402
from comptoir.networks import sending  # noqa: E402
from tests.delivery.dying_worker import before_commit, die, then_die  # noqa: E402


def arm(step: str) -> None:
    """Set the moment of death."""
    match step:
        case "before-offer":
            Post.offer = die  # type: ignore[method-assign]
        case "after-offer":
            Post.offer = then_die(Post.offer)  # type: ignore[method-assign]
        case "after-draft":
            Journal.begin = then_die(Journal.begin)  # type: ignore[method-assign]
        case "after-taken":
            Post.leave = then_die(Post.leave)  # type: ignore[method-assign]
        case "after-copy":
            Journal.finish = then_die(Journal.finish)  # type: ignore[method-assign]
        case "before-commit":
            sending.settle = before_commit(sending.settle)
        case _:
            raise SystemExit(f"no such step: {step}")


if __name__ == "__main__":
    arm(sys.argv[1])
    worker()
