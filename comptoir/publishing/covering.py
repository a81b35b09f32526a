"""The coverage map: which segment has what of a post, in which language, through which channel; and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.db.models import F

from comptoir.kernel import clock
from comptoir.networks.connector import StandsHere
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.publishing.models import Campaign, OwnPage, Post, Segment, Serving, Variant
from comptoir.publishing.models.post import PostQuerySet
from comptoir.publishing.models.variant import spoken

AHEAD = timedelta(days=14)
_GIVEN_UP = (Post.State.CANCELLED, Post.State.DECLINED)
SAID, MISSING, UNCHOSEN, NOBODY, NOT_FOR = "said", "missing", "unchosen", "nobody", "not_for"
"""How a segment stands in one of its languages: it has its text; the text is not translated; a channel serves it and
was not chosen; no channel serves it; the post is for others."""


@dataclass(frozen=True, slots=True)
class Row:
    """A segment in one of its languages, with the channels that serve it so. `otherwise`: the brand's own page does,
    because no channel was named."""

    segment: Segment
    language: str
    channels: tuple[Channel, ...]
    otherwise: bool = False

    @property
    def key(self) -> str:
        """As forms name it."""
        return f"{self.segment.pk}-{self.language}"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a post has for a row: `state`, and the channels that this is about."""

    row: Row
    state: str
    channels: tuple[Channel, ...] = ()

    @property
    def lacks(self) -> bool:
        """Whether somebody whom the post is for would not read it."""
        return self.state in (MISSING, UNCHOSEN, NOBODY)


@dataclass(frozen=True, slots=True)
class Said:
    """What of a post counts here: `channels` with the language in which each says it ("": the post's own)."""

    language: str
    variants: Sequence[Variant]
    channels: Mapping[int, str]
    segments: Collection[int]

    @classmethod
    def of(cls, post: Post) -> Self:
        """A post that was kept. Looks at variants, destinations and aims that were fetched."""
        return cls(
            post.language, list(post.variants.all()),
            {each.channel_id: each.language for each in post.destinations.all()},
            {each.segment_id for each in post.aims.all()},
        )  # fmt: skip

    def has(self, channel: Channel, language: str) -> bool:
        """Whether it is read on a channel in a language. Pictures without words need none."""
        if not any(part.strip() for each in self.variants for part in each.parts or ()):
            return True
        chosen = self.channels[channel.pk] or self.language
        if channel.can(StandsHere):
            # Each visitor reads theirs, whatever language was chosen for the channel.
            return spoken(self.variants, channel, language, self.language) == language
        return chosen == language and spoken(self.variants, channel, chosen, self.language) == language


def rows_of(brand: Brand, only: Collection[int] | None = None) -> list[Row]:
    """The segments of a brand, or some of them, in each of their languages."""
    segments = list(Segment.objects.of(brand).open())
    if only is not None:
        missing = set(only) - {each.pk for each in segments}
        segments = [each for each in segments if each.pk in only]
        segments += Segment.objects.of(brand).filter(pk__in=missing).order_by("name", "pk")
    if not segments:
        return []
    serving: dict[tuple[int, str], list[Channel]] = {}
    rows = Serving.objects.of(brand).filter(segment__in=segments).select_related("channel")
    for each in rows.exclude(channel__state=Channel.State.OFF).order_by(
        "channel__network", "channel__handle"
    ):
        serving.setdefault((each.segment_id, each.language), []).append(each.channel)
    page = OwnPage.objects.of(brand).filter(opened__isnull=False).select_related("channel").first()
    return [_row(each, language, serving.get((each.pk, language), []), page)
            for each in segments for language in each.languages]  # fmt: skip


def _row(segment: Segment, language: str, channels: Sequence[Channel], page: OwnPage | None) -> Row:
    if not channels and page is not None and language in page.languages:
        return Row(segment, language, (page.channel,), otherwise=True)
    return Row(segment, language, tuple(channels))


def cell(row: Row, said: Said) -> Cell:
    """What a post has for a row."""
    if row.segment.pk not in said.segments:
        return Cell(row, NOT_FOR)
    if not row.channels:
        return Cell(row, NOBODY)
    chosen = tuple(each for each in row.channels if each.pk in said.channels)
    if not chosen:
        return Cell(row, UNCHOSEN, row.channels)
    through = tuple(each for each in chosen if said.has(each, row.language))
    return Cell(row, SAID, through) if through else Cell(row, MISSING, chosen)


def covered(brand: Brand, said: Said) -> list[Cell]:
    """What a post has for each segment that it is for."""
    return [cell(each, said) for each in rows_of(brand, said.segments)] if said.segments else []


def lacking(cells: Iterable[Cell]) -> list[Cell]:
    """Those for whom something is missing."""
    return [each for each in cells if each.lacks]


def mapped(rows: PostQuerySet, campaign: Campaign | None) -> PostQuerySet:
    """The posts of a campaign, else those of the coming two weeks, by time; not those that were given up."""
    now = clock.now()
    chosen = rows.filter(campaign=campaign) if campaign else rows.filter(due__gte=now, due__lt=now + AHEAD)
    return chosen.exclude(state__in=_GIVEN_UP).order_by(F("due").asc(nulls_last=True), "pk")


def with_words(rows: PostQuerySet) -> PostQuerySet:
    """With what a cell of the map looks at."""
    return rows.prefetch_related("variants", "destinations", "aims")
