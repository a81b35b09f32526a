"""The statements behind the figures: aggregates over facts, whatever the number of messages."""


def _spread(waits: str, counts: str = "") -> str:
    """Of an array of seconds: how many, the median and the ninth decile (linear between ranks), the mean."""
    return f"""CROSS JOIN LATERAL (
    SELECT count(*) AS n, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY s) AS ranks, avg(s)::float8 AS mean
        {counts}
    FROM unnest({waits}) AS s) AS {waits}_is
"""  # noqa: S608 - names of columns


_BUCKETS = """, count(*) FILTER (WHERE s < 7200) AS quick, count(*) FILTER (WHERE s >= 7200 AND s < 28800) AS soon,
    count(*) FILTER (WHERE s >= 28800 AND s <= 86400) AS late, count(*) FILTER (WHERE s > 86400) AS slow"""

FIGURES = f"""
WITH heard AS MATERIALIZED (
    SELECT {{keys}}, day >= %(since)s AS inside, here,
        CASE WHEN begins <> 1 THEN '' WHEN wait IS NOT NULL THEN 'answered' WHEN gone THEN ''
            WHEN closed IS NULL THEN 'waiting' ELSE 'left' END AS fate,
        CASE WHEN begins = 1 THEN {{wait}} END AS first, CASE WHEN begins = 2 THEN {{wait}} END AS following,
        CASE WHEN begins = 1 THEN {{solved}} END AS solved
    FROM measurement_heard
    WHERE brand_id = %(brand)s AND day BETWEEN %(before)s AND %(until)s
        AND (%(channel)s::bigint IS NULL OR channel_id = %(channel)s)
), told AS (
    SELECT grouping({{keys}}) AS missing, inside, {{keys}}, count(*) AS messages,
        count(*) FILTER (WHERE fate = 'waiting') AS waiting, count(*) FILTER (WHERE fate = 'left') AS left_open,
        count(*) FILTER (WHERE fate = 'answered' AND here) AS here,
        array_agg(first) FILTER (WHERE first IS NOT NULL) AS firsts,
        array_agg(following) FILTER (WHERE following IS NOT NULL) AS followings,
        array_agg(solved) FILTER (WHERE solved IS NOT NULL) AS resolutions
    FROM heard GROUP BY GROUPING SETS ((inside), {{sets}})
)
SELECT missing, inside, {{keys}}, messages, waiting, left_open, here, quick, soon, late, slow,
    firsts_is.n, firsts_is.ranks, firsts_is.mean, followings_is.n, followings_is.ranks, followings_is.mean,
    resolutions_is.n, resolutions_is.ranks, resolutions_is.mean
FROM told {_spread("firsts", _BUCKETS)} {_spread("followings")} {_spread("resolutions")}
"""  # noqa: S608 - nothing in it comes from outside
"""Of a period and of the one before, each by every dimension: `{{keys}}` are their columns.

Seconds are gathered and then ranked: an aggregate that ranks by itself would have all rows sorted for each dimension,
which takes twice as long.
"""

WEEK = """
SELECT extract(isodow FROM day)::int - 1, hour, count(*) FROM measurement_heard
WHERE brand_id = %(brand)s AND day BETWEEN %(since)s AND %(until)s
    AND (%(channel)s::bigint IS NULL OR channel_id = %(channel)s) GROUP BY 1, 2
"""
"""Messages by day of the week (Monday is 0) and hour."""

STAFF = """
SELECT extract(hour FROM hour AT TIME ZONE %(zone)s)::int, sum(people)::bigint FROM measurement_staffed
WHERE brand_id = %(brand)s AND hour >= %(first)s AND hour < %(last)s GROUP BY 1
"""
"""Hours of work by the hour of the day: one for each person who did something within an hour."""

WAITS = """
SELECT entry_id, thread_id, channel_id, team_id, queue_id, language, at, begins, answered, here, by_id, closed, gone,
    wait, solved, wait_open, solved_open
FROM measurement_heard
WHERE brand_id = %(brand)s AND day BETWEEN %(since)s AND %(until)s AND begins > 0
    AND (%(channel)s::bigint IS NULL OR channel_id = %(channel)s)
ORDER BY at, entry_id
"""
