"""Whether words have the credit of what they share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.publishing.crediting import addresses, lacking, plain

LINK = "https://photos.example/ana/oven"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (f"By Ana Belén Ruiz: {LINK}", []),
        (f"par ANA BELEN RUIZ ({LINK}).", []),
        (f"Thanks @Ana@Photos.example, {LINK}", []),
        (f"By Ana: {LINK}", ["author"]),
        (f"By Mariana Belén Ruizdael: {LINK}", ["author"]),
        (f"Thanks @ana@photos.example.org {LINK}", ["author"]),
        (f"Thanks @dana@photos.example {LINK}", ["author"]),
        ("By Ana Belén Ruiz: photos.example/ana/oven", ["link"]),
        (f"By Ana Belén Ruiz: {LINK}-and-more", ["link"]),
        ("By Ana Belén Ruiz: http://www.photos.example/ana/oven/?utm_source=x#top", []),
        ("By Ana Belén Ruiz: https://photos.example/ana/oven?page=2", ["link"]),
        ("Lovely!", ["author", "link"]),
        ("", ["author", "link"]),
    ],
)
def test_the_author_by_any_name_and_the_link_as_it_leads(text: str, missing: list[str]) -> None:
    handles = ["@ana@photos.example", "", "https://photos.example/ana"]
    assert lacking([text], LINK, "Ana Belén Ruiz", handles) == missing


def test_it_may_stand_in_another_part_or_in_the_first_comment() -> None:
    assert lacking(["Look!", f"({LINK})", "by 山田 太郎"], LINK, "山田太郎", []) == []


def test_a_page_of_theirs_names_them_and_the_piece_itself_does_not() -> None:
    page = "https://photos.example/ana"
    assert lacking([f"{LINK} https://photos.example/ana/"], LINK, "Ana", [page]) == []
    assert lacking([LINK], LINK, "Ana", [page]) == ["author"]


def test_who_is_named_in_the_address_alone_is_not_named() -> None:
    there = "https://social.example/@ana/1234"
    assert lacking([there], there, "Ana Ruiz", ["@ana", "@ana@social.example"]) == ["author"]
    assert lacking([f"{there} @ana"], there, "Ana Ruiz", ["@ana"]) == []


def test_a_handle_of_one_word_is_written_as_one() -> None:
    assert lacking([f"A rose {LINK}"], LINK, "R. Martin", ["rose"]) == ["author"]
    assert lacking([f"A flower by @rose {LINK}"], LINK, "R. Martin", ["rose"]) == []
    assert lacking([f"By Ana.bsky.example. {LINK}"], LINK, "R. Martin", ["@ana.bsky.example"]) == []


@given(st.text(), st.text(min_size=1), st.text(max_size=40))
def test_no_text_breaks_it(text: str, author: str, handle: str) -> None:
    assert set(lacking([text], LINK, author, [handle])) <= {"author", "link"}


@given(st.text(alphabet="abc /?#&=.:", max_size=30), st.sampled_from(["", " so", ".", ")", "\n\n"]))
def test_an_address_in_a_text_is_found_again(path: str, after: str) -> None:
    address = f"https://example.org/{path.replace(' ', '')}x"
    assert plain(address) in addresses(f"See {address}{after}")
