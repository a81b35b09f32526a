"""What brands listen for, what was said that is meant, and a sample of all that was said."""

from comptoir.listening.models.alert import Alert, Judgement
from comptoir.listening.models.backtest import Backtest
from comptoir.listening.models.event import Event, EventTag, Takeover
from comptoir.listening.models.exploration import Exploration
from comptoir.listening.models.fold import Fold, Print
from comptoir.listening.models.mention import Mention
from comptoir.listening.models.query import Query, QueryBook, Version
from comptoir.listening.models.rollup import DayRollup, Rollup
from comptoir.listening.models.round import Round
from comptoir.listening.models.sample import Sample
from comptoir.listening.models.source import Source
from comptoir.listening.models.stored import StoredFile, StoredMention, StoredScrap
from comptoir.listening.models.watching import Follower, Watching

__all__ = [
    "Alert",
    "Backtest",
    "DayRollup",
    "Event",
    "EventTag",
    "Exploration",
    "Fold",
    "Follower",
    "Judgement",
    "Mention",
    "Print",
    "Query",
    "QueryBook",
    "Rollup",
    "Round",
    "Sample",
    "Source",
    "StoredFile",
    "StoredMention",
    "StoredScrap",
    "Takeover",
    "Version",
    "Watching",
]
