"""What an answer is signed with, as the reply box shows it."""

from __future__ import annotations

from dataclasses import dataclass

from comptoir.inbox.models.signing import signature
from comptoir.networks.connector import Replies
from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest


@dataclass(frozen=True, slots=True)
class Signed:
    """`after` is what the asker's answer gets behind it, `words` the same without blanks around. `may`: they are one
    of those who take names off and put them on."""

    after: str
    words: str
    shielded: bool
    may: bool


def signed_by(request: BrandRequest, channel: Channel) -> Signed | None:
    """What the asker's answers on a channel are signed with; None where nothing can be answered."""
    if not channel.can(Replies):
        return None
    shielded = request.brand.shielded_at is not None
    made = signature(channel, request.user, shielded)
    return Signed(made.text, made.words, shielded, request.membership.may("manager"))
