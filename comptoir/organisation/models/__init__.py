"""Who works here, for which brand, and what they may do."""

from comptoir.organisation.models.alarm import Alarm, AlarmCall
from comptoir.organisation.models.api_token import ApiToken, TooManyTokens
from comptoir.organisation.models.audit import AuditEntry
from comptoir.organisation.models.brand import Brand, LastOwner, Membership, Role, SlugTaken
from comptoir.organisation.models.departure import Departure
from comptoir.organisation.models.dispatch import Dispatch, Reach
from comptoir.organisation.models.duty import Place, Shift, TooManyShifts, on_duty
from comptoir.organisation.models.hours import DayOff, Hours, calendar_of
from comptoir.organisation.models.invitation import (
    AlreadyMember,
    BeyondRole,
    Invitation,
    InvitationLink,
    Spent,
)
from comptoir.organisation.models.joining import AddressProof, CompanyDomain, JoinRequest
from comptoir.organisation.models.keeping import NameTaken, Removed, keep, take_hold
from comptoir.organisation.models.notice import Draft, Notice
from comptoir.organisation.models.pace import Pace
from comptoir.organisation.models.retention import InformationPage, PurgeRun, Retention
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet, Unscoped
from comptoir.organisation.models.second_step import SecondStepRule
from comptoir.organisation.models.session import Session
from comptoir.organisation.models.signin import SignInLink
from comptoir.organisation.models.taste import Device, Taste
from comptoir.organisation.models.team import Team, TeamMember
from comptoir.organisation.models.tries import Tries
from comptoir.organisation.models.user import User
from comptoir.organisation.models.webhook import TooManyWebhooks, Webhook, WebhookAttempt, WebhookCall

__all__ = [
    "AddressProof",
    "Alarm",
    "AlarmCall",
    "AlreadyMember",
    "ApiToken",
    "AuditEntry",
    "BeyondRole",
    "Brand",
    "BrandManager",
    "BrandQuerySet",
    "CompanyDomain",
    "DayOff",
    "Departure",
    "Device",
    "Dispatch",
    "Draft",
    "Hours",
    "InformationPage",
    "Invitation",
    "InvitationLink",
    "JoinRequest",
    "LastOwner",
    "Membership",
    "NameTaken",
    "Notice",
    "Pace",
    "Place",
    "PurgeRun",
    "Reach",
    "Removed",
    "Retention",
    "Role",
    "SecondStepRule",
    "Session",
    "Shift",
    "SignInLink",
    "SlugTaken",
    "Spent",
    "Taste",
    "Team",
    "TeamMember",
    "TooManyShifts",
    "TooManyTokens",
    "TooManyWebhooks",
    "Tries",
    "Unscoped",
    "User",
    "Webhook",
    "WebhookAttempt",
    "WebhookCall",
    "calendar_of",
    "keep",
    "on_duty",
    "take_hold",
]
