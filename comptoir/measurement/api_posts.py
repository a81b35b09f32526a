"""For programs: what came of what the brand said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.core.exceptions import BadRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import BaseModel, Field

from comptoir.measurement.api import ChannelAsked, Days, Since, Until
from comptoir.measurement.asked import USUAL, Asked
from comptoir.measurement.posts import Outcome, Said, posts_of
from comptoir.networks.models import Channel
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.publishing.models import Campaign

router = Router(tags=["figures"])
_NUMBER_MOST = 2**63 - 1
CampaignAsked = Annotated[
    int | None, Query(ge=1, le=_NUMBER_MOST, description=gettext_noop("Only those of this campaign."))
]
PostAsked = Annotated[
    int | None, Query(ge=1, le=_NUMBER_MOST, description=gettext_noop("Only this post, on all its channels."))
]


class OutcomeShown(BaseModel):
    """Several posts together."""

    key: int | date | None = Field(description=gettext_noop("The day, or the number of the row."))
    label: str
    posts: int
    interactions: int | None = Field(
        description=gettext_noop("Likes, reposts, replies and quotes; null when the network tells none.")
    )
    views: int | None
    rated: int = Field(description=gettext_noop("Of how many posts the rates are: older than 24 hours."))
    engagement_rate_median: float | None
    engagement_rate_mean: float | None

    @classmethod
    def of(cls, found: Outcome) -> OutcomeShown:
        return cls.model_construct(
            key=found.key, label=found.label, posts=found.posts, interactions=found.interactions,
            views=found.views, rated=found.rated, engagement_rate_median=found.median,
            engagement_rate_mean=found.mean,
        )  # fmt: skip


class SaidShown(BaseModel):
    """A post on one channel, with its public counts as they were told last; null where the network does not say."""

    message: int
    channel: int
    published: datetime
    text: str = Field(description=gettext_noop("How it begins: 200 characters at most."))
    url: str
    post: int | None = Field(
        description=gettext_noop("The post that left here; null when it was said elsewhere.")
    )
    campaign: int | None
    likes: int | None
    reposts: int | None
    replies: int | None
    quotes: int | None
    views: int | None
    interactions: int | None
    clicks: int | None = Field(
        description=gettext_noop("Of people on its short links; null where it has none.")
    )
    counted: datetime | None
    followers: int | None = Field(description=gettext_noop("Of the channel, on the day of publication."))
    engagement_rate: float | None = Field(
        description=gettext_noop("interactions / followers; null when one of them is not known.")
    )

    @classmethod
    def of(cls, each: Said) -> SaidShown:
        counts = each.counts
        return cls.model_construct(
            message=each.activity, channel=each.channel, published=each.at, text=each.text, url=each.url,
            post=each.post, campaign=each.campaign, likes=counts.likes, reposts=counts.reposts,
            replies=counts.replies, quotes=counts.quotes, views=counts.views, interactions=counts.interactions,
            clicks=each.clicks, counted=counts.at, followers=each.followers, engagement_rate=each.rate,
        )  # fmt: skip


class PostFiguresShown(BaseModel):
    """What the brand said in a period, and what came of it."""

    since: date
    until: date
    zone: str = Field(description=gettext_noop("The brand's clock, by which days and hours are."))
    channel: int | None
    total: OutcomeShown
    before: OutcomeShown = Field(description=gettext_noop("As many days before."))
    by: dict[str, list[OutcomeShown]] = Field(description=gettext_noop("By day, channel, campaign."))
    posts: list[SaidShown] = Field(description=gettext_noop("Newest first, 1,000 at the most."))


_SHOWN = 1_000


@router.get(
    "/brands/{slug:brand}/figures/posts", auth=Bearer("figures:read"), response=PostFiguresShown,
    operation_id="figures-of-posts", summary=gettext_noop("Figures of posts"),
)  # fmt: skip
def figures_of_posts(
    request: ApiRequest,
    brand: str,
    days: Days = USUAL,
    since: Since = None,
    until: Until = None,
    channel: ChannelAsked = None,
    campaign: CampaignAsked = None,
    post: PostAsked = None,
) -> PostFiguresShown:
    given = {"days": days, "since": since, "until": until, "channel": channel}
    try:
        asked = Asked.of(request.brand, given)
    except BadRequest as wrong:
        raise Problem("invalid", errors=[{"at": "query", "detail": str(wrong)}]) from None
    channels = {each.pk: str(each) for each in Channel.objects.of(request.brand)}
    campaigns = dict(Campaign.objects.of(request.brand).values_list("pk", "name"))
    found = posts_of(asked, channels, campaigns, campaign, post)
    return PostFiguresShown.model_construct(
        since=asked.since, until=asked.until, zone=str(asked.zone),
        channel=asked.channel.pk if asked.channel else None, total=OutcomeShown.of(found.total),
        before=OutcomeShown.of(found.before),
        by={name: [OutcomeShown.of(line) for line in lines] for name, lines in found.by.items()},
        posts=[SaidShown.of(each) for each in found.said[:_SHOWN]],
    )  # fmt: skip
