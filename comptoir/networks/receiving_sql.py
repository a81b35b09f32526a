"""The statements of the way in, in the order in which they run. Rows are sorted so that two batches never deadlock."""

STAGING = """
CREATE TEMP TABLE IF NOT EXISTS incoming (
    network text, remote_id text, kind text,
    actor text, handle text, name text, avatar text, actor_url text, actor_about text, followers bigint,
    text text, language text, url text, in_reply_to text, conversation text, about text,
    title text, warning text, standing text, quoted text, automatic text,
    media jsonb, spans jsonb, facts jsonb,
    published timestamptz, edited timestamptz, deleted timestamptz,
    addressed boolean, folded text, known boolean
) ON COMMIT DELETE ROWS
"""

COPY = "COPY incoming FROM STDIN"

# A stream that knows people by their ids alone gives the id for a handle: what is known of them stays.
ACTORS = """
INSERT INTO networks_actor (network, remote_id, handle, name, avatar, url, about, followers, seen)
SELECT DISTINCT ON (actor COLLATE "C") network, actor, handle, name, avatar, actor_url, actor_about, followers, now()
FROM incoming WHERE known ORDER BY actor COLLATE "C", published DESC
ON CONFLICT (network, remote_id) DO UPDATE SET
    handle = CASE WHEN excluded.handle = excluded.remote_id THEN networks_actor.handle ELSE excluded.handle END,
    name = CASE WHEN excluded.handle = excluded.remote_id THEN networks_actor.name ELSE excluded.name END,
    seen = excluded.seen,
    avatar = CASE WHEN excluded.avatar = '' THEN networks_actor.avatar ELSE excluded.avatar END,
    url = CASE WHEN excluded.url = '' OR excluded.handle = excluded.remote_id THEN networks_actor.url
        ELSE excluded.url END,
    about = CASE WHEN excluded.about = '' THEN networks_actor.about ELSE excluded.about END,
    followers = coalesce(excluded.followers, networks_actor.followers)
WHERE (excluded.handle <> excluded.remote_id
    AND (networks_actor.handle, networks_actor.name) IS DISTINCT FROM (excluded.handle, excluded.name))
   OR (excluded.avatar <> '' AND networks_actor.avatar <> excluded.avatar)
   OR (excluded.url <> '' AND excluded.handle <> excluded.remote_id AND networks_actor.url <> excluded.url)
   OR (excluded.about <> '' AND networks_actor.about <> excluded.about)
   OR networks_actor.followers IS DISTINCT FROM coalesce(excluded.followers, networks_actor.followers)
"""

_ONLY_OVERHEARD = """(excluded.deleted IS NULL AND %(channel)s::bigint IS NOT NULL
    AND NOT EXISTS (SELECT FROM networks_audience u WHERE u.activity_id = a.id))"""
"""What was heard in public alone, and reaches a channel now: where it belongs, and what a connector needs to answer it,
is the channel's to say."""

ACTIVITIES = f"""
INSERT INTO networks_activity AS a (
    network, remote_id, kind, actor_id, text, language, url, in_reply_to, conversation, about,
    title, warning, standing, quoted, automatic, media, spans, facts, published, received, edited, deleted, search)
SELECT i.network, i.remote_id, i.kind, actor.id, i.text, i.language, i.url, i.in_reply_to, i.conversation, i.about,
    i.title, i.warning, i.standing, i.quoted, i.automatic, i.media, i.spans, i.facts, i.published, now(), i.edited,
    i.deleted, to_tsvector('simple', i.folded)
FROM incoming i LEFT JOIN networks_actor actor ON actor.network = i.network AND actor.remote_id = i.actor
ORDER BY i.published, i.remote_id COLLATE "C"
ON CONFLICT (network, remote_id) DO UPDATE SET
    text = excluded.text, media = excluded.media, spans = excluded.spans, language = excluded.language,
    title = excluded.title, warning = excluded.warning, standing = excluded.standing, quoted = excluded.quoted,
    edited = CASE WHEN excluded.deleted IS NULL THEN coalesce(excluded.edited, a.edited) ELSE a.edited END,
    deleted = excluded.deleted, search = excluded.search,
    facts = CASE WHEN excluded.deleted IS NULL THEN excluded.facts ELSE '{{}}' END,
    (kind, in_reply_to, conversation, about) = (SELECT
        CASE WHEN o THEN excluded.kind ELSE a.kind END, CASE WHEN o THEN excluded.in_reply_to ELSE a.in_reply_to END,
        CASE WHEN o THEN excluded.conversation ELSE a.conversation END, CASE WHEN o THEN excluded.about ELSE a.about END
        FROM (SELECT {_ONLY_OVERHEARD} AS o) only_overheard)
WHERE a.deleted IS NULL AND a.erased IS NULL AND (
    excluded.deleted IS NOT NULL
    OR (excluded.edited IS NOT NULL AND excluded.edited > coalesce(a.edited, '-infinity')
        AND (a.text, a.media, a.title, a.warning)
            IS DISTINCT FROM (excluded.text, excluded.media, excluded.title, excluded.warning))
    OR a.standing <> excluded.standing OR {_ONLY_OVERHEARD}
    OR (a.media = '[]' AND excluded.media <> '[]') OR (a.spans = '[]' AND excluded.spans <> '[]'))
RETURNING id, (xmax = 0)
"""  # noqa: S608 - nothing in it comes from outside

JUDGED = """
SELECT a.id, i.standing,
    (a.text, a.media, a.title, a.warning) IS NOT DISTINCT FROM (i.text, i.media, i.title, i.warning),
    EXISTS (SELECT FROM networks_moderation m JOIN networks_delivery d ON d.id = m.delivery_id
        WHERE m.activity_id = a.id AND (d.state = 'sending' OR (d.state = 'waiting' AND d.tries > 0)
            OR (d.state = 'sent' AND d.claimed_at > %(lately)s)))
FROM incoming i JOIN networks_activity a ON a.network = i.network AND a.remote_id = i.remote_id
WHERE i.known AND i.deleted IS NULL AND a.deleted IS NULL AND a.erased IS NULL AND a.standing <> i.standing
ORDER BY i.published, i.remote_id COLLATE "C" FOR NO KEY UPDATE OF a
"""
"""What others see otherwise than before, asked before it is so: whether its words are the same, and whether it follows,
or did not know yet, what was decided here."""

KNOWN = "SELECT remote_id FROM networks_activity WHERE network = %(network)s AND remote_id = ANY(%(ids)s)"
"""Of what is gone, only what is here needs to be blanked: in public far more goes than is ever kept."""

OVERHEARD = """
SELECT a.remote_id, a.id FROM incoming i JOIN networks_activity a ON a.network = i.network AND a.remote_id = i.remote_id
WHERE i.known AND a.deleted IS NULL AND a.erased IS NULL
"""

REACHED = """
SELECT channel_id, array_agg(activity_id ORDER BY activity_id) FROM networks_audience
WHERE activity_id = ANY(%(changed)s) GROUP BY channel_id
"""

AUDIENCE = """
INSERT INTO networks_audience (channel_id, activity_id, own, addressed, historic)
SELECT %(channel)s, a.id, i.actor = %(me)s, i.addressed AND i.actor <> %(me)s, %(historic)s
FROM incoming i JOIN networks_activity a ON a.network = i.network AND a.remote_id = i.remote_id
WHERE i.known
ORDER BY a.id
ON CONFLICT (activity_id, channel_id) DO UPDATE SET addressed = true
WHERE excluded.addressed AND NOT networks_audience.addressed
RETURNING activity_id
"""

TAKEN_BACK = """
UPDATE networks_delivery d SET text = '', warning = '', url = ''
FROM networks_activity a WHERE a.id = ANY(%(changed)s) AND a.deleted IS NOT NULL AND d.text <> ''
  AND (d.result_id = a.id OR (d.target_id = a.id AND d.act = 'edit'))
"""
"""What was taken back on the network is not kept as what we once sent there either."""

SET_ASIDE_GONE = """
UPDATE networks_setaside s SET raw = '' FROM incoming i
WHERE i.deleted IS NOT NULL AND s.channel_id = %(channel)s AND s.remote_id = i.remote_id AND s.raw <> ''
"""
