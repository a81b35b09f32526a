"""What a process of Comptoir can be: the pages, the live stream, the jobs. Each runs until a signal stops it.

The caller has set Django up. The servers fork their own processes off this one, so that they share what it
has read; these are tied to it and end when it does.
"""

import multiprocessing
import os
from contextlib import suppress

from comptoir.kernel import config, lifeline, logs, open_files


def _at_least_one(name: str, default: int) -> int:
    given = os.environ.get(name) or str(default)
    if not given.isdecimal() or int(given) < 1:
        raise SystemExit(f"{name}={given} is not a number above 0.")
    return int(given)


def _be(role: str) -> None:
    """Say what this process is: in its log, and in what `top` and `ps -e` show (Linux)."""
    logs.speak_as(role)
    with suppress(OSError), open("/proc/self/comm", "w") as file:
        file.write(f"comptoir {role}"[:15])


def _tie_forks() -> None:
    server = os.getpid()
    os.register_at_fork(after_in_child=lambda: lifeline.tie(server))
    multiprocessing.set_start_method("fork", force=True)


def web() -> None:
    """The pages: `WEB_WORKERS` processes (2) of `WEB_THREADS` threads (4) on `PORT`."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _be("web")
    _tie_forks()
    Granian(
        "comptoir.web.wsgi:application",
        address=config.bind(),
        port=config.port(),
        interface=Interfaces.WSGI,
        workers=_at_least_one("WEB_WORKERS", 2),
        blocking_threads=_at_least_one("WEB_THREADS", 4),
        runtime_blocking_threads=4,
        backpressure=256,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=2,
    ).serve()


def live() -> None:
    """The live stream: one process on `PORT` + 1, up to 10,000 open streams."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _be("live")
    open_files.allow_many()
    _tie_forks()
    Granian(
        "comptoir.web.live:application",
        address=config.bind(),
        port=config.port() + 1,
        interface=Interfaces.ASGI,
        workers=1,
        backlog=1024,
        backpressure=10_000,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=1,
    ).serve()


def worker() -> None:
    """The jobs: `WORKER_THREADS` (4) at once, the open streams of the channels, the lines to public places."""
    from comptoir.command.working import working_app
    from comptoir.listening.lines import Lines
    from comptoir.networks.streaming import Listening

    _be("worker")
    at_once = _at_least_one("WORKER_THREADS", 4)
    Listening().start()
    Lines().start()
    working_app(at_once).run_worker(
        name="comptoir",
        concurrency=at_once,
        shutdown_graceful_timeout=2,
        update_heartbeat_interval=4,
        delete_jobs="successful",
    )
