"""Workers killed with -9 at random moments: `nursery KILLS SEED`, two at once, each forked off a process that has read
the program. After the last kill two workers stay until this process is stopped."""

import os
import random
import signal
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.settings")
django.setup()

from comptoir.command.roles import worker  # noqa: E402
from comptoir.kernel import lifeline  # noqa: E402

AT_ONCE = 2


def born() -> int:
    """Fork a worker; its process id."""
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        lifeline.tie(parent)
        try:
            worker()
        finally:
            os._exit(0)
    return child


def main(kills: int, seed: int) -> None:
    dice = random.Random(seed)
    workers = [born() for _ in range(AT_ONCE)]
    for _ in range(kills):
        time.sleep(dice.uniform(0.2, 2.2))
        victim = dice.randrange(AT_ONCE)
        os.kill(workers[victim], signal.SIGKILL)
        os.waitpid(workers[victim], 0)
        workers[victim] = born()
    print(f"{kills} killed", flush=True)
    signal.pause()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
