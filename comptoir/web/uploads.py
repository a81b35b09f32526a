"""How much of a file that is brought is taken in at all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MORE = 1_000_000
"""Bytes beyond the most, so that what is a little too large is told so by whoever takes it."""


class Bounded(FileUploadHandler):
    """Stops writing down a file that is larger than anything that the house takes: the rest of it is read and
    forgotten, and `request.too_large` has its name."""

    taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > settings.VIDEO_MOST + MORE:
            request: Any = self.request
            request.too_large = [*getattr(request, "too_large", ()), self.file_name or ""]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
