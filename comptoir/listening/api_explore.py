"""For programs: the figures of Explore."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext_noop
from ninja import Query as Asked_
from ninja import Router
from pydantic import BaseModel, Field

from comptoir.listening.asked import Asked
from comptoir.listening.exploring import Explored, Tally, explored
from comptoir.listening.period import USUAL
from comptoir.listening.sampled import Speaker
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["listening"])


class PointShown(BaseModel):
    """A part of the period: an hour, a day, or a week from its Monday on."""

    moment: str
    mentions: int
    before: int | None


class VoiceShown(BaseModel):
    """A query among those asked for, all counted by the same rules."""

    query: int
    mentions: int
    share: float | None
    before: int | None
    reach: int
    negative_share: float | None


class TopicShown(BaseModel):
    """Words that stand out of the texts that were read, against those of the other period."""

    words: str
    texts: int
    before: int
    log_likelihood: float


class PersonShown(BaseModel):
    """Somebody who speaks much, or is heard by many: all that they said is counted."""

    account: int
    name: str
    handle: str
    network: str
    mentions: int
    followers: int
    reach: int

    @classmethod
    def of(cls, each: Speaker) -> PersonShown:
        return cls.model_construct(
            account=each.author, name=each.name or "", handle=each.handle or "", network=each.network or "",
            mentions=each.n, followers=each.followers, reach=each.reach,
        )  # fmt: skip


class ExploreShown(BaseModel):
    """What is said, of some queries and of a period. What is read of texts is of a sample: `read` of `mentions`."""

    queries: list[int]
    since: datetime
    until: datetime
    mentions: int
    reach: int = Field(description=gettext_noop("Followers of those who said them, each mention counted."))
    before: int | None = Field(description=gettext_noop("Mentions of the period that is compared with."))
    noise: dict[str, int] = Field(description=gettext_noop("Mentions that are passed over, by their reason."))
    series: list[PointShown]
    tones: dict[str, int]
    languages: dict[str, int]
    networks: dict[str, int]
    voices: list[VoiceShown]
    read: int
    read_before: int
    topics: list[TopicShown]
    tags: dict[str, int]
    sites: dict[str, int]
    most: list[PersonShown]
    heard: list[PersonShown]


Word = Annotated[str, Asked_(max_length=30)]
Queries = Annotated[
    list[int] | None, Asked_(max_length=100, description=gettext_noop("These; else the first ten by name."))
]
Name = Annotated[
    str, Asked_(pattern="^(24h|7|30|90)?$", description=gettext_noop("Hours or days up to now."))
]
First = Annotated[str, Asked_(max_length=16, description=gettext_noop("Its first day, instead."))]
Last = Annotated[str, Asked_(max_length=16, description=gettext_noop("Its last day."))]
Other = Annotated[
    str,
    Asked_(max_length=10, description=gettext_noop("The first day of one as long to compare with, or none.")),
]
Noisy = Annotated[
    str, Asked_(max_length=8, description=gettext_noop("all: with noise; spam or repeat: that alone."))
]


@router.get("/brands/{slug:brand}/explore", auth=Bearer("threads:read"), response=ExploreShown,
            operation_id="explore", summary=gettext_noop("What is said, by whom, in what tone"))  # fmt: skip
def explore(
    request: ApiRequest, brand: str,
    query: Queries = None, period: Name = "", since: First = "", until: Last = "", against: Other = "",
    tone: Word = "", language: Word = "", network: Word = "",
    noise: Noisy = "",
) -> ExploreShown:  # fmt: skip
    given = QueryDict(mutable=True)
    given.update({
        "period": period, "since": since, "until": until, "against": against, "tone": tone, "language": language,
        "network": network, "noise": noise,
    })  # fmt: skip
    given.setlist("query", [str(pk) for pk in query or ()])
    try:
        asked = Asked.of(request.brand, given, usual=USUAL)
    except BadRequest as wrong:
        raise wrong_at("since", str(wrong)) from None
    return _shown(explored(asked))


def _shown(found: Explored) -> ExploreShown:
    period, now = found.asked.period, found.now
    assert period is not None
    return ExploreShown.model_construct(
        queries=list(found.asked.numbers), since=period.since, until=period.until, mentions=now.n, reach=now.reach,
        before=found.before.n if found.before else None, noise=dict(now.folded),
        series=[PointShown.model_construct(moment=point.moment.isoformat(), mentions=point.n, before=point.before)
                for point in found.series],
        tones=_by(now, "tone"), languages=_by(now, "language"), networks=_by(now, "network"),
        voices=[VoiceShown.model_construct(
            query=each.query, mentions=each.now.n, share=each.share, before=each.before.n if each.before else None,
            reach=each.now.reach, negative_share=each.negative) for each in found.voices],
        read=found.read[0], read_before=found.read[1],
        topics=[TopicShown.model_construct(words=each.words, texts=each.now, before=each.before,
                                           log_likelihood=round(each.score, 2)) for each in found.topics],
        tags=dict(found.tags), sites=dict(found.sites),
        most=[PersonShown.of(each) for each in found.speakers.most],
        heard=[PersonShown.of(each) for each in found.speakers.heard],
    )  # fmt: skip


def _by(tally: Tally, kind: Any) -> dict[str, int]:
    return {str(key): n for key, n in tally.by[kind].most_common()}
