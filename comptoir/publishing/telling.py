"""Why something cannot be, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comptoir.networks.sentences import sentence
from comptoir.organisation.wall_clock import oddity
from comptoir.publishing.models import Asset, Destination, FoundPiece, Wording
from comptoir.publishing.models.asset import TAKEN_MOST
from comptoir.publishing.models.destination import UNCREDITED
from comptoir.publishing.models.readiness import BARRED_PICTURE, VIDEO

LANGUAGES = (
    "fr", "en", "de", "es", "it", "pt", "nl", "pl", "sv", "da", "fi", "cs", "sk", "hu", "ro", "bg", "el", "hr", "sl",
    "et", "lv", "lt", "ga", "uk", "ru", "tr", "ar", "he", "fa", "hi", "zh-hans", "zh-hant", "ja", "ko", "vi", "th",
    "id", "br", "eu", "ca", "cy", "is", "lb", "sq", "sr", "mk",
)  # fmt: skip
"""Languages that posts are offered to be in."""


def not_now(code: str) -> str:
    """Why a post cannot do what was asked."""
    sentences = {
        "state": _("It has left, or is leaving: it cannot be changed any more."),
        "nowhere": _("Choose at least one channel."),
        "empty": _("One of its channels would have nothing to say: write something."),
        "aimless": _("Say what it is for: choose a campaign, or write why it belongs to none."),
        "past": _("That time is over. Choose a later one, or have it leave now."),
        "closed": _("This campaign is closed: no new post belongs to it."),
        "silent": _("One of its channels cannot post."),
        "unapproved": _("The post has to be approved before it leaves. Ask for its approval."),
        "unasked": _("No post has to be approved here. A manager can say who approves."),
        "slotless": _("One of its channels has no free slot: a manager sets them under Calendar, Slots."),
        "rights": _("One of its pictures may not be shown on that day: see the library."),
        "video": _("It has a video, and sending videos is not proved: take it off."),
        "uncredited": _("One of its channels would share a found piece without its author or its link."),
        "timeless": _("Say on which day and at what hour it leaves."),
    }
    return sentences.get(code, _("That cannot be done now."))


def not_usable(reason: str) -> str:
    """Why a picture or a video cannot be taken in."""
    sentences = {
        "too_heavy": _("It is too large: %(size)s at the most.") % {"size": f"{TAKEN_MOST // 1_000_000} MB"},
        "film_too_heavy": _("It is too large: %(size)s at the most.")
        % {"size": f"{settings.VIDEO_MOST // 1_000_000} MB"},
        "film": _("It is a video: bring it into the library, then choose it from there."),
        "not_film": _("It is no video that can be taken: MP4, MOV or WebM."),
        "no_length": _(
            "Its file does not say how long it is, so no network’s limit could be checked: export it again."
        ),
        "cut_short": _("A part of the file is missing: bring it again, whole."),
        "too_long_to_read": _("Its file takes too long to read: export it again."),
        "not_image": _("It is no picture that can be read: JPEG, PNG, GIF, WebP or AVIF."),
        "too_large": _("It cannot be made small enough for this network."),
        "too_many_pixels": _("It has too many pixels: 40 million at the most."),
    }
    return sentences.get(reason, _("It is damaged, and cannot be read."))


def barred(code: str, number: int, asset: Asset) -> str:
    """Why the picture or the video at a place beside a post may not be shown, in words."""
    if asset.is_film and code == "expired" and asset.expires:
        words = _("The video may be shown until %(day)s only: take it off, or change that in the library.")
        return words % {"day": date_format(asset.expires)}
    if asset.is_film:
        return _("The video may not be shown: its author has not agreed.")
    if code == "expired" and asset.expires:
        words = _(
            "Picture %(number)d may be shown until %(day)s only: take it off, or change that in the library."
        )
        return words % {"number": number, "day": date_format(asset.expires)}
    return _("Picture %(number)d may not be shown: its author has not agreed.") % {"number": number}


def why(destination: Destination) -> str:
    """Why it does not stand there, or what is asked, in words; "" where there is nothing to say."""
    if destination.code == UNCREDITED:
        return _(
            "What it shares would have left without its author or its link: make it a draft again, and add them."
        )
    if destination.state == Destination.State.ASKING:
        if destination.code == BARRED_PICTURE:
            return _(
                "One of its pictures may not be shown by now: see the library. Take it off, or leave it."
            )
        if destination.code == VIDEO:
            return _("A video was put beside it, and none leaves so far. Take it off, or leave it.")
        return _("Its time passed while nothing could leave. Should it still leave now?")
    if not destination.code:
        return ""
    return sentence(destination.code, destination.facts, destination.channel.label)


def uncredited(piece: FoundPiece, said: Wording) -> list[str]:
    """What of the credit of a piece is missing from what is said, in words."""
    handles = [each for each in piece.handles.values() if each]
    name = " / ".join([piece.author, *handles])
    sentences = {
        "author": _("The author of “%(title)s” is missing: name %(name)s.")
        % {"title": piece.title, "name": name},
        "link": _("The link of “%(title)s” is missing: %(link)s")
        % {"title": piece.title, "link": piece.link},
    }
    return [sentences[each] for each in piece.lacks(said)]


def oddities(wall: datetime, zones: Iterable[str]) -> list[str]:
    """What is odd about a time on the clocks of some zones: they jump over it, or show it twice."""
    words = {
        "missing": _("%(zone)s: clocks jump over this time; it leaves as much later as they jump."),
        "twice": _("%(zone)s: this time comes twice; it leaves the first time."),
    }
    odd = [(each, oddity(wall, ZoneInfo(each))) for each in sorted(set(zones))]
    return [words[code] % {"zone": zone} for zone, code in odd if code]
