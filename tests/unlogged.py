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
    "organisation_apitoken": "when a token was last used; making and ending one is logged",
    "organisation_pace": "how often a token asked",
    "measurement_due": "the book of what figures are to be counted again",
    "procrastinate_events": "the queue's own book",
    "procrastinate_jobs": "work that is only ordered: mail with a code, a fetch",
}
"""Tables that a request may write to without an entry in the audit log, each with its reason."""
