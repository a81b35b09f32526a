"""The contract suite on the AT Protocol network."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from comptoir.connectors.bluesky import Bluesky
from comptoir.networks.connector import Actor, Sent
from tests.contract.harness import Gestured, Guarded, Tongued
from tests.servers.running import AtprotoNetwork
from tests.servers.stranger import FOLLOW, LIKE, REPOST, Ref, Stranger, until


class Eager(Bluesky):
    """As it is, but asks for everything each time: the tests do not wait for the slower lists' turn."""

    every_own = timedelta(0)
    every_silent = timedelta(0)


class BlueskyHarness(Gestured, Guarded, Tongued):
    type = Eager
    wrong = ({"password": "aaaa-bbbb-cccc-dddd"}, {"handle": "nobody-here.test"}, {"handle": "no handle"})

    def __init__(self, http: Any, network: AtprotoNetwork, stranger: Stranger) -> None:
        super().__init__(http)
        self.network = network
        self.brand = network.new_account("brand")
        self.stranger = stranger
        self.refs: dict[str, Ref] = {}
        self._app: Stranger | None = None

    @property
    def app(self) -> Stranger:
        """The brand's people in the network's own app."""
        self._app = self._app or Stranger(self.network, self.brand)
        return self._app

    def answers(self) -> dict[str, str]:
        return {
            "handle": f"@{self.brand.handle}",
            "password": self.brand.app_password,
            "service": self.network.pds,
        }

    def speak(self, times: int = 1) -> list[str]:
        made = [self.stranger.mention(self.brand, f"are you there? ({n})") for n in range(times)]
        self.refs |= {ref.uri: ref for ref in made}
        return [ref.uri for ref in made]

    def ref(self, sent: Sent) -> Ref:
        return Ref(sent.remote_id, str(sent.facts["cid"]), dict(sent.facts["root"]))

    def answer(self, sent: Sent) -> str:
        made = self.stranger.reply(self.ref(sent), "thank you, and one more thing")
        self.refs[made.uri] = made
        return made.uri

    def shown(self, remote_id: str) -> str | None:
        view = self.stranger.seen(remote_id)
        return view["record"]["text"] if view else None

    def language_of(self, remote_id: str) -> str:
        view = until(lambda: self.stranger.seen(remote_id))
        return ",".join(view["record"].get("langs", []))

    def all_said(self) -> list[str]:
        return [record["value"]["text"] for record in self.stranger.records(self.brand.did)]

    def take_back(self, remote_id: str) -> None:
        self.stranger.delete(self.refs[remote_id])
        until(lambda: self.shown(remote_id) is None)

    def elsewhere(self, to: str, text: str) -> str:
        return self.app.reply(self.app.ref(to), text).uri

    def gestures(self, sent: Sent) -> list[str]:
        subject = self.ref(sent).strong
        return [
            self.stranger.create(LIKE, {"subject": subject})["uri"],
            self.stranger.create(REPOST, {"subject": subject})["uri"],
            self.stranger.create(FOLLOW, {"subject": self.brand.did})["uri"],
        ]

    def blocks(self, who: Actor) -> bool:
        shown = self.app.ask("app.bsky.actor.getProfile", actor=who.remote_id)
        return bool(shown["viewer"].get("blocking"))

    def block_elsewhere(self, who: Actor) -> None:
        self.app.create("app.bsky.graph.block", {"subject": who.remote_id})

    def reported(self, who: Actor) -> list[tuple[str, str, list[str]]]:
        return self.network.reports_of(who.remote_id)

    def pictures(self, remote_id: str) -> list[str]:
        view = until(lambda: self.stranger.seen(remote_id))
        return [image["alt"] for image in view["embed"]["images"]] if view else []

    def lose_grant(self) -> None:
        self.app.call("com.atproto.server.revokeAppPassword", {"name": "comptoir"})
        # What is left of the access token's two hours would let us go on: as if they were over.
        header, _, signature = self.grant["access"].split(".")
        over = json.dumps({"exp": 1}).encode().hex()
        self.grant.secrets["access"] = f"{header}.{over}.{signature}"
