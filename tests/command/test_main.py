"""The command line: quick to answer, and plain when it refuses."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.command.started import COMPTOIR, data_folder, environment
from tests.servers.letterbox import letterbox


def run(*words: str, **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMPTOIR, *words], env=environment(**given), capture_output=True, text=True, timeout=60, check=False
    )


def test_help_is_quick_and_reads_no_django() -> None:
    began = time.monotonic()
    said = run("--help")
    assert time.monotonic() - began < 1
    for name in (
        "up",
        "web",
        "live",
        "worker",
        "migrate",
        "doctor",
        "connect",
        "rehearse",
        "member",
        "owner-link",
        "bench",
    ):
        assert f"\n    {name} " in said.stdout
    program = "import sys; from comptoir.command import main, up; print('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True).stdout == b"False\n"


def test_what_is_not_understood() -> None:
    assert run("dance").returncode == 2
    assert run().returncode == 2
    assert "not a port" in run("up", PORT="eighty").stderr


def test_doctor_says_what_is_wrong_and_what_to_do() -> None:
    with data_folder() as data, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        key = data / "grant.key"
        key.write_text("x" * 40)
        key.chmod(0o644)
        said = run(
            "doctor",
            COMPTOIR_DATA=str(data),
            PORT=str(port),
            PUBLIC_URL="http://counter.example",
            INSIDE_ALLOWED="localhost:2583 nonsense",
        )
    assert said.returncode == 1
    lines = {line for line in said.stdout.splitlines() if line.startswith("WRONG")}
    for part in (f"Port {port} is taken", f"chmod 600 {key}", "passwords travel in clear", "nonsense"):
        assert any(part in line for line in lines), said.stdout
    assert "localhost:2583" in said.stdout
    assert said.stdout.endswith("4 things to put right.\n")


def test_doctor_finds_nothing_wrong_before_the_first_start() -> None:
    with data_folder() as data:
        said = run("doctor", COMPTOIR_DATA=str(data), PORT="48211")
    assert said.returncode == 0, said.stdout
    assert "is not made yet: comptoir up makes it" in said.stdout


def test_doctor_says_that_an_external_database_does_not_answer(tmp_path: Path) -> None:
    said = run(
        "doctor",
        COMPTOIR_DATA=str(tmp_path),
        PORT="48211",
        DATABASE_URL="postgresql://nobody@127.0.0.1:9/none",
    )
    assert said.returncode == 1
    assert "Is DATABASE_URL right?" in said.stdout


def test_doctor_sends_a_mail_where_asked(tmp_path: Path) -> None:
    with letterbox() as box:
        here = {"COMPTOIR_DATA": str(tmp_path), **box.environment}
        said = run("doctor", "--mail", "you@example.org", **here)
        assert f"127.0.0.1:{box.environment['EMAIL_PORT']} takes it in clear" in said.stdout, said.stderr
        assert box.newest("you@example.org")["Subject"] == "Comptoir: mail arrives"
    said = run("doctor", **here)
    assert said.returncode == 1
    assert f"127.0.0.1:{box.environment['EMAIL_PORT']} does not take it" in said.stdout
    assert "nothing was sent to you@example.org" in run("doctor", "--mail", "you@example.org").stdout
