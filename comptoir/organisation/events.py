"""News that the organisation tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkEnded:
    """Somebody may not take threads of a brand any more: they left it, only read now, or their account is off.

    `by_id` is who decided, None for a command or for the house itself.
    """

    brand_id: int
    user_id: int
    by_id: int | None


@dataclass(frozen=True)
class SightNarrowed:
    """Somebody sees some channels of a brand only: what they had on others waits for somebody else."""

    brand_id: int
    user_id: int
    by_id: int | None


@dataclass(frozen=True)
class BrandArchived:
    """A brand was put away: nothing of it may be heard or said until it is brought back."""

    brand_id: int


@dataclass(frozen=True)
class BrandOpened:
    """A brand was made, or brought back: what holds for all of the house holds for it as well."""

    brand_id: int


@dataclass(frozen=True)
class NoticesPosted:
    """Notices went up that nobody was told of yet."""

    ids: list[int]


@dataclass(frozen=True)
class HoursChanged:
    """A brand's counter opens at other hours than before, or in another time zone; or others than its `usual` hours,
    those that a queue goes by, are others."""

    brand_id: int
    usual: bool = True


@dataclass(frozen=True)
class AlarmMoved:
    """Somebody was called, or took a call, about a thing ("thread:12", "" for none)."""

    brand_id: int
    about: str
