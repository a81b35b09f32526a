"""Posts on every network that takes them: said, changed and taken down once, also where the answer was lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comptoir.networks.connector import Deletes, Edits, Finds, Keyed, Publishes, Refused
from tests.contract.harness import Open
from tests.servers.stranger import until

needs = pytest.mark.needs.with_args


@needs(Open, Publishes)
def test_a_post_whose_answer_was_lost_is_found_and_not_said_again(channel: Open) -> None:
    _one_kind(channel)
    at = datetime.now(UTC)
    sent = channel.connector().publish("we open at nine, once", [], "key-lost", at)
    if issubclass(channel.type, Keyed):
        again = channel.connector().publish("we open at nine, once", [], "key-lost", at)
    else:
        assert issubclass(channel.type, Finds)
        again = until(lambda: channel.connector().find(None, "we open at nine, once", "key-lost", at))
        assert channel.connector().find(None, "we open at ten", "key-none", at) is None
    assert again.remote_id == sent.remote_id
    assert channel.all_said().count("we open at nine, once") == 1


@needs(Open, Publishes, Edits, Deletes)
def test_a_change_and_a_removal_whose_answers_were_lost_are_repeated_in_vain(channel: Open) -> None:
    _one_kind(channel)
    sent = channel.connector().publish("opn at nine", [], "key-change", datetime.now(UTC))
    for _ in range(2):
        channel.connector().edit(sent.remote_id, "open at nine")
    assert until(lambda: channel.shown(sent.remote_id)) == "open at nine"
    assert channel.all_said() == ["open at nine"]
    for _ in range(2):
        channel.connector().delete(sent.remote_id)
    until(lambda: channel.shown(sent.remote_id) is None)
    with pytest.raises(Refused):
        channel.connector().edit(sent.remote_id, "open at ten")
    assert channel.all_said() == []


def _one_kind(channel: Open) -> None:
    if not channel.posts_beside_answers:
        pytest.skip("its posts are no answers: tests of the network's own look at them")
