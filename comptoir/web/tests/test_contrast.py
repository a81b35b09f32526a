"""The colours: every pair of ink and surface that pages use is readable in both themes (WCAG 2.2: 1.4.3, 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parent.parent / "static" / "web" / "tokens.css").read_text()
_PAIR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {name: pair for name, *pair in _PAIR.findall(TOKENS)}

SURFACES = ("wall", "sunken", "sheet", "raised", "hover", "accent-soft")
TEXT = [
    *((ink, on) for ink in ("ink", "ink-2") for on in (*SURFACES, "note", "bad-soft", "warn-soft")),
    *(("ink-3", on) for on in ("sunken", "sheet", "raised", "hover", "wall")),
    *(("accent", on) for on in ("sunken", "sheet", "raised", "wall")),
    *(("accent-deep", on) for on in ("sunken", "sheet", "accent-soft")),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("rail-ink", "rail"),
    ("rail-ink", "rail-here"),
    ("rail-ink-2", "rail"),
    ("note-ink", "note"),
    ("note-ink", "sunken"),
    *(("bad", on) for on in ("sheet", "sunken", "bad-soft")),
    *(
        (f"q-{kind}", on)
        for kind in ("operator", "field", "phrase", "mark")
        for on in ("wall", "sunken", "sheet", "raised", "accent-soft", "bad-soft")
    ),
    *(("warn", on) for on in ("sheet", "sunken", "warn-soft")),
]
SIGNS = [("edge", on) for on in ("sheet", "sunken", "raised", "wall")] + [("focus", on) for on in SURFACES]


def lightness(colour: str) -> float:
    """Relative luminance, 0 to 1."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((lightness(one), lightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "on"), TEXT)
def test_text_is_readable(ink: str, on: str, theme: int) -> None:
    assert contrast(COLOURS[ink][theme], COLOURS[on][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("sign", "on"), SIGNS)
def test_edges_and_focus_are_seen(sign: str, on: str, theme: int) -> None:
    assert contrast(COLOURS[sign][theme], COLOURS[on][theme]) >= 3
