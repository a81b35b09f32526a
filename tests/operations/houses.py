"""Houses of the operations tests: filled, looked into, browsed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

from comptoir.upkeep.archive import reading
from tests.command.started import Up, environment

OWN_PACE = {
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "django_migrations",
    "organisation_auditentry",
}
"""Tables that change by being restored."""


def inside(code: str, **given: str) -> Any:
    """Run Python with Django set up in a process of its own; what it leaves in `answer`."""
    whole = f"import django, json; django.setup()\n{code}\nprint(json.dumps(answer, default=str))"
    settings = {"DJANGO_SETTINGS_MODULE": "comptoir.settings", "COMPTOIR_TESTING": "1"}
    done = subprocess.run(
        [sys.executable, "-c", whole],
        env=environment(**settings, **given), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def within(house: Up, code: str) -> Any:
    """The same in a house that is up."""
    return inside(code, **house.own())


def rows(path: Path) -> dict[str, list[bytes]]:
    """The rows of each table in a backup, in an order of their own."""
    with reading(path) as archive:
        names = archive.manifest.tables
        return {name: sorted(b"".join(archive.rows(name)).splitlines()) for name in names}


def different(one: Path, other: Path) -> set[str]:
    """The tables that two backups do not agree on."""
    first, second = rows(one), rows(other)
    assert set(first) == set(second)
    return {name for name in first if first[name] != second[name]} - OWN_PACE


class Browser:
    """Somebody signed in as the owner."""

    def __init__(self, house: Up) -> None:
        self._house = house
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        link = house.run("owner-link")
        door = link[link.index("/owner/") :].strip()
        self.fill(door, door)

    def fill(self, page: str, sent_to: str, **fields: str) -> str:
        """Send a form of a page with what is hidden in it; the page that comes then."""
        found = next(
            form
            for form in re.findall(r"<form.*?</form>", self.get(page), re.DOTALL)
            if _leads(form, sent_to)
        )
        hidden = re.findall(r'<input[^>]* type="hidden"[^>]*>|<input type="hidden"[^>]*>', found)
        given = {_value(field, "name"): unescape(_value(field, "value")) for field in hidden}
        return self.post(sent_to, **{**given, **fields})

    def get(self, path: str) -> str:
        """A page."""
        return self._ask(path)

    def post(self, path: str, **form: str) -> str:
        """The page after a form was sent."""
        return self._ask(path, urlencode(form).encode())

    def _ask(self, path: str, form: bytes | None = None) -> str:
        try:
            address = f"http://127.0.0.1:{self._house.port}{path}"
            with self._opener.open(address, form, timeout=20) as page:
                return str(page.read().decode())
        except HTTPError as error:
            raise AssertionError(f"{path}: {error}. It says:\n{self._house.said()[-3000:]}") from error


def _leads(form: str, path: str) -> bool:
    action = _value(form.split(">", 1)[0], "action").split("?")[0]
    return action in ("", path)


def _value(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else ""
