"""Pictures that leave: drawn again, so that nothing goes out but what is seen, and small enough for where they go.

A photograph tells where and when it was taken, with what, and sometimes holds a smaller copy from before it was cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from comptoir.kernel.media import Unusable, mime_of, opened

SIDES = (4_096, 2_560, 2_048, 1_600, 1_280, 1_024, 800)
"""Longest sides that are tried, until the picture is small enough."""
QUALITIES = (88, 80, 70)


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture to send."""

    content: bytes = field(repr=False)
    mime: str
    width: int
    height: int


def redrawn(content: bytes, size: int) -> Redrawn:
    """The picture upright, its first frame alone, in at most `size` bytes: as PNG where it is one or one sees through
    it, else, or where that is too large, as JPEG. Unusable says why not."""
    png = mime_of(content) in ("image/png", "image/gif")
    with opened(content) as found:
        seen = _plain(ImageOps.exif_transpose(found))
    clear = seen.mode == "RGBA"
    tried: tuple[int, int] | None = None
    for side in SIDES:
        small = seen.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        if small.size == tried:
            continue
        tried = small.size
        if png or clear:
            made = _saved(small, "PNG", optimize=True)
            if len(made) <= size:
                return Redrawn(made, "image/png", *small.size)
        if not clear:
            for quality in QUALITIES:
                made = _saved(small, "JPEG", quality=quality, progressive=True, optimize=True)
                if len(made) <= size:
                    return Redrawn(made, "image/jpeg", *small.size)
    raise Unusable("too_large")


def _saved(picture: Image.Image, kind: str, **how: int | bool) -> bytes:
    out = BytesIO()
    picture.save(out, kind, exif=b"", icc_profile=None, **how)
    return out.getvalue()


def _plain(picture: Image.Image) -> Image.Image:
    """In the colours that every screen knows, with nothing beside its pixels."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda grey: grey * (1 / 256)).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    made = picture.convert(mode)
    if profile and picture.mode in ("RGB", "RGBA"):
        try:
            there = ImageCms.ImageCmsProfile(BytesIO(profile))
            ImageCms.profileToProfile(made, there, ImageCms.createProfile("sRGB"), inPlace=True)
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that cannot be read changes nothing
    made.info.clear()
    return made
