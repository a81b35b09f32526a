"""Blocking accounts and reporting them, and what they said, to the moderators of the instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import md5
from typing import Any

from comptoir.connectors.mastodon import reading
from comptoir.connectors.mastodon.hearing import Hearing
from comptoir.connectors.mastodon.reading import Me
from comptoir.connectors.mastodon.session import Missing, Session, Unscoped
from comptoir.networks.connector import Activity, Actor, Field, Ground, Json, Refused, TryLater, Unanswered

OPTIONS = (
    Field(
        "reports",
        "Reports go to",
        "The server of whoever is reported hears of it without this account’s name, and reads the words beside it.",
        "choice",
        required=False,
        choices=(("", "The moderators of our server"), ("both", "Ours and those of the author’s server")),
    ),
)
MEANS = (
    "What they write to this account no longer arrives. They no longer follow it, and no longer see it on its own"
    " server; others still see what they wrote."
)
GROUNDS = (Ground("spam", "Spam or advertising"), Ground("legal", "Illegal content"))
OTHER = Ground("other", "Another reason")
RULE = "rule:"
"""What the codes of grounds begin with that are rules of the instance's own."""


def grounds(rules: Json, software: str) -> Sequence[Ground]:
    """The interface's categories, and in place of its "violation" the instance's own rules in their words."""
    if software == "snac":
        return ()  # a server of few friends, without moderators: it refuses every report
    kept = [
        Ground(f"{RULE}{each['id']}", str(each["text"])[:300])
        for each in (rules if isinstance(rules, list) else [])
    ]
    return (*GROUNDS, *kept, OTHER)


class Guard:
    """What an account does against another."""

    def __init__(self, session: Session, ears: Hearing, me: Me) -> None:
        self._session = session
        self._ears = ears
        self._me = me

    def block(self, who: Actor) -> None:
        """Blocking twice is blocking once, as the interface has it."""
        self._tell(f"/api/v1/accounts/{self._id_of(who)}/block", {})

    def unblock(self, who: Actor) -> None:
        """The same."""
        self._tell(f"/api/v1/accounts/{self._id_of(who)}/unblock", {})

    def report(self, who: Actor, message: Activity | None, ground: str, words: str, forward: bool) -> str:
        """Tell the moderators; the report's number. Nobody can look for it, so doubt stays doubt."""
        body: dict[str, Json] = {"comment": words, "forward": forward}
        if ground.startswith(RULE):
            body |= {"category": "violation", "rule_ids": [ground.removeprefix(RULE)]}
        else:
            body["category"] = ground
        if message is None:
            body["account_id"] = self._id_of(who)
        else:
            status = self._ears.find(message.remote_id)
            if status is None:
                raise Refused("target_gone")
            body |= {"account_id": str(status["account"]["id"]), "status_ids": [str(status["id"])]}
        try:
            return str(self._tell("/api/v1/reports", body).get("id") or "")
        except TryLater as error:
            if error.code == "rate_limited":
                raise
            raise Unanswered(error.code) from error

    def _tell(self, path: str, body: Mapping[str, Json]) -> dict[str, Any]:
        try:
            return self._session.tell("POST", path, body)
        except Unscoped as error:
            raise Refused("not_granted") from error
        except Missing as error:
            raise Refused("server_cannot") from error

    def _id_of(self, who: Actor) -> str:
        """The id of an account at this instance. Refused("person_gone") when it has none."""
        if self._me.only_private:
            # snac2: a hash of what it is known by.
            return md5(who.remote_id.encode(), usedforsecurity=False).hexdigest()
        name = who.handle.removesuffix(f"@{self._me.domain}")
        try:
            found: Json = [self._session.ask_object("/api/v1/accounts/lookup", {"acct": name})]
        except Missing:
            params = {"q": who.handle, "resolve": "true", "type": "accounts", "limit": "5"}
            found = self._session.ask_object("/api/v2/search", params).get("accounts")
        for account in found if isinstance(found, list) else []:
            try:
                if reading.actor(account).remote_id == who.remote_id and account.get("id"):
                    return str(account["id"])
            except reading.Unreadable:
                continue
        raise Refused("person_gone")
