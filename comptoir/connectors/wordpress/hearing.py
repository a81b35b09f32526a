"""What is said on a site: its comments from the newest down to the mark, its posts, and what was there before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.wordpress import reading
from comptoir.connectors.wordpress.reading import Names, Unreadable, mark, moment, number, post_mark
from comptoir.connectors.wordpress.site import Site
from comptoir.networks.connector import Activity, Gone, Json, Refused, TryLater, Unusable

type Heard = Activity | Gone | Unusable
type State = dict[str, Json]

BATCH = 50
NEWEST_POSTS = 100
DEEPEST = 10
"""WordPress nests answers ten deep at the most."""
STILL = 20
"""Pages in a row without anything further down: a site that ignores where we ask it to begin would never end a walk."""
ASKED_SINGLY = 10
"""Comments that are missing from a list and are asked for one by one before they count as gone."""


class Hearing:
    """One look at a site, `size` comments a page."""

    def __init__(self, site: Site, names: Names, now: datetime, size: int) -> None:
        self._site, self._names, self._now, self._size = site, names, now, size

    # Comments

    def floor(self) -> int:
        """The newest comment's number, 0 where there is none."""
        newest = self._page(0, 1)
        return number(newest[0]) if newest else 0

    def newest(self, state: State) -> tuple[list[Heard], State, bool]:
        """One step: the newest comments, those that changed among them; or, where more came, a page further down.

        The state has the highest number handed out (`top`) and how the newest comments looked (`recent`), because a
        site writes down neither when a comment was approved nor when it was edited.
        """
        if state.get("walk"):
            return self._onward(state)
        views = {number(view): view for view in self._page(0, self._size) if _is_comment(view)}
        top, recent = int(state["top"]), {int(pk): str(seen) for pk, seen in state["recent"].items()}
        full = len(views) >= self._size
        low = min(views) if full else 0
        oldest = min(recent, default=top + 1)
        fresh = [v for pk, v in views.items() if pk > top or (pk not in recent and pk > oldest)]
        changed = [v for pk, v in views.items() if pk in recent and recent[pk] != mark(v)]
        missing = [pk for pk in recent if pk not in views and pk >= low]
        gone = self._gone(missing)
        kept = {
            pk: seen for pk, seen in recent.items() if pk in missing and self._names.comment(pk) not in gone
        }
        after: State = {
            "top": max([top, *views]),
            "recent": {str(pk): mark(v) for pk, v in views.items()}
            | {str(pk): seen for pk, seen in kept.items()},
        }
        if full and low > top:
            after["walk"] = {"low": low, "offset": len(views), "until": top}
        edited = {number(v) for v in changed if mark(v).split(".")[1] != recent[number(v)].split(".")[1]}
        items = self._told([*fresh, *changed], lambda pk: self._now if pk in edited else None)
        return [*items, *(Gone(name) for name in gone)], after, "walk" in after

    def _onward(self, state: State) -> tuple[list[Heard], State, bool]:
        """A page further down. It begins at the last comment of the page before: what was deleted meanwhile would
        otherwise move comments past us."""
        walk = dict(state["walk"])
        low, until, offset = int(walk["low"]), int(walk["until"]), max(0, int(walk["offset"]) - 1)
        views = [view for view in self._page(offset, max(2, self._size)) if _is_comment(view)]
        numbers = [number(view) for view in views]
        rest = {name: value for name, value in state.items() if name != "walk"}
        if not views:
            return [], rest, False
        if offset and numbers[0] < low:
            walk["offset"] = offset - self._size
            return [], {**rest, "walk": walk}, True
        items = self._told([view for view in views if until < number(view) < low])
        if min(numbers) <= until or len(views) < max(2, self._size):
            return items, rest, False
        still = 0 if min(numbers) < low else int(walk.get("still", 0)) + 1
        if still > STILL:
            raise TryLater("bad_answer")
        walk |= {"low": min(low, *numbers), "offset": offset + len(views), "still": still}
        return items, {**rest, "walk": walk}, True

    def again(self, numbers: Sequence[int]) -> list[Heard]:
        """Comments as they are now, or gone."""
        found = [v for v in self._listed(numbers) if _is_comment(v)]
        missing = [pk for pk in numbers if pk not in {number(view) for view in found}]
        return [*self._told(found, lambda pk: self._now), *(Gone(name) for name in self._gone(missing))]

    def before(self, state: State, since: datetime) -> tuple[list[Heard], State]:
        """A page of the comments from before the floor, newest first; `done` in the state when there are no more."""
        offset = int(state["offset"])
        views = [view for view in self._page(offset, self._size) if _is_comment(view)]
        wanted = [v for v in views if number(v) <= int(state["floor"]) and _moment(v) >= since]
        over = len(views) < self._size or all(_moment(view) < since for view in views)
        return self._told(wanted), {**state, "offset": offset + max(1, self._size - 1), "done": over}

    def _page(self, offset: int, size: int) -> list[Any]:
        return self._comments(offset=offset, per_page=size)

    def _listed(self, numbers: Iterable[int]) -> list[Any]:
        wanted = sorted(set(numbers))
        return self._comments(include=",".join(map(str, wanted)), per_page=len(wanted)) if wanted else []

    def _comments(self, **params: str | int) -> list[Any]:
        asked: dict[str, str | int] = {
            "status": "any", "context": "edit", "orderby": "id", "order": "desc", "_fields": reading.COMMENT, **params
        }  # fmt: skip
        return self._site.listed("wp/v2/comments", **asked)

    def _gone(self, numbers: Sequence[int]) -> list[str]:
        """Which of these comments exist no more: a list that does not have them is not believed alone."""
        gone = []
        for pk in numbers[:ASKED_SINGLY]:
            try:
                self._site.ask(f"wp/v2/comments/{pk}", context="edit", _fields="id")
            except Refused as refusal:
                if refusal.facts.get("error") == "rest_comment_invalid_id":
                    gone.append(self._names.comment(pk))
        return gone

    def _told(
        self, views: Sequence[Any], edited: Callable[[int], datetime | None] = lambda pk: None
    ) -> list[Heard]:
        """Comments as activities, oldest first."""
        views = sorted(views, key=number)
        above, titles = self._above(views), self._titles(views)
        items: list[Heard] = []
        for view in views:
            pk = number(view)
            try:
                title = "" if view.get("parent") else titles.get(view.get("post"), "")
                conversation = above.get(view.get("parent"), "") if self._ours(view) else ""
                items.append(reading.comment(view, self._names, conversation, title, edited(pk)))
            except Unreadable as reason:
                items.append(reading.unusable(view, str(reason), self._names))
        return items

    def _ours(self, view: Any) -> bool:
        return self._names.author(view) == self._names.me

    def _above(self, views: Sequence[Any]) -> dict[int, str]:
        """For each comment that one of ours answers: the conversation of the stranger nearest above."""
        known = {number(view): view for view in views}
        missing = {view["parent"] for view in views if self._ours(view) and view.get("parent")} - set(known)
        for _ in range(DEEPEST):
            if not missing:
                break
            found = {number(view): view for view in self._listed(missing) if _is_comment(view)}
            known |= found
            missing = {v["parent"] for v in found.values() if self._ours(v) and v.get("parent")} - set(known)
        conversations: dict[int, str] = {}
        for pk in known:
            at, steps = pk, 0
            while at in known and self._ours(known[at]) and steps < DEEPEST:
                at, steps = known[at].get("parent"), steps + 1
            if at in known and not self._ours(known[at]):
                view = known[at]
                conversations[pk] = reading.conversation(view["post"], self._names.author(view), self._names)
        return conversations

    def _titles(self, views: Sequence[Any]) -> dict[int, str]:
        """The titles of the posts that strangers comment on, whatever kind of post a plugin made of them."""
        one = {
            view.get("post"): number(view)
            for view in views
            if not view.get("parent") and not self._ours(view)
        }
        if not one:
            return {}
        found = self._comments(
            include=",".join(map(str, one.values())),
            per_page=len(one),
            _embed="up",
            _fields="id,post,_links,_embedded",
        )
        titles: dict[int, str] = {}
        for view in found:
            ups = (view.get("_embedded") or {}).get("up") if isinstance(view, dict) else None
            if isinstance(ups, list) and ups and isinstance(ups[0], dict):
                titles[view.get("post")] = reading.title(ups[0])
        return titles

    # Posts

    def posts(self, **params: str | int) -> list[Any]:
        """Posts that everybody can read, newest change first."""
        asked: dict[str, str | int] = {
            "status": "publish", "orderby": "modified", "order": "desc", "_fields": reading.POST, "per_page": 20,
            **params,
        }  # fmt: skip
        return [view for view in self._site.listed("wp/v2/posts", **asked) if _is_comment(view)]

    def posts_floor(self) -> tuple[str, dict[str, str]]:
        """The second of the last change to a post, "" without one; and how the newest posts look, by number."""
        views = self.posts(per_page=NEWEST_POSTS)
        return str(views[0].get("modified_gmt")) if views else "", {
            str(number(v)): post_mark(v) for v in views
        }

    def published(self, seen: dict[str, str], floor: str) -> tuple[list[Heard], dict[str, str]]:
        """Posts that are new or were changed since `floor`; and how the newest look now, by number."""
        items: list[Heard] = []
        now: dict[str, str] = {}
        for page in range(5):
            views = self.posts(offset=page * 20)
            fresh = [v for v in views if seen.get(str(number(v))) != post_mark(v)]
            items += self._posts([v for v in fresh if str(v.get("modified_gmt")) >= floor], seen)
            now |= {str(number(v)): post_mark(v) for v in views}
            if len(views) < 20 or len(fresh) < 20 or str(views[-1].get("modified_gmt")) < floor:
                break
        kept = now | {k: v for k, v in seen.items() if k not in now}
        return items[::-1], dict(list(kept.items())[:NEWEST_POSTS])

    def published_before(
        self, state: State, since: datetime, floor: str, seen: dict[str, str]
    ) -> tuple[list[Heard], State]:
        """A page of the posts from before the floor; `done` in the state when there are no more. `seen` as the newest
        looked then."""
        offset = int(state["offset"])
        views = self.posts(orderby="date", offset=offset)
        old = [v for v in views if str(v.get("date_gmt")) < floor or str(number(v)) in seen]
        wanted = [v for v in old if _moment(v) >= since]
        over = len(views) < 20 or all(_moment(view) < since for view in views)
        return self._posts(wanted), {**state, "offset": offset + 20, "done": over}

    def posts_again(self, numbers: Sequence[int]) -> list[Heard]:
        """Posts as they are now; those in the bin or deleted are gone."""
        wanted, states = ",".join(map(str, numbers)), "publish,future,draft,pending,private"
        found = self.posts(status=states, include=wanted, per_page=len(numbers), context="edit")
        missing = set(numbers) - {number(view) for view in found}
        return [*self._posts(found), *(Gone(self._names.post(pk)) for pk in sorted(missing))]

    def _posts(self, views: Sequence[Any], seen: Collection[str] = ()) -> list[Heard]:
        """Posts as activities; those that were `seen` before have changed."""
        items: list[Heard] = []
        for view in views:
            try:
                post = reading.own_post(view, self._names)
                if str(number(view)) in seen:
                    post = replace(post, edited=max(self._now, post.edited or self._now))
                items.append(post)
            except Unreadable as reason:
                items.append(reading.unusable(view, str(reason), self._names))
        return items


def _is_comment(view: Any) -> bool:
    """Whether it has a number: what has none cannot even be set aside once."""
    try:
        return bool(number(view))
    except Unreadable:
        return False


def _moment(view: Any) -> datetime:
    """When it was said; what has no time counts as old."""
    try:
        return moment(view.get("date_gmt"))
    except Unreadable:
        return moment("1970-01-01T00:00:00")


MARGIN = timedelta(minutes=10)
"""How far a site's clock may be from ours."""
