"""What only the AT Protocol network has: its conversations, its facets, its tokens, its order of things."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from comptoir.connectors.bluesky import walking
from comptoir.connectors.bluesky.writing import record_key
from comptoir.kernel.http import Outside
from comptoir.networks.connector import Activity, Kind, Refused
from tests.contract.bluesky import BlueskyHarness
from tests.servers.running import AtprotoNetwork
from tests.servers.stranger import Stranger, jpeg, moment, until


@pytest.fixture
def channel(atproto: AtprotoNetwork, stranger: Stranger) -> Iterator[BlueskyHarness]:
    """A brand, connected."""
    with Outside(frozenset(atproto.addresses)) as http:
        town = BlueskyHarness(http, atproto, stranger)
        town.connect()
        town.fetch()
        yield town


def indexed(town: BlueskyHarness, *uris: str) -> None:
    """Wait until the AppView shows all of these."""
    until(lambda: all(town.shown(uri) is not None for uri in uris))


# Conversations


def test_a_mention_among_strangers_brings_what_was_said_above_it(channel: BlueskyHarness) -> None:
    other = Stranger.arrives(channel.network, "other")
    root = other.post("which ferry do you take?")
    first = channel.stranger.reply(root, "the blue one")
    second = other.reply(first, "is it late?")
    indexed(channel, second.uri)
    mention = channel.stranger.mention(channel.brand, "is it?", reply_to=second)
    heard = channel.listen([mention.uri])[0]
    assert (heard.kind, heard.in_reply_to, heard.conversation) == (Kind.MENTION, second.uri, root.uri)
    above = channel.listen([root.uri, first.uri, second.uri])
    assert not any(item.addressed for item in above)
    assert [item.text for item in above] == ["which ferry do you take?", "the blue one", "is it late?"]
    assert {item.conversation or item.remote_id for item in above} == {root.uri}


def test_below_a_post_of_the_brand_each_commenter_has_a_conversation(channel: BlueskyHarness) -> None:
    post = channel.app.post("new timetable")
    indexed(channel, post.uri)
    other = Stranger.arrives(channel.network, "other")
    comments = channel.stranger.reply(post, "at last"), other.reply(post, "too late")
    one, two = channel.listen([ref.uri for ref in comments])
    assert {one.kind, two.kind} == {Kind.REPLY}
    assert one.in_reply_to == two.in_reply_to == post.uri
    assert one.conversation != two.conversation
    answer = channel.listen([channel.elsewhere(comments[1].uri, "sorry")])[0]
    assert answer.conversation == two.conversation
    further = channel.listen([channel.app.reply(channel.app.ref(answer.remote_id), "really").uri])[0]
    assert (further.kind, further.conversation) == (Kind.REPLY, two.conversation)


def test_a_brand_that_goes_on_below_its_own_post_answers_nobody(channel: BlueskyHarness) -> None:
    post = channel.app.post("one of two")
    second = channel.app.reply(post, "two of two")
    third = channel.app.reply(second, "and three")
    for item in channel.listen([post.uri, second.uri, third.uri]):
        assert (item.kind, item.in_reply_to, item.conversation, item.addressed) == (Kind.POST, "", "", False)


def test_a_quote_is_about_what_it_quotes(channel: BlueskyHarness) -> None:
    post = channel.app.post("quote me")
    indexed(channel, post.uri)
    heard = channel.listen([channel.stranger.quote(post, "as they say").uri])[0]
    assert (heard.kind, heard.about, heard.in_reply_to) == (Kind.QUOTE, post.uri, "")


def test_pictures_come_with_addresses_that_answer(channel: BlueskyHarness) -> None:
    said = channel.stranger.mention(channel.brand, "see", images=((jpeg(64, 48), "a stain"),))
    (picture,) = channel.listen([said.uri])[0].media
    assert (picture.kind, picture.alt) == ("image", "a stain")
    answer = channel.http.request("GET", picture.url)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("image/")


# The order of things


def test_several_messages_of_one_millisecond_do_not_fall_between_pages(channel: BlueskyHarness) -> None:
    ids = []
    for second in range(3):
        at = moment()[:17] + f"{second:02d}.500Z"
        ids += [channel.stranger.mention(channel.brand, f"{n}", createdAt=at).uri for n in range(5)]
    indexed(channel, *ids)
    with channel.small_pages(7):
        channel.fetch()
    assert set(ids) <= set(channel.heard)


def test_what_claims_to_be_old_is_heard_all_the_same(channel: BlueskyHarness) -> None:
    channel.listen(channel.speak())
    at = (datetime.now(UTC) - timedelta(hours=3)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    late = channel.stranger.mention(channel.brand, "sent in a tunnel", createdAt=at)
    assert channel.listen([late.uri])[0].published < datetime.now(UTC) - timedelta(hours=2)


def test_what_the_network_tells_nobody_of_is_found_below_our_own_message(channel: BlueskyHarness) -> None:
    post = channel.app.post("open today")
    channel.listen([post.uri])
    untold = channel.stranger.reply(post, "until when?")
    indexed(channel, untold.uri)
    cursor = copy.deepcopy(channel.cursor)
    cursor["spoken"]["seen"].append(walking.short({"uri": untold.uri}))  # as if no notification came
    channel.cursor = cursor
    heard = channel.listen([untold.uri])[0]
    assert (heard.kind, heard.addressed) == (Kind.REPLY, True)
    channel.fetch()
    assert not channel.step().items


# Saying


def test_facets_point_where_they_should_and_tell_whom_they_name(channel: BlueskyHarness) -> None:
    friend = Stranger.arrives(channel.network, "friend")
    text = f"👩‍👩‍👧 déjà vu, @{friend.handle}: https://example.org/à?b=(c) #Été @nobody.invalid"
    sent = channel.connector().publish(text, [], "key-facets", datetime.now(UTC))
    view = until(lambda: friend.seen(sent.remote_id))
    assert view
    raw, found = text.encode(), {}
    for facet in view["record"]["facets"]:
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        found[raw[start:end].decode()] = facet["features"][0]
    assert set(found) == {f"@{friend.handle}", "https://example.org/à?b=(c)", "#Été"}
    assert found[f"@{friend.handle}"]["did"] == friend.did
    assert found["#Été"]["tag"] == "Été"
    told = until(lambda: friend.ask("app.bsky.notification.listNotifications")["notifications"])
    assert [(n["reason"], n["uri"]) for n in told] == [("mention", sent.remote_id)]


def test_a_record_key_taken_by_something_else_is_left_alone(channel: BlueskyHarness) -> None:
    at = datetime.now(UTC)
    rkey = record_key("key-taken", at)
    record = {"$type": "app.bsky.feed.post", "text": "here before", "createdAt": moment()}
    place = {"repo": channel.brand.did, "collection": "app.bsky.feed.post", "rkey": rkey}
    channel.app.call("com.atproto.repo.putRecord", {**place, "record": record})
    sent = [channel.connector().publish("after", [], "key-taken", at).remote_id for _ in range(2)]
    assert sent[0] == sent[1]
    assert sorted(channel.all_said()) == ["after", "here before"]


def test_many_workers_at_once_say_it_once(channel: BlueskyHarness) -> None:
    heard = channel.hear()
    at = datetime.now(UTC)
    with ThreadPoolExecutor(6) as workers:
        tries = [
            workers.submit(channel.connector().reply, heard, "all together", [], "key-all", at)
            for _ in range(6)
        ]
    assert len({one.result().remote_id for one in tries}) == 1
    assert channel.all_said() == ["all together"]


def test_a_conversation_that_is_closed_to_us_is_not_answered(channel: BlueskyHarness) -> None:
    said = channel.stranger.mention(channel.brand, "no answers please")
    gate = {"$type": "app.bsky.feed.threadgate", "post": said.uri, "allow": [], "createdAt": moment()}
    place = {"repo": channel.stranger.did, "collection": "app.bsky.feed.threadgate", "rkey": said.rkey}
    channel.stranger.call("com.atproto.repo.putRecord", {**place, "record": gate})
    heard = channel.listen([said.uri])[0]
    until(lambda: channel.app.seen(said.uri)["viewer"].get("replyDisabled"))  # type: ignore[index]
    with pytest.raises(Refused, match="not_allowed"):
        channel.reply(heard, "but", "key-closed")


def test_only_own_messages_are_taken_back(channel: BlueskyHarness) -> None:
    with pytest.raises(Refused, match="not_ours"):
        channel.connector().delete(channel.speak()[0])


# Looking again


def test_somebody_whom_the_brand_blocks_is_not_taken_for_gone(channel: BlueskyHarness) -> None:
    said = channel.speak()[0]
    channel.listen([said])
    channel.app.create("app.bsky.graph.block", {"subject": channel.stranger.did})
    until(lambda: channel.app.seen(said) is None)
    assert not channel.connector().recheck([said])


# Tokens


def expire(channel: BlueskyHarness) -> None:
    """As if the access token's two hours were over."""
    header, _, signature = channel.grant["access"].split(".")
    channel.grant.secrets["access"] = f"{header}.eyJleHAiOjF9.{signature}"


def test_a_token_that_ended_is_renewed_and_kept(channel: BlueskyHarness) -> None:
    before = dict(channel.grant.secrets)
    expire(channel)
    heard = channel.hear()
    assert isinstance(heard, Activity)
    assert channel.grant.kept == 1
    assert channel.grant["refresh"] != before["refresh"]


def test_two_workers_renew_at_once_and_both_go_on(channel: BlueskyHarness) -> None:
    expire(channel)
    old = dict(channel.grant.secrets)
    channel.connector().fetch(channel.cursor, [])
    channel.grant.secrets = old  # what the second worker read before the first one's tokens were kept
    channel.connector().fetch(channel.cursor, [])


def test_the_account_is_spoken_to_where_its_did_document_says(channel: BlueskyHarness) -> None:
    port = channel.network.pds.rsplit(":", 1)[1]
    with Outside(frozenset([*channel.network.addresses, f"127.0.0.1:{port}"])) as http:
        channel.http = http
        answers = {**channel.answers(), "service": f"http://127.0.0.1:{port}/"}
        connected = channel.bare().connect(answers)
    assert connected.settings["service"] == f"http://127.0.0.1:{port}"
    assert connected.grant["pds"] == channel.network.pds


def test_a_handle_as_it_is_pasted_is_understood(channel: BlueskyHarness) -> None:
    handle = f" \u202a@{channel.brand.handle.upper()}\u202c\n"
    connected = channel.bare().connect({**channel.answers(), "handle": handle})
    assert connected.me.remote_id == channel.brand.did
    json.dumps(connected.settings)
