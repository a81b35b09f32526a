"""A stand-in for an object store that speaks S3: files in memory, one bucket, one key. Signatures are not checked."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET, KEY, SECRET = "house", "stand-in", "a word that is in no message"


class ObjectStore(ThreadingHTTPServer):
    """What it has by name, what was asked, and whether it is out of order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.broken = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """One that answers for as long as the block lasts."""
    with ObjectStore() as store:
        threading.Thread(target=store.serve_forever, daemon=True).start()
        try:
            yield store
        finally:
            store.shutdown()


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ObjectStore

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def _read(self) -> bytes:
        """The body, out of the pieces that it came in, maybe twice."""
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "aws-chunked" not in (self.headers.get("Content-Encoding") or ""):
            return body
        whole, rest = b"", body
        while True:
            line, _end, rest = rest.partition(b"\r\n")
            if not (size := int(line.split(b";")[0], 16)):
                return whole
            whole, rest = whole + rest[:size], rest[size + 2 :]

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _wrong(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

    def _place(self) -> tuple[str, dict[str, list[str]]] | None:
        """What is asked for, once it may be."""
        parts = urlsplit(self.path)
        if self.server.broken:
            self._wrong(400, "OutOfOrder")
        elif f"Credential={KEY}/" not in (self.headers.get("Authorization") or ""):
            self._wrong(403, "AccessDenied")
        elif not parts.path.startswith(f"/{BUCKET}"):
            self._wrong(404, "NoSuchBucket")
        else:
            name = unquote(parts.path).removeprefix(f"/{BUCKET}").lstrip("/")
            return name, parse_qs(parts.query, keep_blank_values=True)
        return None

    def do_PUT(self) -> None:
        body = self._read()
        if (place := self._place()) is None:
            return
        name, query = place
        if "partNumber" in query:
            self.server.parts.setdefault(query["uploadId"][0], {})[int(query["partNumber"][0])] = body
        else:
            self.server.objects[name] = body
        self._answer(200, ETag=_tag(body))

    def do_POST(self) -> None:
        self._read()
        if (place := self._place()) is None:
            return
        name, query = place
        kind = "InitiateMultipartUploadResult" if "uploads" in query else "CompleteMultipartUploadResult"
        if "uploads" not in query:
            parts = self.server.parts.pop(query["uploadId"][0])
            self.server.objects[name] = b"".join(parts[n] for n in sorted(parts))
        said = f"<{kind}><Key>{escape(name)}</Key><UploadId>u-{escape(name)}</UploadId></{kind}>"
        self._answer(200, said.encode(), Content_Type="application/xml")

    def do_DELETE(self) -> None:
        if place := self._place():
            self.server.objects.pop(place[0], None)
            self._answer(204)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if (place := self._place()) is None:
            return
        name, query = place
        if not name:
            self._listed(query.get("prefix", [""])[0])
        elif (body := self.server.objects.get(name)) is None:
            self._wrong(404, "NoSuchKey")
        elif asked := re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or ""):
            first, last = int(asked[1]), min(int(asked[2] or len(body)), len(body) - 1)
            part = body[first : last + 1]
            self._answer(206, part, ETag=_tag(body), Content_Range=f"bytes {first}-{last}/{len(body)}")
        else:
            self._answer(200, body, ETag=_tag(body), Content_Length=str(len(body)))

    def _listed(self, prefix: str) -> None:
        found = [name for name in sorted(self.server.objects) if name.startswith(prefix)]
        rows = "".join(
            f"<Contents><Key>{escape(name)}</Key><Size>{len(self.server.objects[name])}</Size></Contents>"
            for name in found
        )
        said = f"<ListBucketResult><KeyCount>{len(found)}</KeyCount>{rows}</ListBucketResult>"
        self._answer(200, said.encode(), Content_Type="application/xml")


def _tag(body: bytes) -> str:
    return f'"{md5(body, usedforsecurity=False).hexdigest()}"'
