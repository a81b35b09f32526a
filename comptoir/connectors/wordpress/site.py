"""A site's REST API: where it is, how to speak to it, and what its errors mean to the rooms."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from comptoir.networks.connector import Http, Json, Reconnect, Refused, Response, TryLater, retry_after

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_REL = "https://api.w.org/"
_LINK = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?' + re.escape(_REL))
_OF_THE_ADMIN = re.compile(r"/(wp-admin|wp-login\.php|wp-json|xmlrpc\.php)(/.*)?$")
_NOT_LOGGED_IN = frozenset({"rest_not_logged_in", "rest_user_invalid_id"})
FLOOD = timedelta(seconds=20)
"""WordPress lets somebody who is not trusted comment every 15 seconds."""


def address(given: str) -> str:
    """A site's address as somebody typed or pasted it. Refused when a password should not be sent there."""
    text = given.strip()
    try:
        split = urlsplit(text if "://" in text else f"https://{text}")
        host, port = split.hostname or "", split.port
    except ValueError:
        raise Refused("answer_invalid", field="site") from None
    if not host or split.username or split.scheme not in ("http", "https"):
        raise Refused("answer_invalid", field="site")
    if split.scheme == "http" and host not in HERE:
        raise Refused("insecure_server", field="site")
    name = f"[{host}]" if ":" in host else host
    path = _OF_THE_ADMIN.sub("", split.path).rstrip("/")
    return f"{split.scheme}://{name}{f':{port}' if port else ''}{path}/"


@dataclass(frozen=True)
class Root:
    """What a site says of itself: `root` is the address that the API's paths are appended to."""

    root: str
    home: str
    name: str
    icon: str
    grants: str
    """Where the site asks its people for an application password, "" if it gives none."""

    @property
    def id(self) -> str:
        """The site's name for ever: its address without the scheme, which may become a better one."""
        split = urlsplit(self.home)
        return f"{split.netloc.lower()}{split.path.rstrip('/')}"


def discover(http: Http, site: str) -> Root:
    """Find the API of the site that has this page, as the page itself says, else where it usually is."""
    page = http.request("GET", site, headers={"Accept": "text/html"}, follow=5, max_bytes=3_000_000)
    candidates = [*_told(page, site), urljoin(site, "wp-json/"), urljoin(site, "?rest_route=/")]
    for candidate in dict.fromkeys(candidates):
        try:
            address(candidate)
        except Refused as refusal:
            if refusal.code == "insecure_server":
                raise
            continue
        answer = http.request("GET", candidate, follow=3, max_bytes=5_000_000)
        said = decoded(answer.text) if answer.status == 200 else None
        if isinstance(said, dict) and "wp/v2" in (said.get("namespaces") or ()):
            return _root(candidate, said)
        if answer.status in (401, 403) and isinstance(decoded(answer.text), dict):
            # Some sites hide even this from strangers; whoever has a password may see it.
            return _root(candidate, {"home": site})
    if page.status >= 500 or page.status == 429:
        raise TryLater("server_error", status=page.status)
    raise Refused("not_a_site", field="site")


def _told(page: Response, site: str) -> Iterator[str]:
    for found in _LINK.findall(page.headers.get("link", "")):
        yield urljoin(site, found)
    if page.status < 400:
        reader = _Links()
        reader.feed(page.text)
        for found in reader.found:
            yield urljoin(site, found)


class _Links(HTMLParser):
    """The API's address among a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") == _REL and given.get("href"):
            self.found.append(str(given["href"]))


def _root(candidate: str, said: Mapping[str, Any]) -> Root:
    ways = said.get("authentication")
    way = ways.get("application-passwords") if isinstance(ways, dict) else None
    ends = way.get("endpoints") if isinstance(way, dict) else None
    asks = str(ends.get("authorization") or "") if isinstance(ends, dict) else ""
    home = str(said.get("home") or said.get("url") or "")
    try:
        address(home)
    except Refused:
        home = candidate.split("?")[0].removesuffix("wp-json/")
    icon = str(said.get("site_icon_url") or "")
    return Root(candidate, home.rstrip("/"), str(said.get("name") or ""), icon, asks)


class Site:
    """One user's way to a site's API. Answers are JSON; everything else becomes one of the three errors."""

    def __init__(self, http: Http, root: str, user: str, password: str, now: datetime) -> None:
        self._http = http
        self._root = root
        self._now = now
        secret = b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {secret}", "Accept": "application/json"}

    def ask(self, path: str, **params: str | int) -> Json:
        """What the site says about something."""
        return self.answer(path, **params)[0]

    def answer(self, path: str, **params: str | int) -> tuple[Json, Mapping[str, str]]:
        """The same with the headers, which count what a list has."""
        asked = {name: str(value) for name, value in params.items()}
        response = self._http.request("GET", self._root + path, params=asked, headers=self._headers)
        return self._read(response), response.headers

    def listed(self, path: str, **params: str | int) -> list[Any]:
        """A list. TryLater when the site says something else."""
        found = self.ask(path, **params)
        if not isinstance(found, list):
            raise TryLater("bad_answer")
        return found

    def tell(self, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Have something done."""
        response = self._http.request(
            method, self._root + path, json=dict(body), headers=self._headers, timeout=60
        )
        return self._object(self._read(response))

    def upload(self, name: str, content: bytes, mime: str) -> dict[str, Any]:
        """Put a file among the site's media."""
        headers = {
            **self._headers, "Content-Type": mime, "Content-Disposition": f'attachment; filename="{name}"'
        }  # fmt: skip
        response = self._http.request(
            "POST", self._root + "wp/v2/media", content=content, headers=headers, timeout=60
        )
        return self._object(self._read(response))

    def _object(self, said: Json) -> dict[str, Any]:
        if not isinstance(said, dict):
            raise TryLater("bad_answer")
        return said

    def _read(self, response: Response) -> Json:
        said = decoded(response.text)
        if response.status < 300:
            if said is None:
                raise TryLater("bad_answer")
            return said
        code = str(said.get("code") or "") if isinstance(said, dict) else ""
        raise self._error(response, code, str(said.get("message") or "")[:300] if code else "")

    def _error(self, response: Response, code: str, said: str) -> Exception:
        """What an answer means that is no success. Pages of proxies and of maintenance have no code."""
        status = response.status
        facts: dict[str, Json] = {"error": code, "said": said, "status": status}
        if code == "comment_flood":
            return TryLater("rate_limited", after=FLOOD)
        if status == 429:
            return TryLater("rate_limited", after=retry_after(response, self._now))
        if status == 401 and code:
            lost = "password_not_passed_on" if code in _NOT_LOGGED_IN else "token_revoked"
            return Reconnect(lost, **facts)
        if status in (301, 308):
            return Reconnect("site_moved")
        if status == 503 and not code:
            return TryLater("maintenance", after=retry_after(response, self._now))
        if code and status < 500:
            return Refused("not_allowed" if status == 403 else "refused", **facts)
        if code and code.startswith("rest_"):
            return Refused("refused", **facts)
        return TryLater("server_error", after=retry_after(response, self._now), status=status)


def decoded(text: str) -> Json:
    """The JSON in an answer, also where a plugin's warnings stand around it; None when there is none."""
    text = text.lstrip("\ufeff \r\n\t")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    reader = json.JSONDecoder()
    for found in list(re.finditer(r'\{\s*"|\[\s*[{\]]', text))[:5]:
        try:
            return reader.raw_decode(text, found.start())[0]
        except (ValueError, RecursionError):
            continue
    return None
