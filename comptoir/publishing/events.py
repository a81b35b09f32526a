"""What publishing tells itself and the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportAsked:
    """Somebody wants the posts of a file."""

    import_id: int
