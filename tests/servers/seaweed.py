"""A real object store that speaks S3: SeaweedFS from PyPI, pinned with hashes in `seaweed.txt`.

It checks signatures, and the key of the house may do no more there than it has to.
"""

from __future__ import annotations

import json
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

from comptoir.kernel.ports import free_port
from tests.servers.install import HERE, Unavailable, cache_folder, reason_for
from tests.servers.running import end, temporary_folder, with_us

STEP = "seaweed"
LIST = HERE / "seaweed.txt"
BUCKET, KEY, SECRET = "house", "house-key", "a word that is in no message"
_OWNER, _OWNED = "owner-key", "another word"
_MAY = [f"{what}:{BUCKET}" for what in ("Read", "Write", "List")]
_PARTS = ("master", "volume", "filer", "s3")


def program() -> Path:
    """The server's program."""
    return cache_folder() / STEP / "bin" / "weed"


@dataclass(frozen=True)
class Seaweed:
    """The server, running, with one bucket."""

    url: str

    def names(self, part: str) -> set[str]:
        """The files below a part of the bucket."""
        from pyarrow import fs

        wanted = fs.FileSelector(f"{BUCKET}/{part}", recursive=True, allow_not_found=True)
        files = [each for each in self._owned().get_file_info(wanted) if each.is_file]
        return {each.path.removeprefix(f"{BUCKET}/{part}/") for each in files}

    def make_bucket(self) -> None:
        """Make the bucket, as whoever owns the server does."""
        self._owned().create_dir(BUCKET)

    def _owned(self) -> Any:
        from pyarrow import fs

        place = self.url.removeprefix("http://")
        return fs.S3FileSystem(
            endpoint_override=place, scheme="http", access_key=_OWNER, secret_key=_OWNED, region="here",
            allow_bucket_creation=True,
        )  # fmt: skip


@contextmanager
def seaweed() -> Iterator[Seaweed]:
    """The server on ports of its own."""
    if not program().exists() or reason_for(STEP):
        raise Unavailable(reason_for(STEP) or "SeaweedFS is not installed: python -m tests.servers.install")
    with temporary_folder("s3") as folder:
        first, log = free_port(2 * len(_PARTS)), folder / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*with_us("TERM"), str(program()), *_settings(folder, first)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder, start_new_session=True,
            )  # fmt: skip
        server = Seaweed(f"http://127.0.0.1:{first + 2 * _PARTS.index('s3')}")
        try:
            _wait(process, server, log)
            yield server
        finally:
            # What it holds is for nobody: it would take ten seconds to put it in order.
            end(process, signal.SIGKILL)


def _settings(folder: Path, first: int) -> list[str]:
    """Its arguments; in a file, who may do what."""
    given = [(_OWNER, _OWNED, ["Admin"]), (KEY, SECRET, _MAY)]
    who = [
        {"name": key, "credentials": [{"accessKey": key, "secretKey": secret}], "actions": may}
        for key, secret, may in given
    ]
    (folder / "s3.json").write_text(json.dumps({"identities": who}), encoding="utf-8")
    ports = {f"{part}.port": first + 2 * n for n, part in enumerate(_PARTS)}
    ports |= {f"{name}.grpc": port + 1 for name, port in ports.items()}
    settings = {
        "dir": folder, "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "filer": "true", "s3": "true",
        "s3.config": folder / "s3.json", "s3.autoCreateBucket": "false", "s3.port.iceberg": 0, "s3.port.lance": 0,
        "volume.max": 8, "volume.preStopSeconds": 0, "master.volumeSizeLimitMB": 64,
        # It would tell its makers that it runs.
        "master.telemetry": "false",
    }  # fmt: skip
    said = [f"-{name}={value}" for name, value in (settings | ports).items()]
    return ["-logtostderr=true", "server", *said]


def _wait(process: subprocess.Popen[bytes], server: Seaweed, log: Path) -> None:
    """Return when it has its bucket: it answers before its disk is there."""
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(server.url, timeout=5).close()
        except HTTPError:
            try:
                return server.make_bucket()
            except OSError:
                pass
        except (URLError, OSError):
            pass
        if process.poll() is not None or time.monotonic() > until:
            raise Unavailable(f"SeaweedFS did not start: {log.read_text(errors='replace')[-300:]}")
        time.sleep(0.1)
