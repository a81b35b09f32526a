"""The test servers themselves: what the other tests take for granted."""

from __future__ import annotations

from tests.servers.running import AtprotoNetwork, Postgres
from tests.servers.stranger import Stranger, jpeg, until


def test_strangers_talk_and_the_appview_shows_it(atproto: AtprotoNetwork) -> None:
    anna, bruno = Stranger.arrives(atproto, "anna"), Stranger.arrives(atproto, "bruno")
    said = anna.mention(bruno.account, "do you sell blue ones? 🧵", images=((jpeg(), "a blue one"),))
    answer = bruno.reply(anna.ref(said.uri), "we do")
    bruno.like(said)
    shown = until(lambda: anna.answers_below(said))
    assert [post["uri"] for post in shown] == [answer.uri]
    notices = until(lambda: bruno.ask("app.bsky.notification.listNotifications")["notifications"])
    assert {notice["reason"] for notice in notices} == {"mention"}
    anna.delete(said)
    assert until(lambda: anna.seen(said.uri) is None)


def test_debian_postgres_is_fifteen_or_newer(debian_postgres: Postgres) -> None:
    import psycopg

    with psycopg.connect(debian_postgres.url()) as connection:
        assert connection.info.server_version >= 150000
