"""The contract of the rarer abilities, for every connector that has them: finding, changing, moderating."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from comptoir.networks.connector import (
    Activity,
    Blocks,
    Edits,
    Fetches,
    Finds,
    Gone,
    Kind,
    Moderates,
    Publishes,
    Rechecks,
    Refused,
    Replies,
    Reports,
    SaysLanguage,
    Verdict,
)
from tests.contract.harness import Guarded, Open, Tongued
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


@needs(Tongued, Publishes, Replies, SaysLanguage)
def test_a_post_and_its_parts_say_in_which_language_they_are(channel: Tongued) -> None:
    at = datetime.now(UTC)
    sent = channel.connector().publish("on ouvre à neuf heures", [], "key-fr", at, language="fr")
    channel.sent[sent.remote_id] = sent.facts
    assert channel.language_of(sent.remote_id) == "fr"
    assert channel.connected
    first = Activity(
        sent.remote_id, Kind.POST, channel.connected.me, at, text="on ouvre à neuf heures", facts=sent.facts
    )
    part = channel.connector().reply(first, "Kom binnen!", [], "key-nl", at, language="nl-BE")
    assert channel.language_of(part.remote_id) in ("nl-BE", "nl")


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


@needs(Guarded, Fetches, Rechecks, Blocks)
def test_whoever_is_blocked_is_not_heard_and_what_they_said_stays(channel: Guarded) -> None:
    heard, at = channel.hear(), datetime.now(UTC)
    for _ in range(2):
        channel.connector().block(heard.actor, "key-block", at)
    until(lambda: channel.blocks(heard.actor))
    unheard = channel.speak()[0]
    gone = [item for item in channel.connector().recheck([heard.remote_id]) if isinstance(item, Gone)]
    assert bool(gone) == channel.connector().hides_earlier, (
        "what they said before is hidden from the brand, and not gone"
    )
    for _ in range(10):
        channel.fetch()
        channel.pause()
    assert (unheard in channel.heard) == channel.hears_the_blocked
    for _ in range(2):
        channel.connector().unblock(heard.actor)
    until(lambda: not channel.blocks(heard.actor))
    channel.hear()


@needs(Guarded, Fetches, Blocks)
def test_a_block_made_in_the_networks_own_app_is_ended_as_well(channel: Guarded) -> None:
    who = channel.hear().actor
    channel.block_elsewhere(who)
    channel.connector().block(who, "key-mine", datetime.now(UTC))
    until(lambda: channel.blocks(who))
    channel.connector().unblock(who)
    until(lambda: not channel.blocks(who))


@needs(Guarded, Fetches, Reports)
def test_a_message_and_an_account_are_reported_on_every_ground(channel: Guarded) -> None:
    heard, connector = channel.hear(), channel.connector()
    grounds = [each.code for each in connector.grounds()]
    assert {"spam", "other"} <= set(grounds)
    numbers = {connector.report(heard.actor, heard, ground, f"why {ground}") for ground in grounds}
    numbers.add(connector.report(heard.actor, None, "spam", "all they say"))
    assert len(numbers - {""}) == len(grounds) + 1
    told = {(ground, f"why {ground}", (heard.remote_id,)) for ground in grounds}
    told.add(("spam", "all they say", ()))
    assert told <= {(ground, words, tuple(ids)) for ground, words, ids in channel.reported(heard.actor)}
    channel.take_back(heard.remote_id)
    with pytest.raises(Refused) as refusal:
        connector.report(heard.actor, heard, "spam", "")
    assert refusal.value.code == "target_gone"


def _again(channel: Any, remote_id: str) -> list[Activity]:
    return [item for item in channel.connector().recheck([remote_id]) if isinstance(item, Activity)]
