"""What `networks` tells the rooms above."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ActivitiesReceived:
    """A batch reached a channel: ids of activities that are new there (`new`) and that changed anywhere (`changed`).

    `same` are those of `changed` whose words are as they were. `judged` are those that somebody hid or showed in the
    network's own place, by how they stand now: what was decided here is not among them.
    """

    channel_id: int
    new: list[int]
    changed: list[int]
    same: list[int] = field(default_factory=list)
    judged: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class RemarksHeard:
    """Colleagues spoke in a room of the team's below notices of ours: {id, about, author, text, at}; `gone` are ids."""

    channel_id: int
    remarks: list[dict[str, str]]
    gone: list[str]


@dataclass(frozen=True)
class DeliveriesMoved:
    """Deliveries are in another state: the one that they moved to then."""

    ids: list[int]
    state: str


@dataclass(frozen=True)
class ReadingCorrected:
    """Somebody of a brand said what is true of a message, or took it back."""

    brand_id: int
    activity_id: int
