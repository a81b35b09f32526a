"""The statements behind the page of a surge. All take the brand, whose right the caller has proved."""

# Read once: who waits, each with the cluster that they are in.
_WAITING = """
WITH w AS MATERIALIZED (
    SELECT t.id, t.last_in, t.channel_id, split_part(t.language, '-', 1) AS language, m.cluster_id,
        coalesce(m.pressing, false) AS pressing
    FROM inbox_thread t LEFT JOIN inbox_likened m ON m.thread_id = t.id
    WHERE t.brand_id = %(brand)s AND t.closed_at IS NULL AND t.waits = '' AND NOT t.answered
        AND t.last_in IS NOT NULL),
g AS MATERIALIZED (
    SELECT cluster_id, count(*) AS n, min(last_in) AS oldest, count(*) FILTER (WHERE pressing) AS pressing
    FROM w WHERE cluster_id IS NOT NULL GROUP BY cluster_id HAVING count(*) > 1)
"""

CLUSTERS = f"""{_WAITING},
top AS MATERIALIZED (SELECT * FROM g ORDER BY n DESC, cluster_id LIMIT %(most)s),
tongues AS MATERIALIZED (
    SELECT w.cluster_id, w.language, count(*) AS n FROM w JOIN top USING (cluster_id)
    WHERE w.language <> '' GROUP BY w.cluster_id, w.language)
SELECT a.waiting, a.pressing, a.oldest, a.channels, (SELECT count(*) FROM g),
    (SELECT coalesce(sum(n), 0)::bigint FROM g),
    top.cluster_id, top.n, top.oldest, top.pressing, c.size, c.first_at, c.last_at, x.text, l.languages
FROM (SELECT (SELECT count(*) FROM w) AS waiting, (SELECT count(*) FROM w WHERE pressing) AS pressing,
        (SELECT min(last_in) FROM w) AS oldest,
        (SELECT coalesce(jsonb_object_agg(channel_id, n), '{{}}') FROM (
            SELECT channel_id, count(*) AS n FROM w GROUP BY channel_id) h) AS channels) a
LEFT JOIN top ON true
LEFT JOIN inbox_cluster c ON c.id = top.cluster_id
LEFT JOIN LATERAL (
    SELECT left(v.text, 280) AS text FROM inbox_exemplar e JOIN networks_activity v ON v.id = e.activity_id
    WHERE e.cluster_id = top.cluster_id AND v.text <> '' ORDER BY e.id LIMIT 1) x ON true
LEFT JOIN LATERAL (
    SELECT array_agg(i.language ORDER BY i.n DESC) AS languages FROM tongues i
    WHERE i.cluster_id = top.cluster_id AND i.n * 10 >= top.n) l ON true
ORDER BY top.n DESC, top.cluster_id
"""  # noqa: S608 - nothing in it comes from outside
"""Of all who wait, and of each of the biggest clusters: how many, since when, what they say, in which languages."""

ALONE = f"""{_WAITING},
picked AS (
    (SELECT id, last_in, pressing, 'pressing' AS place FROM w WHERE pressing ORDER BY last_in, id LIMIT %(first)s)
    UNION ALL
    (SELECT w.id, w.last_in, false, 'alone' FROM w LEFT JOIN g USING (cluster_id)
     WHERE g.n IS NULL AND NOT w.pressing ORDER BY w.last_in, w.id LIMIT %(most)s))
SELECT p.place, p.id, p.last_in, t.last_text, t.language, coalesce(nullif(a.name, ''), a.handle, ''),
    coalesce(nullif(u.name, ''), u.email, '')
FROM picked p JOIN inbox_thread t ON t.id = p.id LEFT JOIN networks_actor a ON a.id = t.person_id
LEFT JOIN organisation_user u ON u.id = t.assignee_id
ORDER BY p.place, p.last_in, p.id
"""  # noqa: S608 - nothing in it comes from outside
"""Those whose words press, and those that nobody else said, longest waiting first."""

PACE = """
WITH came AS (
    SELECT e.thread_id, max(e.at) AS at FROM inbox_thread t JOIN inbox_entry e ON e.thread_id = t.id
    WHERE t.brand_id = %(brand)s AND t.last_at > %(since)s AND e.at > %(since)s AND e.addressed AND NOT e.own
    GROUP BY e.thread_id),
gone AS (
    SELECT d.not_before AS at, y.author_id FROM networks_channel c JOIN networks_delivery d ON d.channel_id = c.id
    JOIN inbox_reply y ON y.delivery_id = d.id
    WHERE c.brand_id = %(brand)s AND d.not_before > %(since)s AND d.not_before <= %(now)s
        AND d.state NOT IN ('withdrawn', 'refused'))
SELECT 'came', floor(extract(epoch FROM %(now)s - at) / 60)::int AS minute, count(*), NULL::bigint[]
FROM came WHERE at <= %(now)s GROUP BY minute
UNION ALL
SELECT 'gone', floor(extract(epoch FROM %(now)s - at) / 60)::int AS minute, count(*),
    array_agg(DISTINCT author_id) FILTER (WHERE author_id IS NOT NULL)
FROM gone GROUP BY minute
"""
"""In each minute before now: conversations in which somebody wrote (each once, the last time), and answers that left,
by whom."""

LEAVING = """
SELECT c.id, count(d.id), max(d.not_before) FROM networks_channel c
JOIN networks_delivery d ON d.channel_id = c.id AND d.state IN ('waiting', 'sending') AND d.act = 'reply'
WHERE c.brand_id = %(brand)s GROUP BY c.id
"""
"""Answers that are on their way, by channel, and when the last leaves."""
