"""The statements behind gathering."""

from comptoir.networks.connector import SENSITIVE

WORDS = f"""left(CASE WHEN a.warning NOT IN ('', '{SENSITIVE}') THEN a.warning
                 WHEN a.title = '' OR a.kind IN ('comment', 'reply') THEN a.text
                 ELSE a.title || ' · ' || a.text END, 300)"""
"""A message's first words in a list: a mail is known by its subject. Above a comment stands the post's own title.
Where the author wants a warning read before the text, that."""

MESSAGES = f"""
SELECT a.id, a.remote_id, a.kind, a.in_reply_to, a.conversation, least(a.published, a.received) AS said,
       au.own, au.addressed, au.historic, a.actor_id, {WORDS}, a.standing
FROM networks_audience au JOIN networks_activity a ON a.id = au.activity_id
WHERE au.activity_id = ANY(%(ids)s) AND au.channel_id = %(channel)s
    AND a.kind NOT IN ('like', 'follow', 'repost') AND a.actor_id IS NOT NULL
ORDER BY said, a.id
"""  # noqa: S608 - nothing in it comes from outside
"""With when they were said, by our own clock where a network's is ahead: nothing is heard before it was said."""

# Each OFFSET 0 keeps the planner on the indexes: with no statistics yet of a growing table it reads all of it.
PARENTS = """
SELECT a.remote_id, t.id
FROM (SELECT id, remote_id FROM networks_activity WHERE network = %(network)s AND remote_id = ANY(%(ids)s) OFFSET 0) a
CROSS JOIN LATERAL (SELECT thread_id FROM inbox_entry WHERE activity_id = a.id OFFSET 0) e
CROSS JOIN LATERAL (SELECT id, channel_id FROM inbox_thread WHERE id = e.thread_id OFFSET 0) t
WHERE t.channel_id = %(channel)s
"""

KNOWN = """
SELECT conversation, coalesce(merged_into_id, id) FROM inbox_thread
WHERE channel_id = %(channel)s AND conversation = ANY(%(keys)s)
"""
"""Where what belongs to a thread that was merged goes: to the one that took it in."""

BEGIN = """
INSERT INTO inbox_thread (brand_id, channel_id, conversation, kind, person_id, last_at, last_in, closed_at,
                          last_text, last_own, messages, answered, held, hidden, offered)
SELECT %(brand)s, %(channel)s, new.*
FROM jsonb_to_recordset(%(threads)s::jsonb) AS new(
    conversation text, kind text, person bigint, last_at timestamptz, last_in timestamptz, closed_at timestamptz,
    last_text text, last_own boolean, messages integer, answered boolean, held integer, hidden integer,
    offered boolean)
ORDER BY new.conversation COLLATE "C"
ON CONFLICT (channel_id, conversation) DO UPDATE SET last_at = inbox_thread.last_at
RETURNING conversation, coalesce(merged_into_id, id), (xmax = 0)
"""

HOLD = """
SELECT id, hidden, assignee_id IS NOT NULL OR EXISTS (SELECT FROM inbox_follow f WHERE f.thread_id = inbox_thread.id),
       closed_at IS NOT NULL OR waits <> ''
FROM inbox_thread WHERE id = ANY(%(threads)s) ORDER BY id FOR UPDATE
"""
"""Nobody else changes these threads until the end of the transaction: whoever is answering in one is waited for."""

ENTRIES = """
INSERT INTO inbox_entry (thread_id, activity_id, own, addressed, at)
SELECT m.thread, m.activity, m.own, m.addressed, greatest(m.at, r.said + interval '1 microsecond')
FROM unnest(%(threads)s::bigint[], %(activities)s::bigint[], %(own)s::boolean[], %(addressed)s::boolean[],
            %(at)s::timestamptz[], %(news)s::boolean[]) AS m(thread, activity, own, addressed, at, news)
LEFT JOIN LATERAL (
    SELECT max(d.said_at) AS said FROM inbox_reply y JOIN networks_delivery d ON d.id = y.delivery_id
    WHERE m.news AND y.thread_id = m.thread AND d.state IN ('waiting', 'sending', 'uncertain', 'sent')) r ON true
ORDER BY 2
ON CONFLICT (activity_id, thread_id) DO UPDATE SET addressed = excluded.addressed
WHERE inbox_entry.addressed <> excluded.addressed
RETURNING id, activity_id, thread_id, (xmax = 0)
"""
"""What is news stands below what was answered from here before it came, whatever time its network gives: whoever
answered had not read it. Networks tell seconds, and their clocks are not ours."""

LAST_OUT = """(SELECT max(x.at) FROM (
        SELECT e.at FROM inbox_entry e WHERE e.thread_id = t.id AND e.own AND NOT EXISTS (
            SELECT FROM networks_delivery b WHERE b.result_id = e.activity_id AND b.state = 'returned')
        UNION ALL
        SELECT d.said_at FROM inbox_reply r JOIN networks_delivery d ON d.id = r.delivery_id
        WHERE r.thread_id = t.id AND d.state IN ('waiting', 'sending', 'uncertain', 'sent')) x)"""
"""When a thread `t` was last answered: what is on the network and did not come back, and what is under way."""

REFRESH = f"""
WITH figures AS (
    SELECT e.thread_id, count(*) AS messages, max(e.at) AS last_at,
           max(e.at) FILTER (WHERE e.addressed AND NOT e.own
               AND (a.id IS NULL OR a.standing NOT IN ('spam', 'removed'))) AS last_in,
           max(e.at) FILTER (WHERE e.own AND NOT EXISTS (
               SELECT 1 FROM networks_delivery b WHERE b.result_id = e.activity_id AND b.state = 'returned')
           ) AS last_out,
           count(*) FILTER (WHERE NOT e.own AND a.standing = 'held' AND a.deleted IS NULL) AS held,
           count(*) FILTER (WHERE NOT e.own AND a.standing IN ('spam', 'removed')) AS hidden
    FROM inbox_entry e
    LEFT JOIN LATERAL (
        SELECT id, standing, deleted FROM networks_activity WHERE id = e.activity_id AND standing <> '' OFFSET 0) a
        ON true
    WHERE e.thread_id = ANY(%(threads)s) GROUP BY e.thread_id
), latest AS (
    SELECT f.*, l.text, l.own, p.actor_id,
        EXISTS (SELECT 1 FROM inbox_reply r JOIN networks_delivery d ON d.id = r.delivery_id
                WHERE r.thread_id = f.thread_id AND d.said_at >= f.last_in
                  AND d.state IN ('waiting', 'sending', 'uncertain', 'sent')) AS underway
    FROM figures f
    CROSS JOIN LATERAL (
        SELECT {WORDS} AS text, e.own FROM inbox_entry e JOIN networks_activity a ON a.id = e.activity_id
        WHERE e.thread_id = f.thread_id ORDER BY e.at DESC, e.id DESC LIMIT 1) l
    LEFT JOIN LATERAL (
        SELECT a.actor_id FROM inbox_entry e JOIN networks_activity a ON a.id = e.activity_id
        WHERE e.thread_id = f.thread_id AND e.addressed AND NOT e.own ORDER BY e.at, e.id LIMIT 1) p ON true
)
UPDATE inbox_thread t SET
    messages = n.messages, held = n.held, hidden = n.hidden,
    last_at = n.last_at, last_in = n.last_in, last_text = n.text, last_own = n.own,
    person_id = coalesce(t.person_id, n.actor_id),
    answered = n.last_in IS NULL OR coalesce(n.last_out >= n.last_in, false) OR n.underway,
    offered = t.closed_at IS NOT NULL AND coalesce(n.last_in > %(recent)s, false)
              AND NOT coalesce(n.last_out >= n.last_in, false) AND NOT n.underway
              AND NOT EXISTS (SELECT 1 FROM inbox_closure c WHERE c.thread_id = t.id)
FROM latest n WHERE t.id = n.thread_id
"""  # noqa: S608 - nothing in it comes from outside

BEHIND = """
SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'comptoir.inbox.jobs.gather'
    AND (scheduled_at IS NULL OR scheduled_at <= now()))
"""

WAITING = "SELECT id, hidden, answered FROM inbox_thread WHERE id = ANY(%(threads)s)"

CLOSE = """
WITH closed AS (
    UPDATE inbox_thread SET closed_at = %(now)s, waits = '', wakes_at = NULL
    WHERE id = ANY(%(threads)s) AND closed_at IS NULL RETURNING brand_id, id), ended AS (
    UPDATE inbox_pause p SET ended_at = %(now)s FROM closed WHERE p.thread_id = closed.id AND p.ended_at IS NULL)
SELECT brand_id, id FROM closed
"""

REOPEN = """
WITH opened AS (
    UPDATE inbox_thread SET closed_at = NULL, offered = false, waits = '', wakes_at = NULL
    WHERE id = ANY(%(threads)s) AND (closed_at IS NOT NULL OR waits <> '') RETURNING id, brand_id), marked AS (
    UPDATE inbox_closure c SET reopened_at = %(now)s FROM opened
    WHERE c.thread_id = opened.id AND c.reopened_at IS NULL), ended AS (
    UPDATE inbox_pause p SET ended_at = %(now)s FROM opened
    WHERE p.thread_id = opened.id AND p.ended_at IS NULL)
SELECT brand_id, id FROM opened ORDER BY id
"""
