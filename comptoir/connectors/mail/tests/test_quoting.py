"""What is new in a mail is told from what stood in it; nothing is lost between the two."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.mail.quoting import part, part_html, unflowed

ANSWERS = {
    "top": ("Yes.\n\nOn Mon, 3 Jan 2022 at 10:00, Anna <a@x.test> wrote:\n> Shall we?\n>\n> Anna", "Yes."),
    "french": ("Oui.\n\nLe lun. 3 janv. 2022 à 10:00, Anna\n<a@x.test> a écrit :\n> On y va ?", "Oui."),
    "german": ("Ja.\n\nAm 03.01.2022 um 10:00 schrieb Anna:\n> Gehen wir?", "Ja."),
    "unmarked": ("Yes.\n\nOn Mon, 3 Jan 2022, Anna wrote:\n\nShall we?\n\nAnna", "Yes."),
    "outlook": (
        "Yes.\n\n____________________\nFrom: Anna <a@x.test>\nSent: Monday\nTo: B\nSubject: Go\n\nShall we?",
        "Yes.",
    ),
    "outlook french": ("Oui.\n\nDe : Anna\nEnvoyé : lundi\nÀ : B\nObjet : On y va\n\nOn y va ?", "Oui."),
    "original": ("Yes.\n\n-----Original Message-----\nFrom: Anna\n\nShall we?", "Yes."),
    "origine": ("Oui.\n\n-----Message d'origine-----\nDe : Anna\n\nOn y va ?", "Oui."),
    "bottom": ("On Monday, Anna wrote:\n> Shall we?\n\nYes, let us.", "Yes, let us."),
    "signature": ("Yes.\n\n-- \nAnna\nHead of Yes", "Yes."),
    "both": ("Yes.\n-- \nAnna\n\nOn Monday, Ben wrote:\n> Shall we?", "Yes."),
    "telephone": ("Yes.\n\nSent from my iPhone", "Yes."),
    "telephone french": ("Oui.\n\nEnvoyé de mon iPhone\n\nLe lundi, Anna a écrit :\n> On y va ?", "Oui."),
    "bare quote": ("Yes.\n\n> Shall we?\n> Anna", "Yes."),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_new_part(name: str) -> None:
    text, new = ANSWERS[name]
    parted = part(text)
    assert parted.new == new
    assert parted.old


@pytest.mark.parametrize(
    "text",
    [
        "> Shall we?\nYes.\n> At nine?\nAt ten.",
        "I wrote:\nnothing, on Monday.",
        "On the whole she wrote well, he said:\nas ever.\n\nFrom here on it is mine: all of it.",
        "-- \nAnna",
        "> only a quote",
        "---------- Forwarded message ---------\nFrom: Anna\nDate: today\nTo: me\nSubject: Look\n\nLook at this.",
        "5 > 3\nand that is all",
        "",
    ],
)
def test_what_is_not_told_apart_stays_whole(text: str) -> None:
    assert part(text).new == text.strip("\n")
    assert part(text).old == ""


def test_a_forwarded_message_is_what_somebody_wants_read() -> None:
    text = "See below.\n\nFrom: Anna\nSent: Monday\nTo: B\nSubject: Go\n\nShall we?"
    assert part(text, forwarded=True).new == text


LINES = st.lists(
    st.sampled_from(
        ["", "words", "> quoted", ">> twice", "-- ", "On Monday, Anna wrote:", "From: Anna", "Sent: now", "To: B",
         "____________________________", "-----Original Message-----", "Sent from my iPhone", "Le 3, A a écrit :"]
    ),
    max_size=25,
)  # fmt: skip


@given(LINES)
def test_no_line_is_lost(lines: list[str]) -> None:
    parted = part("\n".join(lines))
    kept = sorted(line.rstrip() for line in f"{parted.new}\n{parted.old}".split("\n") if line.strip())
    assert kept == sorted(line.rstrip() for line in lines if line.strip())


@given(st.text(max_size=3_000))
def test_any_text_can_be_parted(text: str) -> None:
    parted = part(text)
    assert re.sub(r"\s", "", parted.new + parted.old) != "" or not text.strip()


@given(st.text(alphabet="><divblockquote class=\"gmail_quote' type=cite ", max_size=500))
def test_any_html_can_be_parted(html: str) -> None:
    assert "".join(part_html(html)) == html


def test_flowing_text_is_joined() -> None:
    assert (
        unflowed("One \nparagraph.\n\n> quoted \n> on\n-- \nAnna")
        == "One paragraph.\n\n> quoted on\n-- \nAnna"
    )
    assert unflowed("Donau \ndampf", delsp=True) == "Donaudampf"
