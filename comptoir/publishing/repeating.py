"""What a brand has said before in nearly the same words: posts that left, or wait for their time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, IntegerField, Value

from comptoir.kernel import clock
from comptoir.organisation.models import Brand
from comptoir.publishing.models import Post, Variant
from comptoir.reading.likeness import ALIKE, fingerprint, share, shingles

SINCE = timedelta(days=365)
"""What left longer ago may be said again unasked."""
TOLD = 3
"""Posts that are pointed out, the most alike."""
COMPARED = 100
"""Wordings that what is written is compared with: those that share most bands with it."""
S = Post.State
_USED = (S.LEAVING, S.ASKING, S.PUBLISHED, S.PARTLY, S.REVIEW, S.APPROVED, S.SCHEDULED)
_BANDS = ArrayField(BigIntegerField())
_LEFT = frozenset({S.LEAVING, S.PUBLISHED, S.PARTLY})


@dataclass(frozen=True, slots=True)
class Repeat:
    """A post that says nearly the same. `likeness` from 0 to 1: the share of what both say that is the same."""

    post: Post
    likeness: float

    @property
    def has_left(self) -> bool:
        """Whether it has left, or is leaving; else it waits."""
        return self.post.state in _LEFT

    @property
    def where(self) -> list[str]:
        """The channels that it is for."""
        return [f"{each.channel.handle} ({each.channel.label})" for each in self.post.destinations.all()]


class _Shared(Func):
    """How many hashes two arrays both have."""

    template = "cardinality(ARRAY(SELECT unnest(%(expressions)s)))"
    arg_joiner = ") INTERSECT SELECT unnest("
    output_field = IntegerField()


def repeats(brand: Brand, variants: Iterable[Variant], but: int = 0) -> list[Repeat]:
    """The posts of the last `SINCE`, and those that wait, of which a wording says nearly the same as one of these;
    without the post of number `but`. One statement, four more where something is found."""
    texts = dict.fromkeys("\n\n".join(each.parts) for each in variants if each.parts)
    marks = [(shingles(text), mark.bands) for text in texts if (mark := fingerprint(text)) is not None]
    nearest: dict[int, float] = {}
    for post, parts, bands in _candidates(brand, {band for _cut, own in marks for band in own}, but):
        cut, known = shingles("\n\n".join(parts or ())), set(bands)
        likeness = max(share(cut, mine) for mine, own in marks if known.intersection(own))
        if likeness >= ALIKE:
            nearest[post] = max(likeness, nearest.get(post, 0.0))
    if not nearest:
        return []
    best = sorted(nearest, key=lambda pk: (-nearest[pk], -pk))[:TOLD]
    rows = Post.objects.of(brand).filter(pk__in=best)
    found = rows.prefetch_related("variants", "destinations__channel")
    return sorted(
        (Repeat(each, nearest[each.pk]) for each in found), key=lambda each: best.index(each.post.pk)
    )


def mark_of(found: Sequence[Repeat]) -> str:
    """By which word a yes to these is known: it holds for no others."""
    return ",".join(str(each.post.pk) for each in found)


def _candidates(brand: Brand, bands: set[int], but: int) -> list[tuple[int, list[str] | None, list[int]]]:
    """Wordings that share any of these hashes, those that share most of them: their post, texts and hashes."""
    if not bands:
        return []
    wanted = sorted(bands)
    rows = Variant.objects.of(brand).filter(bands__overlap=wanted, post__state__in=_USED)
    rows = rows.filter(post__due__gte=clock.now() - SINCE).exclude(post=but)
    ranked = rows.annotate(shared=_Shared(F("bands"), Value(wanted, _BANDS)))
    found = ranked.order_by("-shared", "-post__due", "-pk").values_list("post", "parts", "bands")
    return list(found[:COMPARED])
