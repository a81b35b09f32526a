"""Three videos of two seconds, made for these tests: a light square that crosses a dark one, 64 pixels wide and 48
high, ten pictures a second. `quay.mp4` is H.264 with silence in AAC, `quay.webm` VP9 without sound, `quay.mov`
H.264 without sound, and names a place where it was filmed.
"""

from pathlib import Path


def film(name: str) -> bytes:
    """The bytes of one of them."""
    return (Path(__file__).parent / name).read_bytes()
