"""Pictures from elsewhere: fetched past the guard, believed once decoded, shown at addresses we signed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

from django.core import signing
from PIL import Image, ImageOps, UnidentifiedImageError

from comptoir.kernel.faults import OutsideError
from comptoir.kernel.http import Outside

MAX_PIXELS = 40_000_000
MAX_FRAMES = 1_000
# An honest progressive JPEG has about ten; each costs a pass over the whole picture.
MAX_JPEG_SCANS = 64

_FORMATS = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with a second picture behind it, as some phones make
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
_TOKEN_STEP = 6 * 3600

# Pillow's own alarm, for whatever else opens a picture in this process.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Unusable(Exception):
    """What was found is not a picture to show, or was not found. `reason` is a code:

    gone, status (answered with an error), forbidden, unreachable, too_large, bad_answer; not_image, broken,
    too_many_pixels, too_many_frames, too_many_scans; bad_token, old_token.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Media:
    """A picture that decodes without fault, as it came, with the type that its bytes (not its header) say."""

    content: bytes = field(repr=False)
    mime: str


def fetch_media(outside: Outside, url: str, max_bytes: int = 8_000_000) -> Media:
    """The picture at an address, after at most three redirects. Unusable says why not."""
    try:
        answer = outside.request("GET", url, headers={"Accept": "image/*"}, max_bytes=max_bytes, follow=3)
    except OutsideError as fault:
        reasons = {"Forbidden": "forbidden", "Unreachable": "unreachable", "TooLarge": "too_large"}
        raise Unusable(reasons.get(type(fault).__name__, "bad_answer")) from None
    if answer.status != 200:
        raise Unusable("gone" if answer.status in (404, 410) else "status")
    return Media(answer.content, mime_of(answer.content))


def mime_of(content: bytes) -> str:
    """The type of a picture by its bytes, decoded to be sure. Unusable for all else, SVG and HTML too."""
    with opened(content) as picture:
        mime = _FORMATS[picture.format or ""]
        picture.verify()
    with opened(content) as picture:
        # An eighth of the size where the format can: every byte is still read, the memory is not taken.
        picture.draft("RGB", (picture.width // 8 or 1, picture.height // 8 or 1))
        picture.load()
    return mime


def fit(content: bytes, max_side: int) -> bytes:
    """The picture as WebP, upright, no side over `max_side` pixels, its first frame alone, no metadata."""
    with opened(content) as picture:
        picture.draft("RGB", (max_side * 2, max_side * 2))
        upright = ImageOps.exif_transpose(picture)
        if upright.mode.startswith("I"):
            upright = upright.point(lambda grey: grey * (1 / 256)).convert("L")
        see_through = upright.has_transparency_data
        small = upright.convert("RGBA" if see_through else "RGB")
        small.thumbnail((max_side, max_side))
        out = BytesIO()
        small.save(out, "WEBP", quality=82, method=4, exif=b"", icc_profile=b"")
        return out.getvalue()


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """A picture whose claims were checked before anything of it is unpacked."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "GIF", "WEBP", "AVIF")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Unusable("too_many_pixels")
            if _frames(picture, content) > MAX_FRAMES:
                raise Unusable("too_many_frames")
            if picture.format in ("JPEG", "MPO") and content.count(b"\xff\xda") > MAX_JPEG_SCANS:
                raise Unusable("too_many_scans")
            yield picture
    except Unusable:
        raise
    except UnidentifiedImageError:
        raise Unusable("not_image") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unusable("too_many_pixels") from None
    except Exception:
        # The parsers of five formats raise whatever they stumble over in a broken file.
        raise Unusable("broken") from None


def _frames(picture: Image.Image, content: bytes) -> int:
    """How many frames a picture claims. Pillow unpacks a GIF to count, so its blocks are walked here."""
    if picture.format != "GIF":
        return int(getattr(picture, "n_frames", 1))
    packed = content[10]
    at = 13 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
    frames = 0
    while at < len(content) and frames <= MAX_FRAMES:
        if content[at] == 0x21:
            at += 2
        elif content[at] == 0x2C:
            frames += 1
            packed = content[at + 9]
            at += 11 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
        else:
            break
        while at < len(content) and content[at]:
            at += content[at] + 1
        at += 1
    return frames


class _Steady(signing.TimestampSigner):
    """Dates a token by the quarter of the day, so that a picture keeps its address and browsers cache it."""

    def timestamp(self) -> str:
        now = int(time.time())
        return signing.b62_encode(now - now % _TOKEN_STEP)


def _signer(audience: str) -> _Steady:
    return _Steady(salt=f"comptoir.kernel.media:{audience}")


def media_token(url: str, audience: str = "") -> str:
    """A token that stands for an address, to be put in an address of ours. Only our own key can make one.

    `audience` (a brand, a person) is bound to it without being readable: the same word must open it.
    """
    return _signer(audience).sign_object(url, compress=True)


def media_url_from(token: str, max_age: int, audience: str = "") -> str:
    """The address that a token stands for. It lives `max_age` seconds at least, six hours more at most.

    Unusable("old_token") after that, Unusable("bad_token") if it is not one of ours.
    """
    try:
        url = _signer(audience).unsign_object(token, max_age=max_age + _TOKEN_STEP)
    except signing.SignatureExpired:
        raise Unusable("old_token") from None
    except (signing.BadSignature, ValueError):
        raise Unusable("bad_token") from None
    return str(url)
