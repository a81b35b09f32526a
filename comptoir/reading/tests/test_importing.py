"""Queries of other tools become ours, and what was changed is said."""

import pytest

from comptoir.reading.query import Code, Document, parse
from comptoir.reading.query.importing import Tool, Why, guessed, imported


@pytest.mark.parametrize(
    ("tool", "text", "read", "why"),
    [
        (Tool.X, "(burger OR fries) lang:en -is:retweet", "(burger OR fries) lang:en -is:retweet", []),
        (Tool.X, "apple OR pear box", "apple OR (pear box)", [Why.PARENTHESES]),
        (Tool.X, "box to:orange -has:media", "box mention:orange -has:(image OR video)", [Why.CONDITION] * 2),
        (Tool.X, "box min_faves:10 url:orange.fr", "box likes:>=10 link:orange.fr", [Why.CONDITION] * 2),
        (Tool.X, "box followers_count:5..500", "box followers:[5 TO 500]", [Why.CONDITION]),
        (Tool.X, "from:nasa moon", "author:nasa moon", [Why.CONDITION]),
        (Tool.X, "cat conversation_id:12", "cat <<<conversation_id:12>>> ", [Why.LEFT_OUT]),
        (Tool.X, "cat point_radius:[2 48 5mi] dog", "cat <<<point_radius:[2 48 5mi]>>> dog", [Why.LEFT_OUT]),
        (Tool.BRANDWATCH, "(a NEAR/2f b)", "(a NEAR/2f b)", []),
        (Tool.BRANDWATCH, "raw:Google+ AND country:fra", "{Google+} AND country:fr", [Why.CONDITION] * 2),
        (
            Tool.BRANDWATCH,
            "continent:europe AND (sustainability NEAR/10 climate)",
            "<<<continent:europe AND>>> (sustainability NEAR/10 climate)",
            [Why.LEFT_OUT],
        ),
        (
            Tool.BRANDWATCH,
            'site:amazon.com AND NOT itemReview:("Xbox One") AND box',
            'site:amazon.com <<<AND NOT itemReview:("Xbox One")>>>  AND box',
            [Why.LEFT_OUT],
        ),
        (Tool.BRANDWATCH, "box -engagementType:RETWEET", "box -is:share", [Why.CONDITION]),
        (Tool.BRANDWATCH, "a NEAR/30 b", "a NEAR/20 b", [Why.DISTANCE]),
        (Tool.MELTWATER, "apple and watch or iwatch", "(apple AND watch) OR iwatch",
         [Why.OPERATOR, Why.OPERATOR, Why.PARENTHESES]),
        (Tool.MELTWATER, "(shop OR shops) NEAR center", "(shop OR shops) NEAR/4 center", [Why.DISTANCE]),
        (Tool.MELTWATER, "ingress:fire", "text:fire", [Why.CONDITION]),
        (Tool.TALKWALKER, "+Orange AND box", "{Orange} AND box", [Why.EXACT]),
        (Tool.TALKWALKER, "apple AND computer AND NOT fruit", "apple AND computer AND NOT fruit", []),
        (Tool.TALKWALKER, "apple~1 domainurl:a.fr", "apple site:a.fr", [Why.DISTANCE, Why.CONDITION]),
        (Tool.YOUSCAN, "(burger OR hamburger) AND NOT mushroom /2 sauce",
         "(burger OR hamburger) AND NOT (mushroom /2 sauce)", [Why.PARENTHESES]),
        (Tool.AWARIO, "near/4:James,Shaffer", "(James NEAR/4 Shaffer)", [Why.CONDITION]),
        (Tool.RADIAN6, '"bicycle" AND ("shoes" OR "time")', '"bicycle" AND ("shoes" OR "time")', []),
        (Tool.RADIAN6, "“ice cream” && cake", '"ice cream" AND cake', [Why.QUOTES, Why.OPERATOR]),
    ],
)  # fmt: skip
def test_queries_of_other_tools(tool: Tool, text: str, read: str, why: list[Why]) -> None:
    found = imported(text, tool)
    assert found.text == read
    assert sorted(change.why for change in found.changes) == sorted(why)
    assert not found.problems
    assert {each.code for each in parse(found.text).warnings} <= {Code.WIDE_DISTANCE}


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("logitech NEAR/2f keyboard", Tool.BRANDWATCH),
        ("raw:Google+ AND country:usa", Tool.BRANDWATCH),
        ("near/4:James,Shaffer", Tool.AWARIO),
        ("mushroom /2 sauce", Tool.YOUSCAN),
        ("from:nasa -is:retweet", Tool.X),
        ("tea min_faves:20", Tool.X),
        ("+Orange SENTENCE box", Tool.TALKWALKER),
        ("ingress:tea near pot", Tool.MELTWATER),
        ('tea OR "from:nasa +Orange"', None),
        ("tea AND (pot OR cup)", None),
    ],
)
def test_where_a_query_comes_from_is_told_by_what_only_they_write(text: str, tool: Tool | None) -> None:
    assert guessed(text) == tool


def test_what_is_in_quotes_is_nobodys_operator() -> None:
    found = imported('"salt and pepper" and {or}', Tool.MELTWATER)
    assert found.text == '"salt and pepper" AND {or}'
    assert parse(found.text).matches(Document("salt and pepper, or"))


def test_what_only_its_author_knows_is_left_with_its_place() -> None:
    found = imported("(box OR fibre AND lang:klingon:x", Tool.X)
    assert found.problems
    assert found.problems[0].column == 0
