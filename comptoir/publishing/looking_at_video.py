"""What is said of a video beside a post on a channel, before anything leaves. Nothing sends one so far."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from comptoir.networks.connector import TakesVideo, VideoLimits
from comptoir.networks.models import Channel
from comptoir.publishing.models import Asset
from comptoir.publishing.models.video import length_of


def troubles_of(channel: Channel, asset: Asset, alt: str) -> list[str]:
    """Why this video does not leave there: the published limits that it breaks, and that sending it is not proved."""
    facts = {"network": channel.label}
    if not channel.can(TakesVideo):
        return [_("No video leaves on %(network)s: take it off.") % facts]
    found = list(_broken(channel.label, channel.connector().video_limits(), asset, alt))
    kept = _("It keeps to the limits that %(network)s publishes for videos. Only these were checked.") % facts
    unproved = _(
        "Sending a video to %(network)s is not proved, so none leaves: take it off, and post it there yourself."
    )
    return [*(found or [kept]), unproved % facts]


def _broken(network: str, limits: VideoLimits, asset: Asset, alt: str) -> Iterator[str]:
    """Each published limit that it breaks, in words; what is not published is not checked."""
    video = asset.video
    if asset.mime not in limits.types:
        words = _("%(network)s takes videos as %(types)s; this one is %(type)s.")
        names = ", ".join(_name(each) for each in limits.types)
        yield words % {"network": network, "types": names, "type": _name(asset.mime)}
    if limits.size and video.size > limits.size:
        words = _("The video has %(size)s MB; %(network)s takes %(most)s MB.")
        yield words % {"network": network, "size": video.megabytes, "most": round(limits.size / 1_000_000, 1)}
    if limits.seconds and video.seconds > limits.seconds:
        words = _("The video lasts %(length)s; %(network)s takes %(most)s.")
        yield words % {"network": network, "length": video.length, "most": length_of(limits.seconds)}
    if limits.pixels and asset.width * asset.height > limits.pixels:
        words = _("The video has %(width)d × %(height)d pixels; %(network)s takes %(most)d in all.")
        yield words % {
            "network": network,
            "width": asset.width,
            "height": asset.height,
            "most": limits.pixels,
        }
    if limits.frames and video.frames > limits.frames:
        words = _("The video has %(n)s pictures a second; %(network)s takes %(most)d.")
        yield words % {"network": network, "n": f"{video.frames:g}", "most": limits.frames}
    if limits.words and len(alt) > limits.words:
        words = _("The description of the video has more than %(n)d letters.")
        yield words % {"n": limits.words}


def _name(mime: str) -> str:
    """A type as people call it."""
    return {"video/quicktime": "MOV", "video/mp4": "MP4", "video/webm": "WebM"}.get(mime, mime)
