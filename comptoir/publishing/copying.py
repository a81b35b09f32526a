"""Posts that say what another one says."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from comptoir.organisation.models import User
from comptoir.publishing.models import Content, Post, Sharing, Variant


def copied(post: Post, by: User, to: Sequence[tuple[int, str]] | None = None) -> Post:
    """A new draft with what a post says, for whom, with what it shares and what it is for; for the same channels, or
    for these, each with its language. It has no time. A campaign that is closed by now is left out."""
    words = [
        Variant(
            language=each.language, network=each.network, channel_id=each.channel_id, parts=each.parts,
            comment=each.comment, warning=each.warning,
        )
        for each in post.variants.all()
    ]  # fmt: skip
    shown = [(each.asset_id, each.alt) for each in post.illustrations.all()]
    aims = [each.segment_id for each in post.aims.all()]
    pieces = [each.pk for each in Sharing.of_post(post)]
    channels = [(each.channel_id, each.language) for each in post.destinations.all()] if to is None else to
    with transaction.atomic():
        content = Content(post.language, words, channels, shown, aims, pieces)
        made = Post.make(post.brand, by, content, post.title)
        campaign = post.campaign if post.campaign is not None and not post.campaign.closed else None
        if campaign is not None or post.reason:
            made.belong(by, campaign, post.reason)
    return made
