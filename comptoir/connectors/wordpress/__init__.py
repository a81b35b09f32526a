"""WordPress: the comments below a site's posts, and the site's own posts, through its REST API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.wordpress import hearing, speaking
from comptoir.connectors.wordpress.hearing import Hearing
from comptoir.connectors.wordpress.reading import Names
from comptoir.connectors.wordpress.site import Root, Site, address, discover
from comptoir.connectors.wordpress.speaking import Voice
from comptoir.networks.connector import (
    Activity,
    Actor,
    Connected,
    Connector,
    Connects,
    Counts,
    Deletes,
    Edits,
    Fetches,
    Field,
    Finds,
    Gone,
    Json,
    Length,
    Measures,
    Moderates,
    Page,
    Publishes,
    Rechecks,
    Reconnect,
    Refused,
    Replies,
    Said,
    Sent,
    Upload,
    Verdict,
)

_TEAM = "administrator,editor,author,contributor"


class WordPress(
    Connects, Fetches, Rechecks, Replies, Publishes, Finds, Edits, Deletes, Moderates, Measures, Connector
):
    """One site, seen by one of its users, who may moderate comments. Whoever writes there as one of its authors
    speaks for the site.
    """

    network = "wordpress"
    label = "WordPress"
    every = timedelta(seconds=20)
    every_post = timedelta(minutes=1)
    every_team = timedelta(hours=1)
    page_size = hearing.BATCH
    recheck_batch = hearing.BATCH
    images = 10
    image_bytes = 8_000_000
    verdicts = (Verdict.APPROVE, Verdict.HOLD, Verdict.SPAM, Verdict.REMOVE)

    form = (
        Field("site", "Address of the site", "For example https://example.org or https://example.org/blog.", "url"),
        Field("user", "User name", "Somebody who may moderate comments there: an editor or an administrator."),
        Field(
            "password",
            "Application password",
            "Make one on the site under Users, Profile, Application Passwords. It is not the user's own password.",
            kind="password",
            secret=True,
        ),
        Field(
            "posting",
            "What is posted from here",
            kind="choice",
            default="publish",
            choices=(("publish", "is published at once"), ("draft", "waits on the site as a draft")),
        ),
    )  # fmt: skip

    # Connecting

    def connect(self, answers: Mapping[str, str]) -> Connected:
        """Find the site's API and see whether the user may moderate there."""
        root = discover(self.http, address(answers.get("site", "")))
        user = answers.get("user", "").strip()
        # People paste it with the blanks that the site shows it with.
        password = "".join(answers.get("password", "").split())
        site = Site(self.http, root.root, user, password, self.now)
        try:
            mine = site.ask("wp/v2/users/me", context="edit", _fields="id,name,capabilities")
        except Reconnect as refusal:
            raise _refusal(refusal, root) from None
        may = mine.get("capabilities") if isinstance(mine, dict) else None
        if not isinstance(may, dict) or not may.get("moderate_comments"):
            raise Refused("needs_moderator", field="user")
        me = Actor(root.id, root.id, root.name, root.icon, root.home)
        team = _team(site, int(mine["id"]))
        ears = Hearing(site, Names(root.id, me, frozenset(team)), self.now, self.page_size)
        posts_floor, posts_seen = ears.posts_floor()
        settings: dict[str, Json] = {
            "site": f"{root.home}/", "user": user, "posting": answers.get("posting") or "publish",
            "root": root.root, "id": root.id, "user_id": int(mine["id"]), "team": team,
            "floor": ears.floor(), "posts_floor": posts_floor, "posts_seen": posts_seen,
        }  # fmt: skip
        return Connected(me, {"user": user, "password": password}, settings)

    @property
    def _site(self) -> Site:
        root, user = str(self.settings["root"]), self.grant.get("user")
        return Site(self.http, root, user, self.grant.get("password"), self.now)

    @property
    def _names(self) -> Names:
        site = str(self.settings["id"])
        return Names(site, self.me or Actor(site, site), frozenset(self.settings.get("team") or ()))

    def _ears(self, site: Site) -> Hearing:
        return Hearing(site, self._names, self.now, self.page_size)

    # Hearing

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        """The newest comments, and once a minute the newest posts."""
        site = self._site
        ears = self._ears(site)
        state: dict[str, Any] = (
            dict(cursor) if cursor else {"comments": {"top": self.settings["floor"], "recent": {}}}
        )
        items, state["comments"], more = ears.newest(state["comments"])
        if self._due(state, "posts_at", self.every_post):
            floor, seen = self._posts_floor
            posts, state["posts"] = ears.published(state.get("posts", seen), floor)
            items += posts
        changes: dict[str, Json] = {}
        if self._due(state, "team_at", self.every_team):
            team = _team(site, int(self.settings["user_id"]))
            changes = {"team": team} if team != list(self.settings.get("team") or ()) else {}
        return Page(items, state, more, settings=changes)

    @property
    def _posts_floor(self) -> tuple[str, dict[str, str]]:
        """When the newest post had changed as the site was connected, and how the newest posts looked."""
        return str(self.settings.get("posts_floor") or ""), dict(self.settings.get("posts_seen") or {})

    def _due(self, state: dict[str, Any], name: str, pause: timedelta) -> bool:
        """Whether something's turn has come; it is counted as done."""
        now = self.now.timestamp()
        if 0 <= now - float(state.get(name, 0)) < pause.total_seconds():
            return False
        state[name] = now
        return True

    def history(self, since: datetime, cursor: Json) -> Page:
        """Comments from before the site was connected, then its posts."""
        ears = self._ears(self._site)
        state: dict[str, Any] = (
            dict(cursor) if cursor else {"of": "comments", "offset": 0, "floor": self.settings["floor"]}
        )
        if state["of"] == "comments":
            items, state = ears.before(state, since)
        else:
            items, state = ears.published_before(state, since, *self._posts_floor)
        if not state.pop("done"):
            return Page(items, state, more=True)
        return Page(items, {**state, "of": "posts", "offset": 0}, more=state["of"] == "comments")

    def recheck(self, remote_ids: Sequence[str]) -> Sequence[Activity | Gone]:
        """Comments and posts as they are now: their standing, their words, or that they are gone."""
        named = [name for each in remote_ids[: self.recheck_batch] if (name := self._names.number(each))]
        comments = [pk for kind, pk in named if kind == "comment"]
        posts = [pk for kind, pk in named if kind == "post"]
        ears = self._ears(self._site)
        found = [*(ears.again(comments) if comments else ()), *(ears.posts_again(posts) if posts else ())]
        return [item for item in found if isinstance(item, Activity | Gone)]

    # Saying

    @property
    def _voice(self) -> Voice:
        return Voice(self._site, self._names, int(self.settings["user_id"]))

    def length(self, text: str) -> Length:
        """Bytes, as the site's database counts."""
        return speaking.length(text)

    def reply(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Comment below a comment. Refused("target_gone") when there is nothing left to answer."""
        return self._voice.answer(to, self._fit(text, media), media, key, at)

    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Post, or leave a draft, as the form says."""
        status = "draft" if self.settings.get("posting") == "draft" else "publish"
        return self._voice.post(self._fit(text, media), media, key, at, status)

    def find(self, to: Activity | None, text: str, key: str, at: datetime) -> Sent | None:
        """Our own comment or post with these words."""
        return self._voice.find(to, text, at) if to else self._voice.find_post(text, at)

    def edit(self, remote_id: str, text: str) -> None:
        """Change a comment or a post of the site's. Refused("not_ours") when it is a stranger's."""
        self._voice.change(remote_id, self._fit(text, ()))

    def delete(self, remote_id: str) -> None:
        """Put it into the site's bin. Refused("not_ours") when it is a stranger's."""
        self._voice.take_back(remote_id)

    def moderate(self, remote_id: str, verdict: Verdict) -> None:
        """Approve, hold, mark as spam or put into the bin."""
        self._voice.judge(remote_id, verdict)

    def _fit(self, text: str, media: Sequence[Upload]) -> str:
        """The text as it can be sent. Refused when it or a picture is more than the site takes."""
        text = text.replace("\r\n", "\n").strip()
        self.check(text, media)
        return text

    # Counting

    def measure(self, remote_ids: Sequence[str]) -> Sequence[Counts]:
        """How many approved comments a post has, or how many answers a comment has."""
        site, names = self._site, self._names
        counted = []
        for remote_id in remote_ids:
            if named := names.number(remote_id):
                name = "post" if named[0] == "post" else "parent"
                params: dict[str, str | int] = {name: named[1], "per_page": 1, "_fields": "id"}
                _found, headers = site.answer("wp/v2/comments", **params)
                total = headers.get("x-wp-total", "")
                counted.append(Counts(remote_id, replies=int(total) if total.isdigit() else None))
        return counted


def _team(site: Site, user: int) -> list[int]:
    """The users who speak for the site: those who may write posts, as far as this user is told."""
    try:
        found = site.listed("wp/v2/users", roles=_TEAM, per_page=100, _fields="id")
    except Refused:
        # Only administrators may ask by role; the others are told who has published something.
        found = site.listed("wp/v2/users", per_page=100, _fields="id")
    known = {view["id"] for view in found if isinstance(view, dict) and isinstance(view.get("id"), int)}
    return sorted({user, *known})


def _refusal(error: Reconnect, root: Root) -> Refused:
    """Why the site does not know the user, as far as it says."""
    if error.code == "password_not_passed_on":
        return Refused("password_not_passed_on" if root.grants else "no_app_passwords", field="password")
    return Refused("bad_credentials", field="password")
