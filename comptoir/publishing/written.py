"""A post as a form has it: what somebody wrote, before and after it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple, Self

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from comptoir.kernel.numbers import number_of
from comptoir.publishing.models import Content, Post, Variant
from comptoir.publishing.models.asset import ALT_MOST
from comptoir.publishing.models.found_piece import PIECES_MOST
from comptoir.publishing.models.post import DESTINATIONS_MOST, REASON_MOST, TITLE_MOST
from comptoir.publishing.models.variant import PARTS_MOST

TEXT_MOST = 100_000
"""Letters of one part: more than any network takes."""
WORDINGS_MOST = 60
PICTURES_MOST = 20
LANGUAGE_MOST = 8
SEGMENTS_MOST = 200


class Key(NamedTuple):
    """Where a wording stands instead of the base: in a language, on a network, on a channel (0 for none)."""

    language: str = ""
    network: str = ""
    channel: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """As a form names it."""
        language, network, channel = (*text.split("|"), "", "")[:3]
        number = number_of(channel) or 0
        return cls(language[:LANGUAGE_MOST], "" if number else network[:30], number)

    def __str__(self) -> str:
        return f"{self.language}|{self.network}|{self.channel or ''}"


@dataclass(slots=True)
class Section:
    """The fields of one wording. `no_comment`, `no_warning`: there is none here, whatever the base has."""

    key: Key
    parts: list[str] = field(default_factory=lambda: [""])
    comment: str = ""
    warning: str = ""
    no_comment: bool = False
    no_warning: bool = False

    def variant(self) -> Variant:
        """As it is kept; what is blank is as in the base."""
        base = self.key == Key()
        parts = [each for each in self.parts if each.strip()]
        return Variant(
            language=self.key.language, network=self.key.network, channel_id=self.key.channel or None,
            parts=parts if parts or base else None,
            comment="" if self.no_comment else self.comment or None,
            warning="" if self.no_warning else self.warning or None,
        )  # fmt: skip

    @classmethod
    def of(cls, variant: Variant) -> Self:
        """The fields of one that was kept."""
        key = Key(variant.language, variant.network, variant.channel_id or 0)
        base = key == Key()
        return cls(
            key, list(variant.parts or [""]), variant.comment or "", variant.warning or "",
            not base and variant.comment == "", not base and variant.warning == "",
        )  # fmt: skip


@dataclass(slots=True)
class Written:
    """All fields: `channels` with the language in which each says it, `pictures` with their descriptions."""

    title: str = ""
    language: str = ""
    number: int = 0
    sections: list[Section] = field(default_factory=lambda: [Section(Key())])
    channels: dict[int, str] = field(default_factory=dict)
    pictures: list[tuple[int, str]] = field(default_factory=list)
    campaign: int = 0
    reason: str = ""
    day: date | None = None
    hour: time | None = None
    zone: str = ""
    wrong_time: bool = False
    segments: list[int] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)

    @property
    def content(self) -> Content:
        """What makes a version of it."""
        kept = {each.key: each.variant() for each in self.sections}
        return Content(
            self.language, list(kept.values()), list(self.channels.items()), self.pictures, self.segments,
            self.pieces,
        )  # fmt: skip

    def section(self, key: Key) -> Section | None:
        """The fields of one wording."""
        return next((each for each in self.sections if each.key == key), None)

    @classmethod
    def of(cls, post: Post) -> Self:
        """As it is kept. Looks at variants, destinations, illustrations, aims and sharings that were fetched."""
        sections = sorted((Section.of(each) for each in post.variants.all()), key=lambda each: each.key)
        if not sections or sections[0].key != Key():
            sections.insert(0, Section(Key()))
        return cls(
            post.title, post.language, post.number, sections,
            {each.channel_id: each.language for each in post.destinations.all()},
            [(each.asset_id, each.alt) for each in post.illustrations.all()],
            post.campaign_id or 0, post.reason, post.day, post.hour, post.zone,
            segments=[each.segment_id for each in post.aims.all()],
            pieces=[each.piece_id for each in post.sharings.all()],
        )  # fmt: skip

    @classmethod
    def read(cls, posted: QueryDict) -> Self:
        """As a form brings it. BadRequest where it is more than a post can hold."""
        keys = list(dict.fromkeys([Key(), *(Key.read(each) for each in posted.getlist("wording"))]))
        channels = [n for each in posted.getlist("channel") if (n := number_of(each))]
        pictures = [n for each in posted.getlist("picture") if (n := number_of(each))]
        if (
            max(len(keys) - WORDINGS_MOST, len(channels) - DESTINATIONS_MOST, len(pictures) - PICTURES_MOST)
            > 0
        ):
            raise BadRequest(_("That is more than one post can hold."))
        day, hour, wrong = _time(posted.get("day", ""), posted.get("hour", ""))
        return cls(
            _line(posted.get("title", ""), TITLE_MOST), _line(posted.get("language", ""), LANGUAGE_MOST),
            number_of(posted.get("number", "")) or 0, [_section(posted, each) for each in keys],
            {each: _line(posted.get(f"language-{each}", ""), LANGUAGE_MOST) for each in channels},
            [(each, _text(posted.get(f"alt-{each}", ""))[:ALT_MOST]) for each in pictures],
            number_of(posted.get("campaign", "")) or 0, _line(posted.get("reason", ""), REASON_MOST),
            day, hour, _line(posted.get("zone", ""), 60), wrong,
            [n for each in posted.getlist("segment")[:SEGMENTS_MOST] if (n := number_of(each))],
            [n for each in posted.getlist("piece")[:PIECES_MOST] if (n := number_of(each))],
        )  # fmt: skip


def _section(posted: QueryDict, key: Key) -> Section:
    parts = [_text(each) for each in posted.getlist(f"part-{key}")] or [""]
    if len(parts) > PARTS_MOST:
        raise BadRequest(_("A thread has no more than %(n)d parts.") % {"n": PARTS_MOST})
    return Section(
        key, parts, _text(posted.get(f"comment-{key}", "")), _line(posted.get(f"warning-{key}", ""), 200),
        bool(posted.get(f"no-comment-{key}")), bool(posted.get(f"no-warning-{key}")),
    )  # fmt: skip


def _text(text: str) -> str:
    clean = text.replace("\r\n", "\n").replace("\x00", "").rstrip()
    if len(clean) > TEXT_MOST:
        raise BadRequest(_("That is more than one post can hold."))
    return clean


def day_in(text: str) -> date | None:
    """The day that an address names, None where it names none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def hour_in(text: str) -> time | None:
    """The hour that an address names, None where it names none."""
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0, tzinfo=None)


def _line(text: str, most: int) -> str:
    return " ".join(text.replace("\x00", "").split())[:most]


def _time(day: str, hour: str) -> tuple[date | None, time | None, bool]:
    """A day and an hour; whether one of them cannot be read, or is missing beside the other."""
    try:
        found = (
            datetime.fromisoformat(f"{day.strip()}T{hour.strip()}") if day.strip() and hour.strip() else None
        )
    except ValueError:
        return None, None, True
    if found is None:
        return None, None, bool(day.strip() or hour.strip())
    if found.tzinfo is not None or not 2000 <= found.year <= 2200:
        return None, None, True
    return found.date(), found.time().replace(second=0, microsecond=0), False
