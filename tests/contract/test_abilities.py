"""The contract of the rarer abilities, for every connector that has them: finding, changing, moderating."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from comptoir.networks.connector import (
    Activity,
    Edits,
    Fetches,
    Finds,
    Moderates,
    Rechecks,
    Refused,
    Replies,
    Verdict,
)
from tests.contract.harness import Open
from tests.servers.stranger import until

needs = pytest.mark.needs.with_args
STANDINGS = {Verdict.HOLD: "held", Verdict.SPAM: "spam", Verdict.REMOVE: "removed", Verdict.APPROVE: ""}


@needs(Open, Fetches, Replies, Finds)
def test_what_was_said_is_found_and_what_was_not_is_not(channel: Open) -> None:
    heard, at = channel.hear(), datetime.now(UTC)
    assert channel.connector().find(heard, "we open at nine", "key-find", at) is None
    sent = channel.connector().reply(heard, "we open at nine", [], "key-find", at)
    found = until(lambda: channel.connector().find(heard, "we open at nine", "key-find", at))
    assert found.remote_id == sent.remote_id
    assert channel.connector().find(heard, "we open at ten", "key-other", at) is None


@needs(Open, Fetches, Replies, Edits)
def test_what_was_said_can_be_changed_and_changed_again_to_the_same(channel: Open) -> None:
    sent = channel.reply(channel.hear(), "we open at nine", "key-edit")
    # A server that hears of a change before it hears of the message forgets the change.
    assert until(lambda: channel.shown(sent.remote_id) == "we open at nine")
    for _ in range(2):
        channel.connector().edit(sent.remote_id, "we open at ten")
    assert until(lambda: channel.shown(sent.remote_id) == "we open at ten")


@needs(Open, Fetches, Rechecks, Moderates)
def test_a_verdict_is_carried_out_repeated_and_taken_back(channel: Open) -> None:
    heard = channel.hear()
    for verdict in (*(v for v in channel.type.verdicts if v != Verdict.APPROVE), Verdict.APPROVE):
        for _ in range(2):
            channel.connector().moderate(heard.remote_id, verdict)
        (now,) = _again(channel, heard.remote_id)
        assert now.standing == STANDINGS[verdict]
        assert (channel.shown(heard.remote_id) is None) == bool(STANDINGS[verdict])


@needs(Open, Fetches, Rechecks, Moderates)
def test_a_verdict_on_what_is_gone_is_refused(channel: Open) -> None:
    heard = channel.hear()
    channel.take_back(heard.remote_id)
    with pytest.raises(Refused) as refusal:
        channel.connector().moderate(heard.remote_id, Verdict.SPAM)
    assert refusal.value.code == "target_gone"


def _again(channel: Any, remote_id: str) -> list[Activity]:
    return [item for item in channel.connector().recheck([remote_id]) if isinstance(item, Activity)]
