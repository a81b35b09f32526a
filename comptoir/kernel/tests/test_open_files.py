"""The live stream holds thousands of connections, where most systems begin with 1,024 files a process."""

import resource
import subprocess
import sys

CODE = "from comptoir.kernel import open_files; print(open_files.allow_many())"


def test_a_process_may_open_as_many_as_the_system_lets_it() -> None:
    hard = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 4_096)

    def begin_low() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))

    said = subprocess.run(
        [sys.executable, "-c", CODE], preexec_fn=begin_low, capture_output=True, text=True, check=True
    )
    assert int(said.stdout) == hard
