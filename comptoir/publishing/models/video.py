"""Videos of the library: what each is, and its bytes, kept beside the rows so that a backup has both or neither."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched
from typing import IO, TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import connection, models, transaction

from comptoir.kernel.films import film_in
from comptoir.kernel.media import Unusable
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.publishing.models.asset import Asset

if TYPE_CHECKING:
    from comptoir.organisation.models import User

PIECE = 1 << 20
"""Bytes in one row: what is held in memory of a video at a time."""
AT_ONCE = 4
"""Pieces that are written down together."""
_COPY = "COPY publishing_videopiece (video_id, place, content) FROM STDIN (FORMAT binary)"


def length_of(seconds: float) -> str:
    """A length in minutes and seconds, as players say it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


class Video(models.Model):
    """What makes an asset a video. `size` is in bytes, `seconds` how long it is, `frames` are those of a second (0
    where the file does not say); `says_where`: the file names the place where it was filmed."""

    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, related_name="video")
    size = models.BigIntegerField()
    seconds = models.FloatField()
    frames = models.FloatField(default=0)
    codec = models.CharField(max_length=40, blank=True)
    sound = models.CharField(max_length=40, blank=True)
    says_where = models.BooleanField(default=False)

    objects: ClassVar[BrandManager[Video, BrandQuerySet[Video]]] = BrandManager.along("asset__brand")

    def __str__(self) -> str:
        return f"video of {self.asset_id}"

    @property
    def length(self) -> str:
        """How long it is, in minutes and seconds, as players say it."""
        return length_of(self.seconds)

    @property
    def megabytes(self) -> float:
        """Its size, as people say it."""
        return max(round(self.size / 1_000_000, 1), 0.1)

    @classmethod
    def bring(cls, brand: Brand, by: User, file: IO[bytes], name: str = "") -> Asset:
        """Take a video into the library, as it came. kernel.media.Unusable says why not."""
        size = file.seek(0, 2)
        if size > settings.VIDEO_MOST:
            raise Unusable("film_too_heavy")
        film = film_in(file)
        file.seek(0)
        with transaction.atomic():
            asset = Asset.objects.create(
                brand=brand,
                by=by,
                name=name[:120],
                mime=film.mime,
                content=b"",
                width=film.width,
                height=film.height,
            )
            made = cls.objects.create(
                asset=asset, size=size, seconds=film.seconds, frames=film.frames, codec=film.codec,
                sound=film.sound, says_where=film.says_where,
            )  # fmt: skip
            made._take(file)
        return asset

    def _take(self, file: IO[bytes]) -> None:
        """Write its bytes down. By COPY, as statements with bytes in them are remembered; some pieces at a time, as the
        database keeps up to a thousand rows of one COPY in memory."""
        pieces = enumerate(iter(lambda: file.read(PIECE), b""))
        with connection.cursor() as cursor:
            for some in batched(pieces, AT_ONCE):
                with cursor.copy(_COPY) as rows:
                    rows.set_types(["int8", "int4", "bytea"])
                    for place, content in some:
                        rows.write_row((self.pk, place, content))

    def read(self, first: int, last: int) -> Iterator[bytes]:
        """Its bytes from the first to the last, both of them too, a piece at a time."""
        for place in range(first // PIECE, last // PIECE + 1):
            row = self.pieces.filter(place=place)
            content = bytes(row.values_list("content", flat=True).get())
            begins = place * PIECE
            yield content[max(first - begins, 0) : last - begins + 1]


class VideoPiece(models.Model):
    """A stretch of a video: all but the last of them are `PIECE` bytes long."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="pieces", db_index=False)
    place = models.PositiveIntegerField()
    content = models.BinaryField()

    objects: ClassVar[BrandManager[VideoPiece, BrandQuerySet[VideoPiece]]] = BrandManager.along(
        "video__asset__brand"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["video", "place"], name="video_piece_once")]

    def __str__(self) -> str:
        return f"piece {self.place} of {self.video_id}"
