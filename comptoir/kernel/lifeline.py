"""A child process that never outlives its parent (Linux; elsewhere the parent stops it, when it can)."""

import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def _prctl() -> Callable[[int, int], int] | None:
    if sys.platform != "linux":
        return None
    import ctypes

    found: Callable[[int, int], int] = ctypes.CDLL(None, use_errno=True).prctl
    return found


def tie(parent: int, sign: int = signal.SIGTERM) -> None:
    """Have the kernel send `sign` to this process when `parent` dies, however it dies.

    To be called in the child, after it has taken the user it runs as: changing user forgets it.
    The kernel watches the thread that started the child, so start children from the main thread.
    """
    prctl = _prctl()
    if prctl is None:
        return
    prctl(_PR_SET_PDEATHSIG, sign)
    if os.getppid() != parent:
        os.kill(os.getpid(), sign)


def tied(sign: int = signal.SIGTERM) -> Callable[[], None]:
    """What to hand to `Popen(preexec_fn=)`, made in the parent so that the child has one call to make."""
    parent, prctl = os.getpid(), _prctl()

    def tie_now() -> None:
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, sign)
            if os.getppid() != parent:
                os._exit(0)

    return tie_now
