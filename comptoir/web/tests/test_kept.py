"""Parts of pages that are drawn once, and statements that are planned once."""

import pytest
from django.db import connection
from django.template import Context, Template, TemplateSyntaxError
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe
from django.utils.translation import override

from comptoir.kernel.asking import ask


def draw(template: Template, **values: object) -> str:
    return template.render(Context(values))


def test_nothing_that_is_not_named_can_be_seen_inside() -> None:
    template = Template("{% load house %}{% kept a=a %}{{ a }}{{ b }}{{ csrf_token }}{% endkept %}{{ b }}")
    assert draw(template, a="1", b="Ana", csrf_token="secret") == "1Ana"
    assert draw(template, a="1", b="Ben") == "1Ben"
    assert draw(template, a="2", b="Ben") == "2Ben"


def test_a_safe_text_does_not_stand_for_the_same_text_from_a_stranger() -> None:
    template = Template("{% load house %}{% kept a=a %}{{ a }}{% endkept %}")
    assert draw(template, a=mark_safe("<b>")) == "<b>"
    assert draw(template, a="<b>") == "&lt;b&gt;"


def test_each_language_has_its_own() -> None:
    template = Template("{% load house i18n %}{% kept %}{% translate 'Your settings' %}{% endkept %}")
    with override("en"):
        assert draw(template) == "Your settings"
    with override("fr"):
        assert draw(template) == "Vos réglages"


def test_only_names_with_values_are_taken() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load house %}{% kept a %}{% endkept %}")


@pytest.mark.django_db
def test_statements_are_counted_and_planned_once() -> None:
    said = "SELECT %(n)s + 1 AS kept_once"
    with CaptureQueriesContext(connection) as asked:
        assert [ask(said, {"n": n}) for n in (1, 70_000, 5_000_000_000)] == [
            [(2,)],
            [(70_001,)],
            [(5_000_000_001,)],
        ]
    assert len(asked) == 3
    plans = ask(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%kept_once%%'", {}, again=False
    )
    assert plans == [(1,)]


def test_what_is_filled_in_is_each_ones_own() -> None:
    template = Template(
        "{% load house %}{% kept a=a with b=b c=c %}{% if a %}{{ a }}{% endif %} 100% {{ b }}"
        '<a href="{{ c }}">{{ b }}</a>{% csrf_token %}{% endkept %}'
    )
    ours = draw(template, a="%(b)s", b="Ana & <b>", c='"?', csrf_token="one")
    theirs = draw(template, a="%(b)s", b=mark_safe("<b>"), c="/", csrf_token="two")
    token = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    assert ours == (
        '%(b)s 100% Ana &amp; &lt;b&gt;<a href="&quot;?">Ana &amp; &lt;b&gt;</a>' + token.format("one")
    )
    assert theirs == '%(b)s 100% <b><a href="/"><b></a>' + token.format("two")
    assert len(template.nodelist[1].drawings) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "inside", ["{% if b %}x{% endif %}", "{{ b|upper }}", "{% for x in b %}{% endfor %}"]
)
def test_nothing_hangs_on_what_is_filled_in(inside: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(f"{{% load house %}}{{% kept a=a with b=b %}}{inside}{{% endkept %}}")
