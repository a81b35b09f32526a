"""Making posts of the rows of a file, in the background, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F

from comptoir.kernel.live import nudge
from comptoir.publishing.importing import Checked, Row, check
from comptoir.publishing.importing_columns import Known
from comptoir.publishing.models import ImportedPost, NotNow, Post, PostImport

if TYPE_CHECKING:
    from comptoir.organisation.models import User

NUDGED = 20
"""Posts after which whoever looks is told."""


def checked(imported: PostImport) -> Checked:
    """What its rows would become, as the brand is now."""
    return check(Known(imported.brand), imported.tables, lambda some: PostImport.twins(imported.brand, some))


def run(imported: PostImport) -> None:
    """Make what is left of it. Whoever is interrupted goes on where they were: what is a post already is left out."""
    if imported.state != PostImport.State.RUNNING or imported.by is None:
        return
    found = checked(imported)
    mine = imported.posts.count()
    if imported.every and not mine and (found.bad or found.heads):
        imported.stop([{"sheet": "", "line": 0, "code": "changed"}])
    else:
        rows = PostImport.objects.of(imported.brand_id).filter(pk=imported.pk)
        imported.faults = []
        rows.update(done=mine, faults=[])
        for number, row in enumerate(found.good, 1):
            if code := _make(imported, row, imported.by):
                imported.faults = [*imported.faults, {"sheet": row.sheet, "line": row.line, "code": code}]
                rows.update(faults=imported.faults)
            else:
                rows.update(done=F("done") + 1)
            if number % NUDGED == 0:
                nudge(imported.brand_id, what="posts")
        imported.finish()
    nudge(imported.brand_id, what="posts")


def _make(imported: PostImport, row: Row, by: User) -> str:
    """Make a post of a row, with all that belongs to it or not at all; why not, "" where it was made."""
    try:
        with transaction.atomic():
            made = Post.make(imported.brand, by, row.content, row.title)
            values: dict[str, Any] = {"sheet": row.sheet, "line": row.line, "digest": row.digest}
            ImportedPost.objects.create(brand=imported.brand, imported=imported, post=made, **values)
            if row.campaign or row.reason:
                made.belong(by, row.campaign, row.reason)
            if row.day and row.hour is not None:
                made.plan(by, row.day, row.hour, row.zone)
                if imported.schedule:
                    made.schedule(by)
    except NotNow as why:
        return why.code
    except IntegrityError:
        return "twin"
    return ""
