"""The statements behind counting: a thread's facts from its messages, answers and closures."""

MESSAGES = """
SELECT e.thread_id, e.id AS entry, e.at, e.at AS out_at, true AS heard, NULL::bigint AS author, false AS here,
       split_part(lower(a.language), '-', 1) AS language, a.deleted IS NOT NULL AS gone,
       coalesce(u.historic, false) AS historic
FROM inbox_entry e JOIN networks_activity a ON a.id = e.activity_id JOIN inbox_thread t ON t.id = e.thread_id
LEFT JOIN networks_audience u ON u.activity_id = e.activity_id AND u.channel_id = t.channel_id
WHERE e.thread_id = ANY(%(threads)s) AND e.addressed AND NOT e.own
    AND a.automatic = '' AND a.standing NOT IN ('spam', 'removed')
UNION ALL
SELECT e.thread_id, e.id, e.at, e.at, false, NULL, false, '', false, false
FROM inbox_entry e JOIN networks_activity a ON a.id = e.activity_id
WHERE e.thread_id = ANY(%(threads)s) AND e.own AND a.automatic = ''
    AND NOT EXISTS (SELECT FROM networks_delivery d WHERE d.result_id = e.activity_id)
UNION ALL
SELECT r.thread_id, 0, d.said_at, greatest(d.said_at, d.claimed_at), false, r.author_id, true, '', false, false
FROM inbox_reply r JOIN networks_delivery d ON d.id = r.delivery_id
WHERE r.thread_id = ANY(%(threads)s) AND d.state IN ('sent', 'uncertain')
"""
"""What people wrote to the brand, what the brand's people wrote on the network itself, and what they wrote here and
has left. Answers stand where they were written, as the inbox has them, and count from when they left."""

FACTS = f"""
WITH said AS ({MESSAGES}), placed AS (
    SELECT *, lag(at) OVER o AS before, lag(heard) OVER o AS after_heard,
        count(*) FILTER (WHERE heard) OVER o AS place,
        count(*) FILTER (WHERE NOT heard) OVER o AS answers
    FROM said WINDOW o AS (PARTITION BY thread_id ORDER BY at, heard DESC, entry)
), begun AS (
    SELECT *, CASE WHEN NOT heard THEN NULL
        WHEN place = 1 OR at - before >= interval '24 hours' THEN 1
        WHEN NOT after_heard THEN 2 ELSE 0 END AS begins
    FROM placed
), facts AS (
    SELECT b.*,
        min(at) FILTER (WHERE begins = 1) OVER (PARTITION BY thread_id ORDER BY at, heard DESC, entry
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS following,
        bool_and(gone) FILTER (WHERE heard) OVER (PARTITION BY thread_id, answers ORDER BY at, heard DESC, entry
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS all_gone
    FROM begun b
)
SELECT f.entry, t.brand_id, t.channel_id, f.thread_id, t.team_id, t.queue_id, f.language, f.at, f.begins,
    CASE WHEN f.begins > 0 THEN o.out_at END, coalesce(f.begins > 0 AND o.here, false),
    CASE WHEN f.begins > 0 THEN o.author END, CASE WHEN f.begins > 0 THEN c.at END, f.all_gone
FROM facts f JOIN inbox_thread t ON t.id = f.thread_id
LEFT JOIN facts o ON NOT o.heard AND o.thread_id = f.thread_id AND o.answers = f.answers + 1
LEFT JOIN LATERAL (
    SELECT c.at FROM inbox_closure c
    WHERE c.thread_id = f.thread_id AND c.at >= f.at AND (f.following IS NULL OR c.at < f.following)
        AND (c.reopened_at IS NULL OR c.reopened_at >= f.following)
    ORDER BY c.at DESC LIMIT 1) c ON true
WHERE f.heard AND NOT f.historic
"""  # noqa: S608 - nothing in it comes from outside
"""Of each message: which wait it begins, the first answer after it, and the closure that ended its segment."""

FORGET = "DELETE FROM measurement_heard WHERE thread_id = ANY(%(threads)s)"

KEEP = """
INSERT INTO measurement_heard (entry_id, brand_id, channel_id, thread_id, team_id, queue_id, language, at, begins,
    answered, here, by_id, closed, gone, day, hour, wait, solved, wait_open, solved_open)
SELECT * FROM unnest(
    %(entry)s::bigint[], %(brand)s::bigint[], %(channel)s::bigint[], %(thread)s::bigint[], %(team)s::bigint[],
    %(queue)s::bigint[], %(language)s::text[], %(at)s::timestamptz[], %(begins)s::smallint[],
    %(answered)s::timestamptz[], %(here)s::boolean[], %(by)s::bigint[], %(closed)s::timestamptz[], %(gone)s::boolean[],
    %(day)s::date[], %(hour)s::smallint[], %(wait)s::integer[], %(solved)s::integer[], %(wait_open)s::integer[],
    %(solved_open)s::integer[])
"""

SINCE = "SELECT since FROM measurement_due ORDER BY id LIMIT 1"

TAKE = "SELECT DISTINCT thread FROM (SELECT thread FROM measurement_due ORDER BY id LIMIT %(most)s) first"

DONE = "DELETE FROM measurement_due WHERE thread = ANY(%(threads)s)"

AGAIN = """
INSERT INTO measurement_due (thread, since)
SELECT id, %(now)s FROM inbox_thread WHERE %(brand)s::bigint IS NULL OR brand_id = %(brand)s
"""

STAFF = """
INSERT INTO measurement_staffed AS s (brand_id, hour, people)
SELECT b.brand, date_trunc('hour', e.at, b.zone), count(DISTINCT e.user_id)
FROM unnest(%(brands)s::bigint[], %(zones)s::text[]) AS b(brand, zone)
JOIN organisation_auditentry e ON e.brand_id = b.brand AND e.user_id IS NOT NULL
    AND e.at >= date_trunc('hour', %(since)s::timestamptz, b.zone) AND e.via <> 'command'
    AND e.what = ANY(%(acts)s::text[])
GROUP BY 1, 2
ON CONFLICT (brand_id, hour) DO UPDATE SET people = excluded.people WHERE s.people <> excluded.people
"""
"""From the audit log: whoever did something to a thread within the hour was there."""
