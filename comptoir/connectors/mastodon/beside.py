"""What an instance takes beside a text: pictures, or one video."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.mastodon.instance import (
    ALT_CHARACTERS,
    IMAGE_BYTES,
    IMAGES,
    VIDEO_BYTES,
    VIDEO_FRAMES,
    VIDEO_PIXELS,
    VIDEO_TYPES,
)
from comptoir.networks.connector import Carries, Json, TakesVideo, VideoLimits


class Beside(TakesVideo):
    """Reads it from what the instance said of itself when it was last asked, else as Mastodon has it by itself."""

    settings: Mapping[str, Json]

    def carries(self) -> Carries:
        """What the instance takes beside a text."""
        return Carries(
            self._limit("images", IMAGES),
            self._limit("image_bytes", IMAGE_BYTES),
            self._limit("alt_characters", ALT_CHARACTERS),
        )

    def video_limits(self) -> VideoLimits:
        """What the instance says that it takes of a video."""
        types: Any = self.settings.get("video_types")
        return VideoLimits(
            self._limit("video_bytes", VIDEO_BYTES),
            tuple(map(str, types)) if types else VIDEO_TYPES,
            self._limit("alt_characters", ALT_CHARACTERS),
            pixels=self._limit("video_pixels", VIDEO_PIXELS),
            frames=self._limit("video_frames", VIDEO_FRAMES),
        )

    def _limit(self, name: str, otherwise: int) -> int:
        found: Any = self.settings.get(name)
        return int(found or otherwise)
