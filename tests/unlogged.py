"""What a request may write down without an entry in the audit log, for the walk through every address of the house."""

UNLOGGED = {
    "cache": "counts of tries, and what can be had again",
    "organisation_notice": "what somebody was told settles when they look",
    "organisation_session": "sign-ins are logged by name",
    "organisation_tries": "counts of tries",
    "inbox_draft": "what somebody has not sent is theirs alone",
    "inbox_enclosure": "what lies beside what somebody has not sent",
    "inbox_lock": "whose hand is on an answer, for a minute; taking it over is logged",
    "inbox_presence": "who has which thread open, for a minute",
    "inbox_reading": "what somebody has seen is theirs alone",
    "publishing_click": "that somebody followed a link, for an hour; nobody is named",
    "publishing_calendarfeed": "when an address was last read; making and ending one is logged",
    "publishing_unkept": "what somebody has not kept is theirs alone",
    "publishing_asset": "a picture beside what is not kept yet; keeping a post is logged",
    "organisation_apitoken": "when a token was last used; making and ending one is logged",
    "organisation_pace": "how often a token asked",
    "listening_watching": "what a query's watch has learnt; verdicts and settings are logged",
    "measurement_due": "the book of what figures are to be counted again",
    "procrastinate_events": "the queue's own book",
    "procrastinate_jobs": "work that is only ordered: mail with a code, a fetch",
}
"""Tables that a request may write to without an entry in the audit log, each with its reason."""

BY_READERS = {
    "reading", "length", "presence", "following", "query-following", "views", "explorations", "calendar-feed-page",
}  # fmt: skip
"""What a reader may POST: it changes nothing for others."""
