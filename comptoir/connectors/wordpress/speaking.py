"""What the brand says and decides on its site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from comptoir.connectors.wordpress import reading
from comptoir.connectors.wordpress.hearing import MARGIN
from comptoir.connectors.wordpress.reading import Names, moment, number
from comptoir.connectors.wordpress.site import Site
from comptoir.networks.connector import Activity, Length, Refused, Sent, Upload, Verdict

LONGEST = 65_525
"""Bytes of a comment as the site's database keeps it."""
STATUSES = {Verdict.APPROVE: "approved", Verdict.HOLD: "hold", Verdict.SPAM: "spam", Verdict.REMOVE: "trash"}
_SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
}
_GONE = frozenset({"rest_comment_invalid_id", "rest_post_invalid_id", "rest_already_trashed"})
_TITLE_MOST = 200


def length(text: str) -> Length:
    """The text in bytes as it is stored."""
    size = len(marked_up(text).encode("utf-8", "surrogatepass"))
    return Length(size, LONGEST, size - LONGEST)


def marked_up(text: str) -> str:
    """A text as the site wants it: lines stay lines, nothing in it is markup."""
    return escape(text, quote=False)


class Voice:
    """One user's words on a site."""

    def __init__(self, site: Site, names: Names, user: int) -> None:
        self._site, self._names, self._user = site, names, user

    # Comments

    def answer(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Comment below a comment, unless we have: a try before this one may have arrived."""
        if sent := self.find(to, text, at):
            return sent
        post, parent = _place(to)
        body = self._with_pictures(text, media, key)
        try:
            said = self._site.tell(
                "POST", "wp/v2/comments", {"post": post, "parent": parent, "content": body}
            )
        except Refused as refusal:
            error = refusal.facts.get("error")
            if error == "comment_duplicate":
                if sent := self.find(to, text, at):
                    return sent
                raise Refused("said_already", **refusal.facts) from None
            if error in (
                "rest_comment_invalid_post_id",
                "rest_comment_invalid_parent",
                "rest_comment_draft_post",
            ):
                raise Refused("target_gone", **refusal.facts) from None
            raise
        return self._sent(said)

    def find(self, to: Activity, text: str, at: datetime) -> Sent | None:
        """Our own answer to a comment with these words, said since then."""
        post, parent = _place(to)
        asked: dict[str, str | int] = {
            "post": post, "parent": parent, "author": self._user, "status": "any", "context": "edit",
            "orderby": "id", "order": "desc", "per_page": 20, "_fields": reading.COMMENT,
        }  # fmt: skip
        for view in self._site.listed("wp/v2/comments", **asked):
            said = reading.words(view.get("content"), "").text
            mine = said.split() == text.split() and view.get("status") not in ("trash", "spam")
            if mine and moment(view.get("date_gmt")) >= at - MARGIN:
                return self._sent(view)
        return None

    def _sent(self, view: Mapping[str, Any]) -> Sent:
        pk = number(view)
        facts = {"post": view.get("post"), "comment": pk}
        return Sent(self._names.comment(pk), str(view.get("link") or ""), facts)

    def _with_pictures(self, text: str, media: Sequence[Upload], key: str) -> str:
        """The words, and each picture as a link: a comment shows no pictures, and every site lets links through."""
        links = [
            f'<a href="{escape(url)}">{escape(one.alt or url, quote=False)}</a>'
            for one, (_pk, url) in zip(media, self._uploaded(media, key), strict=True)
        ]
        return "\n\n".join([*([marked_up(text)] if text else []), *links])

    # Posts

    def post(self, text: str, media: Sequence[Upload], key: str, at: datetime, status: str) -> Sent:
        """Post, unless we have. A first line with an empty one below it is the title."""
        head, body = titled(text)
        if sent := self.find_post(text, at):
            return sent
        pictures = [(*found, one.alt) for found, one in zip(self._uploaded(media, key), media, strict=True)]
        said = self._site.tell(
            "POST", "wp/v2/posts", {"title": head, "content": blocks(body, pictures), "status": status}
        )
        return Sent(self._names.post(number(said)), str(said.get("link") or ""), {"post": number(said)})

    def find_post(self, text: str, at: datetime) -> Sent | None:
        """Our own post with these words, said since then."""
        head, body = titled(text)
        asked: dict[str, str | int] = {
            "author": self._user, "status": "publish,future,draft,pending,private", "context": "edit", "per_page": 20,
            "_fields": reading.POST,
        }  # fmt: skip
        for view in self._site.listed("wp/v2/posts", **asked):
            # A draft has no date of its own until it is published: the site gives it that of its last change.
            at_all = moment(view.get("date_gmt") or view.get("modified_gmt"))
            said = reading.own_post(view, self._names)
            if (said.title.split(), said.text.split()) == (
                head.split(),
                body.split(),
            ) and at_all >= at - MARGIN:
                return Sent(said.remote_id, said.url, said.facts)
        return None

    def _uploaded(self, media: Sequence[Upload], key: str) -> list[tuple[int, str]]:
        """The pictures among the site's media, each once for a key: number and address."""
        found = []
        for place, one in enumerate(media, 1):
            slug = f"comptoir-{key[:32].lower()}-{place}"
            known = self._site.listed("wp/v2/media", slug=slug, _fields="id,source_url")
            if known:
                view = known[0]
            else:
                suffix = _SUFFIXES.get(one.mime)
                if suffix is None:
                    raise Refused("image_kind", mime=one.mime)
                view = self._site.upload(f"{slug}.{suffix}", one.content, one.mime)
            self._site.tell("POST", f"wp/v2/media/{number(view)}", {"alt_text": one.alt})
            found.append((number(view), str(view.get("source_url") or "")))
        return found

    # What was said already

    def change(self, remote_id: str, text: str) -> None:
        """Say this instead."""
        kind, pk = self._mine(remote_id)
        if kind == "post":
            head, body = titled(text)
            self._site.tell("POST", f"wp/v2/posts/{pk}", {"title": head, "content": blocks(body, [])})
        else:
            self._site.tell("POST", f"wp/v2/comments/{pk}", {"content": marked_up(text)})

    def take_back(self, remote_id: str) -> None:
        """Into the site's bin, or away for good where it has none."""
        try:
            kind, pk = self._mine(remote_id)
            path = f"wp/v2/{kind}s/{pk}"
            try:
                self._site.tell("DELETE", path, {})
            except Refused as refusal:
                if refusal.facts.get("error") != "rest_trash_not_supported":
                    raise
                self._site.tell("DELETE", path, {"force": True})
        except Refused as refusal:
            if refusal.code == "target_gone" or refusal.facts.get("error") in _GONE:
                return
            raise

    def _mine(self, remote_id: str) -> tuple[str, int]:
        """What an own message is on the site. Refused when it is gone or somebody else's."""
        named = self._names.number(remote_id)
        if named is None:
            raise Refused("not_ours")
        kind, pk = named
        try:
            view = self._site.ask(
                f"wp/v2/{kind}s/{pk}", context="edit", _fields="id,author,author_name,author_email"
            )
        except Refused as refusal:
            if refusal.facts.get("error") in _GONE:
                raise Refused("target_gone", **refusal.facts) from None
            raise
        if kind == "comment" and self._names.author(view) != self._names.me:
            raise Refused("not_ours")
        return kind, pk

    def judge(self, remote_id: str, verdict: Verdict) -> None:
        """Give a comment the standing that a verdict asks for."""
        named = self._names.number(remote_id)
        if named is None or named[0] != "comment":
            raise Refused("not_moderated")
        path, wanted = f"wp/v2/comments/{named[1]}", STATUSES[verdict]
        try:
            said = self._site.tell("POST", path, {"status": wanted})
        except Refused as refusal:
            error = refusal.facts.get("error")
            if error == "rest_comment_invalid_id":
                raise Refused("target_gone", **refusal.facts) from None
            if error != "rest_comment_failed_edit":
                raise
            # What the site says as well when there was nothing to change.
            said = self._site.ask(path, context="edit", _fields="id,status")
        if said.get("status") != wanted:
            raise Refused("refused", error="status", said=str(said.get("status")))


def titled(text: str) -> tuple[str, str]:
    """A text's title and the rest."""
    head, gap, body = text.strip().partition("\n\n")
    return (
        (head, body.strip()) if gap and "\n" not in head and len(head) <= _TITLE_MOST else ("", text.strip())
    )


def blocks(text: str, pictures: Sequence[tuple[int, str, str]]) -> str:
    """A post's content as the site's editor keeps it. `pictures`: number, address and words of each."""
    parts = [
        f"<!-- wp:paragraph -->\n<p>{marked_up(each.strip()).replace(chr(10), '<br>')}</p>\n<!-- /wp:paragraph -->"
        for each in text.split("\n\n")
        if each.strip()
    ]
    parts += [
        f'<!-- wp:image {{"id":{pk}}} -->\n<figure class="wp-block-image"><img src="{escape(url)}" alt="{escape(alt)}"'
        f' class="wp-image-{pk}"/></figure>\n<!-- /wp:image -->'
        for pk, url, alt in pictures
    ]
    return "\n\n".join(parts)


def _place(to: Activity) -> tuple[int, int]:
    """The post and the comment that an answer goes to."""
    post, parent = to.facts.get("post"), to.facts.get("comment")
    if not isinstance(post, int) or not isinstance(parent, int):
        raise Refused("target_gone")
    return post, parent
