"""Drawn parts of pages do not keep names for ever."""

from __future__ import annotations

from django.template import Context, Template

from comptoir.kernel import drawings


def test_they_go_when_somebody_is_erased_and_once_an_hour() -> None:
    kept = {"name": "Anna"}
    drawings.cleared_by(kept.clear)
    drawings.age_out()
    assert kept
    drawings.let_go()
    assert not kept
    kept["name"] = "Anna"
    drawings._since -= drawings.HOUR + 1
    drawings.age_out()
    assert not kept


def test_parts_of_templates_are_among_them() -> None:
    template = Template("{% load house %}{% kept who=who %}<b>{{ who }}</b>{% endkept %}")
    assert template.render(Context({"who": "Anna"})) == "<b>Anna</b>"
    node = template.nodelist[1]
    assert node.drawings  # type: ignore[attr-defined]
    drawings.let_go()
    assert not node.drawings  # type: ignore[attr-defined]
