"""Charts as SVG inside the page: drawn by leather, dressed for our pages and for print.

Leather draws plain shapes with attributes, no style element, no script, nothing from elsewhere: they pass the content
security policy as they are, and a PDF shows them as they are. `charts.css` has the colours follow the theme: it matches
the attribute, which print keeps. The library is read when somebody looks at figures, for 5 MB that others do without.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.safestring import SafeString, mark_safe

HEIGHT, ROW = 190, 26
"""In units of the drawing, of which a phone shows about one a pixel."""
MARGIN = 0.045
"""Around a drawing, as a part of its width."""
MAIN, OTHER = "#0b5a48", "#7d4e00"
INK, LINE, AXIS = "#5b6963", "#dde3e0", "#7d8a84"
PARTS = {1: 5, 1.2: 4, 1.6: 4, 2: 4, 2.4: 4, 3: 3, 4: 4, 5: 5, 6: 3, 8: 4, 10: 5}
"""Round numbers that a scale ends at, each with the number of parts that are round as well."""
_LONG = re.compile(r"-?\d+\.\d+(E[-+]\d+)?|-?\dE[-+]\d+")
_LABEL_MOST = 15


class Size(NamedTuple):
    """How wide a drawing is, and how many labels it has room for below."""

    name: str
    width: int
    ticks: int


NARROW, WIDE = Size("", 380, 6), Size("wide", 760, 10)


class Curve(NamedTuple):
    """A row of values, None where there is none; `colour` is MAIN or OTHER."""

    name: str
    values: Sequence[float | None]
    colour: str = MAIN
    dashed: bool = False


class Mark(NamedTuple):
    """Something that happened at a place among the labels: an upright line with its name in the legend."""

    name: str
    place: int


def columns(
    key: str, title: str, about: str, labels: Sequence[str], values: Sequence[float], wide: bool = False
) -> SafeString:
    """One column for each label. `key` names the drawing on its page, `about` says in a sentence what it shows. One
    that is `wide` fills the width of a page, and is drawn a second time for where there is less."""
    chart = _leather().Chart()
    names = [f"{n}" for n in range(len(labels))]
    chart.add_columns(list(zip(names, values, strict=True)), fill_color=MAIN)
    steps = _steps(values)
    chart.set_y_scale(_even(steps[-1]))
    chart.add_y_axis(ticks=steps, tick_formatter=_number)

    def drawn(size: Size) -> SafeString:
        chart.add_x_axis(
            ticks=[names[n] for n in _some(len(labels), size.ticks)],
            tick_formatter=lambda name, _n, _many: labels[int(name)],
        )
        return _svg(chart, size, HEIGHT, key, title, about)

    return _each(drawn, wide)


def curves(
    key: str,
    title: str,
    about: str,
    labels: Sequence[str],
    lines: Sequence[Curve],
    wide: bool = False,
    marks: Sequence[Mark] = (),
    places: Sequence[float] = (),
) -> SafeString:
    """Lines over the labels, broken where there is no value; a value alone is a dot. "" where there is none at all.
    `wide` as of columns; `marks` stand upright over all of it. `places`, from 0 on, are where values stand between
    labels that are one apart; without them each has the place of its label."""
    if all(value is None for line in lines for value in line.values):
        return SafeString("")
    chart = _leather().Chart()
    for line in lines:
        points = list(zip(places or range(len(labels)), line.values, strict=True))
        chart.add_line(
            points,
            name=line.name,
            stroke_color=line.colour,
            width=2,
            stroke_dasharray="4 3" if line.dashed else None,
        )
        alone = [each for n, each in enumerate(points) if each[1] is not None and _alone(line.values, n)]
        if alone:
            chart.add_series(_leather().Series(alone), _Dots(line.colour))
    chart.set_x_scale(_even(max(1, len(labels) - 1, *places)))
    steps = _steps([value for line in lines for value in line.values])
    for mark in marks:
        ends = [(mark.place, 0), (mark.place, steps[-1])]
        chart.add_line(ends, name=mark.name, stroke_color=INK, width=1.5, stroke_dasharray="2 3")
    chart.set_y_scale(_even(steps[-1]))
    chart.add_y_axis(ticks=steps, tick_formatter=_number)

    def drawn(size: Size) -> SafeString:
        ticks = _some(len(labels), size.ticks)
        chart.add_x_axis(ticks=ticks, tick_formatter=lambda n, _n, _many: labels[int(n)])
        return _svg(chart, size, HEIGHT, key, title, about)

    return _each(drawn, wide)


def bars(
    key: str, title: str, about: str, labels: Sequence[str], values: Sequence[float], wide: bool = False
) -> SafeString:
    """One bar for each label, the first on top; labels are shortened, the table beside has them whole. `wide` as of
    columns."""
    chart = _leather().Chart()
    names = [f"{n}" for n in range(len(labels))]
    chart.add_bars(list(zip(values, names, strict=True)), fill_color=MAIN)
    steps = _steps(values)
    chart.set_x_scale(_even(steps[-1]))
    chart.add_y_axis(tick_formatter=lambda name, _n, _many: _short(labels[int(name)]))
    chart.add_x_axis(ticks=steps, tick_formatter=_number)
    return _each(lambda size: _svg(chart, size, 46 + ROW * len(labels), key, title, about), wide)


def _each(drawn: Callable[[Size], SafeString], wide: bool) -> SafeString:
    sizes = (NARROW, WIDE) if wide else (NARROW,)
    return mark_safe("".join(drawn(size) for size in sizes))  # noqa: S308 - each is safe


@lru_cache(maxsize=1)
def _leather() -> Any:
    import leather
    from leather import theme

    theme.background_color, theme.margin = "none", MARGIN
    theme.tick_color, theme.zero_color, theme.label_color, theme.legend_color = LINE, AXIS, INK, INK
    theme.tick_font_size = theme.legend_font_size = 12
    theme.tick_font_char_width = theme.legend_font_char_width = 7
    theme.tick_font_char_height = theme.legend_font_char_height = 13
    theme.tick_size = 3
    return leather


@lru_cache(maxsize=1)
def _scale() -> Any:
    """From 0 to a number, evenly. The library’s own looks for round numbers first, which takes longer than
    the drawing."""

    class Even(_leather().Linear):  # type: ignore[misc]
        def __init__(self, last: float) -> None:
            self.last = last

        def contains(self, value: Any) -> bool:
            return bool(0 <= value <= self.last)

        def project(self, value: Any, low: float, high: float) -> float:
            return float(low) + (float(high) - float(low)) * float(value) / self.last

        def ticks(self) -> list[float]:
            return [0, self.last]

    return Even


def _even(last: float) -> Any:
    return _scale()(last)


def _Dots(colour: str) -> Any:  # noqa: N802 - a shape
    """Dots that the legend does not name a second time."""
    shape = _leather().Dots(colour, radius=2)
    shape.legend_to_svg = lambda series, palette: []
    return shape


def _alone(values: Sequence[float | None], place: int) -> bool:
    """Whether neither neighbour has a value: a line through one point is not seen."""
    around = [values[n] for n in (place - 1, place + 1) if 0 <= n < len(values)]
    return all(value is None for value in around)


def _some(many: int, most: int) -> list[int]:
    """A few places among many, evenly, from the first on."""
    step = max(1, -(-many // most))
    return list(range(0, many, step))


def _steps(values: Sequence[float | None]) -> list[float]:
    """Round numbers from 0 to one above all values, where all are whole only whole ones; the library looks long for
    such."""
    known = [value for value in values if value is not None]
    most = max(known, default=0) or 1
    scale = 1.0
    while scale * 10 < most:
        scale *= 10
    while scale >= most * 10:
        scale /= 10
    last = next(each for each in PARTS if scale * each >= most)
    steps = [scale * last * part / PARTS[last] for part in range(PARTS[last] + 1)]
    whole = all(float(value).is_integer() for value in known)
    return [0.0, *(step for step in steps[1:-1] if not whole or step.is_integer()), steps[-1]]


def _number(value: Any, _place: int, _many: int) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_MOST else f"{label[: _LABEL_MOST - 1]}…"


def _svg(chart: Any, size: Size, height: int, key: str, title: str, about: str) -> SafeString:
    """The drawing with a name and a description, coordinates to a tenth, without the library's own faces."""
    key = f"{key}-{size.name}" if size.name else key
    spare = MARGIN * (size.width - NARROW.width)
    shown = f"{spare:g} {spare:g} {size.width - 2 * spare:g} {height}"
    root = ET.Element("svg", {
        "class": f"chart {size.name}".strip(), "viewBox": shown, "role": "img",
        "aria-labelledby": f"{key}-title {key}-about",
    })  # fmt: skip
    for name, words in (("title", title), ("desc", about)):
        ET.SubElement(root, name, {"id": f"{key}-{'title' if name == 'title' else 'about'}"}).text = words
    root.append(chart.to_svg_group(size.width, height + 2 * spare))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("fill") == "none" and child.tag == "rect":
                parent.remove(child)
        parent.attrib.pop("font-family", None)
        for name in parent.attrib.keys() - {"fill", "stroke", "id"}:
            parent.set(name, _LONG.sub(_rounded, parent.attrib[name]))
    return mark_safe(ET.tostring(root, encoding="unicode"))  # noqa: S308 - texts are escaped by ElementTree


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0")
