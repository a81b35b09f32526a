"""Who works here, for which brand, and what they may do."""

from comptoir.organisation.models.audit import AuditEntry
from comptoir.organisation.models.brand import Brand, LastOwner, Membership, Role
from comptoir.organisation.models.notice import Notice
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet, Unscoped
from comptoir.organisation.models.signin import SignInLink
from comptoir.organisation.models.user import User

__all__ = [
    "AuditEntry",
    "Brand",
    "BrandManager",
    "BrandQuerySet",
    "LastOwner",
    "Membership",
    "Notice",
    "Role",
    "SignInLink",
    "Unscoped",
    "User",
]
