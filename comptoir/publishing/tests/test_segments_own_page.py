"""Where no channel serves a segment in a language, the brand's own page does, for its countries."""

from __future__ import annotations

import pytest

from comptoir.publishing.covering import MISSING, SAID, Said, covered, rows_of
from comptoir.publishing.models import Content, Segment, SegmentGiven, Variant
from comptoir.publishing.tests.building import House
from comptoir.publishing.tests.own_pages import entries, opened_house, page_of, published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def ours(transactional_db: None) -> House:
    return opened_house()


def test_the_page_serves_in_its_languages_and_its_entry_is_for_the_countries(ours: House) -> None:
    given = SegmentGiven("Belgium", ("BE", "LU"), ("fr", "en", "nl"))
    segment, page = Segment.make(ours.brand, ours.people["manager"], given), page_of(ours)
    assert [(row.language, row.channels, row.otherwise) for row in rows_of(ours.brand)] == [
        ("fr", (page.channel,), True), ("en", (page.channel,), True), ("nl", (), False),
    ]  # fmt: skip
    words = [Variant(parts=["Bonjour !"]), Variant(language="en", parts=["Hello!"])]
    for variants, english in ((words[:1], MISSING), (words, SAID)):
        said = Said("fr", variants, {page.channel_id: ""}, {segment.pk})
        assert [each.state for each in covered(ours.brand, said)] == [SAID, english, "nobody"]
    published(ours, Content("fr", words, [(page.channel_id, "")], (), [segment.pk]))
    (entry,) = entries(ours)
    assert (entry.languages, entry.countries) == (["en", "fr"], ["BE", "LU"])
