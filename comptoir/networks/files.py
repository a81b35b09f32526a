"""Files that lie beside messages where no web address leads: their connector fetches them when somebody looks."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from comptoir.kernel.faults import OutsideError
from comptoir.kernel.media import Unusable
from comptoir.networks.connector import Attaches, ConnectorError, Reconnect, Refused, TryLater
from comptoir.networks.models import Activity, Channel
from comptoir.networks.pictures import fetched
from comptoir.organisation.models import Brand

_AT_ONCE = 2
"""Files fetched at once by one process: the other threads are for pages."""
_WAIT = 2.0
_HARMLESS = frozenset(
    {"application/pdf", "application/zip", "text/plain", "text/csv", "text/calendar", "audio/mpeg", "audio/ogg",
     "video/mp4", "video/webm", "application/msword", "application/vnd.ms-excel", "application/rtf",
     "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"}
)  # fmt: skip
"""Types that a browser may be told of: none of them runs anything. All others are only bytes."""

_slots = threading.BoundedSemaphore(_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Lying:
    """A file beside a message of the brand's: what the message says of it, and where to ask for it."""

    channel: Channel
    remote_id: str
    url: str
    name: str
    mime: str

    @property
    def harmless_mime(self) -> str:
        """The type to tell a browser."""
        return self.mime if self.mime in _HARMLESS else "application/octet-stream"

    def fetch(self) -> bytes:
        """Its content, from the network. ConnectorError says why not."""
        if not _slots.acquire(timeout=_WAIT):
            raise TryLater("try_later")
        try:
            found: bytes = self.channel.connector().attachment(self.remote_id, self.url).content
            return found
        except OutsideError as fault:
            raise TryLater(fault.code) from fault
        except Reconnect as error:
            self.channel.lose(error)
            raise
        finally:
            _slots.release()

    def picture(self, _url: str) -> bytes:
        """The same for those who draw pictures: Unusable says why not."""
        try:
            return self.fetch()
        except Refused as error:
            raise Unusable("gone" if error.code == "file_gone" else "too_large") from error
        except ConnectorError as error:
            raise Unusable("busy") from error


def lying(brand: Brand, activity_id: int, place: int) -> Lying | None:
    """The file at a place beside a message, if the brand's message has one that its channel can fetch now."""
    activity = Activity.objects.of(brand).filter(pk=activity_id, deleted=None).first()
    media: Any = activity.media[place] if activity and place < len(activity.media) else None
    if activity is None or not isinstance(media, dict) or is_on_the_web(str(media.get("url", ""))):
        return None
    reached = Channel.objects.of(brand).filter(audience__activity=activity, state=Channel.State.ACTIVE)
    channel = next((channel for channel in reached.order_by("pk") if channel.can(Attaches)), None)
    if channel is None:
        return None
    return Lying(
        channel, activity.remote_id, media["url"], str(media.get("name", "")), str(media.get("mime", ""))
    )


def original(brand: Brand, activity: Activity, place: int) -> bytes:
    """The picture at a place beside a message, as it is there. kernel.media.Unusable says why it cannot be had."""
    media: Any = activity.media[place]
    if is_on_the_web(str(media.get("url", ""))):
        return fetched(media["url"])
    file = lying(brand, activity.pk, place)
    if file is None:
        raise Unusable("gone")
    return file.picture("")


def is_on_the_web(url: str) -> bool:
    """Whether an address is one that anybody could be sent to."""
    return url.startswith(("https://", "http://"))
