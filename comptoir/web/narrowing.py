"""The views through which somebody who is given some channels of a brand sees its tables: one for each table whose rows
hang on a channel, made anew whenever the tables change.

A table with a way to a channel is found by its foreign keys; how one without is narrowed stands here, and what is the
brand's as a whole is named with its reason. `comptoir.kernel.sight` says when they are looked through.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from comptoir.kernel.sight import SCHEMA, WHOLE

_BRANDS = "(SELECT current_setting('comptoir.brands')::bigint[])::bigint[]"
_CHANNELS = "(SELECT current_setting('comptoir.channels')::bigint[])::bigint[]"
_PERSON = "(SELECT current_setting('comptoir.person')::bigint)"
_GIVEN = f"(t.brand_id <> ALL ({_BRANDS}) OR t.{{}} = ANY ({_CHANNELS}))"
_ROOTS = ("networks.Channel", "inbox.Thread")
"""A way to one of these is taken before any other."""


def _about(late: str = "true", **tables: str) -> str:
    """Of rows that say what they concern ("thread:12"): those about something that is seen. `late`: the condition on
    those about all that is late."""
    kinds = " ".join(
        f"WHEN '{kind}' THEN split_part(t.about, ':', 2) IN (SELECT id::text FROM {SCHEMA}.{table})"  # noqa: S608
        for kind, table in tables.items()
    )
    return f"CASE split_part(t.about, ':', 1) {kinds} WHEN 'late' THEN {late} ELSE true END"


BY_HAND = {
    "networks.Channel": _GIVEN.format("id"),
    # What was heard in public is the brand's; of what reached its channels, only what reached one that is given.
    "listening.Mention": f"""NOT EXISTS (SELECT FROM listening_query q
        JOIN networks_channel k ON k.brand_id = q.brand_id JOIN networks_audience u ON u.channel_id = k.id
        WHERE q.id = t.query_id AND u.activity_id = t.activity_id)
        OR EXISTS (SELECT FROM networks_audience u
        JOIN {SCHEMA}.networks_channel c ON c.id = u.channel_id WHERE u.activity_id = t.activity_id)""",  # noqa: S608
    "listening.Source": f"""t.channel_id IS NULL
        OR t.channel_id IN (SELECT id FROM {SCHEMA}.networks_channel)""",  # noqa: S608
    "publishing.Unkept": f"""t.post_id IS NULL
        OR t.post_id IN (SELECT id FROM {SCHEMA}.publishing_post)""",  # noqa: S608
    "networks.Activity": f"""EXISTS (SELECT FROM networks_audience u
        JOIN {SCHEMA}.networks_channel c ON c.id = u.channel_id WHERE u.activity_id = t.id)
        OR EXISTS (SELECT FROM {SCHEMA}.listening_mention m WHERE m.activity_id = t.id)""",  # noqa: S608
    "networks.Actor": f"""EXISTS (SELECT FROM networks_activity a JOIN networks_audience u ON u.activity_id = a.id
        JOIN {SCHEMA}.networks_channel c ON c.id = u.channel_id WHERE a.actor_id = t.id)
        OR EXISTS (SELECT FROM networks_activity a JOIN {SCHEMA}.listening_mention m ON m.activity_id = a.id
        WHERE a.actor_id = t.id)
        OR EXISTS (SELECT FROM listening_storedmention s WHERE s.author_id = t.id)""",  # noqa: S608
    # Only what reached no channel is stored.
    "listening.StoredMention": "true",
    "organisation.Alarm": _about(
        late=f"""EXISTS (SELECT FROM {SCHEMA}.networks_channel c
        WHERE c.brand_id = t.brand_id AND t.facts -> 'channels' @> to_jsonb(c.id))""",
        thread="inbox_thread",
    ),
    "organisation.Notice": _about(
        thread="inbox_thread",
        channel="networks_channel",
        alarm="organisation_alarm",
        post="publishing_post",
    ),
    "inbox.Cluster": f"""t.brand_id <> ALL ({_BRANDS}) OR EXISTS (SELECT FROM inbox_likened l
        JOIN {SCHEMA}.inbox_thread h ON h.id = l.thread_id WHERE l.cluster_id = t.id)""",
    "inbox.Handle": f"t.actor_id IN (SELECT id FROM {SCHEMA}.networks_actor)",  # noqa: S608
    "inbox.Contact": f"""t.brand_id <> ALL ({_BRANDS})
        OR EXISTS (SELECT FROM {SCHEMA}.inbox_handle h WHERE h.contact_id = t.id)""",
    "inbox.Bulk": f"t.brand_id <> ALL ({_BRANDS}) OR t.by_id = {_PERSON}",
    "publishing.PostImport": f"t.brand_id <> ALL ({_BRANDS}) OR t.by_id = {_PERSON}",
    "publishing.Permission": f"""t.delivery_id IS NULL
        OR t.delivery_id IN (SELECT id FROM {SCHEMA}.networks_delivery)""",  # noqa: S608
    # A post is seen by whoever is given one of the channels it is for; its other channels are not.
    "publishing.Post": f"""t.brand_id <> ALL ({_BRANDS}) OR t.author_id = {_PERSON}
        OR EXISTS (SELECT FROM publishing_destination d JOIN {SCHEMA}.networks_channel c ON c.id = d.channel_id
        WHERE d.post_id = t.id)""",
}
"""Conditions on a row `t` of a table that has no foreign key to a channel, or another way than that."""

OF_THE_BRAND = {
    "organisation.ApiToken": "one's own",
    "organisation.AuditEntry": "read by managers, who see the whole brand",
    "organisation.CompanyDomain": "read by owners",
    "organisation.Departure": "who left",
    "organisation.Hours": "when the counter is open",
    "organisation.InformationPage": "public",
    "organisation.Invitation": "read by managers",
    "organisation.JoinRequest": "read by managers",
    "organisation.Membership": "who works here is seen by all who do",
    "organisation.PurgeRun": "read by owners",
    "organisation.Retention": "how long things are kept",
    "organisation.SecondStepRule": "a rule for people",
    "organisation.Shift": "who is on duty is seen by all who work here",
    "organisation.Team": "who works here is seen by all who do",
    "organisation.Webhook": "read by managers",
    "networks.Community": "how one behaves somewhere, whatever the channel",
    "networks.Objection": "read by owners",
    "inbox.Clerk": "how somebody works",
    "inbox.CustomField": "what the brand notes of any thread; values are narrowed with the threads",
    "inbox.Queue": "where threads of whatever channel wait; which ones is narrowed with the threads",
    "inbox.Rule": "what is done by itself, as managers wrote it down",
    "inbox.SavedReply": "words for everybody who answers",
    "inbox.Tag": "words for everybody who answers",
    "inbox.Target": "how fast the brand wants to be, whatever the channel",
    "inbox.View": "a question, not what is found",
    "listening.Event": "what the brand listens for on some days; mentions are narrowed",
    "listening.Exploration": "a question, not what is found",
    "listening.StoredFile": "which files there are; only what was heard in public and reached no channel is in them",
    "listening.Query": "what the brand listens for; mentions are narrowed",
    "measurement.PeopleFigures": "a rule for people",
    "publishing.ApprovalStep": "who approves posts, whatever the channel",
    "publishing.Asset": "the brand's pictures, whatever the channel",
    "publishing.DayNote": "what colleagues should know of days",
    "publishing.FoundPiece": "what others made, whatever the channel; the posts that share it are narrowed",
    "publishing.LinkRule": "what the brand's links are marked with",
    "publishing.Mentionee": "whom posts mention, whatever the channel",
    "publishing.Shortening": "how the brand’s links leave",
    "publishing.Segment": "whom the brand speaks to; the channels that serve them are narrowed",
    "publishing.PublicHolidays": "which days are holidays",
    "publishing.CalendarFeed": "one's own; what it shows is narrowed when it is read",
    "publishing.Campaign": "what posts are for; the posts are narrowed",
    "measurement.Staffed": "when the counter is open",
}
"""Models of a brand that somebody with some of its channels sees as everybody does, each with its reason."""


def conditions() -> dict[str, str]:
    """For each table that is narrowed, the condition on its row `t`; those that others stand on come first."""
    found = {_model(label)._meta.db_table: "" for label in BY_HAND}
    ours = [m for m in apps.get_models() if m.__module__.startswith("comptoir.") and m._meta.managed]
    narrowed = {_model(label) for label in (*_ROOTS, *BY_HAND)}
    while more := {m for m in ours if m not in narrowed and _ways(m, narrowed)}:
        narrowed |= more
    said: dict[str, str] = {}
    waiting = [_model("networks.Channel"), _model("inbox.Thread"), *(m for m in ours if m in narrowed)]
    for model in waiting:
        label, table = model._meta.label, model._meta.db_table
        if table not in said:
            said[table] = BY_HAND.get(label) or _by_keys(model, narrowed)
    assert set(found) <= set(said)
    return said


def build(sender: Any = None, **_rest: Any) -> None:
    """Make the views as the tables are now; nothing is done where they stand already."""
    wanted = conditions()
    with transaction.atomic(), connection.cursor() as cursor:
        columns = _columns(cursor, list(wanted))
        if set(columns) != set(wanted):
            return  # on the way to a former state of the tables
        mark = _mark(cursor, wanted, columns)
        cursor.execute(
            "SELECT to_regclass(%s) IS NOT NULL, obj_description(to_regclass(%s), 'pg_class')", [WHOLE] * 2
        )
        if cursor.fetchone() == (True, mark):
            return
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in _in_order(wanted):
            # Whether a row is new is asked of its system column.
            cursor.execute(
                f"CREATE VIEW {SCHEMA}.{table} AS SELECT t.*, t.xmax FROM {table} t WHERE {wanted[table]}"  # noqa: S608
            )
        every = ", ".join(f"(SELECT FROM {SCHEMA}.{table} LIMIT 0) {table}" for table in wanted)
        cursor.execute(f"CREATE VIEW {WHOLE} AS SELECT FROM {every}")
        cursor.execute(f"COMMENT ON VIEW {WHOLE} IS %s", [mark])


def shut(sender: Any = None, plan: Any = None, **_rest: Any) -> None:
    """Before the tables change: the views stand on them no more, and show nothing until they are made anew."""
    if plan is None or plan:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s)", [SCHEMA])
            names = [name for (name,) in cursor.fetchall() if name != "whole"]
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            cursor.execute(f"CREATE SCHEMA {SCHEMA}")
            for name in names:
                cursor.execute(f"CREATE VIEW {SCHEMA}.{name} AS SELECT")


def _model(label: str) -> type[models.Model]:
    return apps.get_model(label)


def _keys(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def _ways(model: type[models.Model], narrowed: set[type[models.Model]]) -> list[Any]:
    """The foreign keys by which a row hangs on what is narrowed: the one to a channel or a thread, else all that it
    always has and such as it may have, else those that it may have."""
    keys = [key for key in _keys(model) if key.related_model in narrowed and key.related_model is not model]
    always = [key for key in keys if not key.null]
    for root in map(_model, _ROOTS):
        if direct := [key for key in always if key.related_model is root]:
            return direct[:1]
    rooted = [key for key in keys if key.null and key.related_model in map(_model, _ROOTS)]
    return [*always, *rooted] if always else keys


def _by_keys(model: type[models.Model], narrowed: set[type[models.Model]]) -> str:
    return " AND ".join(_by_key(model, key) for key in _ways(model, narrowed))


def _by_key(model: type[models.Model], key: Any) -> str:
    if key.related_model is _model("networks.Channel") and any(each.name == "brand" for each in _keys(model)):
        inside = _GIVEN.format(key.column)
    else:
        inside = f"t.{key.column} IN (SELECT id FROM {SCHEMA}.{key.related_model._meta.db_table})"  # noqa: S608
    return f"(t.{key.column} IS NULL OR {inside})" if key.null else inside


def _in_order(wanted: dict[str, str]) -> list[str]:
    """Each after those that its condition looks through."""
    done: list[str] = []
    left = list(wanted)
    while left:
        ready = [
            t
            for t in left
            if not any(f"{SCHEMA}.{other}" in _names(wanted[t]) for other in left if other != t)
        ]
        assert ready, left
        done += ready
        left = [table for table in left if table not in ready]
    return done


def _names(condition: str) -> set[str]:
    return {word.strip("(),") for word in condition.split()}


def _columns(cursor: Any, tables: list[str]) -> dict[str, str]:
    cursor.execute(
        "SELECT table_name, string_agg(column_name || data_type, ',' ORDER BY ordinal_position)"
        " FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ANY(%s) GROUP BY 1",
        [tables],
    )
    return dict(cursor.fetchall())


def _mark(cursor: Any, wanted: dict[str, str], columns: dict[str, str]) -> str:
    """What the views were made of, so that they are not made again for nothing."""
    # Tables by the same names in the place of others, as after a restoring, are others.
    cursor.execute("SELECT current_schema(), 'networks_channel'::regclass::oid::bigint")
    told = repr((cursor.fetchone(), sorted(wanted.items()), sorted(columns.items())))
    return sha256(told.encode()).hexdigest()
