"""What a brand is going to say, and what became of it."""

from comptoir.publishing.models.approval import Approval, ApprovalStep, Remark
from comptoir.publishing.models.asset import Asset, AssetGiven
from comptoir.publishing.models.calendar_feed import CalendarFeed
from comptoir.publishing.models.campaign import Campaign
from comptoir.publishing.models.content import Content, Edited, NotNow
from comptoir.publishing.models.day_note import DayNote
from comptoir.publishing.models.destination import Destination, Step
from comptoir.publishing.models.evergreen import Evergreen, Repetition
from comptoir.publishing.models.found_piece import FoundPiece, Piece, PieceInUse, PieceKnown, Sharing
from comptoir.publishing.models.illustration import Illustration
from comptoir.publishing.models.link_rule import LinkRule
from comptoir.publishing.models.mentionee import Mentionee, TooMany
from comptoir.publishing.models.own_page import OwnPage, PageGiven
from comptoir.publishing.models.page_entry import PageEntry, PagePicture, PageText
from comptoir.publishing.models.permission import Permission
from comptoir.publishing.models.post import Post
from comptoir.publishing.models.post_import import ImportedPost, PostImport
from comptoir.publishing.models.public_holidays import PublicHolidays
from comptoir.publishing.models.segment import PostSegment, Segment, SegmentGiven, Serving
from comptoir.publishing.models.short_link import ClickCount, Shortening, ShortLink
from comptoir.publishing.models.slot import Slot
from comptoir.publishing.models.timetable import Timetable
from comptoir.publishing.models.unkept import Unkept
from comptoir.publishing.models.variant import Variant, Wording
from comptoir.publishing.models.video import Video, VideoPiece

__all__ = [
    "Approval",
    "ApprovalStep",
    "Asset",
    "AssetGiven",
    "CalendarFeed",
    "Campaign",
    "ClickCount",
    "Content",
    "DayNote",
    "Destination",
    "Edited",
    "Evergreen",
    "FoundPiece",
    "Illustration",
    "ImportedPost",
    "LinkRule",
    "Mentionee",
    "NotNow",
    "OwnPage",
    "PageEntry",
    "PageGiven",
    "PagePicture",
    "PageText",
    "Permission",
    "Piece",
    "PieceInUse",
    "PieceKnown",
    "Post",
    "PostImport",
    "PostSegment",
    "PublicHolidays",
    "Remark",
    "Repetition",
    "Segment",
    "SegmentGiven",
    "Serving",
    "Sharing",
    "ShortLink",
    "Shortening",
    "Slot",
    "Step",
    "Timetable",
    "TooMany",
    "Unkept",
    "Variant",
    "Video",
    "VideoPiece",
    "Wording",
]
