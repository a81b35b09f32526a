"""For whom a post is, while it is written: the channels that serve its segments, and what would be missing."""

from __future__ import annotations

from typing import Any

from comptoir.organisation.models import Brand
from comptoir.publishing.covering import Row, Said, covered, lacking, rows_of
from comptoir.publishing.models import Segment
from comptoir.publishing.written import Key, Section, Written


def offered(brand: Brand, written: Written) -> list[tuple[Segment, bool, list[Row]]]:
    """The segments that it may be for, and those that it is for, with who serves them."""
    rows = rows_of(brand)
    if retired := set(written.segments) - {each.segment.pk for each in rows}:
        rows += rows_of(brand, retired)
    found: dict[int, tuple[Segment, bool, list[Row]]] = {}
    for row in rows:
        chosen = row.segment.pk in written.segments
        found.setdefault(row.segment.pk, (row.segment, chosen, []))[2].append(row)
    return list(found.values())


def serve(brand: Brand, written: Written) -> None:
    """Choose the channels that serve its segments, and have a wording for each of their languages."""
    for row in rows_of(brand, written.segments) if written.segments else ():
        for channel in row.channels:
            own = "" if row.otherwise or row.language == written.language else row.language
            written.channels.setdefault(channel.pk, own)
        key = Key(row.language)
        if row.channels and row.language != written.language and not written.section(key):
            written.sections.append(Section(key))


def coverage(brand: Brand, written: Written) -> dict[str, Any]:
    """What it has for each segment, what is missing, and by which word a yes to that is known."""
    said = Said(written.language, list(written.content.variants), written.channels, written.segments)
    cells = covered(brand, said)
    gaps = lacking(cells)
    return {"cells": cells, "gaps": gaps, "gaps_mark": ",".join(each.row.key for each in gaps)}
