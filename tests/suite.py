"""`make test`: the suite, with its real servers.

First the tests of what must hold on every PostgreSQL (`-m database`), on Debian's 15; then the whole suite
on the database on board, so that its closing line is the last one printed. `prove` runs the slow proofs.
"""

import os
import subprocess
import sys

from tests.servers import install
from tests.servers.install import Unavailable
from tests.servers.running import debian_postgres

SHOW = ("-rsxX", "--durations=5", "--durations-min=5")
BESIDE = ("-n", "3", "--dist", "loadgroup")
"""The parts that `tests.database` makes run beside each other, each with servers and a database of its own. One of them
mostly waits for other programs, so two processors are enough for three."""


def pytest(*words: str, url: str = "") -> int:
    """Run pytest in a process of its own; its exit code."""
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "COMPTOIR_DATA"}
    }
    if url:
        environment["DATABASE_URL"] = url
    return subprocess.run([sys.executable, "-m", "pytest", *words], env=environment, check=False).returncode


def on_debian() -> int:
    """The database tests on Debian's PostgreSQL. A machine that cannot have it says why; in CI that fails."""
    try:
        with debian_postgres() as server:
            print("the database tests, on Debian's PostgreSQL:", flush=True)
            return pytest("-m", "database and not prove", url=server.url("comptoir"))
    except Unavailable as why:
        print(f"not run on Debian's PostgreSQL: {why}", flush=True)
        return 1 if os.environ.get("CI") == "true" else 0


def main() -> int:
    """Everything asked for, whatever fails on the way; 1 when something did."""
    prove = sys.argv[1:] == ["prove"]
    codes = [install.main()]
    if prove:
        codes.append(pytest("-m", "prove", *SHOW))
    else:
        codes.append(on_debian())
        codes.append(pytest("-m", "not prove", *BESIDE, *SHOW))
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
