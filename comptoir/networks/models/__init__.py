"""The way in and the way out: channels, what came through them, and what leaves."""

from comptoir.networks.models.activity import Activity, Actor, Audience, SetAside
from comptoir.networks.models.channel import Channel, Grant
from comptoir.networks.models.community import Community, CommunityNote
from comptoir.networks.models.correction import Correction
from comptoir.networks.models.defence import Defence
from comptoir.networks.models.delivery import Attachment, Delivery
from comptoir.networks.models.hold import Hold
from comptoir.networks.models.moderation import Moderation
from comptoir.networks.models.objection import Erasure, Objection, PersonKey
from comptoir.networks.models.snapshot import AccountSnapshot, Snapshot

__all__ = [
    "AccountSnapshot",
    "Activity",
    "Actor",
    "Attachment",
    "Audience",
    "Channel",
    "Community",
    "CommunityNote",
    "Correction",
    "Defence",
    "Delivery",
    "Erasure",
    "Grant",
    "Hold",
    "Moderation",
    "Objection",
    "PersonKey",
    "SetAside",
    "Snapshot",
]
