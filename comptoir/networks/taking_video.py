"""An ability of networks where a video stands beside a text. Connectors import it from `networks.connector`, which is
the whole contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """What a network publishes of the one video that it takes beside a text; 0 where it publishes nothing.

    size     bytes
    types    of its file, such as video/mp4
    words    letters that may describe it
    seconds  how long it may be
    pixels   width by height
    frames   in a second
    """

    size: int
    types: tuple[str, ...]
    words: int
    seconds: int = 0
    pixels: int = 0
    frames: int = 0


class TakesVideo:
    """Says what its network publishes about videos. That is checked before a post leaves; nothing sends one so far,
    so no connector has to."""

    video: ClassVar[VideoLimits]

    def video_limits(self) -> VideoLimits:
        """These limits; a connector whose servers differ asks its settings."""
        return self.video
