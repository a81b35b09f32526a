"""Addresses of listening, below a brand."""

from django.urls import path

from comptoir.listening.views import (
    alerts,
    backtests,
    correcting,
    events,
    explore,
    mention,
    mentions,
    queries,
    sources,
)
from comptoir.organisation import addresses  # noqa: F401 - registers <number:...>

urlpatterns = [
    path("listening/", queries.queries, name="listening"),
    path("listening/queries/new/", queries.query_new, name="query-new"),
    path("listening/queries/trial/", queries.query_trial, name="query-trial"),
    path("listening/queries/<number:pk>/", mentions.query, name="query"),
    path("listening/queries/<number:pk>/edition/", queries.query_edition, name="query-edition"),
    path("listening/queries/<number:pk>/coverage/", queries.query_coverage, name="query-coverage"),
    path("listening/queries/<number:pk>/versions/", queries.query_versions, name="query-versions"),
    path(
        "listening/queries/<number:pk>/versions/<number:number>/back/", queries.query_back, name="query-back"
    ),
    path(
        "listening/queries/<number:pk>/versions/<number:number>/backtests/",
        backtests.backtests,
        name="backtests",
    ),
    path("listening/queries/<number:pk>/look-back/", backtests.look_back, name="look-back"),
    path("listening/queries/<number:pk>/switch/", queries.query_switch, name="query-switch"),
    path("listening/queries/<number:pk>/removal/", queries.query_removal, name="query-removal"),
    path("listening/backtests/<number:pk>/", backtests.backtest, name="backtest"),
    path("listening/queries/<number:pk>/alerts/", alerts.query_alerts, name="query-alerts"),
    path("listening/queries/<number:pk>/following/", alerts.query_following, name="query-following"),
    path("listening/alerts/", alerts.alerts, name="alerts"),
    path("listening/alerts/<number:pk>/", alerts.alert, name="alert"),
    path("listening/alerts/<number:pk>/verdict/", alerts.verdict, name="alert-verdict"),
    path("listening/alerts/<number:pk>/bringing/", alerts.alert_bringing, name="alert-bringing"),
    path("listening/events/", events.events, name="events"),
    path("listening/events/new/", events.event_new, name="event-new"),
    path("listening/events/<number:pk>/", events.event, name="event"),
    path("listening/events/<number:pk>/edition/", events.event_edition, name="event-edition"),
    path("listening/events/<number:pk>/removal/", events.event_removal, name="event-removal"),
    path("listening/events/<number:pk>/tags/", events.event_move, name="event-move"),
    path("listening/events/<number:pk>/tags/back/", events.event_back, name="event-back"),
    path("listening/events/<number:pk>/series.csv", events.event_sheet, name="event-sheet"),
    path("listening/sources/", sources.sources, name="sources"),
    path("listening/sources/new/", sources.source_new, name="source-new"),
    path("listening/sources/<number:pk>/", sources.source, name="source"),
    path("listening/sources/<number:pk>/switch/", sources.source_switch, name="source-switch"),
    path("listening/sources/<number:pk>/past/", sources.source_past, name="source-past"),
    path("listening/sources/<number:pk>/removal/", sources.source_removal, name="source-removal"),
    path("listening/explore/", explore.explore, name="explore"),
    path("listening/explorations/", explore.explorations, name="explorations"),
    path(
        "listening/explorations/<number:pk>/removal/",
        explore.exploration_removal,
        name="exploration-removal",
    ),
    path("listening/explore/<slug:table>.csv", explore.sheet, name="explore-sheet"),
    path("listening/mentions/", mentions.mentions, name="mentions"),
    path("listening/mentions/<number:pk>/", mention.mention, name="mention"),
    path("listening/mentions/<number:pk>/corrections/", correcting.corrections, name="corrections"),
    path(
        "listening/mentions/<number:pk>/corrections/<number:act>/withdrawal/",
        correcting.correction_undone,
        name="correction-undone",
    ),
    path("listening/mentions/<number:pk>/bringing/", mentions.bringing, name="bringing"),
]
