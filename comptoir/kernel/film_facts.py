"""A program of its own that reads what a video file says of itself: it stands alone, and is stopped when it takes too
much. The file is its standard input; what it found is one line of JSON.

Whatever a file makes the reader do, it happens where there is no secret, no database and little memory.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from typing import Any

_CPU_SECONDS = 10
_MEMORY = 1 << 30
_FILES = 24
_TURNED = {90, 270}


def main() -> None:
    """Read the file and say it."""
    limits = (
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        with suppress(ValueError, OSError):  # not every system has each
            resource.setrlimit(what, (most, most))
    # Given as a stream, so that the reader looks for no other file beside it.
    from pymediainfo import MediaInfo

    print(json.dumps(_facts(MediaInfo.parse(sys.stdin.buffer, parse_speed=0.3))))


def _facts(found: Any) -> dict[str, Any]:
    whole = found.general_tracks[0].to_data() if found.general_tracks else {}
    seen = found.video_tracks[0].to_data() if found.video_tracks else {}
    heard = found.audio_tracks[0].to_data() if found.audio_tracks else {}
    wide, high = int(_number(seen.get("width"))), int(_number(seen.get("height")))
    if round(_number(seen.get("rotation"))) % 360 in _TURNED:
        wide, high = high, wide
    return {
        "container": str(whole.get("format", "")),
        "brand": str(whole.get("codec_id", "")).strip(),
        "whole": whole.get("istruncated") != "Yes",
        "seconds": round(max(_number(seen.get("duration")), _number(whole.get("duration"))) / 1000, 3),
        "width": wide,
        "height": high,
        "frames": round(_number(seen.get("frame_rate")), 3),
        "codec": str(seen.get("format", ""))[:40],
        "sound": str(heard.get("format", ""))[:40],
        "films": len(found.video_tracks),
        "place": any("location" in name or name.startswith("xyz") for name in whole),
    }


def _number(given: Any) -> float:
    try:
        return float(given)
    except (TypeError, ValueError):
        return 0.0


if __name__ == "__main__":
    main()
