"""What programs say of a message, and what was said, in the rooms that show messages."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_noop
from pydantic import BaseModel, ConfigDict, Field

from comptoir.networks.models import Correction


class CorrectionGiven(BaseModel):
    """What is true of a message."""

    model_config = ConfigDict(extra="forbid")
    what: Literal["tone", "language", "spam"]
    value: str = Field(
        min_length=2, max_length=16,
        description=gettext_noop("positive, neutral or negative; a code of two or three letters; spam or ham."),
    )  # fmt: skip


class CorrectionShown(BaseModel):
    """What somebody said of a message. Further texts of the brand are read with it."""

    id: int
    what: Literal["tone", "language", "spam"]
    value: str
    was: str = Field(description=gettext_noop("What had been read."))
    by: int | None
    at: datetime

    @classmethod
    def of(cls, row: Correction) -> CorrectionShown:
        return cls.model_construct(
            id=row.pk, what=row.what, value=row.value, was=row.was, by=row.by_id, at=row.at
        )
