"""What is only WordPress's own, on a real site: where its API is, standings, who speaks, posts and their pictures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.connectors.wordpress.site import discover
from comptoir.kernel.http import Outside
from comptoir.networks.connector import Activity, Gone, Kind, Refused, Upload, Verdict
from tests.contract.wordpress import WordPressHarness
from tests.servers.site import Visitor, WordPress
from tests.servers.stranger import jpeg


@pytest.fixture
def blog(wordpress: WordPress) -> Iterator[WordPressHarness]:
    with Outside(frozenset([wordpress.address])) as http:
        yield WordPressHarness(http, wordpress)
    wordpress.option("comment_moderation", 0)
    wordpress.option("permalink_structure", "/%postname%/")


@pytest.fixture
def channel(blog: WordPressHarness) -> WordPressHarness:
    blog.connect()
    blog.fetch()
    return blog


def heard(channel: WordPressHarness, name: str) -> Activity:
    channel.fetch()
    found = channel.heard[name]
    assert isinstance(found, Activity)
    return found


def anew(channel: WordPressHarness, name: str) -> Any:
    """What the next fetch says of it."""
    channel.heard.pop(name)
    channel.fetch()
    return channel.heard[name]


# Connecting


@pytest.mark.parametrize("pasted", ["", "/", "/wp-admin/", "/wp-login.php", "/opening-hours/", "/wp-json/"])
def test_whatever_address_of_the_site_is_pasted_its_api_is_found(blog: WordPressHarness, pasted: str) -> None:
    connected = blog.bare().connect({**blog.answers(), "site": f"{blog.site.url}{pasted}"})
    assert connected.me.remote_id == blog.site.address
    assert connected.me.name == "Maison Verdier"


def test_a_site_without_pretty_addresses(blog: WordPressHarness) -> None:
    blog.site.option("permalink_structure", "")
    connected = blog.connect()
    assert "rest_route" in str(connected.settings["root"])
    assert blog.hear().text


def test_the_site_says_itself_where_its_api_is(blog: WordPressHarness) -> None:
    root = discover(blog.http, f"{blog.site.url}/")
    assert root.root == f"{blog.site.url}/wp-json/"
    assert root.grants.endswith("/wp-admin/authorize-application.php")


@pytest.mark.parametrize("role", ["subscriber", "author"])
def test_who_may_not_moderate_is_told_so(blog: WordPressHarness, role: str) -> None:
    somebody = blog.site.person(role)
    with pytest.raises(Refused) as refusal:
        blog.bare().connect({**blog.answers(), "user": somebody.login, "password": somebody.password})
    assert (refusal.value.code, refusal.value.facts["field"]) == ("needs_moderator", "user")


# Standings


def test_a_comment_that_waits_is_heard_as_held_and_followed_when_somebody_approves_it_there(
    channel: WordPressHarness,
) -> None:
    channel.site.option("comment_moderation", 1)
    (name,) = channel.speak()
    assert heard(channel, name).standing == "held"
    assert channel.shown(name) is None
    channel.app.call("POST", f"comments/{channel.number(name)}", status="approved")
    assert anew(channel, name).standing == ""
    channel.app.call("POST", f"comments/{channel.number(name)}", status="spam")
    assert anew(channel, name).standing == "spam"
    channel.app.call("DELETE", f"comments/{channel.number(name)}")
    assert anew(channel, name).standing == "removed"


def test_one_approved_long_after_newer_ones_came_is_followed_by_looking_again(
    channel: WordPressHarness,
) -> None:
    channel.site.option("comment_moderation", 1)
    (name,) = channel.speak()
    channel.fetch()
    channel.site.option("comment_moderation", 0)
    with channel.small_pages(3):
        channel.speak(7)
        channel.fetch()
        channel.app.call("POST", f"comments/{channel.number(name)}", status="approved")
        channel.fetch()
    (again,) = channel.connector().recheck([name])
    assert isinstance(again, Activity)
    assert again.standing == ""


def test_an_edit_there_is_heard_with_its_time(channel: WordPressHarness) -> None:
    (name,) = channel.speak()
    assert heard(channel, name).edited is None
    channel.app.call("POST", f"comments/{channel.number(name)}", content="Something else")
    now = anew(channel, name)
    assert now.text == "Something else"
    assert now.edited
    assert datetime.now(UTC) - now.edited < timedelta(minutes=1)


def test_what_is_deleted_for_good_is_gone_and_what_only_changed_is_not(channel: WordPressHarness) -> None:
    kept, gone = channel.speak(2)
    channel.fetch()
    channel.take_back(gone)
    channel.app.call("POST", f"comments/{channel.number(kept)}", status="hold")
    channel.heard.clear()
    channel.fetch()
    assert isinstance(channel.heard[gone], Gone)
    assert heard(channel, kept).standing == "held"


def test_comments_deleted_while_pages_are_read_hide_no_others(channel: WordPressHarness) -> None:
    ids = channel.speak(12)
    with channel.small_pages(3):
        channel.step()
        for name in ids[-4:]:
            channel.take_back(name)
        channel.fetch()
    assert set(ids[:8]) <= set(channel.heard)


# Who and where


def test_each_commenter_has_a_conversation_below_each_post(channel: WordPressHarness) -> None:
    other = channel.app.post("Prices")
    said = [
        channel.visitor.fill_in(channel.post, "One", "Ana Ruiz"),
        channel.visitor.fill_in(channel.post, "Two", "Ben Okafor"),
        channel.visitor.fill_in(channel.post, "Three", "Ana Ruiz"),
        channel.visitor.fill_in(other, "Four", "Ana Ruiz"),
    ]
    a, b, c, d = (heard(channel, channel.name(each)) for each in said)
    assert a.conversation == c.conversation
    assert len({a.conversation, b.conversation, d.conversation}) == 3
    assert a.actor == c.actor == d.actor
    assert (a.title, d.title) == ("Opening hours", "Prices")
    assert a.kind == Kind.COMMENT


def test_no_mail_address_leaves_the_site(channel: WordPressHarness) -> None:
    said = channel.visitor.fill_in(channel.post, "Write to me", "Ana Ruiz", "ana.ruiz@example.org")
    assert "example.org" not in repr(heard(channel, channel.name(said)))


def test_two_of_one_name_with_other_addresses_are_two(channel: WordPressHarness) -> None:
    one = channel.visitor.fill_in(channel.post, "First", "Ana", "a@example.org")
    two = channel.visitor.fill_in(channel.post, "Second", "Ana", "b@example.org")
    channel.fetch()
    assert heard(channel, channel.name(one)).actor != heard(channel, channel.name(two)).actor


def test_a_reader_with_an_account_is_the_account(channel: WordPressHarness) -> None:
    reader = channel.site.person("subscriber", "Reader Rae")
    said = Visitor(channel.site, reader).comment(channel.post, "Hello")
    actor = heard(channel, channel.name(said)).actor
    assert (actor.remote_id, actor.handle) == (f"{channel.site.address}#user-{reader.id}", "Reader Rae")


def test_a_colleague_who_answers_on_the_site_answers_for_the_brand(blog: WordPressHarness) -> None:
    colleague = Visitor(blog.site, blog.site.person("author", "Colleague"))
    colleague.post("Something of theirs")
    blog.connect()
    question = blog.hear()
    said = colleague.comment(blog.post, "Until nine.", blog.number(question.remote_id))
    answer = heard(blog, blog.name(said))
    assert blog.connected
    assert answer.actor.remote_id == blog.connected.me.remote_id
    assert answer.conversation == question.conversation


def test_a_comment_of_ours_below_our_post_answers_nobody(channel: WordPressHarness) -> None:
    said = heard(channel, channel.name(channel.app.comment(channel.post, "We are closed on Monday.")))
    assert (said.in_reply_to, said.addressed) == ("", False)


def test_words_are_heard_as_they_were_typed(channel: WordPressHarness) -> None:
    typed = 'He said "no" & left :-)\n\nSee https://example.org/a_(b), <b>all</b> of it.\nBye'
    name = channel.name(channel.visitor.fill_in(channel.post, typed))
    said = heard(channel, name)
    assert said.text == 'He said "no" & left :-)\n\nSee https://example.org/a_(b), all of it.\nBye'
    assert [said.text[s.start : s.end] for s in said.spans] == ["https://example.org/a_(b"]


# Saying


def test_the_same_answer_sent_again_is_the_one_that_is_there(channel: WordPressHarness) -> None:
    question, at = channel.hear(), datetime.now(UTC)
    sent = [channel.connector().reply(question, "Until nine.", [], f"key-{n}", at) for n in range(3)]
    assert len({one.remote_id for one in sent}) == 1
    assert channel.all_said().count("Until nine.") == 1


def test_the_same_words_much_later_are_refused_by_the_site(channel: WordPressHarness) -> None:
    question = channel.hear()
    channel.reply(question, "Until nine.", "key-a")
    with pytest.raises(Refused) as refusal:
        channel.connector().reply(question, "Until nine.", [], "key-b", datetime.now(UTC) + timedelta(days=2))
    assert refusal.value.code == "said_already"


def test_markup_in_an_answer_is_words(channel: WordPressHarness) -> None:
    text = "5 < 6 & <b>not bold</b>\n\n<script>alert(1)</script>"
    sent = channel.reply(channel.hear(), text, "key-markup")
    assert heard(channel, sent.remote_id).text == text
    view = channel.app.call("GET", f"comments/{channel.number(sent.remote_id)}")
    assert "<script" not in view["content"]["rendered"]


def test_pictures_beside_an_answer_come_back_as_pictures(channel: WordPressHarness) -> None:
    media = [Upload(jpeg(), "image/jpeg", "The door")]
    sent = channel.reply(channel.hear(), "Here", "key-picture", media)
    back = heard(channel, sent.remote_id)
    assert (back.text, [one.alt for one in back.media]) == ("Here", ["The door"])


def test_a_post_has_its_title_its_pictures_and_their_words_once(channel: WordPressHarness) -> None:
    at, media = datetime.now(UTC), [Upload(jpeg(), "image/jpeg", 'A "red" door')]
    text = "New hours\n\nFrom Monday we open at nine.\nCome in.\n\nSee you."
    posts = [channel.connector().publish(text, media, "key-post", at) for _ in range(2)]
    assert len({one.remote_id for one in posts}) == 1
    pk = channel.number(posts[0].remote_id)
    view = channel.app.call("GET", f"posts/{pk}", context="edit")
    assert (view["title"]["raw"], view["status"]) == ("New hours", "publish")
    assert 'alt="A &quot;red&quot; door"' in view["content"]["raw"]
    back = heard(channel, posts[0].remote_id)
    assert (back.title, back.text) == ("New hours", text.partition("\n\n")[2])
    assert [one.alt for one in back.media] == ['A "red" door']
    assert (back.kind, back.addressed) == (Kind.POST, False)


def test_what_is_posted_can_wait_as_a_draft(blog: WordPressHarness) -> None:
    blog.connected = blog.bare().connect({**blog.answers(), "posting": "draft"})
    blog.grant.secrets.update(blog.connected.grant)
    at = datetime.now(UTC)
    sent = [blog.connector().publish("Only an idea", [], "key-draft", at) for _ in range(2)]
    assert sent[0].remote_id == sent[1].remote_id
    view = blog.app.call("GET", f"posts/{blog.number(sent[0].remote_id)}", context="edit")
    assert view["status"] == "draft"


def test_a_post_can_be_changed_and_taken_back(channel: WordPressHarness) -> None:
    sent = channel.connector().publish("Title\n\nWords", [], "key-change", datetime.now(UTC))
    channel.connector().edit(sent.remote_id, "Title\n\nOther words")
    assert heard(channel, sent.remote_id).text == "Other words"
    for _ in range(2):
        channel.connector().delete(sent.remote_id)
    assert channel.connector().recheck([sent.remote_id]) == [Gone(sent.remote_id)]


def test_a_post_that_changes_within_its_second_is_heard_again(channel: WordPressHarness) -> None:
    pk = channel.app.post("Opening hours")
    name = f"{channel.site.address}#post-{pk}"
    assert heard(channel, name).text != "Closed today"
    first = channel.heard[name]
    channel.app.call("POST", f"posts/{pk}", content="Closed today", date_gmt=first.published.isoformat()[:19])
    second = heard(channel, name)
    assert second.text == "Closed today"
    assert second.edited > (first.edited or first.published)


def test_what_strangers_wrote_is_not_ours_to_change(channel: WordPressHarness) -> None:
    question = channel.hear()
    for act in (lambda c: c.delete(question.remote_id), lambda c: c.edit(question.remote_id, "x")):
        with pytest.raises(Refused) as refusal:
            act(channel.connector())
        assert refusal.value.code == "not_ours"


def test_an_answer_below_a_deleted_comment_is_refused(channel: WordPressHarness) -> None:
    question = channel.hear()
    channel.app.call("DELETE", f"posts/{channel.post}?force=true")
    with pytest.raises(Refused) as refusal:
        channel.reply(question, "Too late", "key-late")
    assert refusal.value.code == "target_gone"


def test_counts_are_those_that_readers_see(channel: WordPressHarness) -> None:
    channel.speak(3)
    (name,) = channel.speak()
    channel.connector().moderate(name, Verdict.SPAM)
    post = f"{channel.site.address}#post-{channel.post}"
    (counts,) = channel.connector().measure([post])
    assert (counts.replies, counts.likes) == (3, None)


def test_posts_of_before_are_history_and_new_ones_are_heard(blog: WordPressHarness) -> None:
    before = f"{blog.site.address}#post-{blog.post}"
    blog.connect()
    blog.fetch()
    after = f"{blog.site.address}#post-{blog.app.post('After')}"
    blog.fetch()
    assert after in blog.heard
    assert before not in blog.heard
    found: dict[str, Any] = {}
    cursor: Any = None
    while True:
        page = blog.connector().history(datetime.now(UTC) - timedelta(days=1), cursor)
        found |= {item.remote_id: item for item in page.items}
        cursor = page.cursor
        if not page.more:
            break
    assert before in found
    assert after not in found
