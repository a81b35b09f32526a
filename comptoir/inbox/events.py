"""What the inbox tells itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BulkAsked:
    """Somebody wants something done to many threads, or undone."""

    bulk_id: int
