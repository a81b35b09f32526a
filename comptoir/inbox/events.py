"""What the inbox tells itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BulkAsked:
    """Somebody wants something done to many threads, or undone."""

    bulk_id: int


@dataclass(frozen=True)
class ReleaseAsked:
    """Somebody wants people answered together, or that stopped."""

    release_id: int


@dataclass(frozen=True)
class QueuesChanged:
    """A brand's queues want other threads than before."""

    brand_id: int


@dataclass(frozen=True)
class TargetsChanged:
    """A brand wants the people who write answered within other times than before."""

    brand_id: int


@dataclass(frozen=True)
class CaseReady:
    """A case waits to leave for customer service."""

    case_id: int
