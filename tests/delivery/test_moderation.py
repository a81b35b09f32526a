"""Moderation by real processes on a real WordPress: held, approved from here, answered, answered back, followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings

from comptoir.inbox.models import Thread
from comptoir.kernel.tests.waiting import until
from comptoir.networks.connecting import connect
from comptoir.networks.connector import Verdict
from comptoir.networks.models import Activity, Channel, Moderation
from comptoir.networks.outside import http
from comptoir.organisation.models import Brand, User
from tests.beside import running
from tests.servers.site import Visitor, WordPress

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site_channel(wordpress: WordPress, settings: LazySettings, transactional_db: None) -> Iterator[Channel]:
    """A brand's site, where comments wait for approval."""
    settings.INSIDE_ALLOWED = frozenset([wordpress.address])
    http.cache_clear()
    editor = wordpress.person("editor", "Brand")
    answers = {"site": wordpress.url, "user": editor.login, "password": editor.password, "posting": "publish"}
    yield connect(Brand.objects.create(name="Brand", slug="brand"), "wordpress", answers)
    http.cache_clear()
    wordpress.option("comment_moderation", 0)


def test_a_visitor_and_the_brand(site_channel: Channel, wordpress: WordPress) -> None:
    agent = User.objects.create_user("agent@example.org", name="Agent")
    visitor, owner = Visitor(wordpress), Visitor(wordpress, wordpress.person("administrator"))
    post = owner.post("Opening hours")
    wordpress.option("comment_moderation", 1)
    threads = Thread.objects.of(site_channel.brand_id)

    def seen(pk: int) -> bool:
        return visitor.http.get(f"/wp-json/wp/v2/comments/{pk}").status_code == 200

    def soon(done: Callable[[], bool], what: str) -> None:
        until(lambda: site_channel.wake() or done(), 90, what)

    with running("comptoir.command.main", "worker", allowed=[wordpress.address]):
        question = visitor.fill_in(post, "Are you open on Sunday?", "Ana Ruiz")
        soon(lambda: threads.filter(held=1).exists(), "the held comment")
        thread = threads.get()
        message = thread.entries.get().activity
        assert not seen(question)
        assert thread.last_inbound() is None, "nobody answers what nobody sees"

        thread.moderate(message, Verdict.APPROVE, agent)
        until(lambda: seen(question), 20, "the approved comment for everybody")
        until(lambda: threads.filter(held=0).exists(), 20, "the thread without it")

        reply = thread.reply("Yes, from ten to four.", agent)
        until(lambda: _state(reply.delivery) == "sent", 20, "the answer on the site")
        answer = int(reply.delivery.remote_id.rpartition("-")[2])
        assert seen(answer)
        assert visitor.call("GET", f"comments/{answer}")["parent"] == question

        thanks = visitor.fill_in(post, "Lovely, thank you!", "Ana Ruiz", parent=answer)
        soon(lambda: threads.filter(held=1, answered=False).exists(), "the answer back")
        assert threads.count() == 1
        owner.call("POST", f"comments/{thanks}", status="spam")
        soon(lambda: threads.filter(held=0, hidden=1, answered=True).exists(), "what was decided on the site")
        until(lambda: not threads.get().is_open, 10, "a thread with nothing left to do")

        again = Activity.objects.of(site_channel.brand_id).get(remote_id__endswith=f"#comment-{thanks}")
        thread.moderate(again, Verdict.APPROVE, agent)
        until(lambda: seen(thanks), 20, "the false alarm put right")
        until(lambda: threads.get().is_open, 20, "the thread open again")
        assert Moderation.objects.of(site_channel.brand_id).count() == 2


def _state(delivery: object) -> str:
    delivery.refresh_from_db()  # type: ignore[attr-defined]
    return str(delivery.state)  # type: ignore[attr-defined]
