"""Variables: what may be kept, what fills them, what never leaves."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.inbox.models.variables import KNOWN, Unclosed, UnknownVariable, check, fill, renamed, unfilled

PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}\x00"), max_size=20)
BRACES = st.text(st.sampled_from("{} .mea"), max_size=12)
PLACES = st.sampled_from(KNOWN).flatmap(
    lambda name: st.sampled_from([f"{{{{{name}}}}}", f"{{{{ {name} }}}}", f"{{{{{name.upper()}}}}}"])
)
TEXTS = st.lists(PLAIN | BRACES | PLACES, max_size=8).map("".join)
SOUND = st.lists(PLAIN | PLACES, max_size=8).map("".join)
VALUES = st.dictionaries(st.sampled_from(KNOWN), PLAIN | BRACES | PLACES)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bonjour {{person}}, merci !", "Bonjour, merci !"),
        ("{{person}}, thank you", "thank you"),
        ("Merci {{ Person }} !", "Merci !"),
        ("Thank you {{person}}!", "Thank you!"),
        ("Yours,\n– {{me}}\nat the counter", "Yours,\nat the counter"),
        ("Dear {{person}} {{handle}}:", "Dear:"),
        ("two  blanks {{me}} stay", "two  blanks stay"),
        ("Bonjour {{person}}\n\nMerci", "Bonjour\n\nMerci"),
        ("– {{me}}", ""),
    ],
)
def test_what_nothing_fills_is_left_out_as_one_would_write_it(text: str, left: str) -> None:
    check(text)
    assert fill(text, {}) == left


def test_they_are_filled() -> None:
    values = {"person": "Ana", "me.first_name": "Noor", "handle": " {{me}}\n"}
    assert fill("{{person}} {{handle}}: {{me.first_name}}", values) == "Ana me: Noor"
    assert fill("{{person}} and {{nobody}}", values) == "Ana and {{nobody}}"


@pytest.mark.parametrize("text", ["{{nome}}", "Hi {{ first name }}", "{{}}", "{{me.last_name}}"])
def test_an_unknown_one_is_named(text: str) -> None:
    with pytest.raises(UnknownVariable) as caught:
        check(text)
    assert caught.value.name == re.sub(r".*\{\{|\}\}.*", "", text).strip()


@pytest.mark.parametrize("text", ["{{me}", "{{", "{{me}} }}", "{{{person}}{me}}"])
def test_braces_that_do_not_close_are_told(text: str) -> None:
    with pytest.raises((Unclosed, UnknownVariable)):
        check(text)


def test_fields_of_the_brands_own_are_filled_as_others() -> None:
    text = "About order {{ Field.N°  de Commande }}, {{field.motif}}: {{field.Motif}}!"
    check(text, {"n° de commande", "motif"})
    assert fill(text, {"field.n° de commande": "A-1", "field.motif": "{{me}}"}) == "About order A-1, me: me!"
    assert fill("Your order {{field.n° de commande}}, again", {}) == "Your order, again"
    for name in ("field.", "field.other", "field"):
        with pytest.raises(UnknownVariable):
            check(f"{{{{{name}}}}}", {"motif"})
    assert unfilled("Order {{field.gone}}") == "field.gone"
    assert (
        renamed("{{ field.MOTIF }} {{field.motifs}}", "motif", "Cause") == "{{field.Cause}} {{field.motifs}}"
    )


def test_those_that_still_stand_are_found() -> None:
    assert unfilled("Hello {{ Person }}") == "person"
    assert unfilled("In Jinja you write {{ foo }}") == ""


@given(text=TEXTS, values=VALUES)
def test_what_was_kept_and_filled_has_none_left(text: str, values: dict[str, str]) -> None:
    try:
        check(text)
    except (UnknownVariable, Unclosed):
        return
    filled = fill(text, values)
    assert unfilled(filled) == ""
    assert "\x00" not in filled


@given(text=SOUND, values=VALUES)
def test_filling_twice_is_filling_once(text: str, values: dict[str, str]) -> None:
    filled = fill(text, values)
    assert fill(filled, values) == filled


@given(parts=st.lists(PLAIN, min_size=1, max_size=6), name=st.sampled_from(KNOWN))
def test_what_stands_around_is_untouched(parts: list[str], name: str) -> None:
    assert fill(f"{{{{{name}}}}}".join(parts), {name: "X"}) == "X".join(parts)


@given(text=PLAIN)
def test_a_text_without_any_stays_as_it_is(text: str) -> None:
    check(text)
    assert fill(text, {}) == text


@given(name=PLAIN.filter(lambda name: name.strip().casefold() not in KNOWN))
def test_no_other_name_passes(name: str) -> None:
    with pytest.raises(UnknownVariable):
        check(f"Hello {{{{{name}}}}}!")
