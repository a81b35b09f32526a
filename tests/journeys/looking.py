"""Pages looked at, at each width: a picture kept, nothing serious for axe-core, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import ARTEFACTS

WIDTHS = (360, 800, 1440)
THEMES: Sequence[Literal["light", "dark"]] = ("light", "dark")
_axe = Axe()
_USUAL = {"resultTypes": ["violations"]}
_COLOURS = _USUAL | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def look(page: Page, name: str, widths: Sequence[int] = WIDTHS, language: str = "") -> dict[str, Any]:
    """What is wrong with a page as it stands, in both themes; with a language, in the one that it has.

    Its pictures are called `name-width-theme` or `name-width-language`. In the second theme the page is the same
    but for its colours, so these alone are looked at again.
    """
    wrong: dict[str, Any] = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 760 if width == 360 else 900})
        for theme in THEMES[: 1 if language else None]:
            if not language:
                page.emulate_media(color_scheme=theme)
            # Hiding the caret would need a style in the page, which it forbids.
            page.screenshot(path=ARTEFACTS / f"{name}-{width}-{language or theme}.png", caret="initial")
            if found := serious(page, _USUAL if theme == THEMES[0] else _COLOURS):
                wrong[f"{name} at {width}, {theme}"] = found
        if (over := wide(page)) > 0:
            wrong[f"{name} at {width} is wider than the screen by"] = over
    return wrong


def serious(page: Page, options: dict[str, Any] = _USUAL) -> list[str]:
    """What axe-core calls serious or critical, with where it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe.axe_script)
    found = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def wide(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
