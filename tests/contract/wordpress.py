"""The contract suite on a real WordPress."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from comptoir.connectors.wordpress import WordPress
from comptoir.networks.connector import Sent
from tests.contract.harness import Open
from tests.servers.site import Visitor
from tests.servers.site import WordPress as Site


class Eager(WordPress):
    """As it is, but looks at the posts each time: the tests do not wait for their turn."""

    every_post = timedelta(0)


class WordPressHarness(Open):
    posts_beside_answers = False
    type = Eager
    typed_tokens = frozenset({"password"})
    wrong = (
        {"password": "abcd efgh ijkl mnop qrst uvwx"},
        {"user": "nobody"},
        {"site": "http://example.org/"},
    )

    def __init__(self, http: Any, site: Site) -> None:
        super().__init__(http)
        self.site = site
        self.brand = site.person("editor", "Brand")
        self.app = Visitor(site, self.brand)
        self.visitor = Visitor(site)
        self.post = self.app.post("Opening hours")
        self.spoken = 0

    def answers(self) -> dict[str, str]:
        return {
            "site": self.site.url, "user": self.brand.login, "password": self.brand.password, "posting": "publish"
        }  # fmt: skip

    def name(self, comment: int) -> str:
        return f"{self.site.address}#comment-{comment}"

    def number(self, remote_id: str) -> int:
        return int(remote_id.rpartition("-")[2])

    def speak(self, times: int = 1) -> list[str]:
        self.spoken += times
        words = [f"Are you there? ({self.spoken}, {n})" for n in range(times)]
        return [self.name(self.visitor.fill_in(self.post, text)) for text in words]

    def answer(self, sent: Sent) -> str:
        said = self.visitor.fill_in(
            self.post, "thank you, and one more thing", parent=self.number(sent.remote_id)
        )
        return self.name(said)

    def shown(self, remote_id: str) -> str | None:
        answer = self.visitor.http.get(f"/wp-json/wp/v2/comments/{self.number(remote_id)}")
        if answer.status_code != 200:
            return None
        return re.sub(r"<[^>]+>", "", answer.json()["content"]["rendered"]).strip()

    def all_said(self) -> list[str]:
        mine = self.app.call("GET", "comments", author=self.brand.id, context="edit", status="approve")
        return [view["content"]["raw"] for view in mine]

    def take_back(self, remote_id: str) -> None:
        self.app.call("DELETE", f"comments/{self.number(remote_id)}?force=true")

    def elsewhere(self, to: str, text: str) -> str:
        return self.name(self.app.comment(self.post, text, self.number(to)))

    def pictures(self, remote_id: str) -> list[str]:
        view = self.visitor.http.get(f"/wp-json/wp/v2/comments/{self.number(remote_id)}").json()
        linked = re.findall(r'<a href="([^"]+)"', view["content"]["rendered"])
        media = self.visitor.http.get("/wp-json/wp/v2/media", params={"per_page": 100}).json()
        alts = {each["source_url"]: each["alt_text"] for each in media}
        return [alts[url] for url in linked]

    def lose_grant(self) -> None:
        self.site.revoke(self.brand)
