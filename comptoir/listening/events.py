"""What listening tells the rooms above, and itself."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MentionsHeard:
    """A batch of mentions is new, of whatever brands. `past`: they were said before anybody listened there, and are no
    news."""

    ids: list[int]
    past: bool = False


@dataclass(frozen=True)
class MentionsEdited:
    """Mentions of whatever brands say something else than before."""

    ids: list[int]


@dataclass(frozen=True)
class MentionsShown:
    """Somebody looks at mentions, or is alerted by them: they are worth a closer reading."""

    ids: list[int]


@dataclass(frozen=True)
class BacktestAsked:
    """Somebody wants to know what a query would have found."""

    backtest_id: int


@dataclass(frozen=True)
class QueryRemoved:
    """There is no such query any more; what it kept is still to go."""

    brand_id: int
    query_id: int


@dataclass(frozen=True)
class LookBackAsked:
    """What is kept for a brand already is to be put to its queries as well."""

    brand_id: int


@dataclass(frozen=True)
class RecallAsked:
    """What was said at a source before anybody listened there is to be heard as well."""

    source_id: int


@dataclass(frozen=True)
class AlertsRaised:
    """Alerts began, grew or are over: what they are made of is to be looked at."""

    ids: list[int]


@dataclass(frozen=True)
class HubLeft:
    """Nobody listens any more at a place whose hub was asked to call."""

    network: str
    address: str
    settings: dict[str, Any]
    hub: str
    topic: str
