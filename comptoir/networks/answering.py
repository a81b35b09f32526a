"""Who of a brand could answer on a network."""

from comptoir.networks.connector import Replies
from comptoir.networks.models import Channel


def answering(brand_id: int, network: str) -> list[Channel]:
    """The accounts of a brand that could answer on a network."""
    rows = Channel.objects.of(brand_id).filter(network=network, state=Channel.State.ACTIVE).order_by("pk")
    return [channel for channel in rows if channel.can(Replies)]
